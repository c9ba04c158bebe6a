"""An assessment of ranks within squares in the project and in the results: species alone, named as what they are."""

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QPoint, Qt
from samples import SPECIES, show_in_project, write_ranks

from geoplantnet_plugin.gui.results_panel import ResultsPanel
from geoplantnet_plugin.layers.find import find_species_layer
from geoplantnet_plugin.layers.project import write_project


@pytest.fixture
def results(plugin, qgis_iface, qgis_new_project, qtbot, tmp_path):
    assessment = show_in_project(write_ranks(tmp_path / "ranks"))
    panel = ResultsPanel(qgis_iface)
    qtbot.addWidget(panel)
    panel.show()
    yield panel, assessment
    panel.shut_down()


def test_layers_say_that_they_are_ranks(results):
    _, assessment = results
    layers = {layer.name(): layer for layer in QgsProject.instance().mapLayers().values()}
    assert set(layers) == {"Area", *SPECIES}
    groups = [group.name() for group in QgsProject.instance().layerTreeRoot().findGroups(True)]
    assert "Species: rank within squares of 10 km" in groups and not any("Indicators" in name for name in groups)
    abstract = layers[SPECIES[0]].metadata().abstract()
    assert "No chance" in abstract and "% of" not in abstract
    assert " ha" not in layers["Area"].metadata().abstract()
    assert write_project(assessment).is_file()


def test_the_results_offer_ranks_alone_and_a_click_maps_a_species(results, qtbot):
    panel, assessment = results
    visible = [panel.tabs.tabText(i) for i in range(panel.tabs.count()) if panel.tabs.isTabVisible(i)]
    assert visible == ["Summary", "Ranks", "Report"] and "No chances" in panel.about.text()
    table = panel.ranks.table
    assert [table.topLevelItem(row).text(0) for row in range(table.topLevelItemCount())] == list(SPECIES)
    assert (table.topLevelItem(0).text(2), table.topLevelItem(1).text(3)) == ("endemic", "within 30 km")
    qtbot.keyClicks(panel.ranks.search, "carex")
    assert [table.topLevelItem(row).isHidden() for row in range(3)] == [True, True, False]
    shown = table.topLevelItem(2)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton,
                     pos=table.visualItemRect(shown).topLeft() + QPoint(20, 5))
    assert _is_mapped(assessment, 3)
    panel.ranks.search.clear()
    qtbot.keyClick(table, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: _is_mapped(assessment, 2))  # what is highlighted is mapped, arrow keys too
    assert not _is_mapped(assessment, 3)


def _is_mapped(assessment, band):
    layer = find_species_layer(QgsProject.instance(), assessment, band)
    return QgsProject.instance().layerTreeRoot().findLayer(layer.id()).isVisible()
