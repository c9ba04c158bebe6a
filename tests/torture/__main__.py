"""``make torture``: kills jobs and mutates inputs, and prints the table of docs/reliability.md."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import geoplantnet_plugin.engine.assess.run
import geoplantnet_plugin.engine.commands.cube
import geoplantnet_plugin.engine.commands.taxa  # noqa: F401 (the forks find everything imported)
from tests.torture import inputs, kills, manifests, mishaps, typed
from tests.torture.worlds import write_world

FAULTS_SHOWN = 20


def main() -> int:
    """Torture, print the table, and return 1 where anything went wrong."""
    parser = argparse.ArgumentParser(prog="tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=240, help="kills in all, by write (default 240)")
    parser.add_argument("--inputs", type=int, default=10_500, help="mutated inputs in all (default 10,500)")
    parser.add_argument("--manifests", type=int, default=2_000, help="commands on spoilt manifests (default 2,000)")
    parser.add_argument("--typed", type=int, default=3, help="of the lines typed wrongly every so many-th (default 3)")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="torture-") as place:
        world = write_world(Path(place) / "world")
        faults = _kill(world, Path(place), args.kills, args.seed)
        faults += _mutate(world, Path(place), args.inputs, args.seed)
        faults += _command(world, Path(place), args.manifests, args.typed, args.seed)
    none = "No fault: no traceback, no hang, no other bytes, no write outside."
    print(f"\n{len(faults)} faults" if faults else f"\n{none}")
    print("\n".join(faults[:FAULTS_SHOWN]))
    return 1 if faults else 0


def _kill(world: Path, place: Path, count: int, seed: int) -> list[str]:
    print("| job | writes | killed at a write | at any time | resumed | same bytes at the end | 3 at once | full disks "
          "| same bytes with room |\n|---|---|---|---|---|---|---|---|---|", flush=True)
    faults, share, root = [], {"assess": 0.6, "cube build": 0.25, "taxa import": 0.15}, os.geteuid() == 0
    for name in kills.JOBS:
        folder = place / "out"
        folder.mkdir(exist_ok=True)
        found = kills.torture(name, world, folder, round(count * share[name] / 1.5), seed)
        crowd = mishaps.together(name, world, folder, 3) if count else []
        full, filled = mishaps.full_disk(name, world, folder, count // 20, seed) if root else (0, [])
        print(f"| {name} | {found.writes} | {found.at_writes} | {found.at_times} | {found.resumed} | "
              f"{found.resumed - len(found.faults)} | {'other bytes' if crowd else 'one made it'} | "
              f"{full if root else 'needs root'} | {full - len(filled)} |", flush=True)
        faults += [*found.faults, *crowd, *filled]
    return faults


def _mutate(world: Path, place: Path, count: int, seed: int) -> list[str]:
    inputs.write_inputs(world)
    folder = place / "inputs"
    folder.mkdir()
    tally = inputs.torture(world, folder, count, seed)
    print("\n| mutated input | read | refused in a sentence | faults |\n|---|---|---|---|")
    for kind in inputs.READINGS:
        wrong = sum(text.startswith(kind) for text in tally.faults)
        print(f"| {kind} | {tally.read[kind]} | {tally.refused[kind]} | {wrong} |")
    print(f"| all | {tally.read.total()} | {tally.refused.total()} | {len(tally.faults)} |", flush=True)
    return tally.faults


def _command(world: Path, place: Path, count: int, share: int, seed: int) -> list[str]:
    spoilt = manifests.torture(world, world / "made", place / "spoilt", count, seed)
    lines, wrong = typed.torture(world, world / "made", place / "typed", share) if share else (0, [])
    print("\n| commands | run | faults |\n|---|---|---|\n"
          f"| on a manifest with one wrong entry | {count} | {len(spoilt)} |"
          f"\n| with something unusable in one place | {lines} | {len(wrong)} |", flush=True)
    return spoilt + wrong


if __name__ == "__main__":
    sys.exit(main())
