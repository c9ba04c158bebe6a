"""The plugin's version, read from metadata.txt: the one place where it is written for QGIS."""

from __future__ import annotations

from configparser import ConfigParser
from functools import lru_cache

from ..common.resources import ROOT


@lru_cache
def plugin_version() -> str:
    """Return the version of metadata.txt, as 1.2.3."""
    metadata = ConfigParser(interpolation=None)
    metadata.read(ROOT / "metadata.txt", encoding="utf-8")
    return metadata.get("general", "version")
