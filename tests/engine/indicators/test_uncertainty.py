"""Intervals against exact distributions and simulated truths."""

import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geoplantnet_plugin.engine.assemblage import parse_rule
from geoplantnet_plugin.engine.indicators import Context, select
from geoplantnet_plugin.engine.indicators.base import COUNTED
from geoplantnet_plugin.engine.indicators.intervals import MOST_EXACT, count_estimate
from geoplantnet_plugin.engine.indicators.share_interval import LEVEL
from geoplantnet_plugin.engine.scores.calibration import Calibration
from geoplantnet_plugin.engine.scores.presences import Presences
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.taxa.table import Status, TaxaTable, Taxon


def table(count, *categories):
    return TaxaTable(tuple(
        Taxon(str(i), f"T {i}", f"T {i}", life_form="tree" if i % 2 else "therophyte",
              statuses=(Status("iucn", categories[i], "", "", "", ""),) if i < len(categories) else ())
        for i in range(count)))


def exact(probability, shared_sd=0.0):
    """The distribution of the number of present taxa, by convolution and the three values of the shared factor."""
    total, outer = 0.0, min(math.sqrt(3) * shared_sd, 1) or 1
    half = shared_sd ** 2 / outer ** 2 / 2
    for t, weight in ((-outer, half), (0.0, 1 - 2 * half), (outer, half)):
        distribution = np.ones(1)
        for p in probability:
            shifted = p + t * p * (1 - p)
            distribution = np.convolve(distribution, [1 - shifted, shifted])
        total = total + weight * distribution
    return total


def presences(probability):
    scores = RankedScores.from_dense(np.asarray(probability, np.float32), np.shape(probability)[1], Scale.SIGMOID)
    return Presences.of(scores, np.shape(probability)[1])


def estimate(probability, shared_sd=0.0):
    found = count_estimate(presences([probability]), np.ones(len(probability), bool), shared_sd)
    return tuple(float(values[0]) for values in found)


def mid_p(probability, shared_sd=0.0):
    distribution = exact([np.float32(p) for p in probability], shared_sd)
    return distribution.cumsum() - distribution / 2


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=MOST_EXACT), st.sampled_from((0.0, 0.3, 0.52, 0.9)))
def test_interval_of_few_taxa_is_that_of_the_exact_distribution(probability, shared_sd):
    expected, lower, upper = estimate(probability, shared_sd)
    middle, tail = mid_p(probability, shared_sd), (1 - LEVEL) / 2
    assume(np.abs(middle - tail).min() > 1e-9 and np.abs(middle - 1 + tail).min() > 1e-9)
    inside = np.flatnonzero((middle > tail) & (middle < 1 - tail))
    assert expected == pytest.approx(sum(probability), rel=1e-5)
    assert lower == pytest.approx(min(inside[0], expected)) and upper == pytest.approx(max(inside[-1], expected))


@given(st.lists(st.floats(0.001, 0.999), min_size=MOST_EXACT + 1, max_size=60), st.sampled_from((0.0, 0.3, 0.52)))
def test_interval_of_many_taxa_is_that_of_the_exact_distribution_within_one(probability, shared_sd):
    _, lower, upper = estimate(probability, shared_sd)
    middle, tail = mid_p(probability, shared_sd), (1 - LEVEL) / 2
    inside = np.flatnonzero((middle > tail) & (middle < 1 - tail))
    assert abs(lower - inside[0]) <= 1.0001 and abs(upper - inside[-1]) <= 1.0001


@pytest.mark.parametrize("z", [-1.6448536, 1.6448536])
def test_the_skewness_is_neither_left_out_nor_counted_twice(z):
    """Rare taxa: leaving out the skewness, or doubling it, moves every quantile by a quarter of a taxon."""
    generator = np.random.default_rng(4)
    errors = []
    for _ in range(60):
        p = generator.beta(0.8, 18, 200).astype(np.float32)
        found = presences([p]).everything.quantile(z)[0]
        middle = np.clip(mid_p(p), 1e-9, 1 - 1e-9)
        errors.append(found - np.interp(z, [NormalDist().inv_cdf(share) for share in middle], np.arange(len(middle))))
    assert abs(np.mean(errors)) < 0.08


def test_quantile_by_hand():
    """Mean 0.9, variance 0.09 + 0.16 + 0.24, third moment 0.09 · 0.8 + 0.16 · 0.6 − 0.24 · 0.2 = 0.12."""
    moments = presences([[0.1, 0.2, 0.6]]).everything
    assert moments.quantile(2.0)[0] == pytest.approx(0.9 + 2 * math.sqrt(0.49) + 0.12 / 0.49 * 3 / 6, rel=1e-6)


