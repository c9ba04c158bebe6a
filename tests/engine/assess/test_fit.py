"""Before a run: what each predictor would be bound to, how many cells lie outside the domain, what lists know."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from cube.cube_helpers import area_of, card_of, write
from worlds import HEIGHT, LEFT, RESOLUTION, TOP, WIDTH, World, cells_box

from geoplantnet_plugin.engine.assess.fit import check_fit
from geoplantnet_plugin.engine.assess.look import SAMPLE_CELLS
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.lights import Light, lights
from geoplantnet_plugin.engine.cube.plan import open_sources
from geoplantnet_plugin.engine.models.card import Predictor

AREA = area_of(cells_box(0, 0, 40, 40), "EPSG:3035")
HERE = rasterio.Affine(250, 0, LEFT, 0, -250, TOP)
RAMP = np.linspace(100, 200, 100, dtype=np.float32).reshape(1, 10, 10)


def judged(card, *sources: str) -> dict[str, Light]:
    found = lights(card, open_sources(sources), AREA.grid(50), AREA, None, Reporter())
    return {light.predictor: light for light in found}


def codes(light: Light) -> list[str]:
    return [note["code"] for note in light.notes]


def test_each_predictor_has_its_own_light(tmp_path) -> None:
    bands = [write(tmp_path / f"{name}.tif", RAMP, HERE) for name in ("slope", "incline", "soil")]
    bands.append(write(tmp_path / "coarse.tif", RAMP, rasterio.Affine(1000, 0, LEFT, 0, -1000, TOP)))
    card = card_of(Predictor("slope", "", "m"), Predictor("height", "", "m", synonyms=("incline",)),
                   Predictor("soil", "", "m", range=(1000, 2000)), Predictor("coarse", "", "m"),
                   Predictor("rain", "", "mm"))
    found = judged(card, *bands)
    assert {name: (light.state, codes(light)) for name, light in found.items()} == {
        "slope": ("green", []), "height": ("yellow", ["fit_synonym"]), "soil": ("red", ["cube_units_implausible"]),
        "coarse": ("yellow", ["fit_coarser"]), "rain": ("red", ["cube_predictor_missing"])}
    assert found["soil"].source == bands[2], "a band whose values are in doubt is named"
    assert found["rain"].source == ""


def test_a_name_beats_a_synonym_and_one_band_is_not_two_predictors(tmp_path) -> None:
    path = write(tmp_path / "slope.tif", RAMP, HERE)
    named_too = judged(card_of(Predictor("slope", "", "m"), Predictor("tilt", "", "m", synonyms=("slope",))), path)
    assert (named_too["slope"].state, named_too["tilt"].state) == ("green", "red")
    both = judged(card_of(Predictor("tilt", "", "m", synonyms=("slope",)),
                          Predictor("grade", "", "m", synonyms=("slope",))), path)
    assert [codes(light) for light in both.values()] == [["cube_band_twice"]] * 2


def test_a_saved_plan_turns_red_into_green(tmp_path) -> None:
    path = write(tmp_path / "strange.tif", RAMP, HERE)
    card = card_of(Predictor("slope", "", "m", range=(1000, 2000)))
    assert judged(card, path)["slope"].source == ""
    plan = tmp_path / "plan.json"
    edit = {"predictor": "slope", "source": path, "band": 1}
    plan.write_text(json.dumps({"schema": 1, "bindings": [edit]}))
    assert codes(judged(card, path, str(plan))["slope"]) == ["cube_units_implausible"]
    plan.write_text(json.dumps({"schema": 1, "bindings": [{**edit, "accept_units": True}]}))
    accepted = judged(card, path, str(plan))["slope"]
    assert (accepted.state, accepted.source, accepted.band) == ("green", path, 1)


def test_the_share_outside_the_domain_is_that_of_the_cells(world: World) -> None:
    fit = check_fit(world.job(world.area(cells_box(0, 0, HEIGHT, WIDTH))), Reporter())
    known = np.isfinite(world.values).all(axis=0)
    assert fit.cells == HEIGHT * WIDTH and 1500 < fit.sampled <= SAMPLE_CELLS
    truth = float((np.abs(world.values[0][known]) > 2).mean())  # the card's domain ends at ±2
    assert fit.outside == pytest.approx(truth, abs=4 * np.sqrt(truth / fit.sampled))
    assert fit.missing == pytest.approx(1 - known.mean(), abs=0.005)
    assert {entry.indicator: entry.share for entry in fit.lists}["richness"] == 1


def test_each_stage_is_told_before_it_begins(world: World) -> None:
    told: list[str] = []

    class Heard(Reporter):
        def progress(self, stage: str, done: int, total: int) -> None:
            told.append(stage)

    check_fit(world.job(world.area(cells_box(5, 5, 4, 6))), Heard())
    assert [stage for stage in told if stage.startswith("fit_")] == ["fit_models", "fit_predictors", "fit_values"]


def test_what_is_given_is_opened_once_for_all_models(world: World, tmp_path) -> None:
    plan, opened = tmp_path / "plan.json", []
    edit = {"predictor": "warmth", "source": str(world.raster), "band": 1}
    plan.write_text(json.dumps({"schema": 1, "bindings": [edit]}))
    sys.addaudithook(lambda event, given: opened.append(given[0])
                     if event == "open" and str(given[0]) == str(plan) else None)
    job = world.job(world.area(cells_box(5, 5, 4, 6)))
    given = (*job.source.predictors, str(plan))
    open_sources(given)
    once = len(opened)
    check_fit(replace(job, source=replace(job.source, predictors=given)), Reporter())
    assert once and len(opened) == 2 * once


def test_a_list_says_of_which_day_it_speaks(world: World) -> None:
    titles = {entry.indicator: entry.title for entry in check_fit(world.job(world.area(cells_box(5, 5, 4, 6))),
                                                                  Reporter()).lists}
    assert "as of" in titles["invasive"] and "as of" not in titles["richness"]


def test_a_small_area_is_looked_at_cell_by_cell(world: World) -> None:
    fit = check_fit(world.job(world.area(cells_box(5, 5, 4, 6))), Reporter())
    inside = world.values[0, 5:9, 5:11]
    assert fit.sampled == fit.cells == 24
    assert fit.outside == pytest.approx((np.abs(inside) > 2).mean())
    assert fit.hectares == pytest.approx(24 * RESOLUTION**2 / 1e4, rel=0.01)


def test_without_a_band_the_domain_is_unknown(world: World) -> None:
    with rasterio.open(world.raster, "r+") as raster:
        raster.descriptions = ("warmth", "other")
    fit = check_fit(world.job(world.area(cells_box(0, 0, 10, 10))), Reporter())
    assert [light.state for light in fit.lights] == ["green", "red"]
    assert (fit.sampled, fit.outside, fit.missing) == (0, None, None)
    assert [entry["label"] for entry in fit.bands] == ["predictors.tif:1 (warmth)", "predictors.tif:2 (other)"]
    assert not (world.folder / "out").exists()
