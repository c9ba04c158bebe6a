"""Gives QGIS's options dialog the plugin's page, which is imported when the dialog opens."""

from __future__ import annotations

from collections.abc import Callable

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QWidget

from ..common.resources import ICON

SETTINGS_PAGE = "geoplantnet_settings"
"""The name by which the options dialog opens on this page."""


class SettingsFactory(QgsOptionsWidgetFactory):
    """Makes the page; `changed` is called when it was applied."""

    def __init__(self, changed: Callable[[], object]) -> None:
        super().__init__()
        self._changed = changed
        self.setTitle("GeoPl@ntNet")
        self.setIcon(QIcon(str(ICON)))

    def createWidget(self, parent: QWidget) -> QgsOptionsPageWidget:
        """Return the page; the dialog owns it."""
        from .settings_page import SettingsPage

        return SettingsPage(parent, self._changed)
