"""Real cubes outside Europe: bound by name, read on a local metric grid, right at the corners."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import rasterio
from cube.cube_helpers import DATA, area_in_degrees, image, named

from geoplantnet_plugin.engine.cube.plan import make_plan, open_sources
from geoplantnet_plugin.engine.cube.reader import LocalCube

CASES = [
    ("chelsa_costa_rica", (-84.2, 9.8, -84.0, 10.0), "EPSG:32616", [f"bio{number}" for number in range(1, 20)]),
    ("new_caledonia", (165.5, -21.6, 165.7, -21.4), "EPSG:32758", ["elevation", "bio1", "bio12", "pr_7", "forest"])]


@pytest.mark.parametrize(("folder", "box", "crs", "names"), CASES)
def test_corners_hold_the_value_under_them(folder, box, crs, names) -> None:
    if not (DATA / folder).is_dir():
        pytest.skip(f"../shared/data/{folder} is not there")
    area = area_in_degrees(*box, crs)
    grid = area.grid(300)
    card = named(*names)
    plan = make_plan(card, open_sources([str(DATA / folder)]), grid, area)
    read = image(LocalCube(plan, grid, card), grid)
    assert np.isfinite(read).any(axis=(1, 2)).all()
    x, y = grid.centres()
    for channel, binding in enumerate(plan.bindings):
        change = pyproj.Transformer.from_crs(crs, binding.crs, always_xy=True)
        with rasterio.open(binding.band.path) as dataset:
            stored = dataset.read(binding.band.index, masked=True).filled(np.nan) if binding.band.dtype == "float32" \
                else dataset.read(binding.band.index).astype(float)
            for row, col in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
                at_row, at_col = dataset.index(*change.transform(x[col], y[row]))
                around = stored[at_row - 1:at_row + 2, at_col - 1:at_col + 2]
                if np.isfinite(read[channel, row, col]) and np.isfinite(around).all():
                    assert around.min() - 1e-3 <= read[channel, row, col] <= around.max() + 1e-3
