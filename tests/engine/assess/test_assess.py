"""The main job on a world whose answer is computed here by other means."""

from __future__ import annotations

import csv
import errno
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from shapely import Polygon
from worlds import HEIGHT, LAMBDAS, LEFT, NAMES, RESOLUTION, TOP, WIDTH, World, cells_box

from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.reporters import Recorder


def present(world: World, rows: slice, cols: slice) -> np.ndarray:
    """Return presence (cells with data, taxa) of a rectangle of cells, straight from the definition."""
    scores = world.scores[rows, cols].reshape(-1, 3)
    return scores[~np.isnan(scores).any(axis=1)] > np.array(LAMBDAS)


def coverage_of(folder: Path) -> dict[str, float]:
    with (folder / "coverage.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["Name"]: float(row["Coverage %"]) for row in csv.DictReader(file)}


def test_coverage_is_exact_over_several_blocks_and_leaves_out_nodata(world: World) -> None:
    manifest = assess(world.job(world.area(cells_box(5, 10, 280, 400))), Reporter())
    truth = present(world, slice(5, 285), slice(10, 410))
    assert manifest.coverage.area_cells == 280 * 400
    assert manifest.coverage.cells == len(truth) == 280 * 400 - 40
    found = coverage_of(world.folder / "out")
    for taxon, name in enumerate(NAMES):
        assert found[name] == pytest.approx(100 * truth[:, taxon].mean(), abs=0.006)


def test_rasters_hold_scores_and_indicators_where_they_belong(world: World) -> None:
    assess(world.job(world.area(cells_box(5, 10, 280, 400))), Reporter())
    out = world.folder / "out"
    with rasterio.open(out / "species.tif") as species:
        assert species.descriptions == NAMES
        assert (species.transform.c, species.transform.f) == (LEFT + 10 * RESOLUTION, TOP - 5 * RESOLUTION)
        stored = species.read()
        scores = np.where(stored == species.nodata, np.nan, stored * np.reshape(species.scales, (3, 1, 1)))
    truth = np.moveaxis(world.scores[5:285, 10:410], -1, 0)
    np.testing.assert_allclose(scores, truth, atol=1.1e-5)
    with rasterio.open(out / "indicators" / "richness.tif") as richness:
        found = richness.read(1)
    wanted = (truth > np.reshape(LAMBDAS, (3, 1, 1))).sum(axis=0).astype(float)
    wanted[np.isnan(truth).any(axis=0)] = np.nan
    np.testing.assert_array_equal(found, wanted)


def test_cell_taxa_lists_each_cells_assemblage(world: World) -> None:
    assess(world.job(world.area(cells_box(0, 0, 20, 40))), Reporter())
    with sqlite3.connect(world.folder / "out" / "assemblage.gpkg") as connection:
        rows = connection.execute("SELECT cell, taxon FROM cell_taxa").fetchall()
        named = connection.execute("SELECT name, score FROM cell_taxa_named WHERE cell = 41 ORDER BY fid").fetchall()
    scores = world.scores[:20, :40].reshape(-1, 3)
    wanted = np.argwhere((scores > np.array(LAMBDAS)) & ~np.isnan(scores).any(axis=1, keepdims=True))
    assert sorted(rows) == [tuple(row) for row in wanted.tolist()]
    order = [k for k in np.argsort(-scores[41]) if scores[41, k] > LAMBDAS[k]]
    assert [name for name, _ in named] == [NAMES[k] for k in order]
    assert [score for _, score in named] == pytest.approx([scores[41, k] for k in order], abs=2e-5)


def test_an_area_with_a_hole_in_another_crs_counts_centres_only(world: World) -> None:
    import geopandas
    from shapely import contains_xy

    shape = Polygon(cells_box(20, 50, 60, 70).exterior, [cells_box(40, 70, 20, 20).exterior.coords])
    lonlat = geopandas.GeoSeries([shape.segmentize(25)], crs="EPSG:3035").to_crs("EPSG:4326").iloc[0]
    manifest = assess(world.job(world.area(lonlat.buffer(-1e-5), "EPSG:4326"), resolution=50), Reporter())
    back = geopandas.GeoSeries([lonlat.buffer(-1e-5)], crs="EPSG:4326").to_crs("EPSG:3035").iloc[0]
    x = LEFT + (np.arange(WIDTH) + 0.5) * RESOLUTION
    y = TOP - (np.arange(HEIGHT) + 0.5) * RESOLUTION
    assert manifest.coverage.area_cells == contains_xy(back, *np.meshgrid(x, y)).sum() == 60 * 70 - 20 * 20


def test_a_sub_cell_area_gets_the_cell_that_contains_it(world: World) -> None:
    left, bottom, _, _ = cells_box(33, 44, 1, 1).bounds
    corner = Polygon([(left + 2, bottom + 2), (left + 9, bottom + 2), (left + 5, bottom + 9)])
    manifest = assess(world.job(world.area(corner)), Reporter())
    assert manifest.coverage.cells == 1
    with rasterio.open(world.folder / "out" / "species.tif") as species:
        np.testing.assert_allclose(species.read()[:, 0, 0] * species.scales[0], world.scores[33, 44], atol=1.1e-5)


def test_extrapolated_cells_are_counted_and_told(world: World) -> None:
    recorder = Recorder(Reporter())
    manifest = assess(world.job(world.area(cells_box(0, 0, 20, 20))), recorder)
    values = world.values[0, :20, :20].ravel()
    has_data = ~np.isnan(world.values[1, :20, :20].ravel())
    assert manifest.coverage.outside_domain_share == pytest.approx((np.abs(values[has_data]) > 2).mean())
    assert "assess_outside_domain" in {warning["code"] for warning in manifest.warnings}


class _CancelAfter(Reporter):
    """Cancels once `strips` strips are told."""

    def __init__(self, strips: int) -> None:
        self.left = strips

    def progress(self, stage: str, done: int, total: int) -> None:
        self.left -= stage == "scores"

    def cancelled(self) -> bool:
        return self.left <= 0


def test_a_cancelled_job_resumes_to_the_same_result(world: World) -> None:
    area = world.area(cells_box(5, 10, 280, 400))
    whole = assess(world.job(area, "whole"), Reporter())
    with pytest.raises(Cancelled):
        assess(world.job(area), _CancelAfter(2))
    parts = sorted((world.folder / "out" / "parts").iterdir())
    stamps = [path.stat().st_mtime_ns for path in parts]
    assert parts and json.loads((world.folder / "out" / "assessment.json").read_text())["state"] == "unfinished"
    with pytest.raises(Cancelled):
        assess(world.job(area), _CancelAfter(2))
    assert [path.stat().st_mtime_ns for path in parts] == stamps, "finished strips are scored only once"
    again = assess(world.job(area), Reporter())
    assert again.coverage == whole.coverage
    for name in ("species.tif", "indicators/richness.tif"):
        with rasterio.open(world.folder / "out" / name) as one, rasterio.open(world.folder / "whole" / name) as other:
            np.testing.assert_array_equal(one.read(), other.read())
    assert not (world.folder / "out" / "parts").exists()


def test_a_full_disk_is_one_sentence_and_keeps_what_is_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    area = world.area(cells_box(5, 10, 280, 400))
    real, calls = np.savez, []

    def savez(file: object, **arrays: object) -> None:
        calls.append(file)
        if len(calls) > 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(file, **arrays)  # type: ignore[arg-type]

    monkeypatch.setattr(np, "savez", savez)
    with pytest.raises(EngineError, match="Finished blocks are kept"):
        assess(world.job(area), Reporter())
    monkeypatch.undo()
    kept = list((world.folder / "out" / "parts").iterdir())
    assert len(kept) == 3 and all(path.suffix == ".npz" and not path.name.startswith(".") for path in kept)
    assert assess(world.job(area), Reporter()).coverage.area_cells == 280 * 400



def test_the_output_folder_is_never_overwritten(world: World) -> None:
    area = world.area(cells_box(0, 0, 20, 20))
    (world.folder / "out").mkdir()
    (world.folder / "out" / "thesis.docx").write_text("mine")
    with pytest.raises(EngineError, match="holds other files"):
        assess(world.job(area), Reporter())
    assess(world.job(area, "done"), Reporter())
    with pytest.raises(EngineError, match="already holds a finished assessment"):
        assess(world.job(area, "done"), Reporter())


def test_an_unfinished_folder_refuses_other_inputs(world: World) -> None:
    with pytest.raises(Cancelled):
        assess(world.job(world.area(cells_box(5, 10, 280, 400))), _CancelAfter(2))
    with pytest.raises(EngineError, match="unfinished assessment with other inputs"):
        assess(world.job(world.area(cells_box(5, 10, 100, 400), name="other")), Reporter())


def test_topk_refuses_half_the_taxa(world: World) -> None:
    with pytest.raises(EngineError, match="half"):
        assess(world.job(world.area(cells_box(0, 0, 20, 20)), set_rule="topk:2"), Reporter())
    assert not (world.folder / "out").exists()


def test_styles_have_the_manifests_bounds_and_the_map_is_drawn(world: World) -> None:
    import xml.etree.ElementTree as ET

    manifest = assess(world.job(world.area(cells_box(0, 0, 20, 20))), Reporter())
    out = world.folder / "out"
    assert {entry.id for entry in manifest.indicators} >= {"richness", "shannon"}
    for entry in manifest.indicators:
        style = ET.parse((out / entry.file).with_suffix(".qml"))
        if entry.kind == "class":
            values = [int(item.attrib["value"]) for item in style.iter("paletteEntry")]
            assert values == [item.value for item in entry.classes]
        else:
            values = [float(item.attrib["value"]) for item in style.iter("item")]
            assert (values[0], values[-1]) == pytest.approx(entry.bounds)
    assert (out / "map.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("small_disk", [1500, 3000], indirect=True, ids=["while scoring", "while writing outputs"])
def test_a_really_full_disk_keeps_whole_files_only(world: World, small_disk: Path) -> None:
    out = small_disk / "out"
    with pytest.raises(EngineError, match="is full"):
        assess(replace(world.job(world.area(cells_box(5, 10, 280, 400))), out=out), Reporter())
    assert json.loads((out / "assessment.json").read_text())["state"] == "unfinished"
    assert list((out / "parts").glob("[0-9]*.npz"))
    assert not [path for path in out.rglob(".*") if path.is_file()], "no half-written file is left"


@pytest.mark.parametrize(("missing", "sentence"), [({"model": ""}, "No model"), ({"predictors": ()}, "No predictors")])
def test_what_the_job_lacks_is_named(world: World, missing: dict[str, object], sentence: str) -> None:
    with pytest.raises(EngineError, match=sentence):
        assess(world.job(world.area(cells_box(0, 0, 20, 20)), **missing), Reporter())
