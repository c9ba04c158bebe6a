"""The quality layers of a whole assessment, beside what the world's own values say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from worlds import World, cells_box

from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment.report.make import ReportRequest, make_report
from geoplantnet_plugin.engine.base.events import Reporter

PERCENT_2_5 = 1.9
"""The world's training plots: 101 percentiles from -2 to 2, so that 2.5 % lie below -1.9 and above 1.9."""


def read(path: Path) -> np.ndarray:
    with rasterio.open(path) as dataset:
        return dataset.read(1)


@pytest.fixture
def assessed(world: World) -> Path:
    out = world.folder / "out"
    assess(world.job(world.area(cells_box(0, 0, 290, 300)), memory=640 * 1024**2), Reporter())
    return out


def test_domain_and_gaps_are_drawn_shared_out_and_told(world: World, assessed: Path) -> None:
    document = json.loads((assessed / "assessment.json").read_text(encoding="utf-8"))
    layers = {entry["id"]: entry for entry in document["quality"]}
    assert set(layers) == {"domain", "extrapolated", "furthest", "gaps"}
    assert all((assessed / entry["file"]).with_suffix(".qml").is_file() for entry in layers.values())
    warmth, gap = world.values[0, :290, :300], np.isnan(world.values[1, :290, :300])
    outside, edge = np.abs(warmth) > 2, (np.abs(warmth) > PERCENT_2_5) & (np.abs(warmth) <= 2)
    expected = np.where(gap, 255, np.where(outside, 2, np.where(edge, 1, 0)))
    np.testing.assert_array_equal(read(assessed / layers["domain"]["file"]), expected)
    np.testing.assert_array_equal(read(assessed / layers["gaps"]["file"]), gap.astype(np.float32))
    furthest = np.where(gap, 255, np.where(outside | edge, 0, 254))
    np.testing.assert_array_equal(read(assessed / layers["furthest"]["file"]), furthest)
    extrapolated = read(assessed / layers["extrapolated"]["file"])
    np.testing.assert_array_equal(extrapolated[~gap], outside[~gap].astype(np.float32))
    assert np.isnan(extrapolated[gap]).all()
    coverage = document["coverage"]
    assert coverage["outside_domain_share"] == pytest.approx(outside[~gap].mean())
    assert coverage["edge_domain_share"] == pytest.approx(edge[~gap].mean())
    assert {entry["name"]: (entry["gaps"], entry["extrapolated"]) for entry in document["predictors"]} == {
        "warmth": (0, round(100 * outside[~gap].mean(), 3)), "water": (round(100 * gap.mean(), 3), 0)}


def test_the_report_tells_shares_of_the_domain_and_of_predictors(assessed: Path) -> None:
    coverage = json.loads((assessed / "assessment.json").read_text(encoding="utf-8"))["coverage"]
    html, _ = make_report(ReportRequest(assessed), Reporter())
    text = html.read_text(encoding="utf-8")
    for name in ("outside", "edge"):
        assert f"{100 * coverage[f'{name}_domain_share']:.1f} % " in text
    assert "Predictors with gaps" in text and "outside the model&#39;s domain" in text
