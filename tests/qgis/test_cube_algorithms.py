"""The cube's algorithms with the real engine: what is planned and built is what an assessment takes."""

import json
from pathlib import Path

import pytest
from osgeo import gdal
from qgis import processing
from qgis.core import QgsProcessingException

DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo"
PREDICTORS = ["ddeg0", "mind68", "srad68", "slope25", "topos25"]

pytestmark = pytest.mark.usefixtures("engine")


def _site(**changes):
    return {"AREA": str(DEMO / "area.geojson"), "MODEL": "western-swiss-alps", "RESOLUTION": 250,
            "PREDICTORS": [str(DEMO / "predictors.tif")], **changes}


def test_a_plan_is_shown_saved_and_obeyed(plugin, tmp_path, feedback):
    result = processing.run("geoplantnet:plancube", _site(
        OUTPUT=str(tmp_path / "plan.json"), TABLE=str(tmp_path / "plan.html")), feedback=feedback)
    assert result["EFFECTIVE_RESOLUTION"] == pytest.approx(50)
    page = Path(result["TABLE"]).read_text(encoding="utf-8")
    assert all(f">{name}<" in page for name in PREDICTORS) and page.count("<tr>") == 1 + len(PREDICTORS)
    assert "predictors.tif" in page and ">nearest<" in page, "as the card says its training data were taken"
    assert [line.split(":")[0] for line in feedback.infos if "predictors.tif:" in line] == PREDICTORS
    plan = json.loads(Path(result["OUTPUT"]).read_text(encoding="utf-8"))
    for entry in plan["bindings"]:
        entry["resampling"] = "bilinear"
    Path(result["OUTPUT"]).write_text(json.dumps(plan), encoding="utf-8")
    again = processing.run("geoplantnet:plancube", _site(
        PREDICTORS=[], PLAN=result["OUTPUT"], OUTPUT=str(tmp_path / "2.json"), TABLE=str(tmp_path / "2.html")))
    assert Path(again["TABLE"]).read_text(encoding="utf-8").count(">bilinear<") == len(PREDICTORS)


def test_a_built_cube_stands_for_its_sources(plugin, tmp_path):
    built = processing.run("geoplantnet:buildcube", _site(OUTPUT=str(tmp_path / "cube")))
    cube = json.loads(Path(built["CUBE"]).read_text(encoding="utf-8"))
    assert cube["effective_resolution"] == pytest.approx(50) and cube["grid"]["resolution"] == 250
    dataset = gdal.Open(str(tmp_path / "cube" / "1_point.tif"))
    assert [dataset.GetRasterBand(band).GetDescription() for band in range(1, 6)] == PREDICTORS
    plan = processing.run("geoplantnet:plancube", _site(
        PREDICTORS=[], PREDICTOR_FOLDER=built["OUTPUT"], OUTPUT=str(tmp_path / "plan.json"),
        TABLE=str(tmp_path / "plan.html")))
    assert Path(plan["TABLE"]).read_text(encoding="utf-8").count("1_point.tif") == len(PREDICTORS)
    with pytest.raises(QgsProcessingException, match="holds other files"):
        processing.run("geoplantnet:buildcube", _site(OUTPUT=str(tmp_path / "cube")))


def test_a_predictor_that_is_missing_is_named(plugin, tmp_path):
    """Where the model's base cube has no land, it cannot stand in for a raster that is not given."""
    elsewhere = tmp_path / "elsewhere.geojson"
    elsewhere.write_text('{"type": "Polygon", "coordinates": [[[10, 50], [10.1, 50], [10.1, 50.1], [10, 50]]]}')
    with pytest.raises(QgsProcessingException, match="ddeg0"):
        processing.run("geoplantnet:plancube", _site(
            AREA=str(elsewhere), PREDICTORS=[str(DEMO / "elevation.tif")], OUTPUT=str(tmp_path / "plan.json"),
            TABLE=str(tmp_path / "plan.html")))


def test_rasters_that_are_gone_are_all_named_and_a_folder_is_taken(plugin, tmp_path):
    gone = [str(tmp_path / name) for name in ("gone.tif", "lost.tif")]
    asked = _site(OUTPUT=str(tmp_path / "plan.json"), TABLE=str(tmp_path / "plan.html"))
    with pytest.raises(QgsProcessingException, match=r"gone\.tif, .*lost\.tif"):
        processing.run("geoplantnet:plancube", {**asked, "PREDICTORS": [*asked["PREDICTORS"], *gone]})
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "predictors.tif").symlink_to(DEMO / "predictors.tif")
    (tmp_path / "maps" / "broken.tif").write_text("no raster")
    plan = processing.run("geoplantnet:plancube", {**asked, "PREDICTORS": str(tmp_path / "maps")})
    assert Path(plan["TABLE"]).read_text(encoding="utf-8").count("predictors.tif") == len(PREDICTORS)
