"""Whether ranks within squares beat chance: records that follow the model's scores, that do not, and bad tables."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the training extra (PyTorch)")

from geoplantnet_plugin.engine.models.package import open_package
from training.climate_shift import shifts
from training.datasets.description import DescriptionError
from training.datasets.sampling import Rasters
from training.fine_records import _scores, read_records, sentence, within_squares

TAXON = 0


@pytest.fixture(scope="module")
def package():
    return open_package("iberian-flora")


@pytest.fixture(scope="module")
def cells():
    """Five cells in each of twelve squares of 10 km in Andalusia."""
    corners = np.stack(np.meshgrid(np.arange(300, 304), np.arange(168, 171)), -1).reshape(-1, 2) * 10
    return (corners[:, None] + np.array([[0, 0], [9, 0], [4, 4], [0, 9], [9, 9]])).reshape(-1, 2)


def test_records_in_the_best_cells_beat_chance_and_in_the_worst_do_not(package, cells):
    scores, known = _scores(package, Rasters(()), (cells + 0.5) * 1000)
    assert known.all()
    order = scores[:, TAXON].reshape(-1, 5).argsort(1) + np.arange(0, len(cells), 5)[:, None]
    for column, auc in ((4, 1.0), (0, 0.0)):
        taxon = np.full(len(cells), -1)  # something was recorded in every cell
        taxon[order[:, column]] = TAXON
        found = within_squares(package, Rasters(()), cells, taxon)
        assert (found.squares, found.pairs, found.taxa, found.auc) == (12, 12, 1, auc)
        assert found.beats_chance is (auc == 1) and ("no better" in sentence(found)) is (auc == 0)


def test_few_squares_conclude_nothing(package, cells):
    taxon = np.array([TAXON, -1, -1, -1, -1])
    assert "too few" in sentence(within_squares(package, Rasters(()), cells[:5], taxon))


def test_a_place_without_any_choice_is_refused(package, cells):
    with pytest.raises(DescriptionError, match="No square"):
        within_squares(package, Rasters(()), cells[:5], np.full(5, TAXON))


def test_records_are_read_by_name_and_what_is_unknown_was_still_a_visit(tmp_path):
    table = tmp_path / "records.csv"
    table.write_text("lon,lat,name\n-3.4,37.05,Quercus ilex\n-3.4,37.05,Nobody knows\n", encoding="utf-8")
    cells, taxon = read_records(table, {"Quercus ilex": 7}, "lon", "lat", "name", "EPSG:4326")
    assert taxon.tolist() == [7, -1] and (cells[0] == cells[1]).all()
    assert 3_000 < cells[0, 0] < 3_300 and 1_600 < cells[0, 1] < 1_800
    for text, problem in (("a,b\n1,2\n", "no column"), ("lon,lat,name\n3,north,x\n", "could not convert")):
        table.write_text(text, encoding="utf-8")
        with pytest.raises(DescriptionError, match=problem):
            read_records(table, {}, "lon", "lat", "name", "EPSG:4326")


def test_a_shift_is_told_of_the_places_both_know():
    told = shifts(np.array([1.0, 2.0, np.nan, 5.0]), np.array([0.0, 3.0, 9.0, 1.0]))
    assert told == {"plots": 3, "mean": pytest.approx(4 / 3), "rms": pytest.approx(6 ** 0.5),
                    "rank correlation": pytest.approx(0.5)}
