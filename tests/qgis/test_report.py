"""The print layout, made from an assessment and exported; the report tab."""

from dataclasses import replace

import pytest
from qgis.core import (
    QgsLayoutExporter,
    QgsLayoutFrame,
    QgsLayoutItemAttributeTable,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsProject,
)
from qgis.PyQt.QtCore import Qt
from samples import SPECIES, show_in_project

from geoplantnet_plugin.gui.report_tab import ReportTab
from geoplantnet_plugin.layers.layout import make_layout


@pytest.fixture
def assessment(assessment_folder, qgis_new_project):
    return show_in_project(assessment_folder)


def _items(layout, kind):
    return [item for item in layout.items() if isinstance(item, kind)]


def test_the_layout_holds_what_a_map_needs(assessment):
    layout = make_layout(QgsProject.instance(), assessment)
    (map_,) = _items(layout, QgsLayoutItemMap)
    assert [layer.name() for layer in map_.layers()] == ["Area", "Species richness (species)"]
    assert map_.keepLayerSet() and map_.extent().contains(map_.layers()[0].extent())
    assert map_.crs().authid() == "EPSG:3035"
    (legend,) = _items(layout, QgsLayoutItemLegend)
    assert [node.name().replace("\n", " ") for node in legend.model().rootGroup().findLayers()] == [
        "Area", "Species richness (species)"]
    assert len(_items(layout, QgsLayoutItemScaleBar)) == len(_items(layout, QgsLayoutItemPicture)) == 1
    text = "\n".join(label.text() for label in _items(layout, QgsLayoutItemLabel))
    for part in ("simulated", "Predicted, not observed", "score is above 0.5", "Test model", "Somebody", "CC-BY-4.0",
                 "Species: 3 of the 3 taxa that the model knows are predicted", "Habitat: No verdict on <habitats>."):
        assert part in text


def test_the_table_is_a_table_item_with_all_taxa(assessment):
    layout = make_layout(QgsProject.instance(), assessment)
    (table,) = {frame.multiFrame() for frame in _items(layout, QgsLayoutFrame)}
    assert isinstance(table, QgsLayoutItemAttributeTable) and layout.pageCollection().pageCount() == 2
    table.refresh()
    assert [row[0] for row in table.contents()] == list(SPECIES)
    assert [row[3] for row in table.contents()] == ["75.0", "50.0", "25.0"]


def test_it_is_exported_and_shows_the_map(assessment, tmp_path):
    layout = make_layout(QgsProject.instance(), assessment)
    exporter = QgsLayoutExporter(layout)
    path = tmp_path / "layout.pdf"
    assert exporter.exportToPdf(str(path), QgsLayoutExporter.PdfExportSettings()) == (
        QgsLayoutExporter.ExportResult.Success)
    assert path.read_bytes().startswith(b"%PDF")
    image = exporter.renderPageToImage(0, dpi=50)
    (map_,) = _items(layout, QgsLayoutItemMap)
    scale = 50 / 25.4
    rect = map_.mapRectToScene(map_.rect())
    colors = {image.pixelColor(int(x * scale), int(y * scale)).name()
              for x in range(int(rect.left()) + 5, int(rect.right()) - 5, 3)
              for y in range(int(rect.top()) + 25, int(rect.bottom()) - 25, 3)}
    assert len(colors - {"#ffffff"}) >= 3, "the cells of the map have colours"


def test_a_second_layout_does_not_replace_the_first(assessment):
    project = QgsProject.instance()
    names = [make_layout(project, assessment).name() for _ in range(2)]
    assert names == ["Test valley (simulated data)", "Test valley (simulated data) 2"]
    assert {layout.name() for layout in project.layoutManager().layouts()} == set(names)


def test_long_verdicts_fit_the_page(assessment):
    sentence = "Arnica montana: 12.3 % (10.0 – 15.0), " * 22
    long = replace(assessment, verdicts=tuple(replace(verdict, sentences=(sentence,))
                                              for verdict in assessment.verdicts))
    for made, sizes in ((assessment, (9.0,)), (long, (7.0, 6.0))):
        layout = make_layout(QgsProject.instance(), made)
        (label,) = [item for item in _items(layout, QgsLayoutItemLabel) if item.text().startswith("Species: ")]
        assert label.font().pointSizeF() in sizes


class TestTab:
    @pytest.fixture
    def tab(self, plugin, assessment, qgis_iface, qtbot):
        made = ReportTab(qgis_iface)
        qtbot.addWidget(made)
        made.show_assessment(assessment)
        made.show()
        return made

    def test_the_layout_opens_in_the_designer(self, tab, qgis_iface, qtbot, monkeypatch):
        opened = []
        monkeypatch.setattr(qgis_iface, "openLayoutDesigner", opened.append, raising=False)
        qtbot.mouseClick(tab.layout_button, Qt.MouseButton.LeftButton)
        assert [layout.name() for layout in opened] == ["Test valley (simulated data)"]

    def test_only_what_is_there_can_be_opened(self, tab, assessment, qtbot, monkeypatch):
        assert not tab.html_button.isEnabled() and not tab.pdf_button.isEnabled()
        (assessment.folder / "report.html").write_text("<p>report</p>")
        tab.show_assessment(assessment)
        opened = []
        monkeypatch.setattr("geoplantnet_plugin.gui.report_tab.QDesktopServices.openUrl", opened.append)
        qtbot.mouseClick(tab.html_button, Qt.MouseButton.LeftButton)
        assert opened[0].toLocalFile() == str(assessment.folder / "report.html") and not tab.pdf_button.isEnabled()
        tab.show_assessment(None)
        assert not tab.make_button.isEnabled() and not tab.layout_button.isEnabled()
