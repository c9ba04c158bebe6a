"""Tabs whose pages are made when they are asked for, and a button that lists them."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import QSignalBlocker, Qt
from qgis.PyQt.QtWidgets import QMenu, QTabWidget, QToolButton, QWidget

from ..i18n import tr


class page:
    """Marks the method that makes a page, as a property that is made once; `title` tells its tab's text."""

    def __init__(self, title: Callable[[], str]) -> None:
        self.title = title

    def __call__(self, make: Callable[[LazyTabs], QWidget]) -> page:
        self.make, self.__doc__ = make, make.__doc__
        return self

    def __get__(self, tabs: LazyTabs | None, owner: type) -> page | QWidget:
        return self if tabs is None else tabs.made(self)


class LazyTabs(QTabWidget):
    """Subclasses mark what makes their pages with `page`, from left to right."""

    def __init__(self) -> None:
        super().__init__()
        self.pages = [entry for entry in vars(type(self)).values() if isinstance(entry, page)]
        self._made: dict[page, QWidget] = {}
        self._places: dict[page, QWidget] = {}
        for entry in self.pages:
            self._places[entry] = QWidget()
            self.addTab(self._places[entry], entry.title())
        self.setCornerWidget(self._list_of_pages())

    def make(self, wanted: page) -> None:
        """Make a page that is not there yet; `made` gives it its place."""
        if wanted not in self._made:
            self._made[wanted] = wanted.make(self)

    def made(self, wanted: page) -> QWidget:
        """Return a page, made and in its place."""
        self.make(wanted)
        if wanted in self._places:
            index, current = self.index_of(wanted), self.currentIndex()
            visible = self.isTabVisible(index)
            with QSignalBlocker(self):
                self.removeTab(index)
                self.insertTab(index, self._made[wanted], wanted.title())
                self.setTabVisible(index, visible)
                self.setCurrentIndex(current)
            self._places.pop(wanted).deleteLater()
        return self._made[wanted]

    def index_of(self, wanted: page) -> int:
        """Return the index of a page's tab."""
        return self.indexOf(self._places.get(wanted) or self._made[wanted])

    def shut_down(self) -> None:
        """Let go of what the pages hold on to."""
        for made in self._made.values():
            if hasattr(made, "shut_down"):
                made.shut_down()

    def _list_of_pages(self) -> QToolButton:
        """Return a button that lists the pages: a narrow dock shows few tabs at a time."""
        button = QToolButton()
        button.setAutoRaise(True)
        button.setArrowType(Qt.ArrowType.DownArrow)
        button.setAccessibleName(tr("All pages"))
        button.setToolTip(tr("All pages"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.listed = QMenu(button)
        self.listed.aboutToShow.connect(self._list_pages)
        button.setMenu(self.listed)
        return button

    def _list_pages(self) -> None:
        self.listed.clear()
        for entry in self.pages:
            index = self.index_of(entry)
            if self.isTabVisible(index):
                self.listed.addAction(entry.title(), lambda index=index: self.setCurrentIndex(index))
