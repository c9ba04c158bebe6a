"""What the measuring of intervals and rules does with worlds whose answer is known, and when scores may be reused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the training extra (PyTorch)")
pytest.importorskip("sklearn", reason="needs the training extra (scikit-learn)")

from geoplantnet_plugin.engine.models.card import Predictor
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon
from training import held_out, set_rules
from training.datasets.plots import Plots, Source
from training.evaluate import NETWORK, digest, scores_file
from training.models import WESTERN_SWISS_ALPS
from training.rivals import bootstrap

PLOTS, TAXA, SHARED = 900, 40, 0.5


@pytest.fixture(scope="module")
def world():
    """Calibrated scores of plots whose taxa share a factor of standard deviation `SHARED`; 30 blocks."""
    rng = np.random.default_rng(2)
    p = rng.beta(0.6, 3, (PLOTS, TAXA))
    factor = rng.choice([-1, 0, 1], PLOTS, p=[SHARED**2 / 2, 1 - SHARED**2, SHARED**2 / 2])
    present = rng.random(p.shape) < p + factor[:, None] * p * (1 - p)
    return present.astype(np.float32), p.astype(np.float32), np.repeat(np.arange(30), PLOTS // 30)


def test_the_shared_factor_is_found(world):
    present, scores, _ = world
    assert held_out.shared_sd(present, [scores]) == pytest.approx(SHARED, abs=0.08)
    independent = (np.random.default_rng(3).random(scores.shape) < scores).astype(np.float32)
    assert held_out.shared_sd(independent, [scores]) < 0.2


def test_taxa_of_a_group_go_together_more_than_all_do():
    rng = np.random.default_rng(5)
    p = rng.beta(0.6, 3, (PLOTS, TAXA)).astype(np.float32)
    groups = np.array(["a", "b", "c", ""]).repeat(TAXA // 4)
    own = rng.choice([-0.8, 0.8], (PLOTS, 4)).repeat(TAXA // 4, axis=1) * (groups != "")
    present = (rng.random(p.shape) < p + own * p * (1 - p)).astype(np.float32)
    assert held_out.grouped_sd(present, [p], groups) == pytest.approx(0.8, abs=0.08)
    assert held_out.shared_sd(present, [p]) < 0.5
    assert held_out.grouped_sd(present, [p], np.full(TAXA, "")) == 0


def test_intervals_hold_what_they_say(world):
    present, scores, blocks = world
    for length, entry in held_out.lists_held(present, [scores], blocks).items():
        assert 0.87 < entry["distribution"] < 0.93, length
        assert entry["held"] > 0.87, length
        assert entry["stated"] == pytest.approx(entry["held"], abs=0.02), "the bounds hold what they state"
        assert entry["least"] >= 0.9 and (length not in ("1", "3") or entry["least"] > 0.93), "whole numbers, few taxa"
    forms = TaxaTable(tuple(Taxon(str(i), f"T{i}", f"T{i}", life_form=("tree", "therophyte")[i % 2])
                            for i in range(TAXA)))
    held = held_out.held(present, [scores], blocks, forms)
    for index, share in (held["diversity"] | {"woody": held["woody"]}).items():
        assert 0.85 < share < 0.97, index
    assert held_out.index_held("woody", present, [scores], blocks, set_rules.nameless(TAXA)) is None


def test_the_narrowest_whole_bounds():
    shares = np.array([[0.95, 0.05, 0.0], [0.5, 0.5, 0.0], [0.02, 0.93, 0.05], [0.3, 0.3, 0.4]])
    assert held_out.narrowest(shares).tolist() == pytest.approx([0.95, 1.0, 0.93, 1.0])


def test_a_rule_is_chosen_without_the_plots_it_is_measured_on(world):
    present, scores, blocks = world
    outer = blocks % 5

    def inner(number):
        known = outer != number
        return scores[known], blocks[known] // 5 % 3

    found = set_rules.chosen_on_inner(present, scores, outer, inner)
    assert len(found["choices"]) == 5 and found["default_rule"] == max(found["choices"], key=found["choices"].count)
    assert set(found["outer"]) == {*set_rules.RULES, "chosen"}
    assert found["outer"]["chosen"]["rmse"] <= found["outer"]["lambda"]["rmse"]
    changed = present.copy()
    changed[outer == 0] = 1 - changed[outer == 0]
    again = set_rules.chosen_on_inner(changed, scores, outer, inner)
    assert again["choices"][0] == found["choices"][0], "the held-out plots of a fold do not enter its choice"


def test_rules_are_compared_on_folds_they_do_not_know(world):
    present, scores, blocks = world
    compared = set_rules.rules(present, [scores], [blocks % 5], {"intercept": 0.0, "slope": 1.0})
    assert set(compared) == set(set_rules.RULES)
    assert compared["sse"]["rmse"] < compared["lambda"]["rmse"] and compared["topk:10"]["size"] == 10
    assert compared["maxexp"]["f1"] == max(entry["f1"] for entry in compared.values())
    few = set_rules.rules(present[:, :4], [scores[:, :4]], [blocks % 5], {"intercept": 0.0, "slope": 1.0})
    assert "topk:10" not in few


def test_the_first_rule_is_the_nearest_in_richness_of_those_as_good_as_lambda():
    def compared(*sse):
        return {"lambda": {"f1": 0.45, "rmse": 5.0}, "sse": dict(zip(("f1", "rmse"), sse)),
                "maxexp": {"f1": 0.5, "rmse": 6.0}, "topk:10": {"f1": 0.9, "rmse": 0.1}}

    assert set_rules.default_rule(compared(0.46, 4.0)) == "sse"
    assert set_rules.default_rule(compared(0.44, 4.0)) == "lambda"


def plots(values):
    present = np.ones((len(values), 1), np.float32)
    return Plots("p", values, present, np.zeros((len(values), 2)), "EPSG:3035", 1.0, (Predictor("a", "", ""),), ("T",),
                 Source("", "", "", "", "", ""))


def test_scores_of_other_data_or_another_recipe_are_not_reused(tmp_path):
    first, second = (plots(np.full((3, 1), value, np.float32)) for value in (1.0, 2.0))
    assert digest(first) == digest(plots(np.full((3, 1), 1.0, np.float32))) != digest(second)
    model = WESTERN_SWISS_ALPS
    other = replace(model, recipe=replace(model.recipe, epochs=81))
    files = {scores_file(tmp_path, one, digest(data), "blocks", 0, NETWORK)
             for one in (model, other) for data in (first, second)}
    assert len(files) == 4


def test_a_gain_that_is_there_is_told_from_none(world):
    present, scores, blocks = world
    present, scores = present[:, :6], scores[:, :6]
    data = replace(plots(np.zeros((PLOTS, 1), np.float32)), present=present)
    noise = np.random.default_rng(5).normal(0, 0.3, scores.shape)
    low, high = bootstrap(data, blocks, [scores, scores], [scores + noise, scores], 100)
    assert 0 < low < high
    assert bootstrap(data, blocks, [scores], [scores], 5) == (0, 0)
