"""Cells with more than a thousand taxa, as squares of 10 km have: none runs into the next cell's rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from shapely import box
from worlds import World

from geoplantnet_plugin.common.tables import cell_taxa, open_tables
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.assessment.rasters import encoding_of
from geoplantnet_plugin.engine.assessment.tables import assemblage_gpkg
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon
from geoplantnet_plugin.engine.where.area import read_area

TAXA = 5000
COUNTS = (4999, 1500, 3)


def test_cells_with_thousands_of_taxa_keep_apart(world: World, tmp_path: Path) -> None:
    area = read_area(world.area(box(4_000_000, 2_600_000, 4_030_000, 2_610_000)), None, Reporter())
    grid = area.grid(10_000)
    taxa = TaxaTable(tuple(Taxon(str(i), f"Planta {i}", f"Planta {i}") for i in range(TAXA)))
    start = np.cumsum([0, *COUNTS])
    ids = np.concatenate([np.arange(count) for count in COUNTS]).astype(np.int32)
    with assemblage_gpkg(tmp_path / "assemblage.gpkg", area, grid, taxa, encoding_of(Scale.SIGMOID), [], []) as table:
        table.add(next(grid.blocks()), [(np.arange(3, dtype=np.int32),
                                         Assemblage(start, ids, np.full(len(ids), 0.5, np.float32)))])
    with open_tables(tmp_path / "assemblage.gpkg") as connection:
        found = [list(cell_taxa(connection, cell, cell + 1)) for cell in range(3)]
    assert [len(rows) for rows in found] == list(COUNTS)
    assert [{cell for cell, _, _ in rows} for rows in found] == [{0}, {1}, {2}]
