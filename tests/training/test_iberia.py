"""The Iberian flora that ships: what its records, its table and its card say, and the cube it rests on."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from geoplantnet_plugin.engine.models.package import checksum, open_package

RESOURCES = Path(__file__).parents[2] / "resources"
FOLDER, CUBE = RESOURCES / "models" / "iberian-flora", RESOURCES / "cube" / "europe"


@pytest.fixture(scope="module")
def flora() -> list[dict[str, str]]:
    with (FOLDER / "flora.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def records():
    with np.load(FOLDER / "records.npz", allow_pickle=False) as stored:
        return dict(stored)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def test_model_and_cube_are_small_enough_to_ship():
    assert _size(FOLDER) <= 6e6 and _size(CUBE) <= 6e6


def test_every_species_recorded_is_in_the_table_and_only_the_frequent_ones_are_modelled(flora):
    assert len(flora) == 5681
    modelled = [row for row in flora if row["id"]]
    assert [row["name"] for row in modelled] == [taxon.name for taxon in open_package("iberian-flora").taxa]
    assert all((int(row["squares"]) >= 50) is bool(row["id"]) for row in flora)
    assert not any(row[key] for row in flora if not row["id"] for key in ("mean_score", "auc", "weak"))


def test_the_records_count_what_the_table_says(flora, records):
    squares = len(records["square"])
    present = np.unpackbits(records["present"], axis=1, count=squares)
    assert squares == 6303 and present.sum() == 1_805_767
    assert present.sum(1).tolist() == [int(row["squares"]) for row in flora]
    assert present.sum(0).tolist() == records["taxa"].tolist()


def test_a_species_is_endemic_only_where_every_row_of_it_is(flora):
    endemic = [row["endemic"] for row in flora if row["id"]]
    assert endemic.count("yes") == 621 and endemic.count("yes") + endemic.count("subspecies") == 807
    assert sum(row["endemic"] == "yes" for row in flora) == 1641


def test_records_are_those_of_the_source(data, flora, records):
    pyreadr = pytest.importorskip("pyreadr", reason="needs the training extra (pyreadr)")
    table = pyreadr.read_r(str(data / "iberia" / "Distributions.rda"))["Distributions"]
    abies = table[(table["Genus"] == "Abies") & (table["Species"] == "pinsapo")]
    row = [entry["name"] for entry in flora].index("Abies pinsapo")
    there = np.unpackbits(records["present"][row], count=len(records["square"])) == 1
    assert set(records["square"][there]) == set(abies["UTM.cell"])


def test_what_fits_a_habitat_says_so_for_plants_that_everybody_knows(flora):
    fits = {row["name"]: row for row in flora}
    assert fits["Quercus ilex"]["fits_forest"] == "yes" and fits["Quercus ilex"]["fits_arable"] == "no"
    assert fits["Papaver rhoeas"]["fits_arable"] == "yes" and fits["Papaver rhoeas"]["fits_forest"] == "no"
    assert fits["Typha latifolia"]["fits_wetland"] == "yes"
    assert fits["Cistus ladanifer"]["fits_scrub"] == "yes"


def test_the_card_says_what_a_score_means():
    card = open_package("iberian-flora").card
    assert card.support is not None and card.support.side == 10_000
    assert card.effort is not None and 300 < card.effort.level < 1500
    assert all({"cube": "europe", "band": one.name} in one.sources for one in card.predictors)


def test_the_card_and_the_table_state_what_the_figures_file_holds(flora):
    pytest.importorskip("torch", reason="needs the training extra (PyTorch)")
    from training.atlas_figures import card_entries

    found = json.loads((FOLDER / "figures.json").read_text(encoding="utf-8"))
    stated = json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))
    assert {key: stated[key] for key in ("evaluation", "conformal", "calibration")} == card_entries(found)
    own = [run["auc_well"] for run in found["runs"] if run["name"] == "network"]
    assert stated["evaluation"][0]["value"] == pytest.approx(sum(own) / len(own), abs=1e-4)
    assert sum(row["weak"] == "yes" for row in flora) == found["weak"]


def test_every_layer_of_the_cube_has_a_licence_and_every_taken_one_is_quoted():
    manifest = json.loads((CUBE / "base.json").read_text(encoding="utf-8"))
    for entry in manifest["files"]:
        assert entry["licence"] and entry["checksum"] == checksum(CUBE / entry["file"])
        assert entry["file"] == "place.tif" or (entry["attribution"] and all(one["quote"] for one in entry["terms"]))


def test_the_cube_holds_the_sources_values(data):
    pytest.importorskip("pyreadr", reason="needs the training extra (pyreadr)")
    import rasterio
    from pyproj import Transformer
    from scipy.interpolate import RegularGridInterpolator

    from training.base_cube import read_climate

    native = read_climate(data)["bio12"]
    height, width = native.values.shape
    lat = native.top - native.pixel * (np.arange(height) + 0.5)
    lon = native.left + native.pixel * (np.arange(width) + 0.5)
    bilinear = RegularGridInterpolator((lat[::-1], lon), native.values[::-1])
    with rasterio.open(CUBE / "climate.tif") as raster:
        band = raster.descriptions.index("bio12") + 1
        places = [(row, col) for row in range(340, 380, 5) for col in range(60, 90, 5)]
        x, y = np.array([raster.xy(row, col) for row, col in places]).T
        found = np.array([raster.read(band)[row, col] for row, col in places]) * raster.scales[band - 1]
    lons, lats = Transformer.from_crs("EPSG:3035", "EPSG:4326", always_xy=True).transform(x, y)
    expected = bilinear(np.stack([lats, lons], 1))
    assert np.isfinite(expected).sum() > 30
    away = np.abs(found - expected)[np.isfinite(expected)]  # mm; rounded, at places that GDAL approximates
    assert away.max() < 6 and away.mean() < 1.5


def test_coordinates_are_exact():
    import rasterio

    with rasterio.open(CUBE / "place.tif") as raster:
        east, north = raster.read()
        assert (east[7, 11], north[7, 11]) == tuple(value / 1000 for value in raster.xy(7, 11))