@pytest.mark.parametrize("shared_sd", [0.2, 0.5])
def test_moments_with_a_shared_factor_are_those_of_the_distribution(shared_sd):
    p = np.random.default_rng(9).beta(1, 5, 40).astype(np.float32)
    distribution, numbers = exact(p, shared_sd), np.arange(41)
    found = presences([p]).everything.shared(shared_sd)
    mean = (distribution * numbers).sum()
    assert found.mean[0] == pytest.approx(mean, rel=1e-5)
    assert found.variance[0] == pytest.approx((distribution * (numbers - mean) ** 2).sum(), rel=1e-4)
    assert found.third[0] == pytest.approx((distribution * (numbers - mean) ** 3).sum(), rel=0.05)


def smooth_noise(generator, cells, taxa):
    """Noise of variance 1 that neighbouring cells share."""
    white = generator.normal(size=(cells + 40, taxa))
    kernel = np.ones(41) / math.sqrt(41)
    return np.apply_along_axis(lambda column: np.convolve(column, kernel, "valid"), 0, white)


def calibrated(centre, spread, generator):
    """E[1 / (1 + exp(−(centre + spread · noise)))], the probability that a model ignorant of the noise should give."""
    noise = generator.normal(size=150)
    return (1 / (1 + np.exp(-(centre[..., None] + spread * noise)))).mean(axis=-1)


def held(probability, present, shared_sd=0.0, taxa=slice(None)):
    """The share of cells whose interval holds the true number of `taxa`."""
    among = np.zeros(probability.shape[1], bool)
    among[taxa] = True
    _, lower, upper = count_estimate(presences(probability), among, shared_sd)
    number = present[:, taxa].sum(axis=1)
    return ((number >= lower) & (number <= upper)).mean()


def world(generator, shared):
    """Cells along a line: truth differs from the model by noise that is the same in neighbouring cells."""
    cells, count = 1200, 40
    centre = generator.normal(-1.5, 1.2, size=(1, count)) + np.sin(np.arange(cells) / 200)[:, None]
    noise = smooth_noise(generator, cells, 1 if shared else count)
    truth = 1 / (1 + np.exp(-(centre + 1.2 * noise)))
    return calibrated(centre, 1.2, generator), generator.random((cells, count)) < truth


def test_intervals_hold_the_truth_when_errors_are_correlated_between_cells():
    generator = np.random.default_rng(5)
    shares = [held(*world(generator, shared=False)) for _ in range(6)]
    assert abs(np.mean(shares) - LEVEL) < 0.03
    assert min(shares) >= LEVEL - 0.05


def test_errors_shared_by_the_taxa_of_a_cell_need_the_factor_of_held_out_data():
    generator = np.random.default_rng(6)
    held_out, tested = ([world(generator, shared=True) for _ in range(6)] for _ in range(2))
    shared_sd = shared_factor([present for _, present in held_out], [p for p, _ in held_out])
    without = np.mean([held(p, present) for p, present in tested])
    with_it = np.mean([held(p, present, shared_sd) for p, present in tested])
    assert without < LEVEL - 0.15, "the simulation should be hard enough to need the factor"
    assert abs(with_it - LEVEL) < 0.03
    for size in (3, 10):
        short = np.mean([held(p, present, shared_sd, slice(first, first + size))
                         for p, present in tested for first in range(0, 40, size)])
        assert LEVEL - 0.03 < short < LEVEL + 0.07, "a short list has the width of a short list"


def shared_factor(present, probability):
    """The factor by the method of moments, as written out here."""
    excess = pairs = 0.0
    for y, p in zip(present, probability):
        variance = p * (1 - p)
        excess += ((y.sum(1) - p.sum(1)) ** 2 - variance.sum(1)).sum()
        pairs += (variance.sum(1) ** 2 - (variance ** 2).sum(1)).sum()
    return math.sqrt(max(excess, 0) / pairs)


def computed(id, dense, taxa, keep=None, scale=Scale.SIGMOID, shared_sd=0.0, grouped_sd=None):
    context = Context(taxa, scale, Calibration(shared_sd, grouped_sd=grouped_sd))
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
    values, (expected, lower, upper) = computed(id, generator.beta(0.4, 1.5, (200, 24)), taxa, shared_sd=0.5)
    known = ~np.isnan(values)
    assert known.sum() > 150
    assert (lower[known] <= expected[known]).all() and (expected[known] <= upper[known]).all()
    low, high = select([id], Context(taxa, Scale.SIGMOID))[0].bounds(Context(taxa, Scale.SIGMOID))
    assert (lower[known] >= low).all() and (upper[known] <= high + 1e-5).all()


