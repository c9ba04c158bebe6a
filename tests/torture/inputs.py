"""Mutates every kind of file that a person may hand over, and reads it: a sentence or a result, and nothing else."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.fieldpackage import PackageUnreadable, package_of
from geoplantnet_plugin.common.jobs import assess_job
from geoplantnet_plugin.engine.base.events import SILENT
from tests.torture.patience import patient

SECONDS = 30
"""Of processor time, after which an input counts as one that hangs."""
AT_ONCE = 200
"""Inputs that one fork reads: it is lost with what takes it down."""
WORDS = (b"1e400", b"-1", b"NaN", b"null", b"[]", b"{}", b"\"", b"\\", b"\0", b"\xff\xfe", b"999999999999999999999",
         b"[%x%]", b"../../../etc/passwd", b"/vsicurl/http://127.0.0.1:9/x", b"EPSG:0", b";", b"\n", b"\xef\xbb\xbf",
         b"A" * 5000)
VALUES: tuple[Any, ...] = (None, True, -1, 0, 1e308, 10**30, "", "x", "x" * 5000, [], {}, [[]], {"a": 1}, "../..",
                           ["\0"], "1e400", float("nan"))

watching = False
"""Whether an input is being read."""

Reading = Callable[[Path], object]


def _area(path: Path) -> object:
    from geoplantnet_plugin.engine.where.area import read_area

    return read_area(str(path), None, SILENT).grid(1000)


def _raster(path: Path) -> object:
    from geoplantnet_plugin.engine.cube.plan import open_sources
    from geoplantnet_plugin.engine.cube.rasters import Rasters
    from geoplantnet_plugin.engine.cube.sampling import Window

    band = open_sources([str(path)]).bands[0]
    rasters = Rasters()
    try:
        return rasters.read(band.path, [band.index], [band.nodata], Window(0, 0, min(64, band.shape[0]),
                                                                          min(64, band.shape[1])))
    except (OSError, ValueError) as error:  # rasterio's, which the cube tells as cube_read_failed
        raise EngineError("cube_read_failed", predictor="", file=str(path)) from error
    finally:
        rasters.close()


def _list(path: Path) -> object:
    from geoplantnet_plugin.engine.taxa.read import read_rows

    return read_rows(path, "iucn", SILENT)


def _records(path: Path) -> object:
    from geoplantnet_plugin.engine.taxa.records import read_records

    return read_records(path, SILENT)


def _plan(path: Path) -> object:
    from geoplantnet_plugin.engine.cube.edits import read_edits

    return read_edits(path)


def _card(path: Path) -> object:
    from geoplantnet_plugin.engine.models.card import read_card

    return read_card(path)


def _taxa(path: Path) -> object:
    from geoplantnet_plugin.engine.models.package import read_package_taxa

    return read_package_taxa(path)


def _graph(path: Path) -> object:
    from geoplantnet_plugin.engine.models.graph import load_graph

    return load_graph(path)


def _job(path: Path) -> object:
    from geoplantnet_plugin.engine.sources.table import option_kinds

    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EngineError("job_invalid", reason=str(error)) from error
    if not isinstance(document, dict):
        raise EngineError("job_invalid", reason="")
    return assess_job(document, option_kinds())


def _assessment(path: Path) -> object:
    from geoplantnet_plugin.engine.assessment.opening import reading_foreign
    from geoplantnet_plugin.engine.assessment.reading import open_folder

    place = next((parent for parent in path.parents if parent.name == "made"), path.parent)
    with reading_foreign(place):
        folder = open_folder(place)
        return folder.area, [folder.statistics(id) for id in folder.layers]


def _package(path: Path) -> object:
    return package_of(path.read_text(encoding="utf-8", errors="replace"))


READINGS: Mapping[str, Reading] = {
    "site.gpkg": _area, "site.geojson": _area, "env.tif": _raster, "list.csv": _list, "records.csv": _records,
    "plan.json": _plan, "model/card.json": _card, "model/taxa.csv": _taxa, "model/model.onnx": _graph,
    "job.json": _job, "made/assessment.json": _assessment, "made/assemblage.gpkg": _assessment,
    "made/indicators/richness.tif": _assessment, "package.json": _package}


@dataclass
class Readings:
    """What became of mutated inputs, by kind."""

    read: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def write_inputs(world: Path) -> None:
    """Add to a world what else is read: GeoJSON, a job, a small assessment, a field package."""
    import geopandas

    from tests.torture.kills import assess, forked

    geopandas.read_file(world / "site.gpkg").to_crs("EPSG:4326").to_file(world / "site.geojson")
    (world / "job.json").write_text(json.dumps({
        "area": "site.gpkg", "out": "out", "source": "model", "model": "model", "predictors": ["env.tif"],
        "resolution": 100.0, "grid_crs": None, "set_rule": "lambda", "indicators": ["all"], "memory": 2 * 1024**3}))
    code, text = forked(assess, world, world / "made")
    assert code == 0, text
    (world / "package.json").write_text(json.dumps({"schema": 1, "id": "a", "name": "a", "rasters": [], "grid": {}}))


def torture(world: Path, folder: Path, count: int, seed: int = 0) -> Readings:
    """Read `count` mutated inputs, as many of each kind, in forks of this process."""
    tally, tasks = Readings(), [(seed + number, list(READINGS)[number % len(READINGS)]) for number in range(count)]
    for first in range(0, count, AT_ONCE):
        _fork(world, folder, tasks[first:first + AT_ONCE], tally)
    return tally


def _fork(world: Path, folder: Path, tasks: list[tuple[int, str]], tally: Readings) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _read_all(world, folder, tasks, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        lines = pipe.read().splitlines()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    for line in lines:
        kind, outcome, text = json.loads(line)
        if outcome == "fault":
            tally.faults.append(f"{kind}: {text}")
        else:
            (tally.read if outcome == "read" else tally.refused)[kind] += 1
    if code and len(lines) < len(tasks):
        seed, kind = tasks[len(lines)]
        tally.faults.append(f"{kind}, seed {seed}: ended the process with code {code}")
        if len(lines) + 1 < len(tasks):
            _fork(world, folder, tasks[len(lines) + 1:], tally)


def _read_all(world: Path, folder: Path, tasks: list[tuple[int, str]], writing: int) -> None:
    outside: list[str] = []
    sys.addaudithook(partial(_note, folder, outside))
    for seed, kind in tasks:
        patient(SECONDS)
        outcome, text = _read(world, folder / "input", seed, kind)
        if outside:
            outcome, text = "fault", f"seed {seed}: {outside[0]}"
            outside.clear()
        os.write(writing, (json.dumps([kind, outcome, text[-1500:]]) + "\n").encode())
    os._exit(0)


def _read(world: Path, folder: Path, seed: int, kind: str) -> tuple[str, str]:
    rng = random.Random(seed)
    shutil.rmtree(folder, ignore_errors=True)
    place = folder / kind
    if kind.startswith("made/"):
        shutil.copytree(world / "made", folder / "made")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(mutated((world / kind).read_bytes(), place.suffix, rng))
    global watching
    watching = True
    try:
        READINGS[kind](place)
    except (EngineError, PackageUnreadable) as error:
        return ("fault", f"seed {seed}: blank sentence") if not str(error) else ("refused", "")
    except Exception:
        return "fault", f"seed {seed}: {traceback.format_exc()}"
    finally:
        watching = False
    return "read", ""


def _note(folder: Path, outside: list[str], event: str, arguments: tuple[Any, ...]) -> None:
    """Note writes outside `folder` and calls of the net: an audit hook, which cannot be taken away."""
    allowed = (str(folder), os.devnull, "/proc/", "/dev/")
    if not watching:
        return
    if event == "socket.connect":
        outside.append(f"called the net: {arguments[1]}")
    if event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir") and not str(arguments[0]).startswith(allowed):
        outside.append(f"{event} {arguments[0]}")
    if event == "open" and isinstance(arguments[1], str) and any(letter in arguments[1] for letter in "wax+") \
            and isinstance(arguments[0], str) and not arguments[0].startswith(allowed):
        outside.append(f"wrote {arguments[0]}")


def mutated(data: bytes, suffix: str, rng: random.Random) -> bytes:
    """Return a file with one to four changes: bits, cuts, repeats, words that mean something, JSON of another shape."""
    if suffix in (".json", ".geojson") and rng.random() < 0.6:
        document = json.loads(data)
        for _ in range(rng.randint(1, 3)):
            document = _reshaped(document, rng)
        return json.dumps(document).encode()
    for _ in range(rng.randint(1, 4)):
        at, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        change = rng.randrange(6)
        if change == 0 and data:
            spot = min(at, len(data) - 1)
            data = data[:spot] + bytes([data[spot] ^ 1 << rng.randrange(8)]) + data[spot + 1:]
        elif change == 1:
            data = data[:at]
        elif change == 2:
            data = data[:at] + data[min(end, at + 200):]
        elif change == 3:
            data = data[:end] + data[at:min(end, at + 2000)] + data[end:]
        elif change == 4:
            data = data[:at] + rng.choice(WORDS) + data[at + rng.choice((0, 4)):]
        else:
            data = data[:at] + rng.randbytes(rng.randint(1, 64)) + data[at + 32:]
    return data


def _reshaped(value: Any, rng: random.Random) -> Any:
    """Return a JSON value with something else in one of its places."""
    if isinstance(value, dict) and value and rng.random() < 0.8:
        key = rng.choice(list(value))
        change = {key: _reshaped(value[key], rng)} if rng.random() < 0.8 else {}
        return {**{name: entry for name, entry in value.items() if name != key}, **change}
    if isinstance(value, list) and value and rng.random() < 0.7:
        at = rng.randrange(len(value))
        return [*value[:at], _reshaped(value[at], rng), *value[at + 1:]]
    return rng.choice(VALUES)
