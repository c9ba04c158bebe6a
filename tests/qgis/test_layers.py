"""An assessment folder becomes named, styled, described layers and a project that can be moved."""

import json
import shutil

import pytest
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsLayerTreeModel,
    QgsPalettedRasterRenderer,
    QgsPointXY,
    QgsProject,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtCore import Qt
from samples import LEFT, SPECIES, TOP, change_manifest, show_in_project

from geoplantnet_plugin.layers.build import assessment_layers, species_layer
from geoplantnet_plugin.layers.coverage import read_coverage
from geoplantnet_plugin.layers.find import KIND
from geoplantnet_plugin.layers.manifest import NotAnAssessment, read_assessment
from geoplantnet_plugin.layers.project import write_project
from geoplantnet_plugin.layers.show import show_indicator, show_presence, show_species
from geoplantnet_plugin.layers.style import style_continuous
from geoplantnet_plugin.layers.tree import add_to_project


def _by_name(folder):
    return {placed.layer.name(): placed for placed in assessment_layers(read_assessment(folder))}


def test_indicator_legend_has_the_bounds_of_the_manifest(assessment_folder):
    layer = _by_name(assessment_folder)["Species richness (species)"].layer
    renderer = layer.renderer()
    assert isinstance(renderer, QgsSingleBandPseudoColorRenderer)
    assert (renderer.classificationMin(), renderer.classificationMax()) == (0, 40)
    items = renderer.shader().rasterShaderFunction().colorRampItemList()
    assert (items[0].value, items[-1].value, items[0].label, items[-1].label) == (0, 40, "0", "40")


def test_classes_have_their_labels_and_colours(assessment_folder):
    layer = _by_name(assessment_folder)["Habitat"].layer
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    assert [(entry.value, entry.label) for entry in renderer.classes()] == [(0, "Meadow"), (1, "Wood")]
    assert renderer.classes()[0].color.name() == "#ffcc00"


def test_species_layer_shows_its_own_band_in_score_units(assessment_folder):
    assessment = read_assessment(assessment_folder)
    for number, entry in enumerate(assessment.species, 1):
        layer = species_layer(assessment, entry)
        value, found = layer.dataProvider().sample(QgsPointXY(LEFT + 75, TOP - 75), number)
        assert found and value == pytest.approx(0.25 * number, abs=1e-4)
        assert layer.renderer().usesBands() == [number]
        assert (layer.renderer().classificationMin(), layer.renderer().classificationMax()) == (0, 1)
    _, found = layer.dataProvider().sample(QgsPointXY(LEFT + 25, TOP - 25), 3)
    assert not found


def test_layers_say_what_they_are(assessment_folder):
    layer = _by_name(assessment_folder)[SPECIES[0]].layer
    abstract = layer.metadata().abstract()
    for part in ("SIMULATED", "sigmoid", "score is above 0.5", "75.0 %", "Test model", "2026-11-24"):
        assert part in abstract
    assert layer.metadata().rights() == ["Somebody", "CC-BY-4.0"]
    assert "simulated" in layer.metadata().title()


def test_a_style_that_lies_beside_an_indicator_is_kept(assessment_folder):
    layer = _by_name(assessment_folder)["Species richness (species)"].layer
    layer.renderer().setOpacity(0.4)
    layer.saveNamedStyle(str(assessment_folder / "indicators" / "richness.qml"))
    again = _by_name(assessment_folder)["Species richness (species)"].layer
    assert again.renderer().opacity() == pytest.approx(0.4)


def test_the_project_holds_everything_and_can_be_moved(assessment_folder, tmp_path):
    write_project(read_assessment(assessment_folder))
    moved = tmp_path / "elsewhere" / "copy"
    moved.parent.mkdir()
    shutil.move(str(assessment_folder), str(moved))
    project = QgsProject()
    assert project.read(str(moved / "project.qgz"))
    layers = project.mapLayers().values()
    assert {layer.name() for layer in layers} == {
        "Area", "Species richness (species)", "Habitat", "Coverage (%)", *SPECIES}
    assert all(layer.isValid() and str(moved) in layer.source() for layer in layers)
    group = project.layerTreeRoot().children()[0]
    assert group.name() == "Test valley (simulated data)"
    assert [child.name() for child in group.children()] == [
        "Area", "Indicators (detail of 250 m)", "Species: score (sigmoid)", "Coverage (%)"]
    assert [layer.name() for layer in project.layerTreeRoot().checkedLayers()] == [
        "Area", "Species richness (species)"]
    assert project.crs().authid() == "EPSG:3035"
    assert project.readEntry("TitleLabel", "/Label")[0] == "Test valley (simulated data)"


def test_writing_a_project_leaves_the_open_one_alone(assessment_folder, qgis_new_project):
    write_project(read_assessment(assessment_folder))
    assert not QgsProject.instance().mapLayers()
    assert not QgsProject.instance().fileName()


@pytest.mark.parametrize(("change", "sentence"), [
    ({"schema": 99}, "newer version"),
    ({"schema": 1}, "earlier version"),
    ({"score_source": None}, "damaged"),
    ({"coverage": {"file": "../../etc/passwd"}}, "damaged"),
])
def test_bad_manifests_get_a_sentence(assessment_folder, change, sentence):
    change_manifest(assessment_folder, **change)
    with pytest.raises(NotAnAssessment, match=sentence):
        read_assessment(assessment_folder)


