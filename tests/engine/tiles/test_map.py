"""An area in tiles is the area in one piece: the same cells, the same values, the same coverage."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pystac
import pytest
import rasterio
from jsonschema import Draft7Validator
from pystac.extensions.projection import ProjectionExtension
from pystac.validation.local_validator import get_local_schema_cache
from referencing import Registry, Resource
from shapely import box
from worlds import LEFT, RESOLUTION, TOP, World, make_world

from geoplantnet_plugin.common.assessment import HEADINGS
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, MapJob
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment.manifest import read_document
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.map import map_area
from geoplantnet_plugin.engine.tiles.plan import plan_tiles, tile_size
from geoplantnet_plugin.engine.tiles.result import tiles_of
from geoplantnet_plugin.engine.tiles.run import finished

SIZE = 20 * RESOLUTION


def request(job: AssessJob, workers: int) -> MapJob:
    return MapJob(**{field.name: getattr(job, field.name) for field in fields(job)}, tiles=f"{SIZE:g}m",
                      workers=workers)


def rectangle(world: World) -> str:
    """Write a rectangle whose edges lie within cells and within two tiles."""
    return world.area(box(LEFT + 3.4 * RESOLUTION, TOP - 19.7 * RESOLUTION, LEFT + 36.2 * RESOLUTION,
                          TOP - 1.2 * RESOLUTION))


@pytest.fixture
def area(world: World) -> str:
    return rectangle(world)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, AssessJob, dict[str, Any]]:
    """A world, the job of its area, and what mapping it by two processes gave."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GEOPLANTNET_LISTS", "GEOPLANTNET_MODELS"):
            patch.setenv(name, str(folder / "none"))
        world = make_world(folder)
        job = world.job(rectangle(world), "map", resolution=RESOLUTION)
        return world, job, map_area(request(job, 2), Reporter())


@pytest.mark.xdist_group("tiles")
def test_the_mosaic_is_the_area_in_one_piece(undisturbed: tuple[World, AssessJob, dict[str, Any]]) -> None:
    """Then everything is found done, and a tile that was harmed is not taken for one."""
    world, job, result = undisturbed
    whole, mosaic = world.folder / "out", world.folder / "map"
    assess(world.job(job.area, "out", resolution=RESOLUTION), Reporter())
    assert result["tiles"] >= 2 and result["layers"]
    for layer in result["layers"]:
        with rasterio.open(mosaic / layer) as found, rasterio.open((whole / layer).with_suffix(".tif")) as wanted:
            window = found.window(*wanted.bounds)
            got = found.read(1, window=window, boundless=True, fill_value=found.nodata)
            np.testing.assert_array_equal(got, wanted.read(1))
            assert found.descriptions == wanted.descriptions
    assert_same_coverage(whole, mosaic)
    assert_same_species(whole, mosaic)
    with (mosaic / "indicators.csv").open(encoding="utf-8") as file:
        richness = next(row for row in csv.DictReader(file) if row["Id"] == "richness")
    document = json.loads((whole / "assessment.json").read_text(encoding="utf-8"))
    assert int(richness["Cells"]) == document["coverage"]["cells"] == result["cells"]
    assert float(richness["Mean"]) == pytest.approx(document["coverage"]["mean_richness"], abs=1e-4)

    collection = pystac.Collection.from_file(str(mosaic / "stac" / "collection.json"))
    items = list(collection.get_items())
    assert len(items) == result["tiles"]
    assert_valid(collection, *items)
    for item in items:
        for asset in item.get_assets().values():
            assert Path(asset.get_absolute_href()).is_file() and asset.extra_fields["bands"]

    tiles = plan_tiles(job, SIZE, Reporter())
    times = {path: path.stat().st_mtime_ns for path in mosaic.rglob("tiles/*/assessment.json")}
    assert all(map(finished, tiles)) and len(times) == len(tiles)
    victim = sorted(times)[0]
    harmed = victim.rename(victim.with_name("put-aside"))
    with pytest.raises(EngineError):  # a folder without its manifest is nobody's
        map_area(request(job, 1), Reporter())
    harmed.rename(victim)


PROJECTION_FIELDS = {
    "properties": {
        "proj:code": {"type": ["string", "null"]},
        "proj:shape": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
        "proj:transform": {"type": "array", "items": {"type": "number"}, "anyOf": [
            {"minItems": length, "maxItems": length} for length in (6, 9)]}},
    "patternProperties": {"^(?!proj:)": {}}, "additionalProperties": False}
"""What the projection extension's page for 2.0.0 says of the fields that are used here (github.com/stac-extensions/
projection, README): no package at hand carries its schema. Other fields that begin so, such as 1.0's ``proj:epsg``, are
faults."""


