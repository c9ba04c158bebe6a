"""Coverage of a known assemblage, exact to a cell, and the table a spreadsheet opens."""

import csv

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geoplantnet_plugin.common.assessment import HEADINGS
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.coverage.table import Coverage, write_coverage_csv
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa.table import ListInfo, Status, TaxaTable, Taxon


def taxa(*names):
    return TaxaTable(tuple(Taxon(str(i), name, name) for i, name in enumerate(names)))


def block(*cells):
    start = np.cumsum([0, *map(len, cells)]).astype(np.int64)
    ids = np.array([i for cell in cells for i in cell], np.int32)
    values = np.array([score for cell in cells for score in cell.values()], np.float32)
    return Assemblage(start, ids, values)


def test_shares_scores_and_order():
    coverage = Coverage(taxa("Zea", "Abies", "Betula", "Carex"))
    coverage.add(block({0: 0.5, 1: 0.25}, {}, {1: 0.75}))
    coverage.add(block({2: 0.5, 0: 0.125}))
    rows = coverage.rows()
    assert coverage.cells == 4
    assert [(r.taxon.name, r.cells, r.share, r.mean, r.max) for r in rows] == [
        ("Abies", 2, 50.0, 0.5, 0.75), ("Zea", 2, 50.0, 0.3125, 0.5), ("Betula", 1, 25.0, 0.5, 0.5)]


def test_negative_logits():
    coverage = Coverage(taxa("Abies"))
    coverage.add(block({0: -2.0}, {0: -4.0}))
    (row,) = coverage.rows()
    assert (row.mean, row.max) == (-3.0, -2.0)


def test_nothing_added_is_an_empty_table():
    assert Coverage(taxa("Abies")).rows() == []


@given(st.lists(st.dictionaries(st.integers(0, 4), st.floats(-8, 8, width=16)), max_size=20),
       st.integers(0, 20))
def test_blocks_add_up(cells, cut):
    """However the area is cut into blocks, every taxon's cells are counted once."""
    coverage = Coverage(taxa(*"abcde"))
    coverage.add(block(*cells[:cut]))
    coverage.add(block(*cells[cut:]))
    found = {row.taxon.name: row for row in coverage.rows()}
    for i, name in enumerate("abcde"):
        scores = [cell[i] for cell in cells if i in cell]
        if scores:
            row = found[name]
            assert (row.cells, row.max) == (len(scores), max(scores))
            assert row.share == 100 * len(scores) / len(cells)
            np.testing.assert_allclose(row.mean, np.mean(scores), atol=1e-6)
        else:
            assert name not in found


def test_csv(tmp_path):
    evil = Taxon("=1+1", "Abies alba", "Abies alba", family="@SUM(A1)", common_en="+silver, fir",
                 common_fr="sapin", life_form="tree",
                 statuses=(Status("iucn", "LC", "", "", "", ""), Status("invasive", "no", "", "", "", ""),
                           Status("eu_directive", "II IV", "", "", "", ""), Status("alien", "alien", "", "BE", "", ""),
                           Status("mine", "=cmd", "", "", "", "")))
    own = ListInfo("mine", "@My list", "mine", "", "", "", "", "", False, 1, 1)
    shipped = ListInfo("eu_invasive", "EU", "invasive", "", "EU", "", "", "", True, 1, 1)
    coverage = Coverage(TaxaTable((evil, Taxon("1", "Inconnu", "Inconnu"))))
    coverage.add(block({0: -1.25, 1: 0.5}, {0: -1.25}, {}))
    path = tmp_path / "coverage.csv"
    write_coverage_csv(path, coverage.rows(), Scale.LOGIT, [own, shipped])
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == [*HEADINGS, "'@My list"]
    assert rows[1] == ["'=1+1", "Abies alba", "'@SUM(A1)", "'+silver, fir", "LC", "yes", "no", "II IV", "",
                       "", "", "", "66.67", "-1.25", "-1.25", "logit", "BE", "",
                       "IUCN: –; Invasive: –; EU directive: –; Native or alien: –; mine: –", "'=cmd"]
    assert rows[2] == ["1", "Inconnu", *[""] * 10, "33.33", "0.5", "0.5", "logit", "", "", "", ""]
    assert [entry.name for entry in tmp_path.iterdir()] == ["coverage.csv"], "no temporary file is left"
