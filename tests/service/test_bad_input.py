"""What a request may not ask: a status, a sentence, and no job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from served import Running, assess_inputs, is_problem, small_area, whole_area

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.models.package import open_package
from service.choices import check_choices
from service.settings import Settings

SQUARE = small_area()
BOW = {"type": "Polygon", "coordinates": [[[7.1, 46.36], [7.1]]]}
FAR = {"type": "Polygon", "coordinates": [[[20, 50], [20.1, 50], [20.1, 50.1], [20, 50]]]}
EUROPE = {"type": "Polygon", "coordinates": [[[0, 40], [20, 40], [20, 55], [0, 55], [0, 40]]]}
MANY = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": SQUARE}] * 10_000}

INPUTS = [
    ({}, 400, "served_missing_input"),
    (assess_inputs(SQUARE, model="../../etc/passwd"), 400, "served_input"),
    (assess_inputs(SQUARE, cube="nowhere"), 400, "served_input"),
    (assess_inputs(SQUARE, predictors=["/etc/passwd"]), 400, "served_unknown_input"),
    (assess_inputs(SQUARE, habitats="/etc/passwd"), 400, "served_input"),
    (assess_inputs({"href": "http://127.0.0.1/area.geojson"}), 400, "served_reference"),
    (assess_inputs(SQUARE, resolution=0.001), 400, "served_input"),
    (assess_inputs(SQUARE, resolution="fine"), 400, "served_input"),
    (assess_inputs(SQUARE, crs="+proj=longlat +nadgrids=@/etc/passwd"), 400, "served_crs"),
    (assess_inputs(SQUARE, crs="EPSG:999999"), 400, "served_crs"),
    (assess_inputs({"type": "Point", "coordinates": [7, 46]}), 400, "served_input"),
    (assess_inputs(BOW), 400, "served_bad_polygon"),
    (assess_inputs({"type": "Polygon", "coordinates": [[]]}), 400, "served_bad_polygon"),
    (assess_inputs(FAR), 400, "served_outside_cube"),
    (assess_inputs(EUROPE), 413, "served_area_large"),
    (assess_inputs(whole_area(), resolution=1), 413, "served_cells"),
    (assess_inputs(MANY), 413, "served_areas"),
    (assess_inputs(SQUARE, country="\u0000"), 400, None),
    (assess_inputs(SQUARE, country="CH\n"), 400, "served_input"),
    (assess_inputs(SQUARE, country="ZZ"), 400, "country_invalid"),
    (assess_inputs(SQUARE, language="de"), 400, "served_input"),
    (assess_inputs(SQUARE, set_rule="best"), 400, "rule_unknown"),
    (assess_inputs(SQUARE, set_rule="topk:50"), 400, "rule_topk_half"),
    (assess_inputs(SQUARE, set_rule="conformal:0.3"), 400, "rule_conformal_level"),
    (assess_inputs(SQUARE, set_rule="lambda:nan"), 400, "rule_value"),
    (assess_inputs(SQUARE, set_rule=["topk:5"]), 400, "served_input"),
    (assess_inputs(SQUARE, indicators=["beauty"]), 400, "served_input"),
    (assess_inputs(SQUARE, indicators="richness"), 400, "served_input"),
    (assess_inputs(SQUARE, areas_by="owner"), 400, "area_no_field"),
    (assess_inputs(SQUARE, areas_by="\ud800"), 400, "served_not_json"),
    (assess_inputs({"type": "Polygon", "coordinates": [[[10**400, 1], [1, 1], [1, 2], [10**400, 1]]]}), 400,
     "served_not_json"),
]


@pytest.mark.parametrize(("inputs", "status", "code"), INPUTS)
def test_bad_input_gets_a_sentence_and_makes_no_job(service: Running, inputs: dict[str, Any], status: int,
                                                     code: str | None) -> None:
    before = service.me.get("/jobs").json()["numberMatched"]
    answer = service.me.execute("assess", inputs)
    assert answer.status_code == status, answer.text
    assert is_problem(answer.json(), status)
    assert code is None or answer.json()["code"] == code
    assert service.me.get("/jobs").json()["numberMatched"] == before


def test_a_habitat_table_that_repeats_an_input_of_the_model_is_refused() -> None:
    """And named without the place where the server keeps it."""
    with pytest.raises(EngineError) as caught:
        check_choices(Settings("", Path("results")), open_package("netherlands-lmf"),
                      {"habitats": "netherlands-land-use"})
    assert caught.value.code == "habitat_circular" and "/" not in caught.value.params["table"]
