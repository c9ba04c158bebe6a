"""What mutants once survived: the skewness of counts, the clamp of constancies, the minus that begins a formula."""

import csv
from math import comb

import numpy as np
import pytest

from geoplantnet_plugin.common.spreadsheets import escape_formula
from geoplantnet_plugin.engine.coverage.by_area import AreaResult, write_areas_csv
from geoplantnet_plugin.engine.coverage.table import CoverageRow, write_coverage_csv
from geoplantnet_plugin.engine.indicators.share_interval import Estimate
from geoplantnet_plugin.engine.scores.presences import Presences
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa.table import Taxon
from training.habitats import classify, recorded

Z = 1.6448536269514722


def test_rare_taxa_skew_their_number_upwards():
    """Ten taxa of p = 0.1: mean 1, variance 0.9, third moment 0.9 · 0.8; Cornish and Fisher by hand."""
    moments = Presences(np.arange(10, dtype=np.int32)[None], np.full((1, 10), 0.1), 10).everything
    expected = 1 + Z * 0.9**0.5 + 0.8 * (Z * Z - 1) / 6
    assert moments.quantile(Z)[0] == pytest.approx(expected, rel=1e-12)
    low = moments.quantile(-Z)[0]
    assert moments.quantile(Z)[0] - 1 > 1 - low + 0.4  # further up than down
    exact = [sum(comb(10, k) * 0.1**k * 0.9**(10 - k) for k in range(n + 1)) for n in range(11)]
    assert abs(moments.quantile(Z)[0] + 0.5 - next(n for n, share in enumerate(exact) if share > 0.95)) < 0.5


def test_a_species_that_a_type_never_holds_does_not_exclude_it():
    shares = np.array([[0.0, 0.99], [0.0, 0.01], [0.05, 0.0]])
    plain, with_stranger = classify(shares, recorded(np.array([[False, True], [True, True]])))
    assert plain == with_stranger != 0


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r"])
def test_no_mark_begins_a_cell_of_the_coverage_table(tmp_path, mark):
    taxon = Taxon("1", f"{mark}1+cmd", f"{mark}1+cmd|' /C calc'!A0", family=f"{mark}x")
    write_coverage_csv(tmp_path / "c.csv", [CoverageRow(taxon, 1, 1.0, 0.5, 0.5)], Scale.SIGMOID)
    with (tmp_path / "c.csv").open(encoding="utf-8-sig", newline="") as file:
        row = list(csv.reader(file))[1]
    assert not any(cell.startswith(mark) for cell in row)
    assert sum(cell.startswith(f"'{mark}") for cell in row) >= 2
    assert escape_formula("-1.5") == "-1.5"


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r"])
def test_no_mark_begins_the_name_of_an_area(tmp_path, mark):
    write_areas_csv(tmp_path / "a.csv", [AreaResult(f"{mark}1+cmd", 1.0, 0, 0.0, Estimate(), [], {})])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1][0] == f"'{mark}1+cmd"
