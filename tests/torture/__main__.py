"""``make torture``: kills jobs and mutates inputs, and prints the tables of docs/reliability.md."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from functools import partial
from pathlib import Path

import geoplantnet_plugin.engine.assess.run
import geoplantnet_plugin.engine.commands.cube
import geoplantnet_plugin.engine.commands.taxa  # noqa: F401 (the forks find everything imported)
from tests.torture import inputs, kills, manifests, mishaps, signals, typed
from tests.torture.tally import KILLED, MUTATED, STOPPED, TYPED, Tally
from tests.torture.worlds import write_world


def main() -> int:
    """Torture, print the tables, and return 1 where anything went wrong."""
    parser = argparse.ArgumentParser(prog="tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=240, help="kills in all, by write (default 240)")
    parser.add_argument("--inputs", type=int, default=10_500, help="mutated inputs in all (default 10,500)")
    parser.add_argument("--manifests", type=int, default=2_000, help="commands on spoilt manifests (default 2,000)")
    parser.add_argument("--typed", type=int, default=3, help="of the lines typed wrongly every so many-th (default 3)")
    parser.add_argument("--stops", type=int, default=6, help="signals to each command, at any call (default 6)")
    parser.add_argument("--seed", type=int, default=0, help="of the first input; those of pieces lie as far apart as "
                                                            "a piece has inputs")
    parser.add_argument("--add-to", type=Path, help="a file of counts: these are added, and the sum is printed")
    args = parser.parse_args()
    tally = Tally.read(args.add_to) if args.add_to else Tally()
    tally.begin(f"--kills {args.kills} --inputs {args.inputs} --manifests {args.manifests} --typed {args.typed} "
                f"--stops {args.stops} --seed {args.seed}")
    with tempfile.TemporaryDirectory(prefix="torture-") as place:
        world = write_world(Path(place) / "world")
        if args.kills:
            _kill(world, Path(place), args.kills, args.seed, tally)
        if args.inputs or args.manifests or args.typed or args.stops:
            inputs.write_inputs(world)
        if args.inputs:
            _mutate(world, Path(place), args.inputs, args.seed, tally)
        if args.manifests or args.typed:
            _command(world, Path(place), args, tally)
        if args.stops:
            _stop(world, Path(place), args, tally)
    if args.add_to:
        tally.save(args.add_to)
    print(tally.text())
    return 1 if tally.faults else 0


def _kill(world: Path, place: Path, count: int, seed: int, tally: Tally) -> None:
    share = {"assess": 0.6, "cube build": 0.25, "taxa import": 0.15}
    for name in kills.JOBS:
        folder = place / "out"
        folder.mkdir(exist_ok=True)
        found = kills.torture(name, world, folder, round(count * share[name] / 1.5), seed)
        crowd = mishaps.together(name, world, folder, 3)
        full, filled = mishaps.full_disk(name, world, folder, count // 20, seed) if os.geteuid() == 0 else (0, [])
        tally.add(KILLED, name, {
            "killed at a write": found.at_writes, "at any time": found.at_times, "started again": found.resumed,
            "same bytes at the end": found.resumed - len(found.faults), "3 at once": 1, "one made it": int(not crowd),
            "full disks": full, "same bytes with room": max(0, full - len(filled))})
        tally.faults += [*found.faults, *crowd, *filled]
        print(f"{name}: {found.at_writes + found.at_times} kills", file=sys.stderr, flush=True)


def _mutate(world: Path, place: Path, count: int, seed: int, tally: Tally) -> None:
    folder = place / "inputs"
    folder.mkdir()
    found = inputs.torture(world, folder, count, seed)
    for kind in inputs.READINGS:
        tally.add(MUTATED, kind, {"read": found.read[kind], "refused in a sentence": found.refused[kind],
                                  "faults": sum(text.startswith(kind) for text in found.faults)})
    tally.faults += found.faults


def _command(world: Path, place: Path, args: argparse.Namespace, tally: Tally) -> None:
    spoilt = manifests.torture(world, world / "made", place / "spoilt", args.manifests, args.seed)
    lines, wrong = (typed.torture(world, world / "made", place / "typed", args.typed, args.seed) if args.typed
                    else (0, []))
    tally.add(TYPED, "on a manifest with one wrong entry", {"run": args.manifests, "faults": len(spoilt)})
    tally.add(TYPED, "with something unusable in one place", {"run": lines, "faults": len(wrong)})
    tally.faults += spoilt + wrong


def _stop(world: Path, place: Path, args: argparse.Namespace, tally: Tally) -> None:
    rng, good = random.Random(args.seed), typed.good_words(world, world / "made", place / "stopped")
    for number in range(args.stops):
        good["out"] = str(place / f"stopped-{number}")
        stopped, wrong = signals.torture(good, partial(signals.at_any, rng))
        tally.faults += wrong
        for command in signals.COMMANDS:
            tally.add(STOPPED, command.partition(" {")[0].partition(" --")[0], {
                "heard a signal": int(command in stopped), "faults": sum(text.startswith(command) for text in wrong)})


if __name__ == "__main__":
    sys.exit(main())