def test_a_list_s_taxa_go_together_as_a_group_s_do_and_all_taxa_as_all_do():
    taxa, p = table(60), np.full((1, 60), 0.3)
    for id, number, sd in (("tree_richness", 30, 0.8), ("richness", 60, 0.3)):
        _, found = computed(id, p, taxa, shared_sd=0.3, grouped_sd=0.8)
        alone = count_estimate(presences(p), np.arange(60) < number, sd)
        assert [float(layer[0]) for layer in found] == pytest.approx([float(layer[0]) for layer in alone])
    _, unstated = computed("tree_richness", p, taxa, shared_sd=0.3)
    assert unstated[2] == count_estimate(presences(p), np.arange(60) < 30, 0.3)[2]


def test_proportion_interval_holds_simulated_proportions():
    generator = np.random.default_rng(2)
    taxa = table(40)
    p = generator.beta(2, 2, (1, 40)).astype(np.float32)
    _, (_, lower, upper) = computed("woody", p, taxa)
    present = generator.random((4000, 40)) < p
    woody = present[:, 1::2].sum(1) / present.sum(1)
    assert LEVEL - 0.05 <= ((woody >= lower[0]) & (woody <= upper[0])).mean() <= LEVEL + 0.05


def test_left_out_taxa_widen_the_interval_upwards_only():
    generator = np.random.default_rng(3)
    taxa = table(60)
    dense = generator.beta(0.5, 2, (50, 60))
    _, (_, lower_all, upper_all) = computed("richness", dense, taxa)
    _, (_, lower, upper) = computed("richness", dense, taxa, 20)
    assert (lower <= lower_all).all()
    assert (upper >= upper_all).all()


def test_scores_that_are_no_probabilities_have_no_uncertainty():
    (richness,) = select(["richness"], Context(table(3), Scale.RELATIVE))
    assert richness.uncertainty_layers(Context(table(3), Scale.RELATIVE, Calibration(0.5))) == ()
    assert richness.uncertainty_layers(Context(table(3), Scale.LOGIT)) == (), "nobody says that they are calibrated"
    assert richness.uncertainty_layers(Context(table(3), Scale.LOGIT, Calibration(0.5))) == COUNTED


def test_the_share_of_woody_taxa_has_an_interval_only_where_what_it_holds_was_measured():
    taxa = TaxaTable(tuple(Taxon(form, form, form, life_form=form) for form in ("tree", "therophyte")))
    (woody,) = select(["woody"], Context(taxa, Scale.SIGMOID))
    assert woody.uncertainty_layers(Context(taxa, Scale.SIGMOID, Calibration(0.5))) == ()
    measured = Calibration(0.5, held=frozenset({"woody"}))
    assert woody.uncertainty_layers(Context(taxa, Scale.SIGMOID, measured)) == COUNTED


def test_a_kind_of_which_the_model_knows_no_taxon_is_not_counted():
    taxa = TaxaTable(tuple(Taxon(name, name, name, life_form="therophyte",
                                 statuses=(Status("invasive", "no", "", "", "", "2022"),)) for name in ("A", "B")))
    context = Context(taxa, Scale.SIGMOID, Calibration(0.5))
    assert not {"invasive", "tree_richness", "woody"} & {entry.id for entry in select(["all"], context)}
    (asked,) = select(["invasive"], context)
    assert asked.uncertainty_layers(context) == () and str(asked.title()).endswith("(as of 2022)")
    sets = parse_rule("lambda:0.5", taxa, Scale.SIGMOID).apply(
        RankedScores.from_dense(np.array([[0.9, 0.1]], np.float32), 2, Scale.SIGMOID))
    assert np.isnan(asked.compute(sets, context)).all(), "0 would be said of what the model cannot hold"


def test_a_strip_without_a_cell_has_layers_of_no_length():
    taxa = table(6, "CR", "LC")
    context = Context(taxa, Scale.SIGMOID, Calibration(0.3))
    indicators = [indicator for indicator in select(("all",), context) if indicator.uncertainty]
    assert {"shannon", "woody"} <= {indicator.id for indicator in indicators}
    none = RankedScores(np.zeros((0, 6), np.int32), np.zeros((0, 6), np.float32), Scale.SIGMOID)
    for indicator in indicators:
        layers = indicator.uncertainty.compute(Presences.of(none, 6), np.zeros(0, np.float32), context)
        assert [layer.shape for layer in layers] == [(0,)] * len(layers)
