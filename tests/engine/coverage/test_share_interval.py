"""The interval of coverage: by hand, and against a truth whose errors are shared by all cells of a block."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.coverage.table import Coverage
from geoplantnet_plugin.engine.indicators.share_interval import ExpectedShare, Z, share_bounds, shift_logit
from geoplantnet_plugin.engine.scores.calibration import Calibration
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


def bounds(interval):
    shares = interval.shares()
    return shares.expected, shares.low, shares.high


def test_a_shift_moves_the_logit():
    p = np.array([0.01, 0.3, 0.5, 0.99])
    np.testing.assert_allclose(logit(shift_logit(p, 0.7)), logit(p) + 0.7)


def test_bounds_by_hand():
    """Two cells with p = 0.5; σ so that the shift is ln 3: sums 0.5, 1, 1.5; variance 0.5."""
    interval = ExpectedShare(1, np.log(3) / Z)
    interval.add(presences(np.array([[0.5], [0.5]])))
    (_, (low,), (high,)) = bounds(interval)
    half = np.sqrt(0.25 + Z * Z * 0.5)
    assert low == pytest.approx(100 * max(0, (1 - half) / 2))
    assert high == pytest.approx(100 * min(1, (1 + half) / 2))


def test_without_spread_only_chance_is_left_and_it_vanishes_with_the_cells():
    widths = []
    for cells in (100, 10_000):
        interval = ExpectedShare(1, 0.0)
        interval.add(presences(np.full((cells, 1), 0.2)))
        (_, (low,), (high,)) = bounds(interval)
        widths.append(high - low)
    assert widths[0] == pytest.approx(200 * Z * np.sqrt(0.16 / 100))
    assert widths[1] == pytest.approx(widths[0] / 10)


def test_blocks_and_chosen_cells_add_up():
    rng = np.random.default_rng(1)
    p = rng.uniform(0.01, 0.9, (60, 4))
    whole, parts, half = (ExpectedShare(4, 0.8) for _ in range(3))
    chosen = rng.random(60) < 0.5
    whole.add(presences(p[chosen]))
    for rows in (slice(0, 25), slice(25, 60)):
        parts.add(presences(p[rows]), chosen[rows])
    half.add(presences(p), chosen)
    for other in (parts, half):
        np.testing.assert_allclose(bounds(whole), bounds(other))


def test_taxa_that_were_not_kept_widen_the_interval_upwards_only():
    p = np.tile([[0.9, 0.5, 0.3], [0.2, 0.8, 0.6]], (200, 1))
    full = presences(p)
    cut = Presences(full.ids[:, :2], full.probability[:, :2], 3)
    found = []
    for entry in (full, cut):
        interval = ExpectedShare(3, 0.5)
        interval.add(entry)
        found.append(bounds(interval)[1:])
    (low, high), (low_cut, high_cut) = found
    assert (low_cut <= low + 1e-9).all() and (high_cut >= high - 1e-9).all()
    assert high_cut[0] > high[0]


def test_the_interval_covers_a_truth_with_errors_shared_by_the_cells():
    """900 areas: all scores of a taxon are off by one normal shift; resampled cells would cover far less than 90 %."""
    rng = np.random.default_rng(3)
    sd, inside, naive, areas = 0.7, 0, 0, 900
    for _ in range(areas):
        p = sigmoid(rng.normal(-1, 1, (400, 1)))
        truth = 100 * (rng.random(400) < sigmoid(logit(p[:, 0]) + rng.normal(0, sd))).mean()
        interval = ExpectedShare(1, sd)
        interval.add(presences(p))
        (_, (low,), (high,)) = bounds(interval)
        inside += low <= truth <= high
        mean, half = 100 * p.mean(), 100 * Z * np.sqrt((p * (1 - p)).sum()) / 400
        naive += mean - half <= truth <= mean + half
    assert 0.87 < inside / areas < 0.93
    assert naive / areas < 0.5


def test_bounds_stay_within_0_and_1():
    middle, variance = np.array([0.1]), np.array([5.0])
    assert share_bounds(middle, np.array([0.0]), variance, 3, -1) == 0
    assert share_bounds(middle, np.array([9.0]), variance, 3, 1) == 1


@pytest.mark.parametrize("calibration, known", [
    (None, (False, False, False)), (Calibration(), (True, False, False)), (Calibration(block_sd=0.4), (True,) * 3)])
def test_only_what_the_source_states_is_said(calibration, known):
    coverage = Coverage(TaxaTable((Taxon("1", "A", "A"),)), calibration)
    coverage.add_presences(presences(np.array([[0.4]])))
    coverage.add(Assemblage(np.array([0, 1]), np.array([0], np.int32), np.array([0.4], np.float32)))
    (row,) = coverage.rows()
    assert (row.expected is not None, row.low is not None, row.high is not None) == known
    assert row.share == 100 and row.main == (pytest.approx(40) if calibration else 100)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.integers(1, 6), st.integers(0, 3), st.floats(0, 3), st.integers(0, 2**32 - 1))
def test_the_estimate_never_lies_outside_its_interval(cells, taxa, left_out, sd, seed):
    generator = np.random.default_rng(seed)
    full = presences(generator.beta(0.3, 1, (cells, taxa + left_out)))
    interval = ExpectedShare(taxa + left_out, sd)
    interval.add(Presences(full.ids[:, :taxa], full.probability[:, :taxa], taxa + left_out))
    expected, low, high = bounds(interval)
    assert (low <= expected).all() and (expected <= high).all() and low.min() >= 0 and high.max() <= 100
    richness = interval.richness(sd)
    assert richness.low <= richness.expected <= richness.high
    assert richness.expected == pytest.approx(expected.sum() / 100)


def test_the_interval_of_a_blocks_richness_covers_a_truth_that_is_off_by_one_factor():
    generator = np.random.default_rng(8)
    sd, held, blocks = 0.2, 0, 400
    for _ in range(blocks):
        p = generator.uniform(0.02, 0.3, (30, 40))
        truth = (generator.random(p.shape) < p * np.exp(generator.normal(0, sd))).sum() / 30
        interval = ExpectedShare(40, 0.0)
        interval.add(presences(p))
        richness = interval.richness(sd)
        held += richness.low <= truth <= richness.high
    assert 0.86 < held / blocks < 0.94
