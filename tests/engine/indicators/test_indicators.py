"""Indicators against hand-computed cells, scikit-bio, and properties that must hold."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skbio.diversity import alpha

from geoplantnet_plugin.common.assessment import NODATA_CLASS
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.messages import in_language
from geoplantnet_plugin.common.resources import ROOT
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.indicators import INDICATORS, Context, absent, select
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa.table import Status, TaxaTable, Taxon


def status(kind, value):
    return Status(kind, value, "instrument", "", "source", "2026")


def taxon(id, life_form="", **values):
    return Taxon(str(id), f"Taxon {id}", f"Taxon {id}", life_form=life_form,
                 statuses=tuple(status(kind, value) for kind, value in values.items()))


TAXA = TaxaTable((
    taxon(0, "tree; shrub", iucn="LC", eu_directive="no", invasive="no", endemic="yes", mylist="yes"),
    taxon(1, "hemicryptophyte", iucn="VU", eu_directive="II IV", invasive="no", mylist="no"),
    taxon(2, "dwarf shrub", iucn="CR", invasive="yes", rare="yes"),
    taxon(3, "", iucn="DD"),
    taxon(4),
    taxon(5, "tree", iucn="EN", eu_directive="check", invasive="yes"),
))
"""Taxon 4 is wholly unknown; 3 has no life form and data-deficient status."""

CELLS = [[0, 1, 2], [], [4], [3, 4], [0], [5, 2, 1, 0], [3], [1, 4], [5]]
"""A 3×3 area, row by row."""

N = float("nan")
EXPECTED = {
    "richness": [3, 0, 1, 2, 1, 4, 1, 2, 1],
    "tree_richness": [1, 0, N, N, 1, 2, N, 0, 1],
    "woody": [2 / 3, N, N, N, 1, 3 / 4, N, 0, 1],
    "invasive": [1, 0, N, N, 0, 2, N, 0, 1],
    "threatened": [2, 0, N, N, 0, 3, N, 1, 1],
    "eu_directive": [1, 0, N, N, 0, 2, N, 1, 1],
    "endemism": [1, 0, N, N, 1, 1, N, N, N],
    "rare": [1, 0, N, N, N, 1, N, N, N],
    "mylist": [1, 0, N, N, 1, 1, N, 0, N],
}


def assemblage(cells, values=None):
    start = np.cumsum([0, *map(len, cells)]).astype(np.int64)
    ids = np.array([i for cell in cells for i in cell], np.int32)
    scores = np.full(len(ids), 0.5) if values is None else np.concatenate([*map(np.asarray, values), []])
    return Assemblage(start, ids, scores.astype(np.float32))


def compute(id, cells, context=None, values=None):
    context = context or Context(TAXA, Scale.SIGMOID)
    (indicator,) = select([id], context)
    return indicator.compute(assemblage(cells, values), context)


@pytest.mark.parametrize("id", EXPECTED)
def test_three_by_three(id):
    result = compute(id, CELLS)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, EXPECTED[id], rtol=1e-6)


def test_worst_label_of_three_by_three():
    context = Context(TAXA, Scale.SIGMOID)
    codes = {entry.value: entry.code for entry in INDICATORS["iucn_worst"].classes}
    result = compute("iucn_worst", CELLS, context)
    assert result.dtype == np.uint8
    assert [codes[value] for value in result.tolist()] == [
        "CR", "empty", "unknown", "DD", "LC", "CR", "DD", "VU", "EN"]


def test_directive_presence_of_three_by_three():
    assert compute("eu_directive_presence", CELLS).tolist() == [
        1, 0, NODATA_CLASS, NODATA_CLASS, 0, 1, NODATA_CLASS, 1, 1]


def test_diversity_by_hand():
    values = [[0.5, 0.25, 0.25], [0.9]]
    cells = [[0, 1, 2], [3]]
    np.testing.assert_allclose(compute("shannon", cells, values=values), [1.5 * math.log(2), 0], atol=1e-7)
    np.testing.assert_allclose(compute("simpson", cells, values=values), [1 - 0.25 - 2 * 0.0625, 0])


def test_logits_become_probabilities():
    """Logits ±ln 3 are probabilities 0.75 and 0.25, shares 3 : 1."""
    values = [[math.log(3), -math.log(3)]]
    result = compute("shannon", [[0, 1]], Context(TAXA, Scale.LOGIT), values)
    np.testing.assert_allclose(result, -0.75 * math.log(0.75) - 0.25 * math.log(0.25), rtol=1e-6)


def test_diversity_of_nothing_is_nodata():
    for id in ("shannon", "simpson"):
        assert np.isnan(compute(id, [[], [0, 1]], values=[[], [0.0, 0.0]])).all()


scores = st.lists(st.floats(2**-13, 1, width=32), max_size=30)


@given(st.lists(scores, max_size=8))
def test_diversity_agrees_with_scikit_bio(values):
    taxa = TaxaTable(tuple(taxon(i) for i in range(30)))
    context = Context(taxa, Scale.SIGMOID)
    cells = [list(range(len(row))) for row in values]
    ours = [compute(id, cells, context, values) for id in ("shannon", "simpson")]
    for i, row in enumerate(values):
        if row:
            counts = np.array(row, np.float64)
            np.testing.assert_allclose(ours[0][i], alpha.shannon(counts, base=math.e), atol=1e-5)
            np.testing.assert_allclose(ours[1][i], alpha.simpson(counts), atol=1e-5)
            assert 0 <= ours[0][i] <= math.log(len(row)) + 1e-6
        else:
            assert np.isnan(ours[0][i]) and np.isnan(ours[1][i])


subsets = st.lists(st.lists(st.integers(0, 5), unique=True), max_size=12)


@given(subsets, st.permutations(range(6)), st.randoms(use_true_random=False))
def test_permuting_taxa_changes_nothing(cells, order, random):
    context = Context(TAXA, Scale.SIGMOID)
    renumbered = Context(TaxaTable(tuple(TAXA[i] for i in order)), Scale.SIGMOID)
    values = [[random.uniform(0.01, 1) for _ in cell] for cell in cells]
    before, after = assemblage(cells, values), assemblage([[order.index(i) for i in cell] for cell in cells],
                                                           values)
    for indicator in select(["all"], context):
        np.testing.assert_allclose(indicator.compute(before, context), indicator.compute(after, renumbered))


@given(subsets)
def test_cells_do_not_touch_each_other_and_bounds_hold(cells):
    context = Context(TAXA, Scale.SIGMOID)
    for indicator in select(["all"], context):
        together = indicator.compute(assemblage(cells), context)
        alone = [indicator.compute(assemblage([cell]), context)[0] for cell in cells]
        np.testing.assert_array_equal(together, np.array(alone, together.dtype))
        low, high = indicator.bounds(context)
        nodata = together == NODATA_CLASS if indicator.kind == "class" else np.isnan(together)
        valid = together[~nodata]
        assert ((valid >= low) & (valid <= high + 1e-6)).all()


def test_unknown_everywhere_is_nodata_never_zero():
    context = Context(TaxaTable((taxon(0), taxon(1))), Scale.SIGMOID)
    for id in ("tree_richness", "invasive", "threatened", "eu_directive", "endemism", "rare", "woody"):
        (indicator,) = select([id], context)
        assert indicator.known(context) == 0
        assert np.isnan(indicator.compute(assemblage([[0], [0, 1]]), context)).all()
    assert [indicator.id for indicator in select(["all"], context)] == ["richness", "shannon", "simpson"]


def test_selecting():
    context = Context(TAXA, Scale.SIGMOID)
    assert [i.id for i in select(["shannon", "richness", "richness"], context)] == ["richness", "shannon"]
    assert {i.id for i in select(["all"], context)} == {*INDICATORS, "mylist"} - {"specialised"}
    with pytest.raises(EngineError, match="no indicator called shanon"):
        select(["shanon"], context)
    relative = Context(TAXA, Scale.RELATIVE)
    assert "shannon" not in {i.id for i in select(["all"], relative)}
    with pytest.raises(EngineError, match="relative"):
        select(["shannon"], relative)


def test_what_cannot_be_computed_says_why():
    nothing_known = Context(TaxaTable([Taxon(str(n), f"Taxon {n}", f"Taxon {n}") for n in range(3)]), Scale.SIGMOID)
    chosen = select(("all",), nothing_known)
    reasons = {indicator.id: str(reason) for indicator, reason in absent(chosen, nothing_known)}
    assert {"invasive", "tree_richness"} <= set(reasons) and not set(reasons) & {entry.id for entry in chosen}
    assert reasons["invasive"].startswith("The status that it counts is known for none of the 3 taxa: unknown")
    relative = Context(nothing_known.taxa, Scale.RELATIVE)
    assert all("scale" in str(reason) for indicator, reason in absent(select(("all",), relative), relative)
               if Scale.RELATIVE not in indicator.scales)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_indicator_has_its_texts(language):
    for indicator in select(["all"], Context(TAXA, Scale.SIGMOID)):
        said = (indicator.title(), indicator.definition(), indicator.unit(),
                *(entry.label() for entry in indicator.classes))
        for text in (in_language(entry, language) for entry in said):
            assert text and ": {" not in text, text


def test_the_page_of_indicators_names_every_one():
    page = (ROOT / "docs" / "indicators.md").read_text("utf-8")
    assert [id for id in INDICATORS if f"`{id}`" not in page] == []


@pytest.mark.parametrize(("of_squares", "tops"), [
    (False, {"richness": 100, "shannon": 4.0, "tree_richness": 20}),
    (True, {"richness": 150, "shannon": 5.02, "tree_richness": 150}),  # ln 150 = 5.0106
])
def test_legends_of_squares_have_room_for_the_taxa_of_squares(of_squares, tops):
    context = Context(TaxaTable(tuple(taxon(i, "tree") for i in range(150))), Scale.SIGMOID, of_squares=of_squares)
    assert {id: select([id], context)[0].bounds(context) for id in tops} == {id: (0.0, top) for id, top in tops.items()}
