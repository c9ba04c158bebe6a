"""The map of training data: every plot counted once, in squares of the European grid, none of them a single place."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
from pyproj import Transformer

from geoplantnet_plugin.common.resources import RESOURCES, TRAINING_MAP
from training.training_map import MOST_SQUARES, write_training_map

SOURCE = SimpleNamespace(source="a table", licence="CC0")


def _written(tmp_path, xy, crs="EPSG:3035"):
    path = write_training_map(SimpleNamespace(xy=np.array(xy, float), crs=crs, source=SOURCE), tmp_path)
    return json.loads(path.read_text("utf-8"))


def test_plots_are_counted_in_the_squares_that_hold_them(tmp_path):
    found = _written(tmp_path, [(4_000_001, 2_600_001), (4_004_999, 2_604_999), (4_005_001, 2_600_001)])
    assert found["side_m"] == 5000 and [entry["properties"]["plots"] for entry in found["features"]] == [2, 1]
    ring = np.array(found["features"][0]["geometry"]["coordinates"][0])
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:3035", always_xy=True).transform(*ring.T)
    corners = [(4_000_000, 2_600_000), (4_005_000, 2_600_000), (4_005_000, 2_605_000), (4_000_000, 2_605_000)]
    np.testing.assert_allclose(np.stack([x, y], 1)[:4], corners, atol=12)
    assert ring[0].tolist() == ring[-1].tolist()


def test_many_plots_get_larger_squares(tmp_path):
    rng = np.random.default_rng(0)
    found = _written(tmp_path, rng.uniform((3_000_000, 2_000_000), (4_000_000, 3_000_000), (5_000, 2)))
    assert found["side_m"] == 50_000 and len(found["features"]) <= MOST_SQUARES
    assert sum(entry["properties"]["plots"] for entry in found["features"]) == 5_000


def test_the_shipped_maps_hold_all_plots_of_their_cards():
    for card in sorted((RESOURCES / "models").glob("*/card.json")):
        document = json.loads((card.parent / TRAINING_MAP).read_text("utf-8"))
        plots = json.loads(card.read_text("utf-8"))["training"][0]["plots"]
        assert sum(entry["properties"]["plots"] for entry in document["features"]) == plots