def assert_valid(*parts: pystac.STACObject) -> None:
    """By the schemas of STAC 1.1 that pystac brings along, and by `PROJECTION_FIELDS`."""
    registry = Registry().with_resources([(uri, Resource.from_contents(schema))
                                          for uri, schema in get_local_schema_cache().items()])
    for part in parts:
        document = part.to_dict()
        kind = "collection" if document["type"] == "Collection" else "item"
        schema = get_local_schema_cache()[f"https://schemas.stacspec.org/v1.1.0/{kind}-spec/json-schema/{kind}.json"]
        Draft7Validator(schema, registry=registry).validate(document)
        if kind == "item":
            for fields_ in (document["properties"], *document["assets"].values()):
                Draft7Validator(PROJECTION_FIELDS).validate(fields_)
            known = ProjectionExtension.ext(part)
            assert known.code == "EPSG:3035" and len(known.transform) == 6
            assert all(side > 0 for side in known.shape)


def assert_same_coverage(whole: Path, mosaic: Path) -> None:
    """All columns alike; an expected share's bounds hold those of the area in one piece, and little more."""
    wanted, found = (list(csv.DictReader((folder / "coverage.csv").open(encoding="utf-8")))
                     for folder in (whole, mosaic))
    assert [row["Id"] for row in found] == [row["Id"] for row in wanted] and found[0].keys() == wanted[0].keys()
    figures = {HEADINGS.expected: 0.01, HEADINGS.coverage: 0.01, HEADINGS.mean_score: 1e-3, HEADINGS.max_score: 1e-3}
    for one, other in zip(found, wanted, strict=True):
        for title, text in other.items():
            if title in figures:
                assert float(one[title] or 0) == pytest.approx(float(text or 0), abs=figures[title])
            elif title in (HEADINGS.low, HEADINGS.high) and text:
                wider = (float(one[title]) - float(text)) * (1 if title == HEADINGS.high else -1)
                assert -0.02 <= wider < 5
            else:
                assert one[title] == text


def assert_same_species(whole: Path, mosaic: Path) -> None:
    """Every species has the scores of the area in one piece, and none where a tile does not list it."""
    documents = [json.loads((folder / "assessment.json").read_text(encoding="utf-8")) for folder in (whole, mosaic)]
    bands = [{entry["id"]: entry for entry in document["species"]["bands"]} for document in documents]
    with rasterio.open(mosaic / "species.vrt") as found, rasterio.open(whole / "species.tif") as wanted:
        window = found.window(*wanted.bounds)
        for id, entry in bands[0].items():
            other = bands[1][id]
            assert other["coverage"] == pytest.approx(entry["coverage"], abs=1e-3)
            got = found.read(other["band"], window=window, boundless=True, fill_value=found.nodata)
            listed = got != found.nodata
            np.testing.assert_array_equal(got[listed], wanted.read(entry["band"])[listed])
        assert found.scales[0] == wanted.scales[0] and found.tags()["score_scale"] == wanted.tags()["score_scale"]
    with pytest.raises(EngineError, match=r"map of \d+ tiles"):
        read_document(mosaic)


def test_a_tile_of_an_older_area_is_no_part_of_the_map(undisturbed: tuple[World, AssessJob, dict[str, Any]],
                                                       tmp_path: Path) -> None:
    """Neither is one that is not finished; a manifest that points out of its folder is not followed."""
    mosaic = tmp_path / "map"
    shutil.copytree(undisturbed[0].folder / "map", mosaic)
    tiles = tiles_of(mosaic)
    shutil.copytree(tiles[0], mosaic / "tiles" / "older")
    assert len(tiles) == undisturbed[2]["tiles"] and tiles_of(mosaic) == tiles and tiles_of(tiles[0]) == []
    manifest = mosaic / "assessment.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"tiles/', '"../tiles/'), encoding="utf-8")
    shutil.copytree(mosaic / "tiles", tmp_path / "tiles")
    with pytest.raises(EngineError) as refused:
        tiles_of(mosaic)
    assert refused.value.code == "assessment_unreadable"


def test_what_a_tile_depends_on_changes_its_key(world: World, area: str) -> None:
    def keys(**changes: object) -> set[str]:
        job = world.job(area, "map", resolution=RESOLUTION, **changes)
        return {tile.key for tile in plan_tiles(job, SIZE, Reporter())}

    before = keys()
    assert keys(memory=2**29) == before and not keys(set_rule="topk:1") & before
    os.utime(world.raster, ns=(1, 1))
    assert not keys() & before


def test_every_cell_belongs_to_one_tile(world: World, area: str) -> None:
    from geoplantnet_plugin.engine.where.area import read_area
    from geoplantnet_plugin.engine.where.blocks import area_blocks

    def cells(path: str) -> list[tuple[float, float]]:
        read = read_area(path, "EPSG:3035", Reporter())
        grid = read.grid(RESOLUTION)
        return [(grid.left + (block.block.col + col) * RESOLUTION, grid.top - (block.block.row + row) * RESOLUTION)
                for block in area_blocks(read, grid) for row, col in np.argwhere(block.inside).tolist()]

    tiles = plan_tiles(world.job(area, "map", resolution=RESOLUTION), 7 * RESOLUTION, Reporter())
    of_tiles = [cell for tile in tiles for cell in cells(tile.job.area)]
    assert sorted(of_tiles) == sorted(cells(area)) and len(tiles) > 10


