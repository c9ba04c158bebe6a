"""Cells with the same inputs are scored once, and have the scores of cells scored one by one."""

from __future__ import annotations

import json

import numpy as np
import rasterio
from affine import Affine
from worlds import BIAS, LEFT, TOP, WEIGHTS, World, cells_box

from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.models.runtime import Session
from geoplantnet_plugin.engine.models.sharing.distinct import distinct_cells


def test_distinct_cells_stand_for_all_of_them() -> None:
    rng = np.random.default_rng(1)
    few, series = rng.normal(size=(9, 5)).astype(np.float32), rng.normal(size=(9, 2, 3)).astype(np.float32)
    like = rng.integers(0, 9, 400)
    inputs = {"point": few[like], "series": series[like % 2]}
    found = distinct_cells(inputs)
    assert found is not None and len(found.first) == len({(n, n % 2) for n in like.tolist()})
    for values in inputs.values():
        np.testing.assert_array_equal(values[found.first][found.which], values)


def test_what_differs_in_one_bit_of_one_input_is_distinct() -> None:
    values = np.tile(np.float32([1, 0, 3]), (6, 1))
    values[3, 1] = -0.0
    values[5, 0] = np.nextafter(np.float32(1), np.float32(2))
    found = distinct_cells({"point": values})
    assert found is not None and len(found.first) == 3
    assert found.which[[0, 1, 2, 4]].tolist() == [found.which[0]] * 4


def test_nothing_is_looked_for_where_nothing_is_gained() -> None:
    assert distinct_cells({"point": np.random.default_rng(1).normal(size=(50, 3)).astype(np.float32)}) is None
    assert distinct_cells({"patch": np.ones((50, 4, 32, 32), np.float32)}) is None
    for cells in (0, 1):
        assert distinct_cells({"point": np.ones((cells, 3), np.float32)}) is None


def test_an_assessment_infers_each_coarse_pixel_once_and_gives_every_cell_its_score(world: World, monkeypatch) -> None:
    coarse = np.random.default_rng(8).normal(size=(2, 12, 16)).astype(np.float32)
    with rasterio.open(world.folder / "coarse.tif", "w", driver="GTiff", crs="EPSG:3035", count=2, dtype="float32",
                       height=12, width=16, transform=Affine(250, 0, LEFT, 0, -250, TOP)) as out:
        out.write(coarse)
    plan = {"schema": 1, "bindings": [{"predictor": name, "source": "coarse.tif", "band": band,
                                       "resampling": "nearest"} for band, name in ((1, "warmth"), (2, "water"))]}
    (world.folder / "plan.json").write_text(json.dumps(plan))
    inferred = []
    rank = Session.rank
    monkeypatch.setattr(Session, "rank", lambda self, inputs, *rest: (
        inferred.append(len(inputs["point"])), rank(self, inputs, *rest))[1])
    job = world.job(world.area(cells_box(0, 0, 60, 80)))
    assess(world.job(job.area, job.out.name, predictors=(str(world.folder / "plan.json"),)), Reporter())
    assert sum(inferred) < 60 * 80 / 3, "strips of at least five rows hold each pixel's cells"
    with rasterio.open(world.folder / "out" / "species.tif") as species:
        scores = species.read() * 2e-5
    fine = np.repeat(np.repeat(coarse, 5, axis=1), 5, axis=2)
    expected = 1 / (1 + np.exp(-(np.moveaxis(fine, 0, -1).astype(float) @ WEIGHTS + BIAS)))
    np.testing.assert_allclose(scores, np.moveaxis(expected, -1, 0), atol=1.1e-5)
