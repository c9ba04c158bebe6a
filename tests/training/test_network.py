"""The exported graph is the trained network; a fold model gives again what was scored out of fold."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the training extra (PyTorch)")
pytest.importorskip("sklearn", reason="needs the training extra (scikit-learn)")

from geoplantnet_plugin.engine.models.card import Predictor  # noqa: E402
from training.datasets import Plots, Source  # noqa: E402
from training.evaluate import NETWORK, fold_seed, folds_of, out_of_fold  # noqa: E402
from training.folds import Blocks  # noqa: E402
from training.models import WESTERN_SWISS_ALPS  # noqa: E402
from training.network import Group  # noqa: E402
from training.parts import Mix  # noqa: E402
from training.recipe import Recipe, fit  # noqa: E402

MODELS = Path(__file__).parents[2] / "resources" / "models"

QUICK = Recipe(groups=(Group(3, 8, 2, True), Group(2, 8, 1, False)), epochs=3, learning_rate=0.01, weight_decay=0.1,
               dropout=0.1, batch=32, blocks=Blocks(5000.0), inner_folds=3, forest_trees=10, forest_leaf=3)


@pytest.fixture(scope="module")
def mixed():
    """Plots with two numbers and a category; the second taxon grows on code 7."""
    rng = np.random.default_rng(2)
    values = np.stack([rng.normal(1000, 300, 120), rng.choice([2, 5, 7], 120), rng.normal(0, 1e-3, 120)], 1)
    present = np.stack([values[:, 0] > 1000, values[:, 1] == 7, rng.random(120) < 0.2], 1).astype(np.float32)
    predictors = (Predictor("warmth", "Warmth", "K"), Predictor("soil", "Soil", "code", True, categories=(2, 5, 7)),
                  Predictor("acid", "Acid", "mol"))
    return Plots("mixed", values.astype(np.float32), present, rng.uniform(0, 20_000, (120, 2)), "EPSG:3035", 100.0,
                 predictors, ("A a", "B b", "C c"), Source("t", "s", "l", "u", "d", "p"))


def _run(graph, values):
    import onnxruntime

    return onnxruntime.InferenceSession(graph).run(["scores"], {"point": values})[0]


def _scores(fitted, plots, values):
    return fitted.scores(replace(plots, values=values, present=np.zeros((len(values), 3), np.float32)))


@pytest.mark.parametrize("mix", [Mix(), Mix(0.5, 0.3, 0.2, trees=7)], ids=["alone", "mixed"])
def test_the_graph_is_the_model_also_far_outside_and_for_unknown_codes(mixed, mix):
    fitted = fit(replace(QUICK, mix=mix), mixed, seed=1)
    graph = fitted.onnx(mixed)
    values = np.vstack([mixed.values, mixed.values * 50, [[1000, 99, 0]]]).astype(np.float32)
    for rows in (values, values[:1], values[:0]):
        np.testing.assert_allclose(_run(graph, rows), _scores(fitted, mixed, rows) if len(rows) else np.zeros((0, 3)),
                                   atol=1e-5)
    assert np.isfinite(_run(graph, values)).all()


def test_a_seed_gives_the_same_network(mixed):
    assert (fit(QUICK, mixed, 1).scores(mixed) == fit(QUICK, mixed, 1).scores(mixed)).all()
    assert (fit(QUICK, mixed, 1).scores(mixed) != fit(QUICK, mixed, 2).scores(mixed)).any()


def test_a_network_learns_what_is_there_to_learn(mixed):
    scores = fit(replace(QUICK, epochs=60), mixed, 1).scores(mixed)
    assert scores[mixed.values[:, 1] == 7, 1].min() > scores[mixed.values[:, 1] != 7, 1].max()


def test_held_out_plots_teach_nothing(mixed):
    """Changing what grows in held-out plots leaves their scores as they are."""
    folds = np.arange(len(mixed)) % 4

    def predict(train, test, seed):
        return fit(QUICK, train, seed).scores(test)

    before = out_of_fold(mixed, predict, folds, 0)
    other = mixed.present.copy()
    other[folds == 2] = 1 - other[folds == 2]
    after = out_of_fold(replace(mixed, present=other), predict, folds, 0)
    assert (before[folds == 2] == after[folds == 2]).all()
    assert (before[folds != 2] != after[folds != 2]).any()


def test_an_exported_fold_scores_its_held_out_plots_again(plots, data, tmp_path):
    from geoplantnet_plugin.engine.models.package import open_package
    from training.export import HELD_OUT, export_fold

    quick = replace(WESTERN_SWISS_ALPS, recipe=replace(WESTERN_SWISS_ALPS.recipe, epochs=2))
    means = {"seeds": [0], "auc": [0.5], "ece": 0.0, "set": {"richness": 1.0, "observed_richness": 1.0}}
    figures = {"folds": 5, "richness": {"slope": 1.0},
               "protocols": {"blocks": {"block_km": 8.0, "seeds": [0], "models": {NETWORK: means}}}}
    export_fold(tmp_path / "fold", quick, plots, figures, assignment=0, fold=1, data=data)
    package = open_package(str(tmp_path / "fold"))
    with (tmp_path / "fold" / HELD_OUT).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    held = folds_of(plots, quick.recipe, "blocks", 0) == 1
    assert [(float(row["x"]), float(row["y"])) for row in rows] == [tuple(xy) for xy in plots.xy[held]]
    written = np.array([[float(row[f"score:{taxon.name}"]) for taxon in package.taxa] for row in rows])
    np.testing.assert_allclose(_run(package.graph.read_bytes(), plots.values[held]), written, atol=1e-5)
    again = fit(quick.recipe, plots.take(~held), fold_seed(0, 1)).scores(plots.take(held))
    np.testing.assert_allclose(written, again, atol=1e-5)
    assert package.card.training[0]["plots"] == (~held).sum()


def test_fold_models_give_the_auc_that_the_figures_state(plots, data, tmp_path):
    """Assignment 0 again, with the shipped recipe, through the packages; the same within another machine's noise."""
    from sklearn.metrics import roc_auc_score

    from training.export import HELD_OUT, export_fold

    figures = json.loads((MODELS / "western-swiss-alps" / "figures.json").read_text(encoding="utf-8"))
    present, scores = [], []
    for fold in range(5):
        target = tmp_path / str(fold)
        export_fold(target, WESTERN_SWISS_ALPS, plots, figures, assignment=0, fold=fold, data=data)
        with (target / HELD_OUT).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        held = folds_of(plots, WESTERN_SWISS_ALPS.recipe, "blocks", 0) == fold
        scores.append(_run((target / "model.onnx").read_bytes(), plots.values[held]))
        present.append([[int(row[f"present:{name}"]) for name in plots.taxa] for row in rows])
    aucs = roc_auc_score(np.concatenate(present), np.concatenate(scores), average=None)
    assert aucs.mean() == pytest.approx(figures["protocols"]["blocks"]["models"][NETWORK]["auc"][0], abs=0.003)
