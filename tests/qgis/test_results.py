"""The results with real clicks: species, parts of the area, layers, tables for spreadsheets."""

import csv
import shutil
from dataclasses import replace

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsLayerTreeModel,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsLayerTreeView
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QColor, QGuiApplication
from qgis.PyQt.QtWidgets import QPushButton
from samples import CELL, HABITAT, LEFT, RICHNESS, SPECIES, TOP, change_manifest, show_in_project

from geoplantnet_plugin.bridge.settings import PluginSettings
from geoplantnet_plugin.gui.results_panel import ResultsPanel
from geoplantnet_plugin.gui.species_columns import prepared
from geoplantnet_plugin.gui.species_filters import filters
from geoplantnet_plugin.gui.species_model import ROW_ROLE
from geoplantnet_plugin.gui.table_export import tab_separated, write_csv
from geoplantnet_plugin.layers.coverage import CoverageRow
from geoplantnet_plugin.layers.manifest import read_assessment
from geoplantnet_plugin.layers.statistics import Statistics

COLUMNS = range(11)
NAME, EXPECTED, INTERVAL, CELLS, IUCN, TREE, INVASIVE, DIRECTIVE, ENDEMIC, COMMON, FAMILY = COLUMNS
ROW = CoverageRow("0", "", "Family", "", "", None, None, "", None, None, None, None, 0.0, 0.0, 0.0)


@pytest.fixture
def panel(plugin, qgis_iface, qgis_new_project, qtbot):
    qgis_iface.mapCanvas().setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3035"))
    made = ResultsPanel(qgis_iface)
    qtbot.addWidget(made)
    made.resize(700, 700)
    made.tabs.setCurrentWidget(made.species)
    made.show()
    yield made
    made.shut_down()


@pytest.fixture
def results(panel, assessment_folder, qtbot):
    _open(panel, assessment_folder, qtbot)
    return panel


@pytest.fixture
def canvas(results, qgis_iface, qtbot):
    canvas = qgis_iface.mapCanvas()
    canvas.setExtent(QgsRectangle(LEFT, TOP - 600, LEFT + 600, TOP))
    canvas.parentWidget().show()
    qtbot.waitExposed(canvas)
    return canvas


def _open(panel, folder, qtbot):
    """Add an assessment to the project and wait until its species are listed."""
    with qtbot.waitSignal(panel.species.work.done, timeout=120_000):
        show_in_project(folder)
    qtbot.waitUntil(lambda: panel.tabs.is_filled)


def _click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def _click_row(table, qtbot, row, column=0):
    position = table.visualRect(table.model().index(row, column)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=position)


def _click_map(canvas, qtbot, x, y, button=Qt.MouseButton.LeftButton):
    position = canvas.getCoordinateTransform().transform(x, y).toQPointF().toPoint()
    qtbot.mouseClick(canvas.viewport(), button, pos=position)


def _names(table):
    return [table.model().index(row, 0).data() for row in range(table.model().rowCount())]


def _shown():
    return [layer.name() for layer in QgsProject.instance().layerTreeRoot().checkedLayers()]


class TestSummary:
    def test_verdicts_come_first_with_their_figures_and_what_helps(self, results, qtbot, monkeypatch):
        results.tabs.setCurrentIndex(0)
        summary = results.summary
        assert summary.isVisible()
        text = summary.text.toPlainText()
        assert "● Species" in text and "3 of the 3 taxa that the model knows are predicted" in text
        for part in ("Taxa that a cell is expected to hold", "12.3 taxa", "10.0 – 15.0",
                     "Test <model> 1, as of 2026-11-24", "○ Habitat", "No verdict on <habitats>.",
                     "Import what threat needs."):
            assert part in text
        opened = []
        monkeypatch.setattr("processing.execAlgorithmDialog", lambda id, values: opened.append(id))
        _click(qtbot, summary.import_button)
        assert opened == ["geoplantnet:importtaxa"]

    def test_an_assessment_without_verdicts_says_where_they_are(self, panel, assessment_folder, qtbot):
        change_manifest(assessment_folder, verdicts=[])
        _open(panel, assessment_folder, qtbot)
        assert "Its report has them" in panel.summary.text.toPlainText()
        assert panel.summary.import_button.isHidden()


