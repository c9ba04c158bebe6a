"""What the plugin remembers between sessions."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from qgis.core import QgsApplication, QgsSettings

from ..common.assessment import MANIFEST

PREFIX = "geoplantnet"
MOST_RECENT = 10


@dataclass
class PluginSettings:
    """The plugin's settings; blank means *not set*.

    `interpreter` is the Python that has the engine's requirements; `wheels` a folder of wheels to install
    them from; `models` a folder with model packages of one's own; `last_output` the folder last written to;
    `language` two letters instead of QGIS's language; `area_unit` ``ha`` or ``km2``; `services` and `sources` files
    of addresses used instead of those that come with the plugin; `catalogue` the address of published maps; `recent`
    the folders of the assessments opened last, one a line; `service` the address of a service, `service_auth` the
    authentication configuration with its token.
    """

    interpreter: str = ""
    wheels: str = ""
    models: str = ""
    last_output: str = ""
    language: str = ""
    area_unit: str = ""
    services: str = ""
    sources: str = ""
    catalogue: str = ""
    recent: str = ""
    service: str = ""
    service_auth: str = ""

    @classmethod
    def load(cls) -> PluginSettings:
        """Read the settings of the current profile."""
        store = QgsSettings()
        return cls(**{entry.name: str(store.value(f"{PREFIX}/{entry.name}", "") or "") for entry in fields(cls)})

    def recent_folders(self) -> list[str]:
        """Return the assessments opened last that are still there, the latest first."""
        return [folder for folder in self.recent.splitlines() if (Path(folder) / MANIFEST).is_file()]

    def remember(self, folder: str) -> None:
        """Put an assessment on top of those opened last."""
        known = [entry for entry in self.recent.splitlines() if entry != folder]
        self.keep("recent", "\n".join([folder, *known][:MOST_RECENT]))

    def keep(self, name: str, value: str) -> None:
        """Write one of the settings."""
        setattr(self, name, value)
        QgsSettings().setValue(f"{PREFIX}/{name}", value)

    def engine_environment(self) -> dict[str, str]:
        """Return the environment variables by which the engine learns of the settings that concern it."""
        chosen = {"GEOPLANTNET_MODELS": self.models, "GEOPLANTNET_SERVICES": self.services,
                  "GEOPLANTNET_SOURCES": self.sources}
        return {name: value for name, value in chosen.items() if value}

    def save(self) -> None:
        """Write the settings of the current profile."""
        store = QgsSettings()
        for entry in fields(self):
            store.setValue(f"{PREFIX}/{entry.name}", getattr(self, entry.name))
        chosen_language.cache_clear()


@lru_cache(maxsize=1)
def chosen_language() -> str:
    """Return the language of the settings, read once until they are saved: it is asked for with every number."""
    return str(QgsSettings().value(f"{PREFIX}/language", "") or "")


def data_folder() -> Path:
    """Return the plugin's own folder in the QGIS profile (engine, logs); it may not exist yet."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "geoplantnet"
