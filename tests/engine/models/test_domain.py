"""MESS beside the definition, computed from all training plots."""

from __future__ import annotations

import numpy as np
import pytest

from geoplantnet_plugin.common.assessment import EDGE, INSIDE, OUTSIDE
from geoplantnet_plugin.engine.models.card import Card, card_from
from geoplantnet_plugin.engine.models.domain import knows_domain, look, similarity
from geoplantnet_plugin.engine.scores.quality import NO_PREDICTOR, UNKNOWN

from .conftest import linear_card


def card(values: dict | None, **changes) -> Card:
    domain = {"method": "mess", "source": "test", "values": values} if values is not None else None
    return card_from({**linear_card(2, **changes), "domain": domain, "checksums": {}})


def percentiles(plots: np.ndarray) -> list[float]:
    return np.percentile(plots, np.arange(101)).tolist()


def mess(model: Card, cells: np.ndarray) -> np.ndarray:
    """The smallest similarity of all predictors for which the card has percentiles."""
    values = model.domain["values"]
    columns = {predictor.name: cells[:, number].astype(np.float64) for number, predictor in enumerate(model.predictors)}
    return np.min([similarity(columns[name], np.float32(values[name]).astype(np.float64)) for name in values], axis=0)


def outside(model: Card, inputs: dict[str, np.ndarray]) -> np.ndarray:
    return look(model, inputs).domain == OUTSIDE


def by_definition(plots: np.ndarray, x: float) -> float:
    """Elith et al. 2010, appendix S3, word by word."""
    f = 100 * np.mean(plots < x)
    low, high = plots.min(), plots.max()
    if f == 0:
        return (x - low) / (high - low) * 100
    if f <= 50:
        return 2 * f
    if f < 100:
        return 2 * (100 - f)
    return (high - x) / (high - low) * 100


def test_is_the_smallest_similarity_by_definition() -> None:
    rng = np.random.default_rng(0)
    plots = np.stack([rng.gamma(2, 10, 20_000), np.maximum(rng.normal(size=20_000), 0)], 1)
    cells = np.stack([rng.uniform(-20, 200, 500), rng.uniform(-1, 5, 500)], 1).astype(np.float32)
    cells[:100, 1] = 0
    model = card({"p0": percentiles(plots[:, 0]), "p1": percentiles(plots[:, 1])})
    expected = np.array([min(by_definition(plots[:, i], cell[i]) for i in range(2)) for cell in cells])
    found = mess(model, cells)
    assert np.abs(found - expected).max() < 2.1  # twice one percentile
    np.testing.assert_allclose(found[expected < 0], expected[expected < 0], atol=1e-3)
    clear = np.abs(expected) > 1e-3
    np.testing.assert_array_equal(outside(model, {"climate": cells})[clear], (expected < 0)[clear])


def test_by_hand() -> None:
    model = card({"p0": [float(i) for i in range(101)]})
    x = np.array([[-10, 0], [0, 0], [20, 0], [50, 0], [75, 0], [100, 0], [150, 0]], np.float32)
    assert mess(model, x).tolist() == [-10, 0, 40, 100, 50, 0, -50]
    assert outside(model, {"climate": x}).tolist() == [True, False, False, False, False, False, True]


def test_a_predictor_that_never_varied() -> None:
    model = card({"p0": [3.0] * 101})
    x = np.array([[3, 0], [3.1, 0], [2, 0]], np.float32)
    assert outside(model, {"climate": x}).tolist() == [False, True, True]


def test_edge_values_survive_rounding_to_float32() -> None:
    model = card({"p0": np.linspace(0.1, 0.7, 101).tolist()})
    assert not outside(model, {"climate": np.array([[0.1, 0], [0.7, 0]], np.float32)}).any()


def test_without_a_domain_nothing_is_known() -> None:
    model = card(None)
    x = {"climate": np.full((3, 2), 1e9, np.float32)}
    assert not knows_domain(model)
    assert not outside(model, x).any() and (look(model, x).domain == UNKNOWN).all()


def test_a_patch_counts_with_its_centre_and_missing_values_do_not() -> None:
    entry = {**linear_card(2)["inputs"][0], "kind": "patch", "size": [3, 3], "pixel": 10, "missing": -1}
    model = card({"p0": [float(i) for i in range(101)], "p1": [float(i) for i in range(101)]}, inputs=[entry])
    x = np.full((3, 2, 3, 3), 500, np.float32)
    x[:, :, 1, 1] = [[50, 50], [50, -5], [50, -1]]
    assert outside(model, {"climate": x}).tolist() == [False, True, False]


def test_a_category_never_seen_is_outside() -> None:
    entry = linear_card(2)["inputs"][0]
    entry["predictors"][1] |= {"categorical": True, "categories": [1, 4]}
    model = card(None, inputs=[entry])
    assert knows_domain(model)
    x = np.array([[0, 1], [0, 2], [0, 4]], np.float32)
    assert outside(model, {"climate": x}).tolist() == [False, True, False]


@pytest.mark.parametrize("value", [0.0, 55.0, 100.0])
def test_percentiles_of_the_plots_themselves_are_inside(value: float) -> None:
    model = card({"p0": [float(i) for i in range(101)]})
    assert not outside(model, {"climate": np.array([[value, 0]], np.float32)})[0]


def test_the_edge_is_the_outermost_two_and_a_half_percent_of_the_plots() -> None:
    model = card({"p0": [float(i) for i in range(101)], "p1": [0.0] * 60 + [float(i) for i in range(41)]})
    x = np.array([[50, 0], [2.4, 0], [97.6, 5], [50, 39], [101, 39], [-5, 50], [50, 20]], np.float32)
    seen = look(model, {"climate": x})
    assert seen.domain.tolist() == [INSIDE, EDGE, EDGE, EDGE, OUTSIDE, OUTSIDE, INSIDE], "many plots at 0 are no edge"
    assert seen.furthest.tolist() == [NO_PREDICTOR, 0, 0, 1, 0, 1, NO_PREDICTOR]
    assert seen.beyond.tolist() == [[False] * 2] * 4 + [[True, False], [True, True], [False] * 2]


def test_the_cards_range_says_what_is_beyond_where_there_are_no_percentiles() -> None:
    entry = {**linear_card(2)["inputs"][0], "kind": "series", "time_shape": [3], "missing": -9}
    model = card(None, inputs=[entry])
    x = np.array([[[0, 1, -1], [0, 0, -9]], [[0, 0, 1.5], [0, 0, 0]], [[-9] * 3, [0, -2, 0]]], np.float32)
    seen = look(model, {"climate": x})
    assert seen.beyond.tolist() == [[False, False], [True, False], [False, True]]
    assert seen.furthest.tolist() == [NO_PREDICTOR, 0, 1] and (seen.domain == UNKNOWN).all()


@pytest.mark.parametrize("kind", ["point", "patch", "series"])
def test_a_strip_without_cells_is_looked_at(kind: str) -> None:
    shapes = {"point": (2,), "patch": (2, 3, 3), "series": (2, 3)}
    more = {"patch": {"size": [3, 3], "pixel": 10}, "series": {"time_shape": [3]}}.get(kind, {})
    model = card({"p0": [float(i) for i in range(101)]}, inputs=[{**linear_card(2)["inputs"][0], "kind": kind, **more}])
    seen = look(model, {"climate": np.zeros((0, *shapes[kind]), np.float32)})
    assert seen.domain.shape == (0,) and seen.beyond.shape == (0, 2)
