"""gpn_score and gpn_indicator, in real layers and the field calculator."""

import shutil

import pytest
from qgis import processing
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)
from samples import CELL, LEFT, RICHNESS, SPECIES, TOP, show_in_project, write_assessment

PLACES = [(3, 2), (7, 5), (0, 0), (-4, 2)]
"""Columns and rows of cells; the third has no scores, the last lies outside."""


@pytest.fixture
def shown(plugin, qgis_new_project, assessment_folder):
    show_in_project(assessment_folder)
    return assessment_folder


@pytest.fixture
def points():
    """Points in degrees, near the centres of `PLACES`, whatever the coordinate system of the project."""
    layer = QgsVectorLayer("Point?crs=EPSG:4326&field=id:integer", "points", "memory")
    transform = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:3035"), layer.crs(), QgsProject.instance())
    for number, (col, row) in enumerate(PLACES):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([number])
        feature.setGeometry(QgsGeometry.fromPointXY(transform.transform(
            QgsPointXY(LEFT + (col + 0.6) * CELL, TOP - (row + 0.4) * CELL))))
        layer.dataProvider().addFeature(feature)
    return layer


def _values(text, layer):
    """Return the values of an expression over a layer, and the first error."""
    expression = QgsExpression(text)
    assert not expression.hasParserError(), expression.parserErrorString()
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    expression.prepare(context)
    values = []
    for feature in layer.getFeatures():
        context.setFeature(feature)
        values.append(expression.evaluate(context))
        if expression.hasEvalError():
            return values, expression.evalErrorString()
    return values, ""


def test_scores_and_indicators_at_points_in_another_coordinate_system(shown, points):
    assert _values("gpn_score('Carex firma')", points) == ([pytest.approx(0.75), pytest.approx(0.75), None, None], "")
    assert _values(f"gpn_score('{SPECIES[0].upper()}')", points)[0][:2] == pytest.approx([0.25, 0.25])
    assert _values("gpn_indicator('richness')", points)[0] == [
        *(pytest.approx(RICHNESS[row, col]) for col, row in PLACES[:3]), None]
    assert _values("gpn_indicator('Species richness')", points)[0][0] == pytest.approx(RICHNESS[2, 3])


def test_the_field_calculator_fills_a_column(shown, points):
    found = processing.run("native:fieldcalculator", {
        "INPUT": points, "FIELD_NAME": "score", "FIELD_TYPE": 0, "FIELD_LENGTH": 0, "FIELD_PRECISION": 0,
        "FORMULA": "gpn_score('Fraxinus ornus')", "OUTPUT": "memory:"})["OUTPUT"]
    values = [feature["score"] for feature in found.getFeatures()]
    assert values[:2] == pytest.approx([0.5, 0.5]) and all(not value for value in values[2:])


def test_attributes_are_edited_with_it(shown, points):
    expression = QgsExpression("gpn_indicator('richness') > 1")
    assert expression.needsGeometry()
    points.setSubsetString("")
    assert _values("gpn_indicator('richness') > 1", points)[0][:2] == [
        int(RICHNESS[row, col] > 1) for col, row in PLACES[:2]]


@pytest.mark.parametrize(("text", "sentence"), [
    ("gpn_score('Nonsense plant')", "is not in this assessment"),
    ("gpn_indicator('beauty')", "It has: richness, habitat"),
    ("gpn_score('Salix alba', 'nowhere')", "There is no assessment “nowhere”"),
])
def test_wrong_questions_get_a_sentence(shown, points, text, sentence):
    values, error = _values(text, points)
    assert values == [None] and sentence in error


def test_several_assessments_are_told_apart(shown, points, tmp_path):
    other = write_assessment(tmp_path / "other")
    shutil.copy(other / "indicators" / "habitat.tif", other / "indicators" / "richness.tif")
    show_in_project(other)
    values, error = _values("gpn_indicator('richness')", points)
    assert values == [None] and "name one of assessment, other" in error
    first = _values("gpn_indicator('richness', 'assessment')", points)[0]
    assert first[0] == RICHNESS[2, 3] and _values("gpn_indicator('richness', 'other')", points)[0][0] in (0, 1)


def test_a_folder_that_is_not_in_the_project(plugin, qgis_new_project, points, assessment_folder):
    assert _values("gpn_score('Carex firma')", points)[1].startswith("The project shows no assessment")
    assert _values(f"gpn_score('Carex firma', '{assessment_folder}')", points)[0][0] == pytest.approx(0.75)


def test_unloading_takes_the_functions_away(qgis_processing, qgis_new_project):
    from geoplantnet_plugin.plugin import GeoPlantNetPlugin

    for _ in range(3):
        loaded = GeoPlantNetPlugin(None)
        loaded.initProcessing()
        assert QgsExpression.isFunctionName("gpn_score")
        assert "Salix alba" in next(function.helpText() for function in QgsExpression.Functions()
                                    if function.name() == "gpn_score")
        loaded.unload()
        assert not QgsExpression.isFunctionName("gpn_score") and not QgsExpression.isFunctionName("gpn_indicator")
