"""Named parts of a finished assessment: their figures computed from the definition, their file, their section."""

from __future__ import annotations

import csv
import html
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
from pypdf import PdfReader
from shapely import Polygon
from worlds import LAMBDAS, NAMES, World, cells_box, make_world

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ReportRequest
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment.drawn import MOST_PARTS, drawn_parts, keep_part, remove_parts_named
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.assessment.report.make import make_report
from geoplantnet_plugin.engine.base.events import Reporter


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = make_world(tmp_path_factory.mktemp("world"))
    assess(made.job(made.area(cells_box(0, 0, 60, 80)), indicators=("richness", "shannon")), Reporter())
    return made


@pytest.fixture
def folder(world: World, tmp_path: Path) -> AssessmentFolder:
    return open_folder(shutil.copytree(world.folder / "out", tmp_path / "copy"))


def polygons(folder: Path, shape: Polygon, crs: str = "EPSG:3035") -> str:
    path = folder / "part.geojson"
    geopandas.GeoDataFrame(geometry=[shape], crs="EPSG:3035").to_crs(crs).to_file(path)
    return str(path)


@pytest.mark.parametrize("crs", ["EPSG:3035", "EPSG:4326"])
def test_figures_are_those_of_the_cells_of_the_part(world: World, folder: AssessmentFolder, crs: str) -> None:
    part = keep_part(folder, polygons(world.folder, cells_box(10, 20, 20, 30).buffer(-1), crs), "  North\nmeadow ")
    scores = world.scores[10:30, 20:50].reshape(-1, 3)
    scores = scores[~np.isnan(scores).any(axis=1)]
    present = scores > np.array(LAMBDAS)
    assert part.name == "North meadow" and part.cells == len(scores)
    found = {row.taxon.accepted_name: row for row in part.rows}
    assert set(found) == {NAMES[k] for k in range(3) if present[:, k].any()}
    for name, row in found.items():
        k = NAMES.index(name)
        assert row.share == pytest.approx(100 * present[:, k].mean())
        assert row.mean == pytest.approx(scores[present[:, k], k].mean(), abs=2e-5)
        assert row.max == pytest.approx(scores[present[:, k], k].max(), abs=2e-5)
        assert row.expected is None, "no interval is known of a part"
    with rasterio.open(folder.path / "indicators" / "shannon.tif") as raster:
        values = raster.read(1)[10:30, 20:50]
    assert part.means()["shannon"].mean == pytest.approx(np.nanmean(values), rel=1e-5)
    assert part.means()["richness"].mean == pytest.approx(present.sum(axis=1).mean())


def test_parts_are_kept_replaced_and_removed(world: World, folder: AssessmentFolder) -> None:
    for name, row in (("A", 0), ("=B", 30), ("A", 10)):
        keep_part(folder, polygons(world.folder, cells_box(row, 0, 10, 10)), name)
    assert [part.name for part in drawn_parts(folder)] == ["A", "=B"]
    assert drawn_parts(folder)[0].area.shape.equals(cells_box(10, 0, 10, 10)), "one of that name is replaced"
    table = geopandas.read_file(folder.path / "drawn_parts.gpkg")
    assert table["cells"].tolist() == [100, 100] and table["hectares"].tolist() == [25.0, 25.0]
    with closing(sqlite3.connect(folder.path / "drawn_parts.gpkg")) as kept:
        assert kept.execute("PRAGMA user_version").fetchone() == (10200,), "GDAL 3.6 warns of newer ones"
    with (folder.path / "coverage_by_part.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["Area"] for row in csv.DictReader(file)} == {"A", "'=B"}, "no formula"
    remove_parts_named(folder, ["A"])
    assert [part.name for part in drawn_parts(folder)] == ["=B"]
    remove_parts_named(folder, ["=B"])
    assert not (folder.path / "drawn_parts.gpkg").exists() and drawn_parts(folder) == []


def test_what_cannot_be_kept_changes_nothing(world: World, folder: AssessmentFolder) -> None:
    for shape, name, code in ((cells_box(0, 0, 5, 5), " \n", "parts_no_name"),
                              (cells_box(200, 300, 5, 5), "far", "parts_no_cell")):
        with pytest.raises(EngineError) as caught:
            keep_part(folder, polygons(world.folder, shape), name)
        assert caught.value.code == code
    assert not (folder.path / "drawn_parts.gpkg").exists()
    (folder.path / "drawn_parts.gpkg").write_bytes(b"<OGRVRTDataSource/>")
    with pytest.raises(EngineError) as caught:
        drawn_parts(folder)
    assert caught.value.code == "assessment_file"


def test_no_more_are_kept_than_a_report_can_hold(world: World, folder: AssessmentFolder) -> None:
    shapes = geopandas.GeoDataFrame({"name": [str(i) for i in range(MOST_PARTS)]},
                                    geometry=[cells_box(0, 0, 1, 1)] * MOST_PARTS, crs="EPSG:3035")
    shapes.to_file(folder.path / "drawn_parts.gpkg", layer="part")
    with pytest.raises(EngineError) as caught:
        keep_part(folder, polygons(world.folder, cells_box(0, 0, 5, 5)), "one more")
    assert caught.value.code == "parts_many"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_has_a_section_for_them(world: World, folder: AssessmentFolder, language: str) -> None:
    keep_part(folder, polygons(world.folder, cells_box(10, 20, 20, 30)), "<b>Meadow & co")
    page, pdf = make_report(ReportRequest(folder.path, language), Reporter())
    text = html.unescape(page.read_text("utf-8"))
    paper = " ".join(leaf.extract_text() for leaf in PdfReader(pdf).pages)
    heading = {"en": "Parts of the area", "fr": "Parties de la zone"}[language]
    (part,) = drawn_parts(folder)
    share = f"{part.rows[0].share:.1f}".replace(".", "," if language == "fr" else ".")
    for told in (text, paper):
        own = told[told.index(heading):]
        assert "<b>Meadow & co" in own and "150" in own and f"{part.cells}" in own and share in own
    assert "&lt;b&gt;Meadow" in page.read_text("utf-8"), "a name is plain text"
    assert text[text.index(f"<h2>{heading}"):].count("data:image/png") == 1, "with its map"
