"""Faster than exact: how far scores move is measured on the area, and what moves them too far is not used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely import box

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ModelOptions
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.models.sharing.deviation import deviation
from geoplantnet_plugin.engine.models.sharing.rough import FITTED, RoughPatches
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.sources.model import plan_model
from geoplantnet_plugin.engine.where.area import read_area

from .random_encoders import Net, resnet6
from .test_sharing import LEFT, TOP, make_area, make_model, make_package, make_rasters
from .test_sharing_patches import shared

SIDE = 84


class Heard(Reporter):
    def __init__(self) -> None:
        self.said: list[tuple[str, dict[str, Any]]] = []

    def warning(self, code: str, **params: Any) -> None:
        self.said.append((code, params))

    def message(self, code: str, **params: Any) -> None:
        self.said.append((code, params))


def land(size: int) -> np.ndarray:
    """Return smooth land (3, size, size): patches far apart differ more than neighbours."""
    rng, frequencies = np.random.default_rng(3), np.arange(1, 9)
    place = np.linspace(0, 1, size)
    waves = [np.sin(2 * np.pi * (frequencies[:, None] * place + rng.random((8, 1)))) for _ in range(6)]
    mixed = np.stack([np.einsum("ki,kj,k->ij", waves[band], waves[band + 3], 1 / frequencies) for band in range(3)])
    return (mixed + rng.normal(0, 0.05, mixed.shape)).astype(np.float32)


@pytest.mark.parametrize("speed", ["balanced", "fast"])
def test_features_are_close_to_exact_and_corrected(speed: str) -> None:
    net = Net(2)
    model = net.model({"image": (3, 32, 32)}, resnet6(net, "image", 3), 12)
    exact = shared(model, (32, 32))
    rows, cols = (part.ravel() for part in np.mgrid[:64, :64])
    mosaic = land(63 * 5 + 32)
    rough = RoughPatches(exact, speed).encode(mosaic, rows * 5, cols * 5, lambda: None).reshape(4096, -1)
    truth = exact.encode(mosaic, rows * 5, cols * 5, lambda: None).reshape(4096, -1)
    assert ((rough - truth) ** 2).mean(axis=0).sum() < 0.1 * truth.var(axis=0).sum()
    assert (np.abs(rough - truth).max(axis=1) < 1e-5).sum() >= FITTED  # those of the fit are exact
    few = RoughPatches(exact, speed).encode(mosaic, rows[:50] * 5, cols[:50] * 5, lambda: None).reshape(50, -1)
    assert np.abs(few - truth[:50]).max() < 1e-5  # too few cells to gain anything


def planned(tmp_path: Path, side: int, **options: Any) -> tuple[Any, list[tuple[str, dict[str, Any]]]]:
    rng = np.random.default_rng(1)
    rasters = make_rasters(tmp_path, SIDE, land(5 * SIDE), rng.normal(size=(3, SIDE, SIDE)).astype(np.float32),
                           rng.normal(size=(40, 5, 5)).astype(np.float32))
    area = read_area(make_area(tmp_path, box(LEFT + 500, TOP - 500 - side * 50, LEFT + 500 + side * 50, TOP - 500)),
                     None, Reporter())
    heard = Heard()
    package = str(make_package(tmp_path / "three", make_model()))
    plan = plan_model(ModelOptions(package, rasters, None, **options), area, area.grid(None), heard)
    return plan, [(code, params) for code, params in heard.said if code.startswith("speed")]


def test_a_deviation_within_the_tolerance_is_told_and_kept(tmp_path: Path) -> None:
    plan, said = planned(tmp_path, 65, speed="fast", tolerance=0.0)
    assert plan.speed == "fast" and "fast" in plan.identity
    (code, params), = said
    assert code == "speed_measured" and params["cells"] == 48 and params["top"] == 9
    assert 0 < params["worst"] <= params["jaccard"] <= 1 and 0 < params["probability"] < 1


def test_beyond_the_tolerance_the_next_slower_speed_is_tried_until_exact(tmp_path: Path) -> None:
    plan, said = planned(tmp_path, 65, speed="fast", tolerance=1.1)
    assert plan.speed == "exact"
    assert [(code, params["speed"]) for code, params in said] == [("speed_dropped", "fast"),
                                                                  ("speed_dropped", "balanced")]


def test_a_small_area_is_exact_at_any_speed(tmp_path: Path) -> None:
    plan, said = planned(tmp_path, 20, speed="balanced")
    assert plan.speed == "exact" and [code for code, _ in said] == ["speed_useless"]


def test_a_speed_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="warp"):
        planned(tmp_path, 20, speed="warp")


def test_deviation_counts_what_it_says() -> None:
    """Thirty taxa, two cells: in the second one of the best 25 is another one, and one probability moves by 0.3."""
    scores = np.tile(np.linspace(0.9, 0.1, 30, dtype=np.float32), (2, 1))
    moved = scores.copy()
    moved[1, 24], moved[1, 25] = moved[1, 24] - 0.3, moved[1, 24]
    exact, rough = (RankedScores.from_dense(values, 30, Scale.SIGMOID) for values in (scores, moved))
    found = deviation(exact, rough)
    assert (found.cells, found.top) == (2, 25)
    assert found.jaccard == pytest.approx((1 + 24 / 26) / 2) and found.jaccard_worst == pytest.approx(24 / 26)
    assert found.probability == pytest.approx(0.3, abs=1e-6) and found.coverage == pytest.approx(50)
