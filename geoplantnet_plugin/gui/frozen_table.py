"""A table whose first column stays in sight when the others are scrolled."""

from __future__ import annotations

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QRect, Qt
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableView

ROOM = 6
"""Pixels that a row is higher than its letters."""


class FrozenTable(QTableView):
    """Lays a second view over its first column, which shares model, selection and vertical position with it."""

    def __init__(self, model: QAbstractTableModel) -> None:
        super().__init__()
        self.setModel(model)
        self._set_up(self)
        self.names = QTableView(self)
        self.names.setModel(model)
        self.names.setSelectionModel(self.selectionModel())
        self._set_up(self.names)
        self.names.setFocusProxy(self)
        self.names.setFrameShape(QTableView.Shape.NoFrame)
        self.names.setStyleSheet("QTableView { border: 0; padding: 0; margin: 0 }")  # a theme gives tables its own
        self.names.horizontalHeader().setSectionsClickable(True)
        self.names.horizontalHeader().sectionClicked.connect(self._sort_by_name)
        self.names.horizontalHeader().setSortIndicatorShown(True)
        for policy in (self.names.setHorizontalScrollBarPolicy, self.names.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().stackUnder(self.names)
        self.horizontalHeader().sectionResized.connect(self._follow_width)
        self.horizontalHeader().sortIndicatorChanged.connect(self.names.horizontalHeader().setSortIndicator)
        self.names.horizontalHeader().sectionResized.connect(
            lambda column, _, width: column == 0 and self.setColumnWidth(0, width))
        self.verticalScrollBar().valueChanged.connect(self.names.verticalScrollBar().setValue)
        self.names.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        model.modelReset.connect(self._show_names_alone)
        self.names.clicked.connect(self.clicked)
        self.names.activated.connect(self.activated)
        self.names.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.names.customContextMenuRequested.connect(self.customContextMenuRequested)
        self._show_names_alone()

    def scrollTo(self, index: QModelIndex,
                 hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible) -> None:
        """Bring a cell into sight; the first column always is."""
        super().scrollTo(index if index.column() else index.siblingAtColumn(self._leftmost()), hint)

    def resizeEvent(self, event) -> None:
        """Lay the names over the first column again."""
        super().resizeEvent(event)
        self._place()

    def _sort_by_name(self, column: int) -> None:
        header, up, down = self.horizontalHeader(), Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        self.sortByColumn(column, down if header.sortIndicatorSection() == column and header.sortIndicatorOrder() == up
                          else up)

    def _set_up(self, view: QTableView) -> None:
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setAlternatingRowColors(True)
        view.setTabKeyNavigation(False)  # the Tab key leaves the table
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(self._row_height())

    def fit_rows(self) -> None:
        """Make the rows as high as the letters need: QGIS's style gives them their size when a table is first shown."""
        for view in (self, self.names):
            view.verticalHeader().setDefaultSectionSize(self._row_height())

    def _row_height(self) -> int:
        return self.fontMetrics().height() + ROOM

    def _leftmost(self) -> int:
        """The column beside the names."""
        return max(self.columnAt(self.columnWidth(0) + 1), 0)

    def _show_names_alone(self) -> None:
        for column in range(1, self.model().columnCount()):
            self.names.setColumnHidden(column, True)
        self._follow_width(0, 0, self.columnWidth(0))

    def _follow_width(self, column: int, _: int, width: int) -> None:
        if column == 0:
            self.names.setColumnWidth(0, width)
            self._place()

    def _place(self) -> None:
        heading, cells = self.horizontalHeader().geometry(), self.viewport().geometry()
        self.names.horizontalHeader().setFixedHeight(heading.height())
        self.names.setGeometry(QRect(heading.left(), heading.top(), self.columnWidth(0),
                                     cells.bottom() - heading.top() + 1))
