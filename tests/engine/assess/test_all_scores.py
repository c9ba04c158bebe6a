"""Every score of every listed taxon, computed here by itself from the predictors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import rasterio
from worlds import RESOLUTION, World, cells_box

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import PublishedOptions
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment import all_scores
from geoplantnet_plugin.engine.assessment.manifest import read_document
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.scores.ranked import Scale


@pytest.mark.parametrize("strip_bytes", [1, 1 << 26])
def test_every_cell_has_the_score_of_every_listed_taxon(world: World, monkeypatch: Any, strip_bytes: int) -> None:
    """Also of those that its own set does not hold, and whether a block is one strip or many."""
    monkeypatch.setattr(all_scores, "STRIP_BYTES", strip_bytes)
    area = world.area(cells_box(3, 5, 21, 30))
    assess(world.job(area, resolution=RESOLUTION, set_rule="topk:1", all_scores=True), Reporter())
    out = world.folder / "out"
    document = read_document(out)
    entry, bands = document["all_scores"], document["species"]["bands"]
    assert entry["taxa"] == len(bands) and entry["file"] in document["checksums"]
    with rasterio.open(out / entry["file"]) as found, rasterio.open(out / "species.tif") as species:
        assert found.descriptions == species.descriptions and found.bounds == species.bounds
        row, col = found.index(*species.xy(0, 0))
        stored = found.read()
        logits = stored * found.scales[0] + found.offsets[0]
        known = species.read(1) != species.nodata
        top, left = world_place(species)
    assert (row, col) == (0, 0) and ((stored == entry["nodata"]) == ~known).all()
    rows, cols = stored.shape[1:]
    wanted = world.scores[top:top + rows, left:left + cols].transpose(2, 0, 1)
    with np.errstate(invalid="ignore"):
        told = known & (wanted >= entry["floor"]) & (stored < all_scores.HIGHEST)
        assert np.abs(logits - np.log(wanted / (1 - wanted)))[told].max() <= entry["step"] / 2 + 1e-3
        assert (stored[known & (wanted < 0.99 * entry["floor"])] == entry["below"]).all()


def world_place(raster: Any) -> tuple[int, int]:
    """Return the row and column of the world at which a raster begins."""
    from worlds import LEFT, TOP

    return round((TOP - raster.bounds.top) / RESOLUTION), round((raster.bounds.left - LEFT) / RESOLUTION)


def test_the_ends_of_the_scale() -> None:
    scores = np.array([0, 0.0009, 0.001, 0.5, 0.9999, 1, np.nan], np.float32)
    stored = all_scores.stored(scores, Scale.SIGMOID)
    assert stored[[0, 1, 2, 5, 6]].tolist() == [0, 0, 1, 254, 255] and stored[3] == 70
    logits = np.array([-50, -7, 0, 90], np.float32)
    assert all_scores.stored(logits, Scale.LOGIT).tolist() == [0, 0, stored[3], 254]


def test_published_maps_have_no_further_scores(world: World) -> None:
    job = world.job(world.area(cells_box(3, 5, 21, 30)), resolution=RESOLUTION, all_scores=True)
    with pytest.raises(EngineError) as refused:
        assess(replace(job, source=PublishedOptions()), Reporter())
    assert refused.value.code == "all_scores_none" and not job.out.exists()
