"""Translated texts on the QGIS side; the engine's own sentences come from ``resources/messages``."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from .bridge.settings import chosen_language
from .common.messages import LANGUAGES
from .common.resources import ROOT

TRANSLATIONS = ROOT / "i18n"
"""Catalogues: ``geoplantnet_LANGUAGE.ts``, and the ``.qm`` that `make i18n` compiles from it."""


def tr(text: str) -> str:
    """Return `text` in the language of QGIS (pylupdate files bare calls under ``@default``)."""
    return QCoreApplication.translate("@default", text)


def language() -> str:
    """Return the two letters of the language that was chosen in the settings, else of that which QGIS speaks."""
    return chosen_language() or str(QgsApplication.locale())[:2].lower()


def written_language() -> str:
    """Return `language`, or English where reports and messages are not written in it."""
    return language() if language() in LANGUAGES else "en"


def install_translator() -> QTranslator | None:
    """Let `tr` speak the language of QGIS; None where the plugin has no catalogue for it.

    The caller keeps the translator, and gives it to `QCoreApplication.removeTranslator` when the plugin is unloaded.
    """
    translator = QTranslator()
    if not translator.load(str(TRANSLATIONS / f"geoplantnet_{language()}.qm")):
        return None
    QCoreApplication.installTranslator(translator)
    return translator
