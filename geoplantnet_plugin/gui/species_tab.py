"""Results: the species of the area, or of a part of it; a click shows a species on the map."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from qgis.PyQt.QtCore import QModelIndex, QPoint, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from ..i18n import tr
from ..layers.coverage import read_coverage
from ..layers.manifest import Assessment
from ..layers.species_card import read_species_card
from ..layers.subarea import SubArea
from .background import Background
from .scrolling import scrolling
from .settling import Settling
from .share_bar import ShareBar
from .species_columns import SpeciesRows, prepared
from .species_filters import filters
from .species_layer_bar import SpeciesLayerBar
from .species_model import ROW_ROLE, SpeciesModel
from .species_table import SpeciesTable
from .subarea_bar import SubAreaBar


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
        self.share = ShareBar(self.table, self._where)
        self.count, self.export, self.export_to = self.share.count, self.share.export, self.share.export_to
        self.card_button, self.copy_button = self.share.card_button, self.share.copy_button
        self.bar = SpeciesLayerBar()
        self._shown_id = ""
        self._settling = Settling(lambda: self._show_species(self._highlighted()), self)
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

    def showEvent(self, event) -> None:
        """Map what is highlighted again: another page may have mapped something else."""
        super().showEvent(event)
        self._settling.start()

    def shut_down(self) -> None:
        """Give the canvas back."""
        self._settling.stop()
        self.work.stop()
        self.subarea.shut_down()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search, 2)
        top.addWidget(self.filter, 1)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.subarea)
        layout.addLayout(top)
        layout.addWidget(self.table)
        layout.addWidget(self.share)
        layout.addWidget(self.bar)
        page = QVBoxLayout(self)
        page.setContentsMargins(4, 4, 4, 4)
        page.addWidget(scrolling(content))

    def _connect(self) -> None:
        self.search.textChanged.connect(self.model.search)
        self.search.returnPressed.connect(self._take_first)
        self.filter.currentIndexChanged.connect(lambda: self.model.use(self.filter.currentData()))
        self.table.clicked.connect(self._show_species)
        self.table.activated.connect(self._show_species)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._settling.start())
        self.model.modelReset.connect(self._find_again)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._offer)
        self.card_button.clicked.connect(self._show_card)
        self.subarea.computed.connect(self._show_subarea)
        self.work.done.connect(self._keep_rows)
        self.work.failed.connect(self.count.setText)

    def _keep_rows(self, rows: SpeciesRows) -> None:
        self._rows = rows
        self._show_rows(rows)

    def _show_rows(self, rows: SpeciesRows) -> None:
        self.model.show_rows(rows)
        self._count_filters()
        self.table.lay_out()

    def _where(self) -> tuple[Assessment | None, str]:
        """Return the assessment, and the name of its area, or of the part of it that is shown."""
        if self._assessment is None:
            return None, ""
        return self._assessment, self._subarea.name if self._subarea else self._assessment.display_title

    def _count_filters(self) -> None:
        """Show beside each filter how many species pass it, and why none does."""
        for index in range(1, self.filter.count()):
            chosen = self.filter.itemData(index)
            tally = self.model.tally(chosen)
            self.filter.setItemText(index, f"{chosen.title} ({tally.passing})")
            self.filter.setItemData(index, tally.tip, Qt.ItemDataRole.ToolTipRole)

    def _highlighted(self) -> QModelIndex:
        """Return the highlighted row: not one that the Tab key has merely passed."""
        index = self.table.currentIndex()
        return index if self.table.selectionModel().isSelected(index) else QModelIndex()

    def _show_species(self, index: QModelIndex) -> None:
        """Map the species of a row: what is highlighted, mapped and told below is the same."""
        self._settling.stop()
        row = index.data(ROW_ROLE)
        if row is None or self._assessment is None:
            return
        if index != self._highlighted():
            self.table.selectRow(index.row())
        self._shown_id = row.id
        species = next((entry for entry in self._assessment.species if entry.id == row.id), None)
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
            menu.addAction(tr("Copy"), self.share.copy)
            menu.popup(self.table.viewport().mapToGlobal(position))

    def _show_card(self) -> None:
        """Ask for the card of the highlighted species."""
        row = self._highlighted().data(ROW_ROLE)
        if row is None or self._assessment is None:
            self.count.setText(tr("Highlight a species first"))
            return
        self._show_species(self._highlighted())
        try:
            card = replace(read_species_card(self._assessment, row), part=self._subarea is not None)
            self.card_wanted.emit(card, self._where()[1])
        except sqlite3.Error as error:
            self.count.setText(tr("The tables of the assessment cannot be read ({reason}).").format(reason=error))

    def _show_subarea(self, found: SubArea | None, rows: SpeciesRows | None) -> None:
        self._subarea = found
        self._show_rows(rows or self._rows)