def test_a_folder_without_manifest_is_no_assessment(tmp_path):
    with pytest.raises(NotAnAssessment, match="not an assessment"):
        read_assessment(tmp_path)


def test_files_that_are_not_there_yet_are_left_out(assessment_folder):
    (assessment_folder / "species.tif").unlink()
    assert set(_by_name(assessment_folder)) == {"Area", "Species richness (species)", "Habitat", "Coverage (%)"}


def test_the_legend_tells_the_detail_where_cells_are_finer_than_the_data(assessment_folder):
    grid = json.loads((assessment_folder / "assessment.json").read_text())["grid"]
    assert _by_name(assessment_folder)["Habitat"].group == "Indicators (detail of 250 m)"
    change_manifest(assessment_folder, grid={**grid, "effective_resolution": 50.8})
    assert _by_name(assessment_folder)["Habitat"].group == "Indicators"


def test_quality_layers_have_a_group_of_their_own_and_say_what_they_mean(assessment_folder):
    shutil.copytree(assessment_folder / "indicators", assessment_folder / "quality")
    entry = {"id": "domain", "title": "Model's domain", "definition": "Beyond the plots or not.", "unit": "",
             "kind": "class", "file": "quality/habitat.tif", "bounds": [0, 0], "known": 0,
             "classes": [{"value": 0, "label": "inside"}, {"value": 1, "label": "outside"}]}
    change_manifest(assessment_folder, quality=[entry])
    placed = _by_name(assessment_folder)["Model's domain"]
    assert (placed.group, placed.visible) == ("Quality", False)
    assert [item.label for item in placed.layer.renderer().classes()] == ["inside", "outside"]
    assert "Beyond the plots or not." in placed.layer.metadata().abstract()


def test_layers_with_values_tell_them_as_map_tips(assessment_folder):
    layers = _by_name(assessment_folder)
    assert "ha" in layers["Area"].layer.mapTipTemplate()
    if Qgis.QGIS_VERSION_INT >= 33000:
        assert "raster_value(@layer_id, 2," in layers[SPECIES[1]].layer.mapTipTemplate()


def test_groups_without_a_visible_layer_are_folded(assessment_folder):
    project = QgsProject()
    group = add_to_project(project, "Title", assessment_layers(read_assessment(assessment_folder)))
    assert {child.name(): child.isExpanded() for child in group.findGroups()} == {
        "Indicators (detail of 250 m)": True, "Species: score (sigmoid)": False}


def test_a_person_s_style_survives_everything_that_shows_layers(assessment_folder, qgis_new_project):
    assessment, project = read_assessment(assessment_folder), QgsProject.instance()
    first, second = assessment.species[:2]
    styled = {show_species(project, assessment, first), show_presence(project, assessment, first),
              show_indicator(project, assessment, assessment.indicators[0])}
    for layer in styled:
        style_continuous(layer, 1, (0.2, 0.3), ("#ff0000", "#0000ff"))
        layer.setName("mine")
    show_species(project, assessment, second)
    shown = {show_species(project, assessment, first), show_presence(project, assessment, first),
             show_indicator(project, assessment, assessment.indicators[0])}
    assert shown == styled
    for layer in shown:
        assert layer.name() == "mine" and layer.renderer().classificationMax() == pytest.approx(0.3)


def test_common_names_are_those_of_the_language(assessment_folder, monkeypatch):
    assessment = read_assessment(assessment_folder)
    assert [row.common_name for row in read_coverage(assessment)] == ["White willow", "", ""]
    monkeypatch.setattr("geoplantnet_plugin.layers.coverage.language", lambda: "fr")
    assert [row.common_name for row in read_coverage(assessment)] == ["saule blanc", "", ""]


class TestReadableTables:
    """Legends and attribute tables say what they show, not how it is stored."""

    def test_legends_do_not_name_bands(self, assessment_folder, qgis_new_project):
        show_in_project(assessment_folder)
        root = QgsProject.instance().layerTreeRoot()
        model = QgsLayerTreeModel(root)
        lines = [line.data(Qt.ItemDataRole.DisplayRole) or "" for node in root.findLayers()
                 for line in model.layerLegendNodes(node)]
        assert lines and not any("Band" in line or "Gray" in line for line in lines)

    def test_columns_have_titles_and_decimals(self, assessment_folder, qgis_new_project):
        show_in_project(assessment_folder)
        (layer,) = [layer for layer in QgsProject.instance().mapLayers().values()
                    if layer.customProperty(KIND) == "coverage"]
        index = layer.fields().indexOf("coverage")
        assert layer.attributeAlias(index) == "In set (%)"
        setup = layer.editorWidgetSetup(index)
        shown = QgsApplication.fieldFormatterRegistry().fieldFormatter(setup.type()).representValue(
            layer, index, setup.config(), None, 12.34567)
        assert shown == "12.3"
        hidden = [column.name for column in layer.attributeTableConfig().columns() if column.hidden]
        assert hidden == ["fid"]
