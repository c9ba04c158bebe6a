"""The button that opens an assessment's folder; its arrow lists those opened last, each with its own menu."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.PyQt.QtCore import QPoint, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QMenu, QToolButton

from ..bridge.settings import PluginSettings
from ..i18n import tr


class OpenButton(QToolButton):
    """`chosen` tells the folder; `fill` adds what else can be done with one of those opened last to a menu."""

    chosen = pyqtSignal(str)

    def __init__(self, fill: Callable[[QMenu, str], None]) -> None:
        super().__init__()
        self._fill = fill
        self.setText(tr("Open …"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.setToolTip(tr("Open an assessment folder; the arrow lists those opened last"))
        self.recent = QMenu(self)
        self.recent.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMenu(self.recent)
        self.clicked.connect(self._choose_folder)
        self.recent.aboutToShow.connect(self._list_recent)
        self.recent.customContextMenuRequested.connect(self._offer_recent)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Assessment folder"))
        if folder:
            self.chosen.emit(folder)

    def _list_recent(self) -> None:
        self.recent.clear()
        folders = PluginSettings.load().recent_folders()
        for folder in folders:
            action = self.recent.addAction(Path(folder).name, lambda chosen=folder: self.chosen.emit(chosen))
            action.setToolTip(folder)
            action.setData(folder)
        if not folders:
            self.recent.addAction(tr("None yet")).setEnabled(False)

    def _offer_recent(self, position: QPoint) -> None:
        action = self.recent.actionAt(position)
        if action is not None and action.data():
            self.recent_menu = QMenu(self.recent)
            self._fill(self.recent_menu, action.data())
            self.recent_menu.popup(self.recent.mapToGlobal(position))
