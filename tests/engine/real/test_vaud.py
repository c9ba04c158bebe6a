"""The main job on the real rasters of the Western Swiss Alps, against truths known from training."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
from rasterio.transform import rowcol
from scipy.stats import rankdata
from shapely import box

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter

ROOT = Path(__file__).resolve().parents[3]
VAUD = ROOT / ".." / "shared" / "data" / "vaud_alps"
RASTER, PLOTS = VAUD / "ecospat.testEnv.tif", VAUD / "ecospat.testData.txt"
FOLDS = ROOT / "tests" / "data" / "vaud_folds"
FIGURES = ROOT / "resources" / "models" / "western-swiss-alps" / "figures.json"
CELL = 25.0
"""Side of the cells: on this grid the centre of every 250 m pixel is the centre of a cell."""

pytestmark = pytest.mark.skipif(not RASTER.exists(), reason="../shared/data/vaud_alps is absent")


def job(area: Path, out: Path, **changes: object) -> AssessJob:
    model = str(changes.pop("model", "western-swiss-alps"))
    options = ModelOptions(model, (str(RASTER),), changes.pop("predictor_crs", "EPSG:21781"))
    return AssessJob(str(area), out, options, **changes)  # type: ignore[arg-type]


def read_plots() -> list[dict[str, str]]:
    """Return the plots by column name; as R writes tables, rows have a name more than the header has columns."""
    with PLOTS.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t")
    return [dict(zip(header, row[1:], strict=True)) for row in rows]


def write(path: Path, shapes: list[object]) -> Path:
    geopandas.GeoDataFrame(geometry=shapes, crs="EPSG:21781").to_file(path)
    return path


def auc(scores: np.ndarray, present: np.ndarray) -> float:
    """The area under the ROC curve by the rank sum of Mann and Whitney."""
    positives = present.sum()
    ranks = rankdata(scores)[present].sum()
    return float((ranks - positives * (positives + 1) / 2) / (positives * (len(scores) - positives)))


def test_fold_models_give_their_out_of_fold_scores_and_the_cards_auc(tmp_path: Path) -> None:
    plots = {(float(row["long"]), float(row["lat"])): row for row in read_plots()}
    found, present, names = [], [], []
    for fold in range(5):
        with (FOLDS / str(fold) / "scores.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        names = rows[0][2:]
        xy = [(float(row[0]), float(row[1])) for row in rows[1:]]
        told = np.array([[float(value) for value in row[2:]] for row in rows[1:]])
        scores = scores_at(xy, FOLDS / str(fold), tmp_path / str(fold))
        np.testing.assert_allclose(scores, told, atol=2e-5)
        found.append(scores)
        present.append([[plots[at][name] == "1" for name in names] for at in xy])
    scores, truth = np.concatenate(found), np.concatenate(present)
    assert scores.shape == (300, 55)
    blocked = json.loads(FIGURES.read_text(encoding="utf-8"))["protocols"]["blocks"]["models"]["network"]["auc"][0]
    mean = np.mean([auc(scores[:, taxon], truth[:, taxon]) for taxon in range(55)])
    assert mean == pytest.approx(blocked, abs=5e-4)


def scores_at(xy: list[tuple[float, float]], model: Path, out: Path) -> np.ndarray:
    """Return the scores (plots, taxa) that an assessment gives for the pixels in which the plots lie."""
    with rasterio.open(RASTER) as raster:
        pixels = [raster.xy(*raster.index(x, y)) for x, y in xy]
    squares = [box(x - CELL / 2, y - CELL / 2, x + CELL / 2, y + CELL / 2) for x, y in set(pixels)]
    area = write(out.with_suffix(".gpkg"), squares)
    assess(job(area, out, model=str(model), grid_crs="EPSG:21781", resolution=CELL, indicators=("richness",)),
           Reporter())
    with rasterio.open(out / "species.tif") as species:
        rows, cols = rowcol(species.transform, *zip(*pixels, strict=True))
        stored = species.read()[:, rows, cols].T
        assert (stored != species.nodata).all()
        return np.asarray(stored * species.scales[0])


def test_cells_outside_the_study_area_stay_nodata_and_do_not_count(tmp_path: Path) -> None:
    left, top, side, cell = 574_740, 147_580, 10_000, 20
    area = write(tmp_path / "edge.gpkg", [box(left, top - side, left + side, top)])
    manifest = assess(job(area, tmp_path / "out", grid_crs="EPSG:21781", resolution=cell, set_rule="lambda"),
                      Reporter())
    centres = np.arange(side // cell) * cell + cell / 2
    with rasterio.open(RASTER) as raster:
        cols = ((left + centres - raster.transform.c) // 250).astype(int)
        rows = ((raster.transform.f - (top - centres)) // 250).astype(int)
        has_data = ~np.isnan(raster.read(1)[np.ix_(rows, cols)])
    assert has_data.any() and not has_data.all(), "the window lies across the study area's edge"
    with rasterio.open(tmp_path / "out" / "indicators" / "richness.tif") as richness:
        np.testing.assert_array_equal(~np.isnan(richness.read(1)), has_data)
    assert manifest.coverage.cells == has_data.sum()
    with (tmp_path / "out" / "coverage.csv").open(encoding="utf-8-sig", newline="") as file:
        best = next(csv.DictReader(file))
    with rasterio.open(tmp_path / "out" / "species.tif") as species:
        band = species.descriptions.index(best["Name"])
        scores = species.read(band + 1) * species.scales[band]
    threshold = next(float(taxon["lambda"]) for taxon in _taxa() if taxon["accepted_name"] == best["Name"])
    share = 100 * (scores[has_data] > threshold).mean()
    assert float(best["Coverage %"]) == pytest.approx(share, abs=0.05), "stored scores have steps of 0.00002"


def test_a_raster_without_crs_asks_and_never_guesses(tmp_path: Path) -> None:
    area = write(tmp_path / "area.gpkg", [box(575_000, 140_000, 576_000, 141_000)])
    with pytest.raises(EngineError, match="Coordinate system of predictors"):
        assess(job(area, tmp_path / "out", predictor_crs=None), Reporter())


def test_mean_richness_is_within_30_percent_of_that_of_the_plots(tmp_path: Path) -> None:
    rows = read_plots()
    names = [taxon["name"] for taxon in _taxa()]
    observed = np.mean([sum(row[name] == "1" for name in names) for row in rows])
    with rasterio.open(RASTER) as raster:
        pixels = {raster.xy(*raster.index(float(row["long"]), float(row["lat"]))) for row in rows}
    area = write(tmp_path / "plots.gpkg", [box(x - 12.5, y - 12.5, x + 12.5, y + 12.5) for x, y in pixels])
    manifest = assess(job(area, tmp_path / "out", grid_crs="EPSG:21781", resolution=CELL), Reporter())
    assert manifest.coverage.cells == len(pixels)
    assert 0.7 * observed < manifest.coverage.mean_richness < 1.3 * observed


def _taxa() -> list[dict[str, str]]:
    path = ROOT / "resources" / "models" / "western-swiss-alps" / "taxa.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
