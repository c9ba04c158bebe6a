"""What an atlas' model is compared with: MaxEnt's solver beside another one, tuning, and scores that are not reused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the training extra (PyTorch)")
pytest.importorskip("elapid", reason="needs the training extra (elapid)")

from scipy.optimize import minimize
from scipy.special import logsumexp

from tests.training.atlases import RECIPE, squares_of
from training import atlas_forest, atlas_rivals, maxent
from training.atlas_evaluate import MAXENT, runs
from training.metrics import mean_auc


def _another(features, present, penalties):
    """MaxEnt's objective for one taxon by a bounded quasi-Newton method on the two signs of b: least value, b."""
    means, p = features[present > 0].mean(0), features.shape[1]

    def objective(signs):
        b = signs[:p] - signs[p:]
        heights = features @ b
        slope = features.T @ np.exp(heights - logsumexp(heights)) - means
        return logsumexp(heights) - means @ b + penalties @ (signs[:p] + signs[p:]), np.r_[slope, -slope] + np.tile(
            penalties, 2)

    found = minimize(objective, np.zeros(2 * p), jac=True, method="L-BFGS-B", bounds=[(0, None)] * 2 * p,
                     options={"maxiter": 5000, "ftol": 1e-13, "gtol": 1e-9})
    return found.fun, found.x[:p] - found.x[p:]


def test_maxent_for_all_taxa_reaches_the_optimum_of_each():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(200, 5))
    x = np.c_[x, x[:, :3] ** 2, x[:, 0] + 0.1 * rng.normal(size=200)].astype(np.float32)
    present = (rng.random((200, 3)) < 1 / (1 + np.exp(-x[:, :3] - 1))).astype(np.float32)
    penalties = np.full((9, 3), 0.02, np.float32) * np.array([1, 2, 4], np.float32)
    penalties[8, 2] = np.inf
    found = maxent.solve(x, present, penalties)
    for taxon in range(3):
        used = np.isfinite(penalties[:, taxon])
        least, b = _another(x[:, used].astype(float), present[:, taxon], penalties[used, taxon].astype(float))
        reached = (logsumexp(x @ found[:, taxon]) - x[present[:, taxon] > 0].mean(0) @ found[:, taxon]
                   + penalties[used, taxon] @ np.abs(found[used, taxon]))
        assert reached == pytest.approx(least, abs=2e-4)
        assert x @ found[:, taxon] == pytest.approx(x[:, used] @ b, abs=0.1)
    assert found[8, 2] == 0


def test_products_are_for_taxa_with_enough_presences_and_rarer_taxa_are_held_back_more():
    rng = np.random.default_rng(1)
    features = maxent.Features(rng.normal(size=(300, 3)))
    present = np.zeros((300, 2), np.float32)
    present[:maxent.PRODUCTS_FROM, 0] = 1
    present[:maxent.PRODUCTS_FROM - 1, 1] = 1
    many, few = features.penalties(present).T
    products = features.labels == "product"
    assert np.isfinite(many).all() and np.isinf(few[products]).all() and np.isfinite(few[~products]).all()
    assert features.of(np.full((1, 3), 1e3)) == pytest.approx(features.of(np.full((1, 3), 1e6))), (
        "beyond the training squares features stay as at their edge")


def test_maxent_and_forest_rank_held_out_squares_without_their_effort():
    plots = squares_of(squares=320)
    held = plots.xy[:, 0] > 120_000
    train, test = plots.take(~held), plots.take(held)
    unknown = replace(test, effort=np.ones(len(test), np.float32))
    for scores in (atlas_rivals.maxent(RECIPE, train, test, 0), atlas_forest.forest(RECIPE, train, test, 0)):
        assert scores.shape == test.present.shape and np.isfinite(scores).all()
    assert mean_auc(test.present, atlas_rivals.maxent(RECIPE, train, test, 0)) > 0.75
    assert (atlas_rivals.maxent(RECIPE, train, unknown, 0) == atlas_rivals.maxent(RECIPE, train, test, 0)).all()


def test_scores_of_other_data_or_settings_are_never_taken_for_these(monkeypatch):
    plots = squares_of()
    stamps = {run.name: run.stamp for run in runs(plots, RECIPE)}
    assert len(set(stamps.values())) == len(stamps)
    fewer = {run.name: run.stamp for run in runs(plots.take(plots.xy[:, 0] > 20_000), RECIPE)}
    longer = {run.name: run.stamp for run in runs(plots, replace(RECIPE, epochs=13))}
    assert not set(stamps.values()) & set(fewer.values())
    assert stamps["network"] != longer["network"] and stamps[MAXENT] == longer[MAXENT]
