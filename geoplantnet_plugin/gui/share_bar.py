"""Below the table of species: how many it shows, and the ways out of it: card, clipboard, file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QGuiApplication, QKeySequence
from qgis.PyQt.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QShortcut, QWidget

from ..i18n import tr
from ..layers.manifest import Assessment
from ..layers.problem import LayerProblem
from .plain_label import plain_label
from .species_table import SpeciesTable
from .table_export import tab_separated, write_csv


class ShareBar(QWidget):
    """Copies and exports the selected rows, or all that are shown, with all columns and what they refer to.

    `where` tells the assessment, None without one, and the name of the area or part that the figures speak of.
    """

    def __init__(self, table: SpeciesTable, where: Callable[[], tuple[Assessment | None, str]]) -> None:
        super().__init__()
        self._table, self._model, self._where = table, table.model(), where
        self.count = plain_label()
        self.count.setWordWrap(True)
        self.card_button = QPushButton(tr("Species card"))
        self.card_button.setToolTip(tr("Names, figures and statuses of the highlighted species, each with its source"))
        self.copy_button = QPushButton(tr("Copy"))
        self.copy_button.setToolTip(tr("Copy the selected rows, or all that are shown, for a spreadsheet"))
        self.export_button = QPushButton(tr("Export …"))
        self.export_button.setToolTip(tr("Write the selected rows, or all that are shown, to a CSV file"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.count, 1)
        for button in (self.card_button, self.copy_button, self.export_button):
            row.addWidget(button)
        self._model.modelReset.connect(self._tell_count)
        self.copy_button.clicked.connect(self.copy)
        self.export_button.clicked.connect(self.export)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), table, self.copy,
                  context=Qt.ShortcutContext.WidgetShortcut)

    def copy(self) -> None:
        """Put the rows on the clipboard."""
        if self._where()[0]:
            QGuiApplication.clipboard().setText(tab_separated(self._fields()))

    def export(self) -> None:
        """Ask where to, and write the rows to a CSV file."""
        assessment, _ = self._where()
        if assessment is None:
            return
        name = tr("species")
        path, _ = QFileDialog.getSaveFileName(self, tr("Export the species table"),
                                              str(assessment.folder / f"{name}.csv"), tr("CSV files (*.csv)"))
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the rows to a CSV file and say so."""
        try:
            write_csv(path, self._fields())
            self.count.setText(tr("Written to {path}").format(path=path))
        except LayerProblem as problem:
            self.count.setText(str(problem))

    def _tell_count(self) -> None:
        counts = tr("{shown} of {all} species").format(shown=self._model.rowCount(), all=self._model.total)
        self.count.setText(self._model.reason or counts)

    def _fields(self) -> list[list[str]]:
        """Return the titles and the rows."""
        rows, columns = self._model.rows(), self._model.columns
        chosen = sorted({index.row() for index in self._table.selectionModel().selectedRows()})
        assessment, where = self._where()
        titles = [column.title for column in columns]
        return [[*titles, tr("Mean score"), tr("Highest score"), tr("Score scale"), tr("Area")],
                *([*(column.text(row) for column in columns), f"{row.mean_score:.4g}", f"{row.max_score:.4g}",
                   assessment.scale, where]
                  for row in ([rows[number] for number in chosen] or rows))]
