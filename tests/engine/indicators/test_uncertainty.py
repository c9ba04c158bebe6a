"""Intervals against exact distributions and simulated truths."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geoplantnet_plugin.engine.assemblage import parse_rule
from geoplantnet_plugin.engine.indicators import Context, select
from geoplantnet_plugin.engine.indicators.intervals import MOST_EXACT, count_interval
from geoplantnet_plugin.engine.indicators.share_interval import LEVEL
from geoplantnet_plugin.engine.scores.presences import Presences
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.taxa.table import Status, TaxaTable, Taxon


def table(count, *categories):
    return TaxaTable(tuple(
        Taxon(str(i), f"T {i}", f"T {i}", life_form="tree" if i % 2 else "therophyte",
              statuses=(Status("iucn", categories[i], "", "", "", ""),) if i < len(categories) else ())
        for i in range(count)))


def exact(probability):
    """The distribution of the number of present taxa, by convolution."""
    distribution = np.ones(1)
    for p in probability:
        distribution = np.convolve(distribution, [1 - p, p])
    return distribution


def interval(probability):
    scores = RankedScores.from_dense(np.array([probability], np.float32), len(probability), Scale.SIGMOID)
    taxa = table(len(probability))
    lower, upper = count_interval(Presences.of(scores, len(taxa)), np.ones(len(taxa), bool),
                                  Context(taxa, Scale.SIGMOID))
    cumulative = exact([np.float32(p) for p in probability]).cumsum()
    return lower[0], upper[0], cumulative, (1 - LEVEL) / 2


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=MOST_EXACT))
def test_interval_of_few_taxa_is_that_of_the_exact_distribution(probability):
    lower, upper, cumulative, tail = interval(probability)
    assume(np.abs(cumulative - tail).min() > 1e-9 and np.abs(cumulative - 1 + tail).min() > 1e-9)
    assert lower == np.searchsorted(cumulative, tail, side="right")
    assert upper == np.searchsorted(cumulative, 1 - tail)


@given(st.lists(st.floats(0.001, 0.999), min_size=MOST_EXACT + 1, max_size=60))
def test_interval_of_many_taxa_is_that_of_the_exact_distribution_within_one(probability):
    lower, upper, cumulative, tail = interval(probability)
    assert abs(lower - np.searchsorted(cumulative, tail, side="right")) <= 1
    assert abs(upper - np.searchsorted(cumulative, 1 - tail)) <= 1


def smooth_noise(generator, cells, taxa):
    """Noise of variance 1 that neighbouring cells share."""
    white = generator.normal(size=(cells + 40, taxa))
    kernel = np.ones(41) / math.sqrt(41)
    return np.apply_along_axis(lambda column: np.convolve(column, kernel, "valid"), 0, white)


def calibrated(centre, spread, generator):
    """E[1 / (1 + exp(−(centre + spread · noise)))], the probability that a model ignorant of the noise should give."""
    noise = generator.normal(size=150)
    return (1 / (1 + np.exp(-(centre[..., None] + spread * noise)))).mean(axis=-1)


def coverage(probability, present, dispersion=1.0):
    taxa = table(probability.shape[1])
    scores = RankedScores.from_dense(probability.astype(np.float32), len(taxa), Scale.SIGMOID)
    lower, upper = count_interval(Presences.of(scores, len(taxa)), np.ones(len(taxa), bool),
                                  Context(taxa, Scale.SIGMOID, dispersion))
    richness = present.sum(axis=1)
    return ((richness >= lower) & (richness <= upper)).mean()


def world(generator, shared):
    """Cells along a line: truth differs from the model by noise that is the same in neighbouring cells."""
    cells, count = 1200, 40
    centre = generator.normal(-1.5, 1.2, size=(1, count)) + np.sin(np.arange(cells) / 200)[:, None]
    noise = smooth_noise(generator, cells, 1 if shared else count)
    truth = 1 / (1 + np.exp(-(centre + 1.2 * noise)))
    return calibrated(centre, 1.2, generator), generator.random((cells, count)) < truth


def test_intervals_hold_the_truth_when_errors_are_correlated_between_cells():
    generator = np.random.default_rng(5)
    shares = [coverage(*world(generator, shared=False)) for _ in range(6)]
    assert np.mean(shares) >= LEVEL - 0.01
    assert min(shares) >= LEVEL - 0.05


def test_errors_shared_by_the_taxa_of_a_cell_need_the_dispersion_of_held_out_data():
    generator = np.random.default_rng(6)
    held_out, tested = ([world(generator, shared=True) for _ in range(6)] for _ in range(2))
    residual = [(present.sum(1) - p.sum(1)) ** 2 for p, present in held_out]
    variance = [(p * (1 - p)).sum(1) for p, _ in held_out]
    dispersion = np.mean(residual) / np.mean(variance)
    without = np.mean([coverage(p, present) for p, present in tested])
    with_it = np.mean([coverage(p, present, dispersion) for p, present in tested])
    assert without < LEVEL - 0.15, "the simulation should be hard enough to need the dispersion"
    assert with_it >= LEVEL - 0.03


def computed(id, dense, taxa, keep=None, scale=Scale.SIGMOID):
    context = Context(taxa, scale)
    (indicator,) = select([id], context)
    ranked = RankedScores.from_dense(np.asarray(dense, np.float32), keep or len(taxa), scale)
    assemblage = parse_rule("lambda:0.5" if keep is None else f"topk:{keep // 2}", taxa, scale).apply(ranked)
    values = indicator.compute(assemblage, context)
    return values, indicator.uncertainty.compute(Presences.of(ranked, len(taxa)), values, context)


def test_probability_of_the_worst_label():
    taxa = table(4, "LC", "VU", "CR", "DD")
    dense = [[0.9, 0.6, 0.7, 0.1], [0.9, 0.6, 0.2, 0.1], [0.9, 0.1, 0.2, 0.1], [0.1, 0.1, 0.1, 0.9], [0.1] * 4]
    _, (probability,) = computed("iucn_worst", dense, taxa)
    np.testing.assert_allclose(probability, [0.7, 1 - 0.4 * 0.8, 1 - 0.1 * 0.9 * 0.8, np.nan, np.nan], rtol=1e-5)


def test_probability_of_presence_is_that_of_enumeration():
    p = [0.3, 0.2, 0.6]
    taxa = TaxaTable(tuple(Taxon(str(i), f"T {i}", f"T {i}", statuses=(
        Status("eu_directive", "no" if i == 1 else "II", "", "", "", ""),)) for i in range(3)))
    _, (probability,) = computed("eu_directive_presence", [p], taxa)
    truth = sum(math.prod(q if there else 1 - q for q, there in zip(p, present))
                for present in itertools.product((0, 1), repeat=3) if present[0] or present[2])
    np.testing.assert_allclose(probability, [truth], rtol=1e-6)


@pytest.mark.parametrize("id", ["richness", "shannon", "simpson", "tree_richness", "woody"])
def test_bounds_are_ordered_and_within_the_indicator_s_range(id):
    generator = np.random.default_rng(1)
    taxa = table(24)
    values, (lower, upper) = computed(id, generator.beta(0.4, 1.5, (200, 24)), taxa)
    known = ~np.isnan(values)
    assert known.sum() > 150
    assert (lower[known] <= upper[known]).all()
    low, high = select([id], Context(taxa, Scale.SIGMOID))[0].bounds(Context(taxa, Scale.SIGMOID))
    assert (lower[known] >= low).all() and (upper[known] <= high + 1e-5).all()


def test_proportion_interval_holds_simulated_proportions():
    generator = np.random.default_rng(2)
    taxa = table(40)
    p = generator.beta(2, 2, (1, 40)).astype(np.float32)
    _, (lower, upper) = computed("woody", p, taxa)
    present = generator.random((4000, 40)) < p
    woody = present[:, 1::2].sum(1) / present.sum(1)
    assert LEVEL - 0.05 <= ((woody >= lower[0]) & (woody <= upper[0])).mean() <= LEVEL + 0.05


def test_left_out_taxa_widen_the_interval_upwards_only():
    generator = np.random.default_rng(3)
    taxa = table(60)
    dense = generator.beta(0.5, 2, (50, 60))
    _, (lower_all, upper_all) = computed("richness", dense, taxa)
    _, (lower, upper) = computed("richness", dense, taxa, 20)
    assert (lower <= lower_all).all()
    assert (upper >= upper_all).all()


def test_scores_that_are_no_probabilities_have_no_uncertainty():
    (richness,) = select(["richness"], Context(table(3), Scale.RELATIVE))
    assert richness.uncertainty_layers(Context(table(3), Scale.RELATIVE, 1.0)) == ()
    assert richness.uncertainty_layers(Context(table(3), Scale.LOGIT)) == (), "nobody says that they are calibrated"
    assert richness.uncertainty_layers(Context(table(3), Scale.LOGIT, 1.0)) == ("lower", "upper")
