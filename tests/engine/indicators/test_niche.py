"""Specialised taxa: the lowest quarter of the model's niche breadths, and nothing about endemism."""

import numpy as np

from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.indicators import Context, select
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon, read_taxa


def taxa(breadths):
    return TaxaTable(tuple(Taxon(str(i), f"T {i}", f"T {i}", niche_breadth=breadth)
                           for i, breadth in enumerate(breadths)))


def count(table, *sets):
    context = Context(table, Scale.SIGMOID)
    (indicator,) = select(["specialised"], context)
    start = np.cumsum([0, *map(len, sets)]).astype(np.int64)
    ids = np.array([i for one in sets for i in one], np.int32)
    return indicator.compute(Assemblage(start, ids, np.full(len(ids), 0.5, np.float32)), context), indicator, context


def test_the_lowest_quarter_is_specialised():
    """Of 9 breadths 1 … 9 the quarter is at 3; the tenth taxon's breadth is unknown."""
    table = taxa([5.0, 1.0, 2.0, 3.0, 4.0, 6.0, 7.0, 8.0, 9.0, None])
    found, indicator, context = count(table, [1, 2, 3, 4], [0, 9], [9], [])
    np.testing.assert_array_equal(found, [3, 0, np.nan, 0])
    assert indicator.known(context) == 9 and indicator.bounds(context) == (0.0, 3.0)


def test_too_few_breadths_say_nothing():
    found, indicator, context = count(taxa([1.0, 2.0, 3.0, None]), [0, 1])
    assert np.isnan(found).all() and indicator.known(context) == 0
    assert "specialised" not in {entry.id for entry in select(["all"], context)}


def test_specialised_is_not_endemic():
    table = taxa([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
    context = Context(table, Scale.SIGMOID)
    ids = {entry.id for entry in select(["all"], context)}
    assert "specialised" in ids and "endemism" not in ids


def test_breadths_come_from_the_package(tmp_path):
    path = tmp_path / "taxa.csv"
    path.write_text("id,name,niche_breadth\n1,Abies alba,4.25\n2,Salix alba,\n", encoding="utf-8")
    assert [taxon.niche_breadth for taxon in read_taxa(path)] == [4.25, None]
