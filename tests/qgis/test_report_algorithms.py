"""The algorithms report, importtaxa and compare with the real engine, and what assess says of the site."""

import csv
import json
from pathlib import Path

import pytest
from qgis import processing
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsRectangle,
    QgsVectorLayer,
)

from geoplantnet_plugin.processing.area import write_extent
from geoplantnet_plugin.processing.country import country_of

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo"


@pytest.fixture(scope="module")
def halves():
    """The demo area in a western and an eastern part, which overlap a little."""
    demo = QgsVectorLayer(str(DEMO / "area.geojson"), "demo", "ogr")
    shape = next(demo.getFeatures()).geometry()
    box = shape.boundingBox()
    layer = QgsVectorLayer("MultiPolygon?field=side:string", "halves", "memory")
    layer.setCrs(demo.crs())
    third = box.width() / 3
    for name, left, right in (("west", box.xMinimum(), box.center().x() + third / 10),
                              ("east", box.center().x(), box.xMaximum())):
        feature = QgsFeature(layer.fields())
        part = shape.intersection(QgsGeometry.fromRect(QgsRectangle(left, box.yMinimum(), right, box.yMaximum())))
        part.convertToMultiType()
        feature.setGeometry(part)
        feature.setAttribute("side", name)
        layer.dataProvider().addFeature(feature)
    return layer


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    """A folder for the lists of these tests, apart from the person's own."""
    folder = tmp_path_factory.mktemp("lists")
    patch = pytest.MonkeyPatch()
    patch.setenv("GEOPLANTNET_LISTS", str(folder))
    yield folder
    patch.undo()


@pytest.fixture(scope="module")
def imported(engine, plugin_of_module, lists, tmp_path_factory):
    table = tmp_path_factory.mktemp("list") / "noms.csv"
    with (ROOT / "resources" / "models" / "western-swiss-alps" / "taxa.csv").open(encoding="utf-8") as file:
        names = [row["name"].replace("_", " ") for row in csv.DictReader(file)]
    lines = [f"{name};Été de {name}" for name in names] + ["Abies alba;Sapin"]
    table.write_text("\n".join(["taxon;nom vernaculaire", *lines]), encoding="cp1252")
    return processing.run("geoplantnet:importtaxa", {"LIST": str(table), "KIND": 8, "MODEL": "western-swiss-alps"})


@pytest.fixture(scope="module")
def folder(imported, halves, tmp_path_factory):
    """The two halves, assessed with areas told apart and a country."""
    out = tmp_path_factory.mktemp("site") / "assessed"
    processing.run("geoplantnet:assess", {
        "AREA": halves, "AREAS_BY": "side", "COUNTRY": "CH", "MODEL": "western-swiss-alps",
        "PREDICTORS": [str(DEMO / "predictors.tif")], "LOAD": False, "INDICATORS": "richness,shannon,specialised",
        "OUTPUT": str(out)})
    return out


def _rows(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_an_imported_list_says_how_its_names_matched(imported, lists):
    assert imported["ROWS"] == 56
    assert [int(line.split()[0]) for line in imported["REPORT"].splitlines()][-1] == 1, "Abies alba is not in the model"
    assert (lists / "noms.csv").is_file()


def test_areas_are_told_apart_by_the_field_and_names_are_the_imported_ones(folder):
    areas = {row["Area"]: row for row in _rows(folder / "areas.csv")}
    assert set(areas) == {"west", "east"}
    document = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
    cells = sum(int(row["Cells"]) for row in areas.values())
    assert document["coverage"]["cells"] < cells, "the overlap counts in both"
    assert "areas_overlap" in {entry["code"] for entry in document["warnings"]}
    assert document["job"]["country"] == "CH"
    row = next(row for row in _rows(folder / "coverage.csv") if row["Name"] == "Arnica montana")
    assert float(row["Expected low %"]) <= float(row["Expected share %"]) <= float(row["Expected high %"])


def test_the_report_has_the_front_page_the_areas_and_ones_own_records(folder):
    records = QgsVectorLayer("Point?field=espece:string", "records", "memory")
    for name in ("Arnica montana L.", "Quercus robur"):
        feature = QgsFeature(records.fields())
        feature.setAttribute("espece", name)
        records.dataProvider().addFeature(feature)
    result = processing.run("geoplantnet:report", {
        "FOLDER": str(folder), "LANGUAGE": 1, "CLIENT": "Commune d'Ollon", "AUTHOR": "M. Dupont",
        "DATE": "1er mai 2026",
        "OBSERVATIONS": records, "OBSERVATION_NAME": "espece"})
    page = Path(result["HTML"]).read_text(encoding="utf-8")
    for text in ("Commune d&#39;Ollon", "M. Dupont", "1er mai 2026", "west", "east", "Été de ",
                 "Quercus robur", "<dd>CH</dd>"):
        assert text in page, text
    assert Path(result["PDF"]).read_bytes()[:5] == b"%PDF-"


def test_records_need_the_field_of_their_names(plugin_of_module):
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("geoplantnet:report")
    fits, sentence = algorithm.checkParameterValues({"FOLDER": "/x", "OBSERVATIONS": "/y.csv"}, QgsProcessingContext())
    assert not fits and "scientific names" in sentence


def test_an_assessment_compared_with_itself_does_not_differ(folder, tmp_path):
    result = processing.run("geoplantnet:compareassessments", {
        "FIRST": str(folder), "SECOND": str(folder), "LOAD": False, "OUTPUT": str(tmp_path / "comparison")})
    rows = _rows(result["COVERAGE"])
    assert len(rows) > 5
    assert {float(row["Second - first"]) for row in rows} == {0.0}
    assert {row["Intervals apart"] for row in rows} == {"no"}
    assert Path(result["PAGE"]).is_file()


@pytest.mark.parametrize(("name", "parameters", "sentence"), [
    ("report", {"FOLDER": str(DEMO)}, "assessment"),
    ("importtaxa", {"LIST": str(DEMO / "predictors.tif")}, "not a text table"),
])
def test_what_cannot_be_used_gets_a_sentence(engine, plugin_of_module, lists, name, parameters, sentence):
    with pytest.raises(QgsProcessingException, match=sentence):
        processing.run(f"geoplantnet:{name}", parameters)


@pytest.mark.parametrize(("box", "code"), [
    (QgsRectangle(7.9, 46.7, 8.0, 46.8), "CH"), (QgsRectangle(2.3, 48.8, 2.4, 48.9), "FR"),
    (QgsRectangle(7.55, 47.5, 7.65, 47.6), ""), (QgsRectangle(-30.0, 40.0, -29.9, 40.1), "")])
def test_the_country_of_a_site_is_known_away_from_borders(qgis_app, tmp_path, box, code):
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326", "x", "memory")
    write_extent(box, layer.crs(), tmp_path / "area.gpkg")
    assert country_of(tmp_path / "area.gpkg") == code
