"""Values cut at the limits of an encoding, and gaps, by hand."""

from __future__ import annotations

import numpy as np
from cube.cube_helpers import named

from geoplantnet_plugin.engine.cube.block import CubeBlock
from geoplantnet_plugin.engine.cube.encodings import ENCODINGS
from geoplantnet_plugin.engine.scores.quality import CLAMPED, EXTRAPOLATED, GAPS
from geoplantnet_plugin.engine.sources.cell_quality import quality_of


def test_reflectances_beyond_the_encodings_limits_count_as_cut_in_a_patchs_centre() -> None:
    card = named("red", "nir", kind="patch", size=(3, 3), pixel=10, encoding="geolifeclef2024", missing=0)
    raw = np.full((4, 2, 3, 3), 2500, np.float32)
    raw[0, 0, 0, 0] = 12_000  # not the centre
    raw[1, 0, 1, 1], raw[2, :, 1, 1], raw[3, 1, 1, 1] = 12_000, 10_000, -5  # -5 becomes 0, which stands for no data
    lacking = np.array([[False, False], [True, False], [False] * 2, [False] * 2, [True, True]])
    cells = np.arange(4, dtype=np.int32)
    block = CubeBlock(cells, {"x": ENCODINGS["geolifeclef2024"](raw)}, np.arange(5, dtype=np.int32), lacking)
    found = quality_of(card, block)
    assert found.clamped.tolist() == [0, 1, 2, 0]
    assert (found.gap_cells.tolist(), found.gaps.tolist()) == ([1, 4], [1, 2])
    assert found.tally[:, [GAPS, CLAMPED, EXTRAPOLATED]].tolist() == [[2, 2, 0], [1, 1, 0]]


def test_a_block_without_cells_has_a_quality() -> None:
    card = named("red", kind="patch", size=(3, 3), pixel=10, encoding="geolifeclef2025")
    block = CubeBlock(np.zeros(0, np.int32), {"x": np.zeros((0, 1, 3, 3), np.float32)}, np.zeros(1, np.int32),
                      np.array([[True]]))
    found = quality_of(card, block)
    assert len(found.domain) == len(found.clamped) == 0 and found.gap_cells.tolist() == [0]
