"""Translated texts on the QGIS side; the engine's own sentences come from ``resources/messages``."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Return `text` in the language of QGIS (pylupdate files bare calls under ``@default``)."""
    return QCoreApplication.translate("@default", text)


def language() -> str:
    """Return the two letters of the language QGIS speaks."""
    return str(QgsApplication.locale())[:2].lower()
