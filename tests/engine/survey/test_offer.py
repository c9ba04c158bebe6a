"""The right model is offered: the one that fits is taken, several are asked about, none says why."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from cube.cube_helpers import write
from shapely import box
from survey.atlas import BOTTOM, LEFT, Atlas, make_atlas, site
from worlds import World, cells_box, make_world

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.assess.fit import check_fit
from geoplantnet_plugin.engine.assess.offer import offers, with_model
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.models import ListModelsRequest, list_models
from geoplantnet_plugin.engine.cube.plan import open_sources
from geoplantnet_plugin.engine.models import package
from geoplantnet_plugin.engine.where.area import read_area


@pytest.fixture
def atlas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Atlas:
    """The atlas and a model that needs rasters are the only models there are."""
    (tmp_path / "own").mkdir()
    monkeypatch.setenv("GEOPLANTNET_MODELS", str(tmp_path / "own"))
    monkeypatch.setattr(package, "BUNDLED", tmp_path / "nowhere")
    made = make_atlas(tmp_path, monkeypatch)
    shutil.copytree(made.model, tmp_path / "own" / "atlas")
    shutil.copytree(make_world(tmp_path).model, tmp_path / "own" / "logistic")
    return made


def known(path: str, *predictors: str) -> dict[str, tuple[float | None, str]]:
    area = read_area(path, None, Reporter())
    return {offer.name: (offer.share, offer.problem.code if offer.problem else "")
            for offer in offers(area, ModelOptions(predictors=predictors), open_sources(predictors), Reporter())}


def test_the_one_model_that_fits_is_taken(atlas: Atlas) -> None:
    path = atlas.area(site(0, 0))
    assert known(path) == {"atlas": (1.0, ""), "logistic": (None, "offer_predictors")}
    options = with_model(ModelOptions(), read_area(path, None, Reporter()), Reporter())
    assert options.model == "atlas"
    fit = check_fit(AssessJob(path, Path()), Reporter())
    assert (fit.model, fit.chosen, fit.pool, fit.cells) == ("atlas", True, True, 1)
    assert [light.state for light in fit.lights] == ["green"]
    assert [(offer["name"], offer["fits"]) for offer in fit.offers] == [("atlas", True), ("logistic", False)]


def test_models_are_ordered_by_the_share_that_they_know(atlas: Atlas) -> None:
    half = atlas.area(box(LEFT + 14_000, BOTTOM + 15_000, LEFT + 24_000, BOTTOM + 17_000))
    share, problem = known(half)["atlas"]
    assert share == pytest.approx(0.6, abs=0.01) and not problem


def test_where_none_fits_each_says_why(atlas: Atlas, tmp_path: Path) -> None:
    path = atlas.area(site(40, 0))
    with pytest.raises(EngineError) as caught:
        with_model(ModelOptions(), read_area(path, None, Reporter()), Reporter())
    assert caught.value.code == "model_none_fits"
    assert "outside the land that it knows" in str(caught.value) and "warmth, water" in str(caught.value)
    assert "published maps" in str(list_models(ListModelsRequest(path), Reporter())["text"])


def test_what_keeps_the_one_model_of_the_land_from_fitting_is_said_by_itself(atlas: Atlas, tmp_path: Path) -> None:
    kelvin = write(tmp_path / "kelvin.tif", np.full((1, 60, 60), 288.0, np.float32),
                   Affine(10_000, 0, 2_700_000, 0, -10_000, 2_000_000), names=("warmth",))
    job = AssessJob(atlas.area(site(0, 0)), tmp_path / "out", ModelOptions(predictors=(kelvin,)))
    with pytest.raises(EngineError) as caught:
        assess(job, Reporter())
    assert caught.value.code == "cube_units_implausible"
    fit = check_fit(job, Reporter())
    assert (fit.model, [light.state for light in fit.lights]) == ("atlas", ["red"])


def test_several_that_fit_are_asked_about(atlas: Atlas, tmp_path: Path) -> None:
    shutil.copytree(atlas.model, tmp_path / "own" / "other")
    path = atlas.area(site(0, 0))
    with pytest.raises(EngineError) as caught:
        with_model(ModelOptions(), read_area(path, None, Reporter()), Reporter())
    assert caught.value.code == "model_several_fit"
    assert "atlas (100 %)" in str(caught.value) and "other (100 %)" in str(caught.value)
    fit = check_fit(AssessJob(path, Path()), Reporter())
    assert (fit.model, fit.lights, [note["code"] for note in fit.notes]) == ("", [], ["model_several_fit"])
    assert [offer["fits"] for offer in fit.offers] == [True, True, False]


def test_a_model_that_is_named_is_shown_among_the_others(atlas: Atlas) -> None:
    fit = check_fit(AssessJob(atlas.area(site(0, 0)), Path(), ModelOptions("logistic")), Reporter())
    assert (fit.model, fit.chosen) == ("logistic", False)
    assert [offer["name"] for offer in fit.offers] == ["atlas", "logistic"]


def test_rasters_make_a_model_fit_and_a_broken_one_is_named(atlas: Atlas, tmp_path: Path) -> None:
    world = World(tmp_path, tmp_path / "predictors.tif", tmp_path / "model", None, None)  # type: ignore[arg-type]
    (tmp_path / "own" / "atlas" / "card.json").write_text("{", encoding="utf-8")
    found = known(world.area(cells_box(100, 100, 20, 20)), str(world.raster))
    assert list(found) == ["logistic", "atlas"]
    assert found["logistic"][0] is not None and found["logistic"][0] > 0.5
    assert found["atlas"] == (None, "model_card_unreadable")
