"""A built cube gives the same inputs, and the same scores, to the bit."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine
from cube.cube_helpers import area_of, card_of, named, whole, write
from worlds import World, cells_box

from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.common.resources import ROOT
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.line import main
from geoplantnet_plugin.engine.cube.build import build_cube
from geoplantnet_plugin.engine.cube.plan import make_plan, open_sources
from geoplantnet_plugin.engine.cube.reader import LocalCube
from geoplantnet_plugin.engine.models.card import Predictor
from geoplantnet_plugin.engine.where.grid import Grid

GRID = Grid("EPSG:3035", 50, 4_000_000, 2_499_850, 17, 14)
AREA = area_of(shapely.box(*GRID.bounds), GRID.crs)


class Stopping(Reporter):
    def cancelled(self) -> bool:
        return True


def source(folder, pixel: float, crs: str = "EPSG:32631") -> str:
    """Two noisy bands with gaps around the grid, in another projection."""
    change = pyproj.Transformer.from_crs("EPSG:3035", crs, always_xy=True)
    left, bottom, right, top = change.transform_bounds(*GRID.bounds)
    margin = 6 * max(pixel, 100)
    size = int((top - bottom + 2 * margin) / pixel), int((right - left + 2 * margin) / pixel)
    values = np.random.default_rng(6).normal(50, 20, (2, *size)).astype(np.float32)
    values[1, ::11, ::13] = np.nan
    path = write(folder / "source.tif", values, Affine(pixel, 0, left - margin, 0, -pixel, top + margin), crs,
                 names=("a", "b"))
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(SIMULATED="yes", ATTRIBUTION="made up")
    return path


@pytest.mark.parametrize(("pixel", "card"), [
    (250, named("a", "b")),
    (10, named("b", "a")),
    (10, card_of(Predictor("a", "", "", categorical=True))),
    (10, named("a", "b", kind="patch", size=(8, 8), pixel=10, missing=-1)),
    (250, named("a", "b", kind="patch", size=(3, 3), pixel=250, missing=-1)),
    (60, named("a", "b", kind="patch", size=(4, 4), pixel=125, missing=-1)),
    (10, named("b", kind="patch", size=(2, 2), pixel=100))])
def test_inputs_are_the_same_to_the_bit(tmp_path, pixel, card) -> None:
    plan = make_plan(card, open_sources([source(tmp_path, pixel)]), GRID, AREA)
    build_cube(card, plan, GRID, AREA, tmp_path / "built", Reporter())
    again = make_plan(card, open_sources([str(tmp_path / "built")]), GRID, AREA)
    spacing = 10 if pixel == 10 and card.inputs[0].pixel == 10 else 50
    assert again.effective_resolution == pytest.approx(max(plan.effective_resolution, spacing), rel=0.01)
    everywhere = np.ones((GRID.height, GRID.width), bool)
    direct = LocalCube(plan, GRID, card).read(whole(GRID), everywhere)
    built = LocalCube(again, GRID, card).read(whole(GRID), everywhere)
    assert len(direct.cells) > 20
    assert np.array_equal(direct.cells, built.cells)
    assert np.array_equal(direct.inputs["x"], built.inputs["x"])


def test_the_folder_says_what_it_holds_and_can_be_moved(tmp_path) -> None:
    card = named("a", "b")
    path = source(tmp_path, 250)
    plan = make_plan(card, open_sources([path]), GRID, AREA)
    build_cube(card, plan, GRID, AREA, tmp_path / "built", Reporter())
    manifest = json.loads((tmp_path / "built" / "cube.json").read_text())
    assert manifest["sources"][1]["source"] == path
    assert manifest["tags"] == {"ATTRIBUTION": "made up", "SIMULATED": "yes"}
    (tmp_path / "built").rename(tmp_path / "moved")
    (tmp_path / "source.tif").unlink()
    with rasterio.open(tmp_path / "moved" / "1_point.tif") as dataset:
        assert dataset.descriptions == ("a", "b")
        assert dataset.tags()["SIMULATED"] == "yes"
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    assert len(make_plan(card, open_sources([str(tmp_path / "moved")]), GRID, AREA).bindings) == 2


def test_a_used_folder_is_refused_and_a_stopped_build_leaves_nothing(tmp_path) -> None:
    card = named("a", "b")
    plan = make_plan(card, open_sources([source(tmp_path, 250)]), GRID, AREA)
    with pytest.raises(Cancelled):
        build_cube(card, plan, GRID, AREA, tmp_path / "built", Stopping())
    assert [path.name for path in tmp_path.iterdir()] == ["source.tif"]
    with pytest.raises(EngineError) as caught:
        build_cube(card, plan, GRID, AREA, tmp_path, Reporter())
    assert caught.value.code == "out_not_empty"


def test_patches_without_a_common_lattice_are_refused(tmp_path) -> None:
    card = named("a", kind="patch", size=(4, 4), pixel=17.3)
    plan = make_plan(card, open_sources([source(tmp_path, 10)]), GRID, AREA)
    with pytest.raises(EngineError) as caught:
        build_cube(card, plan, GRID, AREA, tmp_path / "built", Reporter())
    assert caught.value.code == "cube_build_patch"


def test_assess_gives_the_same_scores_from_a_built_cube(world: World, capsys) -> None:
    area = world.area(cells_box(0, 0, 40, 60))
    arguments = ["--area", area, "--model", str(world.model)]
    built = world.folder / "built"
    assert main(["--json", "cube", "build", *arguments, "--predictors", str(world.raster), "--out", str(built)]) == 0
    assess(world.job(area, "direct"), Reporter())
    job = world.job(area, "again")
    assess(replace(job, source=replace(job.source, predictors=(str(built),))), Reporter())
    for name in ("species.tif", "indicators/richness.tif"):
        with rasterio.open(world.folder / "direct" / name) as one, rasterio.open(world.folder / "again" / name) as two:
            assert np.array_equal(one.read(), two.read(), equal_nan=True)
    capsys.readouterr()


def test_the_plan_command_shows_saves_and_obeys(world: World, capsys) -> None:
    area = world.area(cells_box(0, 0, 40, 60))
    arguments = ["cube", "plan", "--area", area, "--model", str(world.model)]
    plan = world.folder / "plan.json"
    assert main([*arguments, "--predictors", str(world.raster), "--save", str(plan)]) == 0
    shown = capsys.readouterr().out
    assert "warmth     predictors.tif  1     EPSG:3035  " in shown
    swapped = ["--bind", f"warmth={world.raster}:2", "--bind", f"water={world.raster}:1"]
    assert main(["--json", *arguments, "--predictors", str(plan), *swapped]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [(entry["predictor"], entry["band"], entry["how"]) for entry in result["bindings"]] == [
        ("warmth", 2, "edit"), ("water", 1, "edit")]
    for wrong in ("warmth", "=x.tif", "elevation=x.tif"):
        assert main([*arguments, "--predictors", str(world.raster), "--bind", wrong]) == 2
        assert "NAME=FILE" in (said := capsys.readouterr().err) or "elevation" in said


WIDE = """
import json, sys
import numpy as np
import shapely
from affine import Affine
from pathlib import Path
from cube.cube_helpers import area_of, named, write
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.build import build_cube
from geoplantnet_plugin.engine.cube.plan import make_plan, open_sources
from geoplantnet_plugin.engine.where.grid import Grid

folder, names = Path(sys.argv[1]), tuple(f"p{number}" for number in range(int(sys.argv[2])))
grid = Grid("EPSG:3035", 50, 4_000_000, 2_499_850, 256, 256)
source = write(folder / "source.tif", np.ones((len(names), 16, 16), "f4"),
               Affine(800, 0, grid.left, 0, -800, grid.top), names=names)
area = area_of(shapely.box(*grid.bounds), grid.crs)
plan = make_plan(named(*names), open_sources([source]), grid, area)
build_cube(named(*names), plan, grid, area, folder / "out", Reporter())
print(json.dumps({}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory in other ways")
def test_memory_does_not_grow_with_the_predictors(tmp_path, monkeypatch) -> None:
    """100 predictors of a block are 26 MB, and a COG's usual tile of them 105 MB: neither is held, nor copies."""
    from benchmarks.measure import measured

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), str(ROOT / "tests" / "engine"))))
    peaks = []
    for count in (2, 100):
        (tmp_path / str(count)).mkdir()
        peaks.append(measured(sys.executable, "-c", WIDE, str(tmp_path / str(count)), str(count)).peak_mb)
    assert peaks[1] - peaks[0] < 150
