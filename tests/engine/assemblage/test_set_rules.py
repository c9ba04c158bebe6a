"""Set rules against hand-made cells and against plain loops."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.resources import ROOT
from geoplantnet_plugin.engine.assemblage import RULES, parse_rule
from geoplantnet_plugin.engine.assemblage.maxexp import expected_f1
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.scores.statements import Statements
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon

SCORES = np.array([[0.9, 0.1, 0.5, 0.2], [0.05, 0.1, 0.02, 0.0], [0.5, 0.5, 0.6, 0.7]], np.float32)


def taxa(*lambdas):
    return TaxaTable(tuple(Taxon(str(i), f"Taxon {i}", f"Taxon {i}", lambda_=value)
                           for i, value in enumerate(lambdas)))


def sets(assemblage):
    return [set(assemblage.ids[a:b].tolist())
            for a, b in zip(assemblage.start[:-1], assemblage.start[1:])]


def ranked(scores, keep=None, scale=Scale.SIGMOID):
    return RankedScores.from_dense(scores, keep or scores.shape[1], scale)


def test_lambda_is_strictly_above():
    rule = parse_rule("lambda:0.5", taxa(None, None, None, None), Scale.SIGMOID)
    assert sets(rule.apply(ranked(SCORES))) == [{0}, set(), {2, 3}]
    assert rule.params == {"lambda": 0.5}
    assert "0.5" in rule.sentence().text() and "0,5" in rule.sentence().text("fr")


def test_lambda_of_each_taxon():
    rule = parse_rule("lambda", taxa(0.95, 0.05, 0.55, 0.1), Scale.SIGMOID)
    assert sets(rule.apply(ranked(SCORES))) == [{1, 3}, {1}, {1, 2, 3}]


def test_assemblage_is_best_first_with_its_scores():
    assemblage = parse_rule("lambda:0.15", taxa(*[None] * 4), Scale.SIGMOID).apply(ranked(SCORES))
    assert assemblage.ids.tolist() == [0, 2, 3, 3, 2, 0, 1]
    np.testing.assert_array_equal(assemblage.values, np.float32([0.9, 0.5, 0.2, 0.7, 0.6, 0.5, 0.5]))
    assert assemblage.richness.tolist() == [3, 0, 4]
    assert assemblage.cell.tolist() == [0, 0, 0, 2, 2, 2, 2]


def test_topk():
    rule = parse_rule("topk:2", taxa(*[None] * 5), Scale.RELATIVE)
    assert rule.keep(5) == 2
    assert sets(rule.apply(ranked(np.c_[SCORES, [-1, -1, -1]].astype(np.float32), 2))) == [
        {0, 2}, {0, 1}, {2, 3}]


@pytest.mark.parametrize("text, code", [
    ("magic", "rule_unknown"), ("lambda:high", "rule_value"), ("lambda:nan", "rule_value"),
    ("lambda", "rule_lambda_missing"), ("topk", "rule_value"), ("topk:0", "rule_value"),
    ("sse:3", "rule_takes_no_value"),
    ("topk:1.5", "rule_value"), ("topk:2", "rule_topk_half"), ("topk:50", "rule_topk_half")])
def test_bad_rules_say_what_is_wrong(text, code):
    with pytest.raises(EngineError) as caught:
        parse_rule(text, taxa(0.5, None, 0.5, 0.5), Scale.SIGMOID)
    assert caught.value.code == code
    assert code not in str(caught.value), "the catalogue lacks the sentence"


def test_no_rule_runs_below_the_floor():
    with pytest.raises(EngineError, match="below the 2 scores"):
        parse_rule("lambda:0.15", taxa(*[None] * 4), Scale.SIGMOID).apply(ranked(SCORES, 2))
    with pytest.raises(EngineError, match="below the 1 scores"):
        parse_rule("topk:2", taxa(*[None] * 6), Scale.SIGMOID).apply(ranked(SCORES, 1))


def test_floor_is_harmless_when_no_left_out_taxon_can_pass():
    """Only taxon 0 has a low λ, and it is among the kept of every cell."""
    scores = np.array([[0.9, 0.8, 0.3, 0.2]], np.float32)
    rule = parse_rule("lambda", taxa(0.01, 0.95, 0.95, 0.95), Scale.SIGMOID)
    assert sets(rule.apply(ranked(scores, 2))) == [{0}]
    with pytest.raises(EngineError, match="below the 2 scores"):
        parse_rule("lambda", taxa(0.01, 0.95, 0.95, 0.1), Scale.SIGMOID).apply(ranked(scores, 2))


@given(hnp.arrays(np.float32, st.tuples(st.integers(0, 6), st.just(7)), elements=st.floats(-9, 9, width=32)),
       st.lists(st.floats(-5, 5, width=32), min_size=7, max_size=7), st.integers(1, 7))
def test_lambda_agrees_with_a_loop_or_refuses(scores, lambdas, keep):
    rule = parse_rule("lambda", taxa(*lambdas), Scale.LOGIT)
    wanted = [{k for k in range(7) if row[k] > np.float32(lambdas[k])} for row in scores]
    kept = ranked(scores, keep, Scale.LOGIT)
    try:
        assert sets(rule.apply(kept)) == wanted
    except EngineError as error:
        # refused, so some left-out taxon has a threshold that its cell's floor exceeds
        assert error.code == "rule_below_floor"
        assert any(set(range(7)) - set(ids) and any(
            lambdas[k] < values[-1] for k in set(range(7)) - set(ids.tolist()))
            for ids, values in zip(kept.ids, kept.values))


def expected_f1_by_enumeration(probability, size):
    """Sum over every combination of present taxa; the set holds the first `size`."""
    total = 0.0
    for present in itertools.product((False, True), repeat=len(probability)):
        weight = math.prod(p if there else 1 - p for p, there in zip(probability, present))
        hits = sum(present[:size])
        total += weight * (2 * hits / (size + sum(present)) if size + sum(present) else 1.0)
    return total


@given(st.lists(st.floats(0, 1), min_size=1, max_size=7))
def test_expected_f1_agrees_with_enumeration(probability):
    probability = sorted(probability, reverse=True)
    wanted = [expected_f1_by_enumeration(probability, k) for k in range(len(probability) + 1)]
    np.testing.assert_allclose(expected_f1(np.array([probability, probability])), [wanted, wanted], atol=1e-12)


def test_maxexp_takes_the_best_expected_set():
    scores = np.array([[0.9, 0.8, 0.1, 0.1], [0.02, 0.01, 0.0, 0.01], [0.4, 0.4, 0.4, 0.4]], np.float32)
    rule = parse_rule("maxexp", taxa(*[None] * 4), Scale.SIGMOID)
    sizes = [max(range(5), key=lambda k, row=row: expected_f1_by_enumeration(sorted(row, reverse=True), k))
             for row in scores.astype(float)]
    assert rule.apply(ranked(scores)).richness.tolist() == sizes == [2, 0, 4]


def test_sse_rounds_the_sum_of_probabilities():
    rule = parse_rule("sse", taxa(*[None] * 4), Scale.SIGMOID)
    assert sets(rule.apply(ranked(SCORES))) == [{0, 2}, set(), {2, 3}]
    logits = np.log(SCORES.clip(1e-9) / (1 - SCORES)).astype(np.float32)
    assert sets(parse_rule("sse", taxa(*[None] * 4), Scale.LOGIT, CARD).apply(ranked(logits, scale=Scale.LOGIT))
                ) == [{0, 2}, set(), {2, 3}]


def test_sse_works_above_the_floor_only_where_the_rest_cannot_matter():
    rule = parse_rule("sse", taxa(*[None] * 4), Scale.SIGMOID)
    sure = np.array([[0.9, 0.9, 0.05, 0.05]], np.float32)
    assert sets(rule.apply(ranked(sure, 3))) == [{0, 1}]
    with pytest.raises(EngineError, match="below the 1 scores"):
        rule.apply(ranked(sure, 1))


CARD = Statements(
    True, calibration={"richness": {"intercept": 1.0, "slope": 0.5}},
    conformal={"levels": [{"level": 0.9, "threshold": 0.15, "mean_size": 5.0, "mean_richness": 2.0},
                          {"level": 0.8, "threshold": 0.4, "mean_size": 3.0, "mean_richness": 2.0}]})


def test_richness_k_uses_the_line_of_the_card():
    rule = parse_rule("richnessk", taxa(*[None] * 4), Scale.SIGMOID, CARD)
    # 1 + Σ p / 2 = 1.85, 1.085, 2.15
    assert rule.apply(ranked(SCORES)).richness.tolist() == [2, 1, 2]
    with pytest.raises(EngineError, match="no line of observed richness"):
        parse_rule("richnessk", taxa(*[None] * 4), Scale.SIGMOID)


def test_conformal_takes_the_cards_threshold_and_says_when_sets_are_too_wide():
    wide = parse_rule("conformal", taxa(*[None] * 4), Scale.SIGMOID, CARD)
    assert sets(wide.apply(ranked(SCORES))) == [{0, 2, 3}, set(), {0, 1, 2, 3}]
    assert "90 %" in wide.sentence().text() and "too wide to map" in wide.sentence().text()
    narrow = parse_rule("conformal:0.8", taxa(*[None] * 4), Scale.SIGMOID, CARD)
    assert sets(narrow.apply(ranked(SCORES))) == [{0, 2}, set(), {0, 1, 2, 3}]
    assert "too wide" not in narrow.sentence().text()
    with pytest.raises(EngineError, match=r"it has: 0\.8, 0\.9"):
        parse_rule("conformal:0.5", taxa(*[None] * 4), Scale.SIGMOID, CARD)


@pytest.mark.parametrize("rule", ["sse", "maxexp", "richnessk"])
@pytest.mark.parametrize("scale", [Scale.RELATIVE, Scale.SOFTMAX])
def test_rules_that_add_probabilities_refuse_other_scales(rule, scale):
    with pytest.raises(EngineError, match="probabilities of presence"):
        parse_rule(rule, taxa(*[None] * 4), scale, CARD)


def test_maxexp_refuses_what_it_cannot_hold():
    with pytest.raises(EngineError, match="all 600 taxa"):
        parse_rule("maxexp", taxa(*[None] * 600), Scale.SIGMOID)


@pytest.mark.parametrize("rule", ["lambda:0.5", "topk:2", "sse", "maxexp", "richnessk", "conformal"])
def test_no_cells_give_no_assemblages(rule):
    nothing = RankedScores.from_dense(np.zeros((0, 6), np.float32), 6, Scale.SIGMOID)
    assert len(parse_rule(rule, taxa(*[0.5] * 6), Scale.SIGMOID, CARD).apply(nothing)) == 0


def test_every_rule_has_a_sentence_in_both_languages_and_a_line_in_the_docs():
    examples = ["lambda", "lambda:0.5", "topk:2", "richnessk", "sse", "maxexp", "conformal:0.9"]
    assert {text.partition(":")[0] for text in examples} == set(RULES)
    page = (ROOT / "docs" / "indicators.md").read_text("utf-8")
    for text in examples:
        rule = parse_rule(text, taxa(*[0.5] * 6), Scale.SIGMOID, CARD)
        assert rule.sentence().text("en").endswith(".") and rule.sentence().text("fr").endswith(".")
        assert rule.sentence().text("en") != rule.sentence().text("fr")
        assert f"`{rule.id}" in page
