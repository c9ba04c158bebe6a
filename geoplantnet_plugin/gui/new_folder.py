"""The folder of a new assessment, suggested beside the last one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qgis.gui import QgsFileWidget

from ..bridge.settings import PluginSettings
from ..i18n import tr


class NewFolder(QgsFileWidget):
    """Suggests folders that do not exist yet."""

    def __init__(self) -> None:
        super().__init__()
        self.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.setToolTip(tr("A new folder, or that of an unfinished assessment to continue"))

    def suggest(self, area: str) -> None:
        """Suggest a folder beside the last one, named after the day and the area."""
        last = PluginSettings.load().last_output
        name = "".join(letter if letter.isalnum() else "-" for letter in area).strip("-")
        self.suggest_in(Path(last).parent if last else Path.home() / "GeoPlantNet",
                        f"{date.today().isoformat()}-{name or 'area'}")

    def suggest_in(self, parent: Path, name: str) -> None:
        """Suggest `name` in `parent`, numbered if there is already something."""
        candidates = (parent / (f"{name}-{number}" if number > 1 else name) for number in range(1, 1000))
        self.setFilePath(str(next(candidate for candidate in candidates if not candidate.exists())))