class TestSpecies:
    def test_the_open_assessment_is_shown_with_its_species(self, results):
        assert results.assessments.count() == 1 and "Simulated" in results.about.text()
        assert _names(results.species.table) == list(SPECIES)

    def test_columns_that_say_nothing_are_hidden(self, panel, assessment_folder, qtbot):
        path = assessment_folder / "coverage.csv"
        path.write_text(path.read_text().replace("Annex II", "no").replace("White willow", ""))
        _open(panel, assessment_folder, qtbot)
        assert [column for column in COLUMNS if panel.species.table.isColumnHidden(column)] == [
            EXPECTED, INTERVAL, INVASIVE, DIRECTIVE, COMMON]

    def test_further_columns_of_the_table_are_shown(self, panel, assessment_folder, qtbot):
        path = assessment_folder / "coverage.csv"
        lines = path.read_text().splitlines()
        path.write_text("\n".join([f"{lines[0]},My list", *(f"{line},{n}" for n, line in enumerate(lines[1:]))]))
        _open(panel, assessment_folder, qtbot)
        model = panel.species.model
        assert model.headerData(len(COLUMNS), Qt.Orientation.Horizontal) == "My list"
        assert [model.index(row, len(COLUMNS)).data() for row in range(3)] == ["0", "1", "2"]

    def test_further_columns_sort_numbers_by_size_and_unknown_last(self, panel):
        panel.species.model.show_rows(prepared([replace(ROW, id=text, name=text or "-", others=(("My list", text),))
                                       for text in ("9", "10", "", "b", "A")]))
        panel.species.table.sortByColumn(len(COLUMNS), Qt.SortOrder.DescendingOrder)
        assert _names(panel.species.table) == ["10", "9", "b", "A", "-"]

    def test_columns_of_a_status_say_as_of_when(self):
        rows = [replace(ROW, id=year, others=(("Lists as of", f"Invasive: {year}; EU directive: 2025"),))
                for year in ("2023", "2022")]
        tips = {column.title: column.tip for column in prepared(rows).columns}
        assert tips["Invasive"].endswith("; as of 2022, 2023") and tips["EU directive"].endswith("; as of 2025")
        assert "as of" not in tips["IUCN"]
        invasive = next(chosen for chosen in filters() if chosen.heading == "Invasive")
        assert prepared(rows).tallies[invasive.title].tip.endswith("Lists as of 2022, 2023.")

    def test_a_share_that_is_not_nothing_is_never_shown_as_nothing(self, panel):
        panel.species.model.show_rows(prepared([replace(ROW, id=str(share), name="s", coverage=share)
                                       for share in (0.0, 0.04, 0.06, 12.34)]))
        panel.species.table.sortByColumn(CELLS, Qt.SortOrder.AscendingOrder)
        model = panel.species.model
        assert [model.index(row, CELLS).data() for row in range(4)] == ["0.0", "< 0.1", "0.1", "12.3"]

    def test_the_name_stays_in_sight_and_columns_are_chosen_and_remembered(self, results, qtbot):
        species = results.species
        names = species.table.names
        species.table.horizontalScrollBar().setValue(species.table.horizontalScrollBar().maximum())
        assert names.isVisible() and names.x() == species.table.frameWidth()
        assert names.width() == species.table.columnWidth(NAME)
        _click_row(names, qtbot, 1)
        assert species.bar.layer().name() == SPECIES[1] == species.table.currentIndex().data(ROW_ROLE).name
        species.table.offer_columns(QPoint(2, 2))
        (action,) = [entry for entry in species.table.columns_menu.actions() if entry.text() == "Family"]
        action.trigger()
        species.table.columns_menu.close()
        assert species.table.isColumnHidden(FAMILY)
        species._show_rows(species._rows)
        assert species.table.isColumnHidden(FAMILY), "remembered"
        species.table.choose_column(FAMILY, True)
        assert not species.table.isColumnHidden(FAMILY)

    def test_icons_stand_for_yes_alone(self, results):
        model = results.species.model
        with_icon = {(row, column) for row in range(3) for column in COLUMNS
                     if model.index(row, column).data(Qt.ItemDataRole.DecorationRole)}
        assert with_icon == {(0, TREE), (1, TREE), (2, DIRECTIVE), (2, ENDEMIC)}
        tips = [model.index(row, ENDEMIC).data(Qt.ItemDataRole.ToolTipRole) for row in range(3)]
        assert tips == ["Endemic: unknown", "Endemic: no", "Endemic: yes"]
        for column in (TREE, INVASIVE, DIRECTIVE, ENDEMIC):
            icon = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DecorationRole)
            assert not icon.pixmap(16, 16).toImage().allGray()

    def test_the_badge_has_the_official_colour(self, results, qtbot):
        table = results.species.table
        rect = table.visualRect(table.model().index(2, IUCN))
        image = table.viewport().grab(rect).toImage()
        colors = {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}
        assert "#f9e814" in colors, "VU is yellow on the Red List"
        assert "#f9e814" not in {QColor(table.viewport().grab(table.visualRect(table.model().index(1, IUCN))).toImage()
                                        .pixel(x, 8)).name() for x in range(20)}

    def test_search_sort_and_filter(self, results, qtbot):
        species = results.species
        qtbot.keyClicks(species.search, "olea")
        assert _names(species.table) == [SPECIES[1]] and species.count.text() == "1 of 3 species"
        species.search.clear()
        header = species.table.horizontalHeader()
        for column, first in ((NAME, SPECIES[2]), (TREE, SPECIES[2]), (IUCN, SPECIES[2])):
            qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton,
                             pos=QPoint(header.sectionViewportPosition(column) + 12, header.height() // 2))
            assert header.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            assert _names(species.table)[0] == first
        for name in ("Threatened (VU, EN, CR)", "EU Habitats Directive"):
            species.filter.setCurrentIndex(species.filter.findText(name, Qt.MatchFlag.MatchStartsWith))
            assert _names(species.table) == [SPECIES[2]], "what is unknown or looked up and not listed is not shown"

    def test_filters_show_counts_and_say_why_nothing_is_left(self, results, qtbot):
        species = results.species
        titles = [species.filter.itemText(index) for index in range(species.filter.count())]
        assert titles[1:4] == ["Trees (2)", "Threatened (VU, EN, CR) (1)", "EU Habitats Directive (1)"]
        species.filter.setCurrentIndex(species.filter.findText("Invasive", Qt.MatchFlag.MatchStartsWith))
        assert not species.model.rowCount() and species.count.text().startswith("None of ")
        species.model.show_rows(prepared([replace(row, iucn="") for row in species._rows.rows]))
        species.filter.setCurrentIndex(2)
        assert species.count.text().startswith("Status unknown for all 3: not “no”")
        species.filter.setCurrentIndex(0)
        qtbot.keyClicks(species.search, "nothing like it")
        assert species.count.text() == "No species matches the search."

    def test_every_filter_says_why_it_leaves_nothing(self, results, qtbot):
        species = results.species
        nothing = {"iucn": "", "tree": None, "invasive": None, "eu_directive": "", "endemic": None}
        known = {"iucn": "LC", "tree": False, "invasive": False, "eu_directive": "no", "endemic": False}
        for values, said in ((nothing, "Status unknown for all 3: not “no”"),
                             (known, "None of 3 with a known status; unknown for 0.")):
            species._show_rows(prepared([replace(row, **values) for row in species._rows.rows]))
            species.filter.setFocus()
            for index in range(1, species.filter.count()):
                qtbot.keyClick(species.filter, Qt.Key.Key_Down)
                assert species.filter.currentIndex() == index and species.count.text().startswith(said)
                assert species.filter.itemText(index).endswith("(0)")
                assert species.filter.itemData(index, Qt.ItemDataRole.ToolTipRole).startswith(said)
            qtbot.keyClick(species.filter, Qt.Key.Key_Home)

    def test_what_is_highlighted_is_what_is_mapped(self, results, qtbot):
        species, table = results.species, results.species.table
        _click_row(table, qtbot, 0)
        qtbot.keyClick(table, Qt.Key.Key_Down)
        qtbot.waitUntil(lambda: species.bar.layer() is not None and species.bar.layer().name() == SPECIES[1])
        assert _shown() == ["Area", SPECIES[1]] and table.currentIndex().row() == 1
        table.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
        assert table.currentIndex().data(ROW_ROLE).name == SPECIES[1] == species.bar.layer().name()
        qtbot.keyClicks(species.search, "salix")
        qtbot.keyClick(species.search, Qt.Key.Key_Return)
        assert species.bar.layer().name() == SPECIES[0] == table.currentIndex().data(ROW_ROLE).name

    def test_the_tab_key_passes_through_and_maps_nothing(self, results, qtbot):
        species = results.species
        species.table.setFocus(Qt.FocusReason.TabFocusReason)
        assert species.table.currentIndex().row() == 0
        qtbot.keyClick(species.table, Qt.Key.Key_Tab)
        assert not species._settling.isActive() and species.table.currentIndex().row() == 0
        qtbot.keyClick(species.table, Qt.Key.Key_Return)
        assert species.bar.species.name == SPECIES[0] and species.table.selectionModel().hasSelection()

    def test_the_card_tells_statuses_with_their_source_and_opens_nothing_by_itself(self, results, qtbot, monkeypatch):
        opened = []
        monkeypatch.setattr("geoplantnet_plugin.gui.card_page.QDesktopServices.openUrl",
                            lambda url: opened.append(bytes(url.toEncoded()).decode()))
        _click_row(results.species.table, qtbot, 2)
        _click(qtbot, results.species.card_button)
        card = results.card
        assert card.isVisible() and SPECIES[2] in card.text.text()
        assert "Habitats &lt;Directive&gt;" in card.statuses.text() and "EU, a table, 2020" in card.statuses.text()
        assert not opened
        (button,) = [entry for entry in card.findChildren(QPushButton) if entry.text() == "POWO"]
        _click(qtbot, button)
        assert opened == ["https://powo.science.kew.org/results?q=Carex%20firma%20Host"]
        results.tabs.setCurrentWidget(results.species)
        _click_row(results.species.table, qtbot, 0)
        _click(qtbot, results.species.card_button)
        assert "No list speaks of this species: unknown, not “no”." in card.statuses.text()

    def test_the_card_of_a_part_speaks_of_the_part(self, results, qtbot):
        bar = results.species.subarea
        with qtbot.waitSignal(bar.computed, timeout=120_000):
            bar.use_polygons("a corner", [_square(3, 2)], QgsCoordinateReferenceSystem("EPSG:3035"))
        _click_row(results.species.table, qtbot, 0)
        _click(qtbot, results.species.card_button)
        text = results.card.text.text()
        assert "a corner" in text and "not stated for a part of the area" in text and "not calibrated" not in text

    def test_the_card_maps_the_species_and_another_assessment_takes_it_away(self, results, qtbot):
        _click_row(results.species.table, qtbot, 2)
        _click(qtbot, results.species.card_button)
        thumbnail = results.card.map
        qtbot.waitUntil(lambda: not thumbnail.busy, timeout=120_000)
        picture = thumbnail.pixmap().toImage()
        colours = {picture.pixel(x, picture.height() // 2) for x in range(picture.width())}
        assert len(colours) > 1, "the cells have another colour than what lies around"
        layer = results.species.bar.layer()
        for _ in range(5):  # what is still drawn is given up for what is next, and when the page goes
            thumbnail.draw([layer], layer.extent(), layer.crs())
        QgsProject.instance().removeAllMapLayers()
        assert not results.card.look.isVisible() and "Highlight a species" in results.card.text.text()

    def test_ten_thousand_species_are_found(self, panel):
        tab = panel.species
        tab.model.show_rows(prepared([replace(ROW, id=str(n), name=f"Species {n:05d}", coverage=n / 100)
                             for n in range(10_000)]))
        assert _names(tab.table)[0] == "Species 09999"
        tab.search.setText("species 0012")
        assert _names(tab.table) == [name for name in (f"Species {n:05d}" for n in range(9999, -1, -1))
                                     if "0012" in name]

    def test_removing_its_layers_closes_the_assessment(self, results):
        QgsProject.instance().removeAllMapLayers()
        assert results.assessments.count() == 0 and results.species.model.rowCount() == 0


class TestRecent:
    def test_what_was_opened_last_is_offered_while_it_is_there(self, results, assessment_folder):
        results.open_button.recent.aboutToShow.emit()
        assert results.open_button.recent.actions()[0].text() == assessment_folder.name
        settings = PluginSettings.load()
        settings.remember(str(assessment_folder / "gone"))
        assert settings.recent_folders()[0] == str(assessment_folder.resolve())


class TestForward:
    def test_the_chosen_assessment_is_unfolded_and_zoomed_to_and_the_older_one_folded(
            self, results, qgis_iface, assessment_folder, tmp_path, qtbot, monkeypatch):
        view = QgsLayerTreeView()
        qtbot.addWidget(view)
        view.setModel(QgsLayerTreeModel(QgsProject.instance().layerTreeRoot(), view))
        monkeypatch.setattr(qgis_iface, "layerTreeView", lambda: view, raising=False)
        older = QgsProject.instance().layerTreeRoot().findGroups()[0]
        view.setExpanded(view.node2index(older), True)
        copy = tmp_path / "newer"
        shutil.copytree(assessment_folder, copy)
        with qtbot.waitSignal(results.species.work.done, timeout=120_000):
            show_in_project(copy)
            results.open_folder(str(copy))
        qgis_iface.mapCanvas().setExtent(QgsRectangle(0, 0, 1, 1))
        _click(qtbot, results.zoom_button)
        newer = QgsProject.instance().layerTreeRoot().findGroups()[0]
        assert newer is not older and view.isExpanded(view.node2index(newer))
        assert not older.isExpanded()
        assert qgis_iface.mapCanvas().extent().contains(QgsPointXY(LEFT + 100, TOP - 100))


class TestSpeciesLayer:
    def test_a_click_shows_the_species_and_the_slider_its_opacity(self, results, qtbot):
        bar = results.species.bar
        assert not bar.opacity.isEnabled() and not bar.presence.isEnabled()
        _click_row(results.species.table, qtbot, 2)
        layer = results.species.bar.layer()
        assert layer.name() == SPECIES[2] and _shown() == ["Area", SPECIES[2]]
        qtbot.mouseClick(bar.opacity, Qt.MouseButton.LeftButton, pos=QPoint(2, bar.opacity.height() // 2))
        bar.opacity.setValue(40)
        assert layer.renderer().opacity() == pytest.approx(0.4)
        _click_row(results.species.table, qtbot, 0)
        _click_row(results.species.table, qtbot, 2)
        assert results.species.bar.layer() is layer and bar.opacity.value() == 40

    def test_a_species_without_a_layer_gets_one(self, results, qtbot):
        (layer,) = QgsProject.instance().mapLayersByName(SPECIES[1])
        QgsProject.instance().removeMapLayer(layer)
        _click_row(results.species.table, qtbot, 1)
        node = QgsProject.instance().layerTreeRoot().findLayer(results.species.bar.layer())
        assert node.name() == SPECIES[1] and node.isExpanded() and node.parent().isExpanded(), "its legend is in sight"

    def test_presence_is_a_layer_of_its_own_that_names_its_threshold(self, results, qtbot):
        bar = results.species.bar
        _click_row(results.species.table, qtbot, 2)
        score = results.species.bar.layer()
        _click(qtbot, bar.presence)
        layer = results.species.bar.layer()
        assert layer is not score and bar.threshold.value() == 0.5, "λ of the set rule"
        assert layer.name() == f"{SPECIES[2]}: score above 0.5" and _shown() == ["Area", layer.name()]
        assert "above 0.5" in layer.metadata().abstract()
        bar.threshold.setValue(0.8)
        assert results.species.bar.layer() is layer and layer.name() == f"{SPECIES[2]}: score above 0.8"
        _click(qtbot, bar.score)
        assert results.species.bar.layer() is score and _shown() == ["Area", SPECIES[2]]
        assert not bar.threshold.isEnabled()

    def test_presence_has_two_colours_and_the_threshold_itself_is_not_above(self, results, qtbot):
        _click_row(results.species.table, qtbot, 2)
        _click(qtbot, results.species.bar.presence)
        shader = results.species.bar.layer().renderer().shader().rasterShaderFunction()
        colors = [QColor(*shader.shade(value)[1:4]).name() for value in (0.1, 0.5, 0.5001, 0.99)]
        assert colors[0] == colors[1] != colors[2] == colors[3]

    def test_each_taxon_has_its_own_threshold_where_the_rule_says_so(self, results, qtbot, assessment_folder):
        from geoplantnet_plugin.layers.tables import threshold_of

        assessment = read_assessment(assessment_folder)
        each = replace(assessment, threshold=None)
        assert [threshold_of(each, species) for species in each.species] == pytest.approx([0.1, 0.2, 0.3])
        assert [threshold_of(assessment, species) for species in each.species] == [0.5] * 3

    def test_opacity_of_a_restyled_layer_survives_another_threshold(self, results, qtbot):
        bar = results.species.bar
        _click_row(results.species.table, qtbot, 2)
        _click(qtbot, bar.presence)
        bar.opacity.setValue(30)
        bar.threshold.setValue(0.6)
        assert results.species.bar.layer().renderer().opacity() == pytest.approx(0.3)


class TestSpreadsheets:
    def test_copy_takes_what_is_shown(self, results, qtbot):
        qtbot.keyClicks(results.species.search, "salix")
        _click(qtbot, results.species.copy_button)
        title, row = (line.split("\t") for line in QGuiApplication.clipboard().text().split("\n"))
        assert dict(zip(title, row)) == {
            "Species": SPECIES[0], "Expected (%)": "", "90 % interval": "", "In set (%)": "75.0", "IUCN": "LC",
            "Tree": "yes", "Invasive": "no",
            "EU directive": "no", "Endemic": "", "Common name": "White willow", "Family": "Salicaceae",
            "Mean score": "0.25", "Highest score": "0.25", "Score scale": "sigmoid",
            "Area": "Test valley (simulated data)"}

    def test_selected_rows_alone_are_copied(self, results, qtbot):
        _click_row(results.species.table, qtbot, 1)
        qtbot.keyClick(results.species.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert [line.split("\t")[0] for line in QGuiApplication.clipboard().text().split("\n")] == [
            "Species", SPECIES[1]]

    def test_export_writes_what_is_shown(self, results, qtbot, tmp_path, monkeypatch):
        path = tmp_path / "out.csv"
        monkeypatch.setattr("geoplantnet_plugin.gui.share_bar.QFileDialog.getSaveFileName",
                            lambda *_: (str(path), ""))
        _click(qtbot, results.species.share.export_button)
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["Species"] for row in rows] == list(SPECIES)
        assert path.read_bytes().startswith(b"\xef\xbb\xbf") and str(path) in results.species.count.text()

    def test_a_folder_that_cannot_be_written_gets_a_sentence(self, results, tmp_path):
        (tmp_path / "file").write_text("no folder")
        for folder in ("missing", "file"):
            results.species.export_to(tmp_path / folder / "out.csv")
            assert "could not be written" in results.species.count.text()

    @pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\t=1"])
    def test_formulas_become_text(self, tmp_path, text):
        write_csv(tmp_path / "a.csv", [[text, "-1.5", "plain"]])
        with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
            assert list(csv.reader(file)) == [[f"'{text}", "-1.5", "plain"]]
        assert not tab_separated([[text]]).startswith(("=", "+", "-", "@", "\t"))


def _square(col, row, width=1, height=1):
    """Return a polygon that covers exactly these cells."""
    return QgsGeometry.fromRect(QgsRectangle(LEFT + col * CELL, TOP - (row + height) * CELL,
                                             LEFT + (col + width) * CELL, TOP - row * CELL))


class TestPartOfTheArea:
    def test_a_polygon_drawn_with_the_mouse(self, results, canvas, qtbot):
        bar = results.species.subarea
        bar.menu.aboutToShow.emit()
        bar.menu.actions()[0].trigger()
        assert canvas.mapTool() is bar.tool
        with qtbot.waitSignal(bar.computed, timeout=120_000):
            for col, row in ((3.1, 2.1), (5.9, 2.1), (5.9, 3.9), (3.1, 3.9)):
                _click_map(canvas, qtbot, LEFT + col * CELL, TOP - row * CELL)
            _click_map(canvas, qtbot, LEFT + 3.1 * CELL, TOP - 3.9 * CELL, Qt.MouseButton.RightButton)
        # 3 × 2 cells; the second species is in two of them, the other two in one
        table = results.species.table
        rows = {table.model().index(row, NAME).data(): table.model().index(row, CELLS).data() for row in range(3)}
        assert rows == {SPECIES[1]: "33.3", SPECIES[0]: "16.7", SPECIES[2]: "16.7"}
        assert "Polygon drawn" in bar.title.text() and "6 cells" in bar.title.text()
        _click(qtbot, results.species.copy_button)
        assert QGuiApplication.clipboard().text().splitlines()[1].endswith("Polygon drawn")
        bar.menu.actions()[-1].trigger()
        assert _names(table) == list(SPECIES) and "Whole area" in bar.title.text()

    def test_selected_polygons_of_a_layer(self, results, qtbot):
        layer = QgsVectorLayer("Polygon?crs=EPSG:3035", "parcels", "memory")
        for geometry in (_square(4, 2), _square(5, 2), _square(0, 0, 2, 1)):
            feature = QgsFeature()
            feature.setGeometry(geometry)
            layer.dataProvider().addFeature(feature)
        QgsProject.instance().addMapLayer(layer)
        layer.selectByIds([1, 2])
        bar = results.species.subarea
        bar.menu.aboutToShow.emit()
        (action,) = [action for action in bar.menu.actions() if "parcels" in action.text()]
        with qtbot.waitSignal(bar.computed, timeout=120_000):
            action.trigger()
        assert _names(results.species.table) == [SPECIES[1]]
        row = results.species.model.rows()[0]
        assert (row.coverage, row.mean_score, row.max_score) == pytest.approx((100.0, 0.55, 0.6))
        layer.selectByIds([3])
        with qtbot.waitSignal(bar.computed, timeout=120_000) as computed:
            action.trigger()
        assert computed.args[0].cells == 1, "the upper left cell has no scores"

    def test_outside_gets_a_sentence(self, results, qtbot):
        bar = results.species.subarea
        with qtbot.waitSignal(bar.work.failed, timeout=120_000):
            bar.use_polygons("far away", [_square(100, 100)], QgsCoordinateReferenceSystem("EPSG:3035"))
        assert "holds no assessed cell" in bar.title.text()


class TestIndicatorsAndPoint:
    def test_a_click_shows_an_indicator_with_its_definition(self, results, qtbot):
        results.tabs.setCurrentWidget(results.indicators)
        widget = results.indicators.list
        qtbot.mouseClick(widget.viewport(), Qt.MouseButton.LeftButton,
                         pos=widget.visualItemRect(widget.item(1)).center())
        assert results.indicators.definition.text() == "Type."
        (layer,) = QgsProject.instance().mapLayersByName("Habitat")
        results.indicators.opacity.setValue(35)
        assert layer.renderer().opacity() == pytest.approx(0.35)
        results.indicators.list.itemClicked.emit(widget.item(0))
        assert results.indicators.opacity.value() == 100 and layer.renderer().opacity() == pytest.approx(0.35)
        results.indicators.list.itemClicked.emit(widget.item(1))
        assert results.indicators.opacity.value() == 35
        assert [shown.name() for shown in QgsProject.instance().layerTreeRoot().checkedLayers()] == ["Area", "Habitat"]

    def test_a_page_that_comes_to_the_front_highlights_what_is_mapped_or_maps_what_is_highlighted(self, results, qtbot):
        species, indicators = results.species, results.indicators
        results.tabs.setCurrentWidget(indicators)
        assert indicators.list.currentItem().text().startswith(_shown()[-1]), "opened with it on the map"
        results.tabs.setCurrentWidget(species)
        _click_row(species.table, qtbot, 1)
        results.tabs.setCurrentWidget(indicators)
        assert indicators.list.currentItem().text().startswith(_shown()[-1])
        results.tabs.setCurrentWidget(species)
        qtbot.waitUntil(lambda: _shown() == ["Area", species.bar.species.name])
        species.bar.layer().setName("put away")
        QgsProject.instance().layerTreeRoot().findLayer(species.bar.layer()).setItemVisibilityChecked(False)
        _click_row(species.table, qtbot, 1)
        assert _shown() == ["Area", "put away"]

    def test_values_are_told_and_colours_stretched_and_back(self, results, qtbot):
        tab = results.indicators
        results.tabs.setCurrentWidget(tab)
        with qtbot.waitSignal(tab.work.done, timeout=120_000):
            qtbot.mouseClick(tab.list.viewport(), Qt.MouseButton.LeftButton,
                             pos=tab.list.visualItemRect(tab.list.item(0)).center())
        assert tab.values.text.text() == f"Mean {RICHNESS.mean():.4g}, from 0 to 3 in {RICHNESS.size} cells."
        (layer,) = QgsProject.instance().mapLayersByName("Species richness (species)")
        fixed = layer.renderer().classificationMax()
        _click(qtbot, tab.stretch)
        assert (layer.renderer().classificationMin(), layer.renderer().classificationMax()) == (0, 3) != (0, fixed)
        assert tab.values.legend.accessibleDescription() == "0.00 – 3.00"
        tab.list.itemClicked.emit(tab.list.item(1))
        tab.list.itemClicked.emit(tab.list.item(0))
        assert tab.stretch.isChecked(), "the button tells how the layer is drawn"
        qtbot.waitUntil(tab.stretch.isEnabled, timeout=120_000)
        _click(qtbot, tab.stretch)
        assert layer.renderer().classificationMax() == fixed

    def test_classes_are_told_with_their_colours_and_shares(self, results, qtbot):
        tab = results.indicators
        results.tabs.setCurrentWidget(tab)
        with qtbot.waitSignal(tab.work.done, timeout=120_000):
            qtbot.mouseClick(tab.list.viewport(), Qt.MouseButton.LeftButton,
                             pos=tab.list.visualItemRect(tab.list.item(1)).center())
        assert tab.values.legend.accessibleDescription() == "Meadow: 50.0 %; Wood: 50.0 %"
        image = tab.values.legend.grab().toImage()
        assert QColor(image.pixel(5, image.height() // 4)).name() == "#ffcc00"

    def test_an_indicator_that_is_absent_says_why_and_what_to_do(self, results, qtbot, assessment_folder, monkeypatch):
        change_manifest(assessment_folder, absent=[{"id": "endangered", "title": "Threatened species", "reason":
                                                    "Unknown for all: import a Red List.", "messages": {}}])
        tab = results.indicators
        tab.show_assessment(read_assessment(assessment_folder))
        results.tabs.setCurrentWidget(tab)
        item = tab.list.item(tab.list.count() - 1)
        assert item.text() == "Threatened species: not assessed"
        qtbot.mouseClick(tab.list.viewport(), Qt.MouseButton.LeftButton, pos=tab.list.visualItemRect(item).center())
        assert tab.definition.text() == "Unknown for all: import a Red List." and not tab.opacity.isEnabled()
        opened = []
        monkeypatch.setattr("processing.execAlgorithmDialog", lambda id, values: opened.append(id))
        _click(qtbot, tab.import_button)
        assert opened == ["geoplantnet:importtaxa"]
        tab.list.itemClicked.emit(tab.list.item(0))
        assert not tab.import_button.isVisible()

    def test_the_value_of_a_constant_layer_is_told_instead_of_stretched(self, results, qtbot, tmp_path):
        tab = results.indicators
        tab._tell(Statistics(95, 50.0, 50.0, 50.0, (49.5, 50.5), (95,)))
        assert tab.values.text.text() == "All 95 cells have the same value, 50: the map shows one colour."
        assert not tab.stretch.isEnabled()

    def test_a_click_on_the_map_shows_the_cell(self, results, canvas, qtbot):
        results.tabs.setCurrentWidget(results.point)
        _click(qtbot, results.point.button)
        assert results.point.button.isChecked()
        branches = _pick(results, canvas, qtbot, 3, 2)
        assert branches["Species predicted present: 2"] == {SPECIES[2]: "0.750", SPECIES[0]: "0.250"}
        assert branches["Indicators"] == {"Species richness (species)": f"{RICHNESS[2, 3]:g}",
                                          "Habitat": "Wood" if HABITAT[2, 3] else "Meadow"}
        assert branches["Not predicted present, highest scores"] == {SPECIES[1]: "0.500"}
        _click(qtbot, results.point.copy_button)
        assert QGuiApplication.clipboard().text().splitlines() == [
            "Group\tIn this cell\tValue",
            *(f"{group}\t{name}\t{text}" for group, rows in branches.items() for name, text in rows.items())]

    def test_predictors_are_read_where_they_lie_and_missing_files_are_told(
            self, results, canvas, qtbot, assessment_folder, tmp_path):
        predictor = tmp_path / "dem.tif"
        shutil.copy(assessment_folder / "indicators" / "richness.tif", predictor)
        change_manifest(assessment_folder, predictors=[
            {"name": "dem", "source": str(predictor), "band": 1, "crs": "EPSG:3035", "unit": "m"},
            {"name": "gone", "source": str(tmp_path / "gone.tif"), "band": 1, "crs": "EPSG:3035", "unit": ""}])
        results.point.show_assessment(read_assessment(assessment_folder))
        values = _pick(results, canvas, qtbot, 5, 4)["Predictors, from their source"]
        assert values == {"dem (m)": f"{RICHNESS[4, 5]:g}", "gone": f"source not found: {tmp_path / 'gone.tif'}"}

    def test_a_cell_outside_the_domain_is_told(self, results, canvas, qtbot, assessment_folder):
        """The habitat raster (0 and 1 in turn) stands for a domain; its class 1 is renamed to *outside*, 2."""
        from osgeo import gdal

        (assessment_folder / "quality").mkdir()
        shutil.copy(assessment_folder / "indicators" / "habitat.tif", assessment_folder / "quality" / "domain.tif")
        dataset = gdal.Open(str(assessment_folder / "quality" / "domain.tif"), gdal.GA_Update)
        dataset.GetRasterBand(1).WriteArray(HABITAT * 2)
        dataset = None
        change_manifest(assessment_folder, quality=[
            {"id": "domain", "title": "Domain", "definition": "", "unit": "", "kind": "class", "bounds": [0, 2],
             "file": "quality/domain.tif", "classes": [{"value": 0, "label": "inside"}, {"value": 2, "label": "out"}]}])
        results.point.show_assessment(read_assessment(assessment_folder))
        for col in (2, 3):
            branches = _pick(results, canvas, qtbot, col, 2)
            assert branches["The cell itself"] == {"Domain": "out" if HABITAT[2, col] else "inside"}
            assert ("outside the conditions" in results.point.message.text()) == bool(HABITAT[2, col])

    def test_outside_the_grid_there_is_no_cell(self, results, canvas, qtbot):
        with qtbot.waitSignal(results.point.work.done, timeout=120_000):
            results.point.tool.canvasClicked.emit(QgsPointXY(0, 0), Qt.MouseButton.LeftButton)
        assert "outside the assessment" in results.point.message.text()


def _pick(results, canvas, qtbot, col, row):
    """Click on a cell and return what is said of it."""
    canvas.setMapTool(results.point.tool)
    with qtbot.waitSignal(results.point.work.done, timeout=120_000):
        _click_map(canvas, qtbot, LEFT + (col + 0.5) * CELL, TOP - (row + 0.5) * CELL)
    tree = results.point.tree
    branches = [tree.topLevelItem(number) for number in range(tree.topLevelItemCount())]
    return {branch.text(0): {branch.child(row).text(0): branch.child(row).text(1)
                             for row in range(branch.childCount())} for branch in branches}
