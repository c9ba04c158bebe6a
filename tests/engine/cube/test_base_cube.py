"""The base cube: used where the user gives nothing, overridden raster by raster, damaged, missing, at sea."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from cube.cube_helpers import area_in_degrees, area_of, card_of, write
from worlds import LEFT, TOP, cells_box

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube import base_cube
from geoplantnet_plugin.engine.cube.lights import lights
from geoplantnet_plugin.engine.cube.plan import CubePlan, make_plan, open_sources
from geoplantnet_plugin.engine.models.card import Card, Predictor
from geoplantnet_plugin.engine.models.package import checksum, read_package

LAND = area_of(cells_box(0, 0, 40, 40), "EPSG:3035")
SEA = area_of(cells_box(0, 200, 40, 40), "EPSG:3035")
HERE = rasterio.Affine(1000, 0, LEFT, 0, -1000, TOP)
VALUES = np.concatenate([np.full((1, 20, 10), 12.0, np.float32), np.full((1, 20, 10), np.nan, np.float32)], axis=2)


def predictor(name: str, **options: object) -> Predictor:
    return Predictor(name, "", "°C", sources=({"preset": "chelsa", "variable": name},
                                              {"cube": "small", "band": f"{name}_stored"}), **options)


WARMTH, FROST = predictor("warmth", range=(0.0, 30.0)), predictor("frost")


@pytest.fixture
def cube(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A base cube of two bands over 20 km of which the east is sea, made of data of 18 km."""
    folder = tmp_path / "cube" / "small"
    folder.mkdir(parents=True)
    write(folder / "climate.tif", np.concatenate([VALUES, VALUES - 20]), HERE, nodata=float("nan"),
          names=("warmth_stored", "frost_stored"))
    describe(folder)
    monkeypatch.setattr(base_cube, "CUBES", tmp_path / "cube")
    return folder


def describe(folder: Path, **changes: object) -> None:
    entry = {"file": "climate.tif", "resolution": 18000.0, "checksum": checksum(folder / "climate.tif"), **changes}
    (folder / "base.json").write_text(json.dumps({"files": [entry]}), encoding="utf-8")


def plan(card: Card, *sources: str, area=LAND) -> CubePlan:
    return make_plan(card, open_sources(sources), area.grid(1000), area)


def test_the_base_cube_is_read_as_the_card_says(cube: Path) -> None:
    made = plan(card_of(predictor("warmth", resampling="nearest"), FROST))
    assert [binding.resampling for binding in made.bindings] == ["nearest", "bilinear"]


def test_what_no_raster_gives_comes_from_the_base_cube_with_the_detail_of_its_source(cube: Path) -> None:
    made = plan(card_of(WARMTH, FROST))
    assert [(b.band.name, b.how, b.resolution, b.coverage) for b in made.bindings] == [
        ("warmth_stored", "base", 18000.0, 100.0), ("frost_stored", "base", 18000.0, 100.0)]
    assert made.effective_resolution == 18000


def test_the_users_rasters_override_one_by_one(cube: Path, tmp_path: Path) -> None:
    own = write(tmp_path / "warmth.tif", VALUES + 1, HERE, nodata=float("nan"))
    made = plan(card_of(WARMTH, FROST), own)
    assert [(Path(b.band.path).name, b.how) for b in made.bindings] == [("warmth.tif", "name"), ("climate.tif", "base")]


def test_a_raster_in_other_units_does_not_override_silently(cube: Path, tmp_path: Path) -> None:
    kelvin = write(tmp_path / "warmth.tif", VALUES + np.float32(273.15), HERE, nodata=float("nan"))
    with pytest.raises(EngineError) as caught:
        plan(card_of(WARMTH, FROST), kelvin)
    assert caught.value.code == "cube_units_implausible"


def test_its_lights_are_green_and_say_where_they_come_from(cube: Path) -> None:
    found = lights(card_of(WARMTH, FROST), open_sources(()), LAND.grid(1000), LAND, None, Reporter())
    assert [(light.state, light.base, light.notes) for light in found] == [("green", "small", [])] * 2


def test_an_area_at_sea_is_told_in_one_sentence(cube: Path) -> None:
    with pytest.raises(EngineError, match="at sea") as caught:
        plan(card_of(WARMTH), area=SEA)
    assert caught.value.code == "base_cube_no_land"


def test_an_area_beyond_the_cube_is_told_in_the_same_sentence(cube: Path) -> None:
    far = area_of(cells_box(0, 5000, 40, 40), "EPSG:3035")
    with pytest.raises(EngineError) as caught:
        plan(card_of(WARMTH), area=far)
    assert caught.value.code == "base_cube_no_land"


@pytest.mark.parametrize("damage", ["changed", "gone", "manifest", "band"])
def test_a_damaged_cube_is_refused(cube: Path, damage: str) -> None:
    card = card_of(WARMTH)
    if damage == "changed":
        with (cube / "climate.tif").open("ab") as file:
            file.write(b"0")
    elif damage == "gone":
        (cube / "climate.tif").unlink()
    elif damage == "manifest":
        (cube / "base.json").write_text("{", encoding="utf-8")
    else:
        card = card_of(Predictor("rain", "", "mm", sources=({"cube": "small", "band": "rain"},)))
    with pytest.raises(EngineError, match="install the plugin again") as caught:
        plan(card)
    assert caught.value.code == "base_cube_damaged"


def test_a_missing_cube_matters_only_where_it_is_needed(cube: Path, tmp_path: Path) -> None:
    elsewhere = Predictor("warmth", "", "°C", sources=({"cube": "absent", "band": "warmth"},))
    with pytest.raises(EngineError) as caught:
        plan(card_of(elsewhere))
    assert caught.value.code == "base_cube_missing"
    with pytest.raises(EngineError) as caught:
        plan(card_of(elsewhere, replace(elsewhere, name="rain")))
    assert caught.value.code == "base_cube_missing", "one sentence, however many predictors it would give"
    assert plan(card_of(elsewhere), write(tmp_path / "warmth.tif", VALUES, HERE)).bindings[0].how == "name"


@pytest.mark.parametrize(("model", "name"), [
    ("iberian-flora", "europe"), ("western-swiss-alps", "vaud-alps"), ("netherlands-lmf", "netherlands")])
def test_a_shipped_cube_gives_all_predictors_of_each_shipped_model(model: str, name: str) -> None:
    card = read_package(base_cube.CUBES.parent / "models" / model).card
    assert base_cube.needs_no_rasters(card)
    bands = [base_cube.base_band(entry) for entry in card.predictors]
    assert {band.base for band in bands} == {name} and all(band.licence for band in bands)


@pytest.mark.parametrize(("model", "lon", "lat"), [
    ("western-swiss-alps", 7.1, 46.35), ("netherlands-lmf", 5.65, 52.03), ("iberian-flora", -3.7, 37.2)])
def test_every_light_of_the_shipped_models_is_green_at_home_or_says_why_not(model: str, lon: float, lat: float) -> None:
    card = read_package(base_cube.CUBES.parent / "models" / model).card
    home = area_in_degrees(lon, lat, lon + 0.05, lat + 0.05, "EPSG:3035")
    grid = home.grid(card.support.side if card.support else 250)
    found = lights(card, open_sources(()), grid, home, None, Reporter())
    assert all(light.state == "green" or [note["code"] for note in light.notes] == ["cube_partly_covered"]
               for light in found), "the Dutch grid has gaps"
    assert model == "netherlands-lmf" or {light.state for light in found} == {"green"}