def test_a_killed_worker_costs_its_tile_only(world: World, area: str) -> None:
    job, children = world.job(area, "map", resolution=RESOLUTION), Path(f"/proc/{os.getpid()}/task")
    if not children.is_dir():
        pytest.skip("processes are found under /proc, which is not there")
    stopped = threading.Event()

    def kill() -> None:
        """Kill the first worker as soon as its first tile has begun."""
        while not stopped.is_set():
            if list((world.folder / "map" / "tiles").glob("*.json")):
                for pid in workers():
                    os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.01)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        with pytest.raises(EngineError) as lost:
            map_area(request(job, 1), Reporter())
    finally:
        stopped.set()
        thread.join()
    assert lost.value.code == "map_worker_lost"
    assert map_area(request(job, 1), Reporter())["tiles"] >= 2


@pytest.mark.xdist_group("tiles")
def test_after_a_killed_worker_and_a_lost_scheduler_the_bytes_are_the_same(
        world: World, area: str, undisturbed: tuple[World, AssessJob, dict[str, Any]]) -> None:
    """A scheduler and two workers on loopback: one worker is killed, then the scheduler; a rerun makes up for both."""
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    job, begun = world.job(area, "map", resolution=RESOLUTION), world.folder / "map" / "tiles"
    with cluster_of(world.folder / "scheduler.json") as (address, scheduler, worker):

        def disturb() -> None:
            wait_for(lambda: list(begun.glob("*.json")))
            worker.kill()
            wait_for(lambda: list(begun.glob("*/assessment.json")))
            scheduler.kill()

        with ThreadPoolExecutor(1) as pool:
            disturbing = pool.submit(disturb)
            with pytest.raises(EngineError) as lost:
                map_area(replace(request(job, 1), scheduler=address), Reporter())
            disturbing.result()
    assert lost.value.code == "map_worker_lost"
    map_area(request(job, 1), Reporter())
    disturbed, quiet = (bytes_of(one.folder / "map") for one in (world, undisturbed[0]))
    assert disturbed == quiet and sum(name.endswith(".tif") for name in quiet) > 10


@pytest.mark.xdist_group("tiles")
@pytest.mark.parametrize("small_disk", [1700], indirect=True)
def test_after_a_full_disk_the_bytes_are_the_same(world: World, area: str, small_disk: Path,
                                                  undisturbed: tuple[World, AssessJob, dict[str, Any]]) -> None:
    """One tile fits, the next does not: the worker says so, and the rerun with more room leaves the first alone."""
    job = replace(world.job(area, resolution=RESOLUTION), out=small_disk / "map")
    with pytest.raises(EngineError) as full:
        map_area(request(job, 1), Reporter())
    assert full.value.code == "disk_full"
    assert not [path for path in job.out.rglob(".*") if path.is_file()], "no half-written file is left"
    done = {path: path.stat().st_mtime_ns for path in job.out.rglob("tiles/*/coverage.csv")}
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    map_area(request(job, 1), Reporter())
    assert done and all(path.stat().st_mtime_ns == time_ for path, time_ in done.items())
    assert bytes_of(job.out) == bytes_of(undisturbed[0].folder / "map")


@contextmanager
def cluster_of(file: Path) -> Iterator[tuple[str, subprocess.Popen, subprocess.Popen]]:
    """Give the address of a scheduler, its process and that of one of its two workers."""
    common = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file))
    started = [subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", *common])]
    try:
        started += [subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_worker", "--no-nanny", "--nthreads",
                                      "1", *common]) for _ in range(2)]
        wait_for(file.exists)
        yield json.loads(file.read_text(encoding="utf-8"))["address"], *started[:2]
    finally:
        for process in started:
            process.kill()
            process.wait()


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return the files that hold no times and no name of the folder itself."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*")
            if path.suffix in (".tif", ".vrt", ".csv", ".gpkg", ".qml")}


def wait_for(found: Callable[[], object]) -> None:
    """Wait until something is there."""
    while not found():
        time.sleep(0.01)


def workers() -> list[int]:
    """Return the processes that this one has spawned to work."""
    import multiprocessing

    return [child.pid for child in multiprocessing.active_children() if child.pid]


@pytest.mark.parametrize("text", ["25", "km", "-1km", "0m", "infkm", "25 miles"])
def test_a_size_that_is_none_is_refused(text: str) -> None:
    if text == "25":
        assert tile_size(text) == 25
        return
    with pytest.raises(EngineError, match="side"):
        tile_size(text)


def test_sizes_with_units() -> None:
    assert tile_size("25km") == 25_000 and tile_size("2500m") == 2500
