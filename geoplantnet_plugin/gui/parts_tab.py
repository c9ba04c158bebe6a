"""Results: the named parts of the area, their figures side by side."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry
from qgis.PyQt.QtCore import QPoint, Qt, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..i18n import tr
from ..layers.drawn import DrawnPart, DrawnParts, drawn_parts
from ..layers.manifest import Assessment
from ..layers.problem import LayerProblem
from .plain_label import plain_label
from .progress_line import ProgressLine
from .run import Run
from .table_export import tab_separated, write_csv

NAME_PART = "geoplantnet:namepart"


class PartsTab(QWidget):
    """Lists the parts that were saved; a double click shows the species of one."""

    shown = pyqtSignal(str, QgsGeometry, QgsCoordinateReferenceSystem)
    """The name, outline and coordinate system of a part whose species are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._assessment: Assessment | None = None
        self._found = DrawnParts((), ())
        self._run: Run | None = None
        self.note = plain_label()
        self.note.setWordWrap(True)
        self.table = QTableWidget()
        self.table.setAccessibleName(tr("Named parts"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.show_button = _button(tr("Show species"), tr("Show the coverage table of the highlighted part"))
        self.remove_button = _button(tr("Remove"), tr("Keep the highlighted part no more"))
        self.copy_button = _button(tr("Copy"), tr("Copy the table for a spreadsheet"))
        self.export_button = _button(tr("Export …"), tr("Write the table to a CSV file"))
        self.progress = ProgressLine(tr("Progress of keeping a part"))
        self._arrange()
        self.table.itemSelectionChanged.connect(self._enable)
        self.table.itemDoubleClicked.connect(self._show)
        self.table.customContextMenuRequested.connect(self._offer)
        self.show_button.clicked.connect(self._show)
        self.remove_button.clicked.connect(self._remove)
        self.copy_button.clicked.connect(self._copy)
        self.export_button.clicked.connect(self._export)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """List the parts of another assessment, or those that are kept by now."""
        self._assessment = assessment
        self._found = drawn_parts(assessment) if assessment else DrawnParts((), ())
        self.progress.clear()
        self._fill()

    def export_to(self, path: Path) -> None:
        """Write the table to a CSV file and say so."""
        try:
            write_csv(path, self._fields())
            self.note.setText(tr("Written to {path}").format(path=path))
        except LayerProblem as problem:
            self.note.setText(str(problem))

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.show_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch()
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.note)
        layout.addWidget(self.table)
        layout.addLayout(buttons)
        layout.addWidget(self.progress)

    def _fill(self) -> None:
        parts = self._found.parts
        self.note.setText(tr("Means are over the cells of each part, by the set rule. The report tells of every part.")
                          if parts else tr("No part is named yet: draw one with “Part of the area” in the tab "
                                           "Species, name it there and save it."))
        self.table.setColumnCount(len(self._found.columns))
        self.table.setHorizontalHeaderLabels(self._found.columns)
        self.table.setRowCount(len(parts))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, part in enumerate(parts):
            for column, text in enumerate(part.texts):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(right)
                self.table.setItem(row, column, item)
        self.table.resizeColumnsToContents()
        self._enable()

    def _enable(self) -> None:
        chosen = self._chosen() is not None
        self.show_button.setEnabled(chosen)
        self.remove_button.setEnabled(chosen and self._run is None)
        for button in (self.copy_button, self.export_button):
            button.setEnabled(bool(self._found.parts))

    def _chosen(self) -> DrawnPart | None:
        rows = self.table.selectionModel().selectedRows() if self.table.rowCount() else []
        return self._found.parts[rows[0].row()] if rows else None

    def _offer(self, position: QPoint) -> None:
        if self.table.itemAt(position) is None:
            return
        self.menu = QMenu(self.table)
        self.menu.addAction(tr("Show species"), self._show)
        self.menu.addAction(tr("Copy"), self._copy)
        self.menu.addAction(tr("Export …"), self._export)
        self.menu.addSeparator()
        self.menu.addAction(tr("Remove"), self._remove)
        self.menu.popup(self.table.viewport().mapToGlobal(position))

    def _show(self, *_: object) -> None:
        part = self._chosen()
        if part:
            self.shown.emit(part.name, part.geometry, part.crs)

    def _remove(self) -> None:
        part = self._chosen()
        if part and self._run is None:
            self._run = Run(NAME_PART, {"FOLDER": str(self._assessment.folder), "REMOVE": part.name}, self)
            self._run.finished.connect(lambda _: self._end(""))
            self._run.failed.connect(self._end)
            self.progress.follow(self._run, tr("Removing"))
            self._enable()
            self._run.start()

    def _end(self, problem: str) -> None:
        self._run = None
        self.show_assessment(self._assessment)
        if problem:
            self.note.setText(problem)

    def _fields(self) -> list[list[str]]:
        return [list(self._found.columns), *(list(part.texts) for part in self._found.parts)]

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(tab_separated(self._fields()))

    def _export(self) -> None:
        start = str(self._assessment.folder / tr("parts.csv"))
        path, _ = QFileDialog.getSaveFileName(self, tr("Export the table of parts"), start, tr("CSV files (*.csv)"))
        if path:
            self.export_to(Path(path))


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button
