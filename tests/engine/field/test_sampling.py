"""The sampling plan: chances as stated, spread better than chance, estimates unbiased."""

import numpy as np
import pytest

from geoplantnet_plugin.engine.field.sampling import Sample, draw_chances, halton, sample


def positions(drawn: Sample) -> np.ndarray:
    return np.stack([drawn.cols, drawn.rows], axis=1) + drawn.within


def test_halton_numbers_are_those_of_the_definition() -> None:
    points = halton(np.array([1, 1, 1]), 4)
    assert points[:, 0] == pytest.approx([1 / 2, 1 / 4, 3 / 4, 1 / 8])
    assert points[:, 1] == pytest.approx([1 / 3, 2 / 3, 1 / 9, 4 / 9])
    assert points[:, 2] == pytest.approx([1 / 5, 2 / 5, 3 / 5, 4 / 5])


def test_chances_sum_to_one_and_no_cell_expects_more_than_one_point() -> None:
    weights = np.ones((4, 5))
    weights[0, 0] = 1000
    chances = draw_chances(weights, 6)
    assert chances.sum() == pytest.approx(1)
    assert chances.max() == pytest.approx(1 / 6)
    assert chances[1:].ravel() == pytest.approx(np.full(15, (5 / 6) / 19))


def test_every_point_falls_into_a_cell_with_the_stated_chance() -> None:
    """A small case with a hole and unequal weights: 1,200 plans, first and third point, within four standard errors."""
    weights = np.array([[1.0, 2.0, 0.0], [4.0, 1.0, 3.0]])
    chances = draw_chances(weights, 2)
    counts = np.zeros((2, *weights.shape))
    plans = 1200
    for seed in range(plans):
        drawn = sample(chances, 3, np.random.default_rng(seed))
        for which, number in enumerate((0, 2)):
            counts[which, drawn.rows[number], drawn.cols[number]] += 1
    error = np.sqrt(chances * (1 - chances) / plans)
    assert (counts[:, weights == 0] == 0).all()
    assert (np.abs(counts / plans - chances) <= 4 * error + 1e-12).all()


def test_plans_are_better_spread_than_random_points_and_so_are_their_first_halves() -> None:
    inside = np.hypot(*np.mgrid[-1:1:40j, -1:1:40j]) < 1
    chances = draw_chances(inside.astype(float), 24)
    cells = np.argwhere(inside)
    balanced, half, random = [], [], []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        points = positions(sample(chances, 24, rng))
        balanced.append(_inside_variance(points, inside))
        half.append(_inside_variance(points[:12], inside))
        chosen = cells[rng.integers(0, len(cells), 24)][:, ::-1] + rng.random((24, 2))
        random.append(_inside_variance(chosen, inside))
    assert np.mean(balanced) < 0.6 * np.mean(random)
    assert np.mean(half) < 0.8 * np.mean(random)


def _inside_variance(points: np.ndarray, inside: np.ndarray) -> float:
    cells = np.argwhere(inside)[:, ::-1] + 0.5
    nearest = ((cells[:, None] - points[None]) ** 2).sum(axis=2).argmin(axis=1)
    shares = np.bincount(nearest, minlength=len(points)) * len(points) / len(cells)
    return float(((shares - 1) ** 2).mean())
