"""The plan: what is bound, checked, refused, saved and obeyed."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import shapely
from affine import Affine
from cube.cube_helpers import DATA, Heard, area_in_degrees, area_of, card_of, named, write

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.edits import Edit
from geoplantnet_plugin.engine.cube.plan import make_plan, open_sources
from geoplantnet_plugin.engine.models.card import Predictor

LEFT, TOP = 4_000_000, 2_500_000
HERE = Affine(250, 0, LEFT, 0, -250, TOP)
AREA = area_of(shapely.box(LEFT, TOP - 5000, LEFT + 5000, TOP), "EPSG:3035")
GRID = AREA.grid(50)
RAMP = np.linspace(100, 200, 400, dtype=np.float32).reshape(1, 20, 20)


def plan(card, *sources: str, area=AREA, resolution: float = 50, **options):
    return make_plan(card, open_sources(sources), area.grid(resolution), area, **options)


def refusal(code: str, card, *sources: str, **options) -> str:
    with pytest.raises(EngineError) as caught:
        plan(card, *sources, **options)
    assert caught.value.code == code
    return str(caught.value)


def test_a_binding_says_where_values_come_from(tmp_path) -> None:
    path = write(tmp_path / "slope.tif", RAMP, HERE)
    bound = plan(named("slope"), path).bindings[0]
    assert (bound.band.path, bound.band.index, bound.crs, bound.how) == (path, 1, "EPSG:3035", "name")
    assert bound.resampling == "bilinear"
    assert bound.coverage == 100
    assert bound.resolution == pytest.approx(250, rel=0.02)  # metres on the ground: equal areas stretch
    assert bound.ratio == pytest.approx(0.2)


@pytest.mark.parametrize(("cell", "categorical", "method"), [
    (250, False, "bilinear"), (400, False, "average"), (250, True, "nearest"), (1000, True, "mode")])
def test_resampling_follows_the_cell_and_the_kind_of_variable(tmp_path, cell, categorical, method) -> None:
    path = write(tmp_path / "soil.tif", RAMP, HERE)
    card = card_of(Predictor("soil", "", "", categorical))
    assert plan(card, path, resolution=cell).bindings[0].resampling == method


@pytest.mark.parametrize("cell", [250, 400])
def test_a_card_that_states_the_resampling_is_obeyed(tmp_path, cell) -> None:
    path = write(tmp_path / "slope.tif", RAMP, HERE)
    card = card_of(Predictor("slope", "", "", resampling="nearest"))
    assert plan(card, path, resolution=cell).bindings[0].resampling == "nearest"


def test_the_effective_resolution_is_the_coarsest_predictor(tmp_path) -> None:
    fine = write(tmp_path / "fine.tif", RAMP, HERE)
    coarse = write(tmp_path / "coarse.tif", RAMP, Affine(1000, 0, LEFT, 0, -1000, TOP))
    assert plan(named("fine", "coarse"), fine, coarse).effective_resolution == pytest.approx(1000, rel=0.02)


def test_a_raster_without_crs_is_asked_about_and_the_parameter_is_for_such_only(tmp_path) -> None:
    bare = write(tmp_path / "slope.tif", RAMP, HERE, None)
    told = write(tmp_path / "elev.tif", RAMP, HERE)
    assert "slope" in (message := refusal("cube_no_crs", named("slope", "elev"), bare, told))
    assert "Coordinate system of predictors" in message
    crs = {item.predictor: item.crs
           for item in plan(named("slope", "elev"), bare, told, predictor_crs="IGNF:ETRS89LAEA").bindings}
    assert crs == {"slope": "IGNF:ETRS89LAEA", "elev": "EPSG:3035"}
    refusal("cube_crs_unknown", named("slope"), bare, predictor_crs="EPSG:999999")


@pytest.mark.parametrize(("transform", "code"), [
    (Affine(250, 0, LEFT, 0, 0, TOP), "cube_not_georeferenced"),
    (Affine.identity(), "cube_not_georeferenced")])
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_degenerate_raster_is_refused_by_name(tmp_path, transform, code) -> None:
    path = write(tmp_path / "slope.tif", RAMP, transform)
    assert path in refusal(code, named("slope"), path)


def test_an_area_outside_is_refused_with_both_extents_in_its_crs(tmp_path) -> None:
    path = write(tmp_path / "slope.tif", RAMP, Affine(250, 0, LEFT + 100_000, 0, -250, TOP))
    message = refusal("cube_area_outside", named("slope"), path)
    assert "raster 4100000 2495000 4105000 2500000" in message
    assert "area 400" in message
    assert "EPSG:3035" in message


def test_an_area_partly_outside_is_warned_of_once_a_file_with_the_share(tmp_path) -> None:
    path = write(tmp_path / "two.tif", np.repeat(RAMP, 2, axis=0), Affine(250, 0, LEFT + 1250, 0, -250, TOP),
                 names=("a", "b"))
    heard = Heard()
    assert plan(named("a", "b"), path, warner=heard).bindings[0].coverage == pytest.approx(75, abs=1)
    assert heard.codes == ["cube_partly_covered"]
    assert heard.params[0]["predictors"] == ["a", "b"]
    assert heard.params[0]["share"] == pytest.approx(75, abs=1)


def test_a_band_of_nothing_but_nodata_is_refused(tmp_path) -> None:
    path = write(tmp_path / "slope.tif", np.full_like(RAMP, -1), HERE, nodata=-1)
    refusal("cube_all_nodata", named("slope"), path)


def test_values_that_cannot_be_in_the_unit_stop_with_both_ranges(tmp_path) -> None:
    kelvin = write(tmp_path / "bio1.tif", RAMP / 20 + 273.15, HERE)
    bio1 = Predictor("bio1", "", "°C", range=(-10, 20), quantiles=(0, 15))
    message = refusal("cube_units_implausible", card_of(bio1), kelvin)
    assert "-10 and 20" in message
    assert "278" in message
    assert "282" in message
    repaired = plan(card_of(bio1), kelvin, edits=[Edit("bio1", kelvin, offset=-273.15)])
    assert repaired.bindings[0].band.offset == -273.15
    plan(card_of(bio1), kelvin, accept_units=["bio1"]).save(tmp_path / "accepted.json")
    assert plan(card_of(bio1), str(tmp_path / "accepted.json")).bindings[0].band.path == kelvin


def test_scale_and_offset_are_applied_before_units_are_judged(tmp_path) -> None:
    stored = (RAMP / 2 + 2731.5).astype(np.uint16)
    path = write(tmp_path / "bio1.tif", stored, HERE, scale=0.1, offset=-273.15)
    heard = Heard()
    plan(card_of(Predictor("bio1", "", "°C", range=(-10, 20), quantiles=(0, 15))), path, warner=heard)
    assert heard.codes == []


def test_a_remark_in_the_cards_unit_makes_no_other_unit(tmp_path) -> None:
    path = write(tmp_path / "slope.tif", RAMP / 5, HERE, unit="degree")
    heard = Heard()
    plan(card_of(Predictor("slope", "", "Degree (inferred from the values)", range=(0, 70), quantiles=(5, 45))), path,
         warner=heard)
    assert heard.codes == []


def test_doubtful_units_are_warned_of(tmp_path) -> None:
    radians = write(tmp_path / "slope.tif", RAMP / 500, HERE, unit="rad")
    heard = Heard()
    plan(card_of(Predictor("slope", "", "°", range=(0, 70), quantiles=(5, 45))), radians, warner=heard)
    assert heard.codes == ["cube_unit_differs", "cube_units_suspect"]


def test_unknown_classes_stop(tmp_path) -> None:
    path = write(tmp_path / "soil.tif", RAMP.round(), HERE)
    card = card_of(Predictor("soil", "", "", categorical=True, categories=(1, 2, 3)))
    assert "1, 2, 3" in refusal("cube_classes_unknown", card, path)


def test_a_saved_plan_is_obeyed_and_moves_with_its_rasters(tmp_path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    write(here / "first.tif", RAMP, HERE, None)
    chosen = write(here / "second.tif", RAMP, HERE, None, nodata=7)
    edit = Edit("slope", chosen, crs="EPSG:3035", nodata=100, scale=2, offset=1, resampling="nearest")
    before = plan(named("slope"), str(here), edits=[edit])
    before.save(here / "plan.json")
    there = shutil.copytree(here, tmp_path / "there")
    shutil.rmtree(here)
    after = plan(named("slope"), str(there / "plan.json"))
    bound = after.bindings[0]
    assert bound.band.path == str(there / "second.tif")
    assert (bound.band.nodata, bound.band.scale, bound.band.offset) == (100, 2, 1)
    assert (bound.crs, bound.resampling, bound.how) == ("EPSG:3035", "nearest", "edit")


def test_the_crs_that_was_given_is_saved(tmp_path) -> None:
    path = write(tmp_path / "slope.tif", RAMP, HERE, None)
    plan(named("slope"), path, predictor_crs="EPSG:3035").save(tmp_path / "plan.json")
    assert plan(named("slope"), str(tmp_path / "plan.json")).bindings[0].crs == "EPSG:3035"


@pytest.mark.parametrize("content", [
    "{", "[]", '{"schema": 2, "bindings": []}', '{"schema": 1, "bindings": [{"source": "a.tif"}]}',
    '{"schema": 1, "bindings": [{"predictor": "a", "source": "a.tif", "band": "1"}]}',
    '{"schema": 1, "bindings": [{"predictor": "a", "source": "a.tif", "resampling": "cubic"}]}'])
def test_a_broken_plan_is_refused(tmp_path, content) -> None:
    (tmp_path / "plan.json").write_text(content)
    refusal("cube_plan_unreadable", named("a"), str(tmp_path / "plan.json"))


def test_a_plan_that_names_a_band_that_is_not_there_is_refused(tmp_path) -> None:
    write(tmp_path / "a.tif", RAMP, HERE)
    binding = {"predictor": "a", "source": "a.tif", "band": 2}
    (tmp_path / "plan.json").write_text(json.dumps({"schema": 1, "bindings": [binding]}))
    assert "band 2" in refusal("cube_edit_unknown", named("a"), str(tmp_path / "plan.json"))


def test_costa_ricas_chelsa_files_are_bound_by_name() -> None:
    folder = DATA / "chelsa_costa_rica"
    if not folder.is_dir():
        pytest.skip("../shared/data/chelsa_costa_rica is not there")
    names = [f"bio{number}" for number in range(1, 20)]
    area = area_in_degrees(-84.2, 9.8, -84.0, 10.0, "EPSG:32616")
    bound = plan(named(*names), str(folder), area=area).bindings
    assert [(item.predictor, item.band.path.rpartition("/")[2]) for item in bound] == [
        (name, f"CHELSA_{name}_1981-2010_V.2.1.tif") for name in names]
    assert {item.coverage for item in bound} == {100.0}
    # 30″ along the meridian at 9.9° N on the ellipsoid: 921.7 m
    assert [item.resolution for item in bound] == pytest.approx([921.7] * 19, abs=1)


def test_the_108_bands_of_new_caledonia_are_bound_by_name() -> None:
    path = DATA / "new_caledonia" / "dataNC.tif"
    if not path.exists():
        pytest.skip("../shared/data/new_caledonia is not there")
    area = area_in_degrees(165.5, -21.6, 165.7, -21.4, "EPSG:32758")
    bound = plan(named("bio_01", "BIO19", "tas1", "pr_12", "elevation"), str(path), area=area).bindings
    assert [item.band.description for item in bound] == ["bio1", "bio19", "tas_1", "pr12", "elevation"]
