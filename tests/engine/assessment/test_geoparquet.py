"""The cells of an assessment as GeoParquet, read by geopandas."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
from shapely import box
from worlds import LEFT, RESOLUTION, TOP, World

from geoplantnet_plugin.common.tables import open_tables, taxa_of_cell
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.parquet import ParquetRequest, _write

pytest.importorskip("pyarrow", reason="the extra [parquet] is not installed")


def test_every_cell_is_a_row_with_its_taxa_and_indicators(world: World) -> None:
    area = world.area(box(LEFT + 3.4 * RESOLUTION, TOP - 19.7 * RESOLUTION, LEFT + 36.2 * RESOLUTION,
                          TOP - 1.2 * RESOLUTION))
    assess(world.job(area, "out", resolution=RESOLUTION), Reporter())
    folder, file = world.folder / "out", world.folder / "cells.parquet"
    result = _write(ParquetRequest(folder, file), Reporter())
    frame = geopandas.read_parquet(file).set_index("cell")
    assert result["cells"] == len(frame) > 100
    with rasterio.open(folder / "indicators" / "richness.tif") as raster:
        richness = raster.read(1)
        assert frame.crs == raster.crs
        places = list(raster.sample([(point.x, point.y) for point in frame.geometry]))
    np.testing.assert_array_equal(frame["richness"], np.ravel(places))
    assert (frame.index == np.flatnonzero(~np.isnan(richness))).all()
    assert (frame["taxa"].map(len) == frame["richness"]).all()
    cell = int(frame.index[len(frame) // 2])
    with open_tables(Path(folder / "assemblage.gpkg")) as tables:
        wanted = taxa_of_cell(tables, cell)
    assert list(frame.loc[cell, "taxa"]) == [name for name, _ in wanted]
    np.testing.assert_allclose(frame.loc[cell, "scores"], [score for _, score in wanted], rtol=1e-6)
