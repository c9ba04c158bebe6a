"""Finer than what a score speaks of: cells are ranked within each square, and nothing else is said of them."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from cube.cube_helpers import write
from survey.atlas import Atlas, make_atlas, site

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import (
    AssessJob,
    ModelOptions,
    PackRequest,
    ProfileRequest,
    ReportRequest,
    VerifyJob,
)
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assess.verify import verify
from geoplantnet_plugin.engine.assessment.ranks import within_squares
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.assessment.report.make import make_report
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.compare.areas import contrast
from geoplantnet_plugin.engine.compare.cells import compare
from geoplantnet_plugin.engine.field.package import pack
from geoplantnet_plugin.engine.species.responses import responses

RISING, FALLING = ("Thymus vulgaris", "Prunus ramburii", "Stipa tenacissima"), "Quercus suber"
"""Of the atlas' species that are recorded near, by the sign of their weight of warmth."""


@pytest.fixture
def atlas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Atlas:
    return make_atlas(tmp_path, monkeypatch)


def fine(atlas: Atlas) -> str:
    """Warmth in pixels of 1 km on the lines of the grid, no two of a square alike but for one pair."""
    values = np.random.default_rng(4).uniform(13, 17, (1, 200, 200)).astype(np.float32)
    values[0, :, 1::10] = values[0, :, 0::10]  # the first two cells of each row of a square are equal
    return write(atlas.folder / "fine.tif", values, Affine(1000, 0, 3_000_000, 0, -1000, 1_800_000), names=("warmth",))


def job(atlas: Atlas, *predictors: str, resolution: float = 1000.0, out: str = "out") -> AssessJob:
    return replace(atlas.job(atlas.area(site(0, 0, 6000)), out), resolution=resolution,
                   source=ModelOptions(str(atlas.model), predictors))


def test_cells_are_ranked_within_their_square(atlas: Atlas) -> None:
    path = fine(atlas)
    manifest = assess(job(atlas, path), Reporter())
    with rasterio.open(atlas.folder / "out" / "species.tif") as raster, rasterio.open(path) as warmth:
        assert raster.tags()["score_scale"] == "relative"
        ranks = dict(zip(raster.descriptions, raster.read(masked=True) * 2e-5, strict=True))
        heat = warmth.read(1, window=rasterio.windows.from_bounds(*raster.bounds, warmth.transform))
        left, top = raster.bounds.left, raster.bounds.top
    assert set(ranks) == {*RISING, FALLING} and (left % 10_000, top % 10_000) == (0, 0)
    known = ~np.ma.getmaskarray(ranks[FALLING])
    assert known.sum() >= 90 and not known.all()
    for row in range(0, heat.shape[0], 10):
        for col in range(0, heat.shape[1], 10):
            square = np.s_[row:row + 10, col:col + 10]
            own = heat[square][known[square]]
            lower = np.array([((own < value).sum() + ((own == value).sum() - 1) / 2) for value in own])
            expected = lower / max(len(own) - 1, 1)
            for name in RISING:
                assert ranks[name][square].compressed() == pytest.approx(expected, abs=2e-5)
            assert ranks[FALLING][square].compressed() == pytest.approx(1 - expected, abs=2e-5)
    assert manifest.score_source.scale == "relative" and manifest.grid.effective_resolution == 10_000
    assert (manifest.coverage, manifest.survey, manifest.indicators) == (None, None, [])
    assert manifest.ranks and (manifest.ranks.side, manifest.ranks.taxa) == (10_000, 4)


def test_nothing_holds_a_chance_a_sum_or_an_indicator(atlas: Atlas) -> None:
    assess(job(atlas, fine(atlas)), Reporter())
    out = atlas.folder / "out"
    make_report(ReportRequest(out), Reporter())
    assert {path.name for path in out.iterdir()} == {
        "assessment.json", "assemblage.gpkg", "ranked_species.csv", "species.tif", "species.qml", "quality",
        "report.html", "report.pdf"}
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "A rank says how a cell compares" in page and "effective resolution of about 20 km" in page
    assert not re.search(r"\d ha\b|Expected share|Chance</th>", page)
    lines = (out / "ranked_species.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "Band,Name,Author,Family,Why,Endemic,Recorded,Squares of the site,Weak"
    assert lines[1].split(",")[1] == "Prunus ramburii", "what is endemic comes first"
    with closing(sqlite3.connect(out / "assemblage.gpkg")) as tables:
        there = {name for name, in tables.execute("SELECT table_name FROM gpkg_contents")}
    assert there == {"area", "taxa", "statuses", "lists", "ranked"}
    bands = json.loads((out / "assessment.json").read_text(encoding="utf-8"))["species"]["bands"]
    assert {band["coverage"] for band in bands} == {None}


def test_all_readers_open_it_or_say_what_it_is(atlas: Atlas) -> None:
    assess(job(atlas, fine(atlas)), Reporter())
    out = atlas.folder / "out"
    folder = open_folder(out)
    for use in (lambda: pack(PackRequest(out, atlas.folder / "pack"), Reporter()),
                lambda: contrast(out, out, atlas.folder / "c", Reporter()),
                lambda: compare(out, out, atlas.folder / "c", Reporter()),
                lambda: verify(VerifyJob(out), Reporter()),
                lambda: responses(ProfileRequest(out, "Thymus vulgaris"), folder.taxa[0], Reporter()),
                lambda: folder.species):
        with pytest.raises(EngineError) as caught:
            use()
        assert caught.value.code == "assessment_only_ranks"


@pytest.mark.parametrize("resolution, with_raster, code", [
    (1000, False, "ranks_no_finer"), (3000, True, "support_resolution"), (20_000, True, "support_resolution"),
    (50, True, "ranks_too_many")])
def test_what_cannot_be_ranked_is_refused(atlas: Atlas, resolution: float, with_raster: bool, code: str) -> None:
    with pytest.raises(EngineError) as caught:
        assess(job(atlas, *([fine(atlas)] if with_raster else []), resolution=resolution), Reporter())
    assert caught.value.code == code and not (atlas.folder / "out").exists()


def test_a_lone_cell_has_no_rank_and_equal_ones_share_the_middle() -> None:
    scores = np.array([[0.2, 0.1], [0.2, 0.3], [0.2, 0.2], [0.9, 0.9]], np.float32)
    found = within_squares(scores, np.array([0, 0, 0, 7]))
    assert found[:3].tolist() == [[0.5, 0.0], [0.5, 1.0], [0.5, 0.5]] and np.isnan(found[3]).all()
