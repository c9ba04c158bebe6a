"""The map of a model's training data: squares of the EEA reference grid with the number of plots in each.

It goes with the package (``training.geojson``) and tells where the model has seen anything at all; single plots are
not in it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from geoplantnet_plugin.common.resources import TRAINING_MAP
from training.datasets.plots import Plots

GRID = "EPSG:3035"
SIDES = (5_000, 10_000, 20_000, 50_000, 100_000)
MOST_SQUARES = 400
"""The smallest squares are taken of which so many hold all plots."""
CORNERS = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))


def write_training_map(plots: Plots, package: Path) -> Path:
    """Write the map of `plots` into a model's folder and return its path; degrees as GeoJSON wants them (RFC 7946)."""
    from pyproj import Transformer

    x, y = Transformer.from_crs(plots.crs, GRID, always_xy=True).transform(*plots.xy.T)
    side, squares, counts = _squares(np.stack([x, y], 1))
    to_degrees = Transformer.from_crs(GRID, "EPSG:4326", always_xy=True)
    features = [_feature([to_degrees.transform(side * (east + right), side * (north + up)) for right, up in CORNERS],
                         int(count)) for (east, north), count in zip(squares.tolist(), counts, strict=True)]
    path = package / TRAINING_MAP
    path.write_text(json.dumps({
        "type": "FeatureCollection", "name": package.name, "side_m": side, "source": plots.source.source,
        "licence": plots.source.licence, "features": features}, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _squares(xy: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
    """Return the side of the squares in metres, their columns and rows (n, 2), and how many plots each holds."""
    for side in SIDES:
        squares, counts = np.unique(np.floor(xy / side).astype(np.int64), axis=0, return_counts=True)
        if len(squares) <= MOST_SQUARES:
            break
    return side, squares, counts


def _feature(corners: list[tuple[float, float]], plots: int) -> dict[str, Any]:
    ring = [[round(lon, 4), round(lat, 4)] for lon, lat in corners]
    return {"type": "Feature", "properties": {"plots": plots}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
