"""Gives every command that reads an assessment manifests with one wrong entry: a result or a sentence, nothing else."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.assessment import MANIFEST
from tests.torture.typed import fault_of

WRONG: tuple[Any, ...] = (None, [], {}, "x", -1, 1e308, True, [None], {"a": None})
COMMANDS = (
    "report {folder}", "parts {folder}", "parts {folder} --polygons {world}/site.gpkg --name a",
    "parts {folder} --remove a", "compare {made} {folder} --out {out}", "compare {folder} {made} --out {out}",
    "pack {folder} --out {out} --points 3", "sites {folder} {made} --out {out}", "verify {folder} --blocks 1 --seed 1",
    "species profile {folder} --taxon 1", "parquet {folder} {out}.parquet", "field archive {folder} --creator me",
    "field read {folder} {world}")
"""The manifest that is wrong is that of ``{folder}``, ``{made}`` is a good one."""

Place = tuple[str | int, ...]


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Yield the places of a JSON value, of each list the first entry only: the others are alike."""
    if place:
        yield place
    entries = value if isinstance(value, dict) else dict(enumerate(value[:1])) if isinstance(value, list) else {}
    for key, entry in entries.items():
        yield from places(entry, (*place, key))


def spoilt(document: Any, place: Place, wrong: Any) -> Any:
    """Return a copy of a manifest with something else in that place."""
    copy = json.loads(json.dumps(document))
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = wrong
    return copy


def torture(world: Path, made: Path, folder: Path, count: int, seed: int = 0) -> list[str]:
    """Run `count` commands on spoilt copies of `made`; return what ended neither well nor with a sentence."""
    document = json.loads((made / MANIFEST).read_text(encoding="utf-8"))
    rng = random.Random(seed)
    tasks = [(place, rng.choice(WRONG), command) for place in places(document) for command in COMMANDS]
    rng.shuffle(tasks)
    faults = []
    for place, wrong, command in tasks[:count]:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder / "sent")
        (folder / "sent" / MANIFEST).write_text(json.dumps(spoilt(document, place, wrong)), encoding="utf-8")
        typed = command.format(folder=folder / "sent", made=made, out=folder / "out", world=world)
        if fault := fault_of(typed.split()):
            faults.append(f"{command}, {'/'.join(map(str, place))} = {wrong!r}: {fault}")
    return faults
