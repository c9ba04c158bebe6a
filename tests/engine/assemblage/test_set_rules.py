"""Set rules against hand-made cells and against plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geoplantnet_plugin.engine.errors import EngineError
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.set_rules import RULES, parse_rule
from geoplantnet_plugin.engine.taxa import TaxaTable, Taxon

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
    assert "0.5" in rule.sentence() and "0.5" in rule.sentence("fr")


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


def test_every_rule_has_a_sentence_in_both_languages():
    examples = {"lambda": "lambda:0.5", "topk": "topk:2"}
    assert set(examples) == set(RULES)
    for text in examples.values():
        rule = parse_rule(text, taxa(*[0.5] * 6), Scale.SIGMOID)
        assert rule.sentence("en").endswith(".") and rule.sentence("fr").endswith(".")
        assert rule.sentence("en") != rule.sentence("fr")
