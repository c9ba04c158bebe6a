"""Results: the species of the area; a click shows a species on the map."""

from __future__ import annotations

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QModelIndex, Qt
from qgis.PyQt.QtGui import QGuiApplication, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QShortcut,
    QSlider,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ..i18n import tr
from ..layers.coverage import read_coverage
from ..layers.find import find_species_layer
from ..layers.manifest import Assessment, SpeciesBand
from ..layers.show import show_species
from .species_model import ROW_ROLE, SpeciesModel, SpeciesProxy, filters


class SpeciesTab(QWidget):
    """Searchable, sortable, filterable; the opacity slider belongs to the species that was clicked last."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._iface = iface
        self._assessment: Assessment | None = None
        self._shown: SpeciesBand | None = None
        self.model = SpeciesModel(self)
        self.proxy = SpeciesProxy(self)
        self.proxy.setSourceModel(self.model)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search name or family"))
        self.search.setClearButtonEnabled(True)
        self.filter = QComboBox()
        for entry in filters():
            self.filter.addItem(entry.title, entry)
        self.table = self._make_table()
        self.count = QLabel()
        self.copy_button = QPushButton(tr("Copy"))
        self.copy_button.setToolTip(tr("Copy the selected rows, or all that are shown, for a spreadsheet"))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setAccessibleName(tr("Opacity of the species layer"))
        self.shown_name = QLabel()
        self._arrange()
        self._connect()
        self._show_layer(None)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Show the species of another assessment."""
        self._assessment = assessment
        self._show_layer(None)
        self.model.show_rows(read_coverage(assessment) if assessment else [])
        for column in range(self.model.columnCount()):
            self.table.setColumnHidden(column, self.model.is_blank(column))
        self._tell_count()

    def layer(self) -> QgsRasterLayer | None:
        """Return the layer of the species clicked last, if it is still in the project."""
        if self._assessment is None or self._shown is None:
            return None
        return find_species_layer(QgsProject.instance(), self._assessment, self._shown.band)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.proxy)
        table.setSortingEnabled(True)
        table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 6)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = table.horizontalHeader()
        for column, characters in enumerate((26, 11, 18, 16, 7, 8)):
            header.resizeSection(column, characters * table.fontMetrics().averageCharWidth())
        header.setStretchLastSection(True)
        return table

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search, 2)
        top.addWidget(self.filter, 1)
        below = QHBoxLayout()
        below.addWidget(self.count, 1)
        below.addWidget(self.copy_button)
        shown = QHBoxLayout()
        shown.addWidget(self.shown_name, 1)
        shown.addWidget(self.opacity)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addLayout(top)
        layout.addWidget(self.table)
        layout.addLayout(below)
        layout.addLayout(shown)

    def _connect(self) -> None:
        self.search.textChanged.connect(self.proxy.search)
        self.search.textChanged.connect(self._tell_count)
        self.filter.currentIndexChanged.connect(lambda: self.proxy.use(self.filter.currentData()))
        self.filter.currentIndexChanged.connect(self._tell_count)
        self.table.clicked.connect(self._show_species)
        self.table.activated.connect(self._show_species)
        self.copy_button.clicked.connect(self._copy)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table, self._copy,
                  context=Qt.ShortcutContext.WidgetShortcut)
        self.opacity.valueChanged.connect(self._set_opacity)

    def _tell_count(self, *_: object) -> None:
        shown, all_rows = self.proxy.rowCount(), self.model.rowCount()
        self.count.setText(tr("{shown} of {all} species").format(shown=shown, all=all_rows))

    def _show_species(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        species = next((entry for entry in self._assessment.species if entry.id == row.id), None)
        if species:
            self._shown = species
            self._show_layer(show_species(QgsProject.instance(), self._assessment, species))

    def _show_layer(self, layer: QgsRasterLayer | None) -> None:
        if layer is None:
            self._shown = None
        self.opacity.setEnabled(layer is not None)
        self.shown_name.setText(tr("{name}: opacity").format(name=self._shown.name) if layer else tr(
            "Click a species to see it on the map"))
        if layer:
            self.opacity.blockSignals(True)
            self.opacity.setValue(round(100 * layer.renderer().opacity()))
            self.opacity.blockSignals(False)

    def _set_opacity(self, percent: int) -> None:
        layer = self.layer()
        if layer:
            layer.renderer().setOpacity(percent / 100)
            layer.triggerRepaint()

    def _copy(self) -> None:
        chosen = self.table.selectionModel().selectedRows()
        rows = sorted({index.row() for index in chosen}) if chosen else range(self.proxy.rowCount())
        titles = [str(self.model.headerData(column, Qt.Orientation.Horizontal))
                  for column in range(self.model.columnCount())]
        lines = [[str(self.proxy.index(row, column).data()) for column in range(self.model.columnCount())]
                 for row in rows]
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in [titles, *lines]))
