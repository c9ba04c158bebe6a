"""The bundled models run on rasters made from what their cards say of their predictors."""

import csv

import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import box
from worlds import World

from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.reporters import TerminalReporter
from geoplantnet_plugin.engine.models.package import open_package

CORNER = {"western-swiss-alps": (570_000.0, 140_000.0, "EPSG:21781"),
          "netherlands-lmf": (170_000.0, 450_000.0, "EPSG:28992")}


@pytest.mark.parametrize(("name", "habitats"), [("western-swiss-alps", None),
                                                ("netherlands-lmf", "czech-formations")])
def test_a_bundled_model_assesses_an_area(world: World, name, habitats):
    package = open_package(name)
    rng = np.random.default_rng(5)
    bands = []
    for predictor in package.card.predictors:
        low, high = predictor.range or (0.0, 1.0)
        bands.append(rng.choice(predictor.categories, (12, 12)) if predictor.categories
                     else rng.uniform(low, high, (12, 12)))
    left, top, crs = CORNER[name]
    path = world.folder / "made.tif"
    with rasterio.open(path, "w", driver="GTiff", crs=crs, count=len(bands), height=12, width=12, dtype="float32",
                       transform=Affine(500, 0, left, 0, -500, top)) as raster:
        raster.write(np.stack(bands).astype("float32"))
        raster.descriptions = [predictor.name for predictor in package.card.predictors]
    area = world.area(box(left + 1000, top - 5000, left + 5000, top - 1000), crs)
    job = AssessJob(area, world.folder / "out", ModelOptions(name, (str(path),)), resolution=250.0, habitats=habitats)
    manifest = assess(job, TerminalReporter())
    assert manifest.coverage.cells > 200
    stated = {predictor.name: predictor.resampling for predictor in package.card.predictors}
    assert all(stated.values()), "the card says how the training data were taken from their rasters"
    assert {entry["predictor"]: entry["resampling"] for entry in manifest.predictors} == stated
    with (world.folder / "out" / "coverage.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 5
    assert all(float(row["Expected low %"]) <= float(row["Expected share %"]) <= float(row["Expected high %"])
               for row in rows)
    ids = {entry.id for entry in manifest.indicators}
    assert "specialised" in ids and ("habitat" in ids) is bool(habitats)
