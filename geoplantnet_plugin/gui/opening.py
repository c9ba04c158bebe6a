"""Assessments dropped on QGIS or chosen in the Browser panel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import Qgis, QgsDataItem, QgsDataItemProvider, QgsDataProvider, QgsDirectoryItem
from qgis.gui import QgsCustomDropHandler
from qgis.PyQt.QtCore import QMimeData
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QWidget

from ..common.assessment import MANIFEST
from ..common.resources import ICON
from ..i18n import tr

Opened = Callable[[str], None]
"""Opens the assessment in a folder."""

KEY = "geoplantnet"


def assessment_at(path: str) -> Path | None:
    """Return the assessment folder that `path` (the folder, or its ``assessment.json``) stands for, None for others."""
    place = Path(path)
    folder = place.parent if place.name == MANIFEST else place
    return folder if path and (folder / MANIFEST).is_file() else None


class DropHandler(QgsCustomDropHandler):
    """Opens assessment folders that are dropped on QGIS's window or map; leaves everything else to QGIS."""

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self._opened = opened

    def handleMimeDataV2(self, data: QMimeData) -> bool:
        """Open what was dropped when all of it is assessments."""
        found = _assessments(data)
        for folder in found:
            self._opened(str(folder))
        return bool(found)

    def canHandleMimeData(self, data: QMimeData) -> bool:
        """Whether the map should let it be dropped."""
        return bool(_assessments(data))

    def handleFileDrop(self, file: str) -> bool:
        """Open a file or folder that is an assessment."""
        folder = assessment_at(file)
        if folder:
            self._opened(str(folder))
        return folder is not None


def _assessments(data: QMimeData) -> list[Path]:
    found = [assessment_at(url.toLocalFile()) for url in data.urls()] if data.hasUrls() else []
    return [] if None in found else found


class BrowserProvider(QgsDataItemProvider):
    """Shows assessment folders in the Browser panel under their own sign."""

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self._opened = opened
        self._items: dict[str, AssessmentItem] = {}

    def name(self) -> str:
        """Return the provider's name."""
        return "GeoPl@ntNet"

    def dataProviderKey(self) -> str:
        """Return the provider's key."""
        return KEY

    def capabilities(self):
        """Return that folders are looked at."""
        if hasattr(Qgis, "DataItemProviderCapability"):
            return Qgis.DataItemProviderCapabilities(Qgis.DataItemProviderCapability.Directories)
        return QgsDataProvider.DataCapability.Dir  # before QGIS 3.36

    def handlesDirectoryPath(self, path: str) -> bool:
        """Whether the folder is not shown as a plain one."""
        return (Path(path) / MANIFEST).is_file()

    def createDataItem(self, path: str, parent: QgsDataItem | None) -> QgsDataItem | None:
        """Return an item for an assessment folder, None for any other; QGIS keeps only its own half of it."""
        if not path or not self.handlesDirectoryPath(path):
            return None
        self._items[path] = AssessmentItem(parent, path, self._opened)
        return self._items[path]


class AssessmentItem(QgsDirectoryItem):
    """An assessment folder: opens on a double click; its files are listed below it."""

    def __init__(self, parent: QgsDataItem | None, path: str, opened: Opened) -> None:
        super().__init__(parent, Path(path).name, path, path, KEY)
        self._opened = opened
        self.setToolTip(tr("Assessment: double click to open it"))

    def icon(self) -> QIcon:
        """Return the plugin's sign."""
        return QIcon(str(ICON))

    def handleDoubleClick(self) -> bool:
        """Open the assessment."""
        self._opened(self.path())
        return True

    def actions(self, parent: QWidget) -> list[QAction]:
        """Return the entries of the context menu."""
        action = QAction(tr("Open the assessment"), parent)
        action.triggered.connect(lambda: self._opened(self.path()))
        return [action]
