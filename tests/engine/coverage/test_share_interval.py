"""The interval of coverage: by hand, and against a truth whose errors are shared by all cells of a block."""

import numpy as np
import pytest

from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.coverage.table import Coverage
from geoplantnet_plugin.engine.indicators.share_interval import ShareInterval, Z, share_bounds, shift_logit
from geoplantnet_plugin.engine.scores.presences import Presences
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon


def logit(p):
    return np.log(p / (1 - p))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def presences(probability):
    """Presences of every taxon (cells, taxa), best first as score sources give them."""
    order = np.argsort(-probability, axis=1)
    return Presences(order.astype(np.int32), np.take_along_axis(probability, order, 1), probability.shape[1])


def test_a_shift_moves_the_logit():
    p = np.array([0.01, 0.3, 0.5, 0.99])
    np.testing.assert_allclose(logit(shift_logit(p, 0.7)), logit(p) + 0.7)


def test_bounds_by_hand():
    """Two cells with p = 0.5; σ so that the shift is ln 3: sums 0.5, 1, 1.5; variance 0.5."""
    interval = ShareInterval(1, np.log(3) / Z)
    interval.add(presences(np.array([[0.5], [0.5]])))
    (low,), (high,) = interval.bounds()
    half = np.sqrt(0.25 + Z * Z * 0.5)
    assert low == pytest.approx(100 * max(0, (1 - half) / 2))
    assert high == pytest.approx(100 * min(1, (1 + half) / 2))


def test_without_spread_only_chance_is_left_and_it_vanishes_with_the_cells():
    widths = []
    for cells in (100, 10_000):
        interval = ShareInterval(1, 0.0)
        interval.add(presences(np.full((cells, 1), 0.2)))
        (low,), (high,) = interval.bounds()
        widths.append(high - low)
    assert widths[0] == pytest.approx(200 * Z * np.sqrt(0.16 / 100))
    assert widths[1] == pytest.approx(widths[0] / 10)


def test_blocks_and_chosen_cells_add_up():
    rng = np.random.default_rng(1)
    p = rng.uniform(0.01, 0.9, (60, 4))
    whole, parts, half = (ShareInterval(4, 0.8) for _ in range(3))
    chosen = rng.random(60) < 0.5
    whole.add(presences(p[chosen]))
    for rows in (slice(0, 25), slice(25, 60)):
        parts.add(presences(p[rows]), chosen[rows])
    half.add(presences(p), chosen)
    for other in (parts, half):
        np.testing.assert_allclose(whole.bounds(), other.bounds())


def test_taxa_that_were_not_kept_widen_the_interval_upwards_only():
    p = np.tile([[0.9, 0.5, 0.3], [0.2, 0.8, 0.6]], (200, 1))
    full = presences(p)
    cut = Presences(full.ids[:, :2], full.probability[:, :2], 3)
    bounds = []
    for entry in (full, cut):
        interval = ShareInterval(3, 0.5)
        interval.add(entry)
        bounds.append(interval.bounds())
    (low, high), (low_cut, high_cut) = bounds
    assert (low_cut <= low + 1e-9).all() and (high_cut >= high - 1e-9).all()
    assert high_cut[0] > high[0]


def test_the_interval_covers_a_truth_with_errors_shared_by_the_cells():
    """900 areas: all scores of a taxon are off by one normal shift; resampled cells would cover far less than 90 %."""
    rng = np.random.default_rng(3)
    sd, inside, naive, areas = 0.7, 0, 0, 900
    for _ in range(areas):
        p = sigmoid(rng.normal(-1, 1, (400, 1)))
        truth = 100 * (rng.random(400) < sigmoid(logit(p[:, 0]) + rng.normal(0, sd))).mean()
        interval = ShareInterval(1, sd)
        interval.add(presences(p))
        (low,), (high,) = interval.bounds()
        inside += low <= truth <= high
        mean, half = 100 * p.mean(), 100 * Z * np.sqrt((p * (1 - p)).sum()) / 400
        naive += mean - half <= truth <= mean + half
    assert 0.87 < inside / areas < 0.93
    assert naive / areas < 0.5


def test_bounds_stay_within_0_and_1():
    middle, variance = np.array([0.1]), np.array([5.0])
    assert share_bounds(middle, np.array([0.0]), variance, 3, -1) == 0
    assert share_bounds(middle, np.array([9.0]), variance, 3, 1) == 1


def test_no_spread_stated_leaves_the_bounds_unknown():
    coverage = Coverage(TaxaTable((Taxon("1", "A", "A"),)))
    coverage.add_presences(presences(np.array([[0.5]])))
    coverage.add(Assemblage(np.array([0, 1]), np.array([0], np.int32), np.array([0.5], np.float32)))
    (row,) = coverage.rows()
    assert row.low is None and row.high is None
