"""Estimates from the plan: unbiased in simulation, intervals that hold what they claim, hand-computed cases."""

import math

import numpy as np
import pytest

from geoplantnet_plugin.engine.field.estimate import Visit, horvitz_thompson, student, wilson
from geoplantnet_plugin.engine.field.sampling import draw_chances, sample


def test_the_estimate_of_equal_chances_is_the_mean() -> None:
    visits = [Visit(1 / 50, "", 50, value) for value in (2.0, 4.0, 9.0)]
    estimate = horvitz_thompson(visits)
    assert estimate is not None and estimate.low is not None and estimate.high is not None
    assert estimate.mean == pytest.approx(5)
    half = 4.302653 * math.sqrt(13 / 3)
    assert (estimate.low, estimate.high) == pytest.approx((0, 5 + half)), "counts are never below 0"


def test_strata_count_by_their_cells() -> None:
    visits = [Visit(1 / 10, "meadow", 10, 1.0), Visit(1 / 10, "meadow", 10, 1.0), Visit(1 / 30, "wood", 30, 5.0)]
    estimate = horvitz_thompson(visits)
    assert estimate is not None
    assert estimate.mean == pytest.approx((10 * 1 + 30 * 5) / 40)
    assert estimate.low is None, "one point in a stratum says nothing of its spread"


def test_nothing_visited_estimates_nothing() -> None:
    assert horvitz_thompson([]) is None


def test_the_estimate_is_unbiased_under_unequal_chances_and_an_early_end() -> None:
    """A map with a trend, sampled where it is high, of which only the first 8 of 12 points are visited."""
    rows, cols = np.mgrid[0:12, 0:15]
    truth = rows + 0.5 * cols
    chances = draw_chances(1.0 + 3.0 * rows / 11, 12)
    means, covered = [], 0
    for seed in range(400):
        drawn = sample(chances, 12, np.random.default_rng(seed))
        visits = [Visit(float(chances[row, col]), "", truth.size, float(truth[row, col]))
                  for row, col in zip(drawn.rows[:8], drawn.cols[:8], strict=True)]
        estimate = horvitz_thompson(visits)
        assert estimate is not None and estimate.low is not None and estimate.high is not None
        means.append(estimate.mean)
        covered += estimate.low <= truth.mean() <= estimate.high
    error = np.std(means) / math.sqrt(len(means))
    assert abs(np.mean(means) - truth.mean()) < 3.5 * error
    assert covered / len(means) >= 0.95


@pytest.mark.parametrize(("freedom", "quantile"), [(1, 12.7062), (2, 4.302653), (5, 2.570582), (30, 2.042272)])
def test_students_quantile_is_that_of_the_tables(freedom: int, quantile: float) -> None:
    assert student(freedom) == pytest.approx(quantile, rel=2e-3)


@pytest.mark.parametrize(("hits", "tries", "interval"), [
    (0, 5, (0, 0.434482)), (3, 7, (0.158221, 0.749542)), (7, 7, (0.645670, 1)), (40, 100, (0.309401, 0.497996))])
def test_wilsons_interval_holds_the_share_and_is_that_of_scipy(hits: int, tries: int,
                                                               interval: tuple[float, float]) -> None:
    """`scipy.stats.binomtest(hits, tries).proportion_ci(method="wilson")` of SciPy 1.17 gives these."""
    low, high = wilson(hits, tries)
    assert low <= hits / tries <= high
    assert (low, high) == pytest.approx(interval, abs=1e-5)
