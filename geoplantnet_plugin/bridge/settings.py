"""What the plugin remembers between sessions."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from qgis.core import QgsApplication, QgsSettings

PREFIX = "geoplantnet"


@dataclass
class PluginSettings:
    """The plugin's settings; blank means *not set*.

    `interpreter` is the Python that has the engine's requirements; `wheels` a folder of wheels to install
    them from; `models` a folder with model packages of one's own; `last_output` the folder last written to.
    """

    interpreter: str = ""
    wheels: str = ""
    models: str = ""
    last_output: str = ""

    @classmethod
    def load(cls) -> PluginSettings:
        """Read the settings of the current profile."""
        store = QgsSettings()
        return cls(**{entry.name: str(store.value(f"{PREFIX}/{entry.name}", "") or "") for entry in fields(cls)})

    def save(self) -> None:
        """Write the settings of the current profile."""
        store = QgsSettings()
        for entry in fields(self):
            store.setValue(f"{PREFIX}/{entry.name}", getattr(self, entry.name))


def data_folder() -> Path:
    """Return the plugin's own folder in the QGIS profile (engine, logs); it may not exist yet."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "geoplantnet"
