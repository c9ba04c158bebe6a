"""The layers beside the indicators of a whole assessment."""

import json

import numpy as np
import rasterio
from worlds import cells_box

from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter


def band(path):
    with rasterio.open(path) as dataset:
        return dataset.read(1)


def test_layers_are_written_described_and_hold_the_quantiles(world):
    out = world.folder / "out"
    assess(world.job(world.area(cells_box(0, 0, 30, 40)), indicators=("richness",)), Reporter())
    document = json.loads((out / "assessment.json").read_text(encoding="utf-8"))
    files = {entry["id"]: entry["file"] for entry in document["uncertainty"]}
    assert set(files) == {"richness_expected", "richness_lower", "richness_upper"}
    assert all((out / file).with_suffix(".qml").is_file() for file in files.values())
    lower, upper = band(out / files["richness_lower"]), band(out / files["richness_upper"])
    scores = world.scores[:30, :40].astype(float)
    known = ~np.isnan(scores).any(axis=-1)
    assert (np.isnan(lower) == ~known).all()
    p = scores[known]
    none = np.prod(1 - p, axis=1)
    every = np.prod(p, axis=1)
    np.testing.assert_array_equal(lower[known] == 0, none > 0.1)
    np.testing.assert_array_equal(upper[known] == 3, every > 0.1)
    assert 0.1 < (none > 0.1).mean() < 0.95, "the cells should differ"
