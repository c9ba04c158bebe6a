"""Results: the species of the area, or of a part of it; a click shows a species on the map."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

from qgis.PyQt.QtCore import QModelIndex, QPoint, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication, QKeySequence
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QShortcut,
    QVBoxLayout,
    QWidget,
)

from ..i18n import tr
from ..layers.coverage import read_coverage
from ..layers.manifest import Assessment
from ..layers.problem import LayerProblem
from ..layers.species_card import read_species_card
from ..layers.subarea import SubArea
from .background import Background
from .plain_label import plain_label
from .scrolling import scrolling
from .species_columns import SpeciesRows, filters, prepared
from .species_layer_bar import SpeciesLayerBar
from .species_model import ROW_ROLE, SpeciesModel
from .species_table import SpeciesTable
from .subarea_bar import SubAreaBar
from .table_export import tab_separated, write_csv

SETTLES = 150
"""Milliseconds after the last key until the highlighted species is mapped."""

class SpeciesTab(QWidget):
    """Searchable, sortable, filterable; the bar below belongs to the species that was clicked last."""

    card_wanted = pyqtSignal(object, str)
    """The card of a species, and the name of the area or part that its figures speak of."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._assessment: Assessment | None = None
        self._subarea: SubArea | None = None
        self._rows = prepared([])
        self.work = Background(tr("Reading the coverage table"), self)
        self.model = SpeciesModel(self)
        self.subarea = SubAreaBar(iface)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search name or family"))
        self.search.setClearButtonEnabled(True)
        self.filter = QComboBox()
        self.filter.setAccessibleName(tr("Filter species"))
        for entry in filters():
            self.filter.addItem(entry.title, entry)
        self.table = SpeciesTable(self.model)
        self.count = plain_label()
        self.copy_button = QPushButton(tr("Copy"))
        self.copy_button.setToolTip(tr("Copy the selected rows, or all that are shown, for a spreadsheet"))
        self.card_button = QPushButton(tr("Species card"))
        self.card_button.setToolTip(tr("Names, figures and statuses of the highlighted species, each with its source"))
        self.export_button = QPushButton(tr("Export …"))
        self.export_button.setToolTip(tr("Write the selected rows, or all that are shown, to a CSV file"))
        self.bar = SpeciesLayerBar()
        self._shown_id = ""
        self._settling = QTimer(self)  # holding an arrow key down must not make a layer a row
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLES)
        self._arrange()
        self._connect()

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Show the species of another assessment."""
        self._assessment, self._subarea, self._shown_id = assessment, None, ""
        self._settling.stop()
        self.bar.use(assessment, None)
        self.subarea.show_assessment(assessment)
        self._keep_rows(prepared([]))
        self.work.stop()
        if assessment:
            self.count.setText(tr("Reading the coverage table …"))
            self.work.start(lambda stopped: prepared(read_coverage(assessment)))

    def shut_down(self) -> None:
        """Give the canvas back."""
        self._settling.stop()
        self.work.stop()
        self.subarea.shut_down()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search, 2)
        top.addWidget(self.filter, 1)
        below = QHBoxLayout()
        below.addWidget(self.count, 1)
        below.addWidget(self.card_button)
        below.addWidget(self.copy_button)
        below.addWidget(self.export_button)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.subarea)
        layout.addLayout(top)
        layout.addWidget(self.table)
        layout.addLayout(below)
        layout.addWidget(self.bar)
        page = QVBoxLayout(self)
        page.setContentsMargins(4, 4, 4, 4)
        page.addWidget(scrolling(content))

    def _connect(self) -> None:
        self.search.textChanged.connect(self.model.search)
        self.search.returnPressed.connect(self._take_first)
        self.filter.currentIndexChanged.connect(lambda: self.model.use(self.filter.currentData()))
        self.model.modelReset.connect(self._tell_count)
        self.table.clicked.connect(self._show_species)
        self.table.activated.connect(self._show_species)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._settling.start())
        self._settling.timeout.connect(lambda: self._show_species(self.table.currentIndex()))
        self.model.modelReset.connect(self._find_again)
        self.copy_button.clicked.connect(self._copy)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._offer)
        self.card_button.clicked.connect(self._show_card)
        self.export_button.clicked.connect(self.export)
        self.subarea.computed.connect(self._show_subarea)
        self.work.done.connect(self._keep_rows)
        self.work.failed.connect(self.count.setText)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table, self._copy,
                  context=Qt.ShortcutContext.WidgetShortcut)

    def _keep_rows(self, rows: SpeciesRows) -> None:
        self._rows = rows
        self._show_rows(rows)

    def _show_rows(self, rows: SpeciesRows) -> None:
        self.model.show_rows(rows)
        self._count_filters()
        self.table.lay_out()

    def _tell_count(self) -> None:
        counts = tr("{shown} of {all} species").format(shown=self.model.rowCount(), all=self.model.total)
        self.count.setText(self.model.reason or counts)

    def _count_filters(self) -> None:
        """Show beside each filter how many species pass it, and why none does."""
        for index in range(1, self.filter.count()):
            chosen = self.filter.itemData(index)
            tally = self.model.tally(chosen)
            self.filter.setItemText(index, f"{chosen.title} ({tally.passing})")
            self.filter.setItemData(index, tally.reason, Qt.ItemDataRole.ToolTipRole)

    def _show_species(self, index: QModelIndex) -> None:
        """Map the species of a row: what is highlighted, mapped and told below is the same."""
        self._settling.stop()
        row = index.data(ROW_ROLE)
        if row is None or self._assessment is None:
            return
        self._shown_id = row.id
        species = next((entry for entry in self._assessment.species if entry.id == row.id), None)
        if species != self.bar.species:
            self.bar.use(self._assessment, species)

    def _find_again(self) -> None:
        """After a search, a filter or another order: highlight the mapped species again, where it is still shown."""
        number = self.model.row_of(self._shown_id)
        if number is not None:
            self.table.selectRow(number)

    def _take_first(self) -> None:
        """Map the first species found."""
        if self.model.rowCount():
            self.table.selectRow(0)
            self._show_species(self.model.index(0, 0))

    def _offer(self, position: QPoint) -> None:
        """Show the menu of the row below the mouse."""
        index = self.table.indexAt(position)
        if index.isValid():
            self.table.setCurrentIndex(index)
            menu = QMenu(self.table)
            menu.addAction(tr("Species card"), self._show_card)
            menu.addAction(tr("Copy"), self._copy)
            menu.popup(self.table.viewport().mapToGlobal(position))

    def _show_card(self) -> None:
        """Ask for the card of the highlighted species."""
        row = self.table.currentIndex().data(ROW_ROLE)
        if row is None or self._assessment is None:
            self.count.setText(tr("Highlight a species first"))
            return
        self._show_species(self.table.currentIndex())
        where = self._subarea.name if self._subarea else self._assessment.display_title
        try:
            card = replace(read_species_card(self._assessment, row), part=self._subarea is not None)
            self.card_wanted.emit(card, where)
        except sqlite3.Error as error:
            self.count.setText(tr("The tables of the assessment cannot be read ({reason}).").format(reason=error))

    def _show_subarea(self, found: SubArea | None, rows: SpeciesRows | None) -> None:
        self._subarea = found
        self._show_rows(rows or self._rows)

    def _fields(self) -> list[list[str]]:
        """Return the titles and the selected rows, or all that are shown, with all columns and what they refer to."""
        rows, columns = self.model.rows(), self.model.columns
        chosen = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        where = self._subarea.name if self._subarea else self._assessment.display_title
        titles = [column.title for column in columns]
        return [[*titles, tr("Mean score"), tr("Highest score"), tr("Score scale"), tr("Area")],
                *([*(column.text(row) for column in columns), f"{row.mean_score:.4g}", f"{row.max_score:.4g}",
                   self._assessment.scale, where]
                  for row in ([rows[number] for number in chosen] or rows))]

    def _copy(self) -> None:
        if self._assessment:
            QGuiApplication.clipboard().setText(tab_separated(self._fields()))

    def export(self) -> None:
        """Ask where to, and write the selected rows, or all that are shown, to a CSV file."""
        if self._assessment is None:
            return
        name = tr("species")
        start = str(self._assessment.folder / f"{name}.csv")
        path, _ = QFileDialog.getSaveFileName(self, tr("Export the species table"), start, tr("CSV files (*.csv)"))
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the selected rows, or all that are shown, to a CSV file and say so."""
        try:
            write_csv(path, self._fields())
            self.count.setText(tr("Written to {path}").format(path=path))
        except LayerProblem as problem:
            self.count.setText(str(problem))
