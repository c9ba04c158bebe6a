"""Folds are disjoint in space and repeatable; metrics agree with hand-computed and independent figures."""

from __future__ import annotations

import numpy as np
import pytest

from training import conformal, metrics
from training.folds import Blocks, block_folds, random_folds


@pytest.fixture
def xy():
    return np.random.default_rng(3).uniform((550_000, 110_000), (590_000, 160_000), (400, 2))


def test_a_block_is_held_out_as_a_whole(xy):
    folds = block_folds(xy, Blocks(8000.0), seed=4)
    for i, j in {(int(x // 8000), int(y // 8000)) for x, y in xy}:
        inside = (xy[:, 0] // 8000 == i) & (xy[:, 1] // 8000 == j)
        assert len(set(folds[inside])) == 1
    assert set(folds) == set(range(5))


def test_the_origin_moves_the_blocks():
    points = np.array([[0.0, 0.0], [7999.0, 0.0], [8001.0, 0.0]])
    assert Blocks(8000.0).of(points).tolist() == [0, 0, 1]
    assert Blocks(8000.0, (4000.0, 0.0)).of(points).tolist() == [0, 1, 1]


def test_a_seed_gives_the_same_folds_and_another_seed_others(xy):
    assert (block_folds(xy, Blocks(8000.0), 1) == block_folds(xy, Blocks(8000.0), 1)).all()
    assert (block_folds(xy, Blocks(8000.0), 1) != block_folds(xy, Blocks(8000.0), 2)).any()
    assert np.bincount(random_folds(302, 1)).tolist() == [61, 61, 60, 60, 60]


def test_auc_counts_pairs():
    rng = np.random.default_rng(5)
    present, scores = (rng.random((60, 3)) < 0.4).astype(float), rng.random((60, 3)).round(1)
    for taxon in range(3):
        yes, no = scores[present[:, taxon] == 1, taxon], scores[present[:, taxon] == 0, taxon]
        pairs = np.mean([(a > b) + 0.5 * (a == b) for a in yes for b in no])
        assert metrics.auc(present, scores)[taxon] == pytest.approx(pairs)


def test_lambda_takes_each_taxon_as_often_as_it_is_there():
    rng = np.random.default_rng(6)
    present = (rng.random((80, 4)) < (0.1, 0.5, 0.9, 0.0)).astype(float)
    present[:, 2] = 1
    scores = rng.random((80, 4))
    taken = scores > metrics.prevalence_thresholds(present, scores)
    assert taken.sum(0).tolist() == present.sum(0).tolist()


def test_set_figures_by_hand():
    present, taken = np.array([[1, 0, 1], [0, 1, 0]]), np.array([[1, 1, 0], [0, 1, 0]])
    found = metrics.f1(present, taken)
    assert found["samples"] == pytest.approx((0.5 + 1) / 2)
    assert found["micro"] == pytest.approx(2 * 2 / 6)
    assert found["macro"] == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert metrics.tss(present, taken) == pytest.approx((1 + 0 + 0) / 3)
    assert metrics.recall_at(present, np.array([[0.9, 0.8, 0.1], [0.1, 0.9, 0.2]]), 2) == pytest.approx(0.75)


def test_ece_by_hand():
    present, scores = np.array([[1, 0, 0, 1]]), np.array([[0.11, 0.13, 0.85, 0.87]])
    assert metrics.ece(present, scores) == pytest.approx((abs(0.12 - 0.5) + abs(0.86 - 0.5)) / 2)


def test_conformal_threshold_is_the_largest_that_keeps_the_risk():
    rng = np.random.default_rng(8)
    present = (rng.random((50, 6)) < 0.4).astype(float)
    scores = rng.random((50, 6))

    def bound(value):
        return (50 * (1 - conformal.covered(present, scores > value)).mean() + 1) / 51

    for level in (0.7, 0.9):
        found = conformal.threshold(present, scores, level)
        tried = sorted(scores[present == 1])
        assert found == pytest.approx(max(value for value in tried if bound(value) <= 1 - level))
    assert conformal.threshold(present, scores, 0.999) == 0.0
