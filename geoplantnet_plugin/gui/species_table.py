"""The table of species: its columns are chosen on their heading, and remembered."""

from __future__ import annotations

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QPoint, QSize, Qt
from qgis.PyQt.QtWidgets import QMenu

from ..bridge.settings import PREFIX
from ..i18n import tr
from .frozen_table import FrozenTable
from .species_columns import SHARE_COLUMN
from .species_model import BADGE_ROLE, NUMBER_ROLE, SpeciesModel
from .status_icons import BadgeDelegate

LISTED_ROWS = 8
"""So many rows are in sight, heading and scroll bar among them, however small the window."""

NAME_WIDTH, TEXT_WIDTH, MARK_WIDTH = 25, 18, 5
"""Widths of columns in characters."""

HIDDEN = f"{PREFIX}/hidden_columns"
"""Setting: the titles of the columns that a person does not want to see, one a line."""


class SpeciesTable(FrozenTable):
    """The species with the highest share stand on top until another order is chosen."""

    def __init__(self, model: SpeciesModel) -> None:
        super().__init__(model)
        self._species = model
        self.setAccessibleName(tr("Species"))
        self.setSortingEnabled(True)
        self.sortByColumn(SHARE_COLUMN, Qt.SortOrder.DescendingOrder)
        for view in (self, self.names):
            view.setItemDelegate(BadgeDelegate(BADGE_ROLE, NUMBER_ROLE, self))
        self.setIconSize(QSize(16, 16))
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.horizontalHeader().customContextMenuRequested.connect(self.offer_columns)

    def lay_out(self) -> None:
        """Give the columns their widths, and hide those that say nothing or are not wanted."""
        self.fit_rows()
        self.setMinimumHeight(LISTED_ROWS * self.verticalHeader().defaultSectionSize())
        character, hidden = self.fontMetrics().averageCharWidth(), _hidden_columns()
        for column, of_column in enumerate(self._species.columns):
            says_nothing = self._species.total > 0 and self._species.is_blank(column)
            self.setColumnHidden(column, says_nothing or of_column.title in hidden)
            width = (NAME_WIDTH if column == 0 else MARK_WIDTH if of_column.icon else
                     len(of_column.title) + 4 if of_column.number or of_column.badge else TEXT_WIDTH)
            self.setColumnWidth(column, width * character)

    def offer_columns(self, position: QPoint) -> None:
        """Let the columns be chosen; the choice is remembered. The name always stays."""
        self.columns_menu = QMenu(self)
        for column, of_column in enumerate(self._species.columns[1:], 1):
            action = self.columns_menu.addAction(of_column.title)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(column))
            action.toggled.connect(lambda shown, number=column: self.choose_column(number, shown))
        self.columns_menu.popup(self.horizontalHeader().mapToGlobal(position))

    def choose_column(self, column: int, shown: bool) -> None:
        """Show or hide a column from now on."""
        title = self._species.columns[column].title
        hidden = _hidden_columns() - {title} if shown else _hidden_columns() | {title}
        QgsSettings().setValue(HIDDEN, "\n".join(sorted(hidden)))
        self.setColumnHidden(column, not shown)


def _hidden_columns() -> set[str]:
    """Return the titles of the columns that a person has hidden."""
    return set(filter(None, QgsSettings().value(HIDDEN, "", str).split("\n")))
