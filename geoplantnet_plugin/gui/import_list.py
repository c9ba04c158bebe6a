"""The way to what is missing most often: a list of species that says what is not known."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QPushButton

from ..i18n import tr

IMPORT = "geoplantnet:importtaxa"


def import_button() -> QPushButton:
    """Return a button that opens the dialog for importing a species list."""
    button = QPushButton(tr("Import a species list …"))
    button.setToolTip(tr("A red list, protected or alien species: it counts in every later assessment"))
    button.clicked.connect(_open_dialog)
    return button


def _open_dialog() -> None:
    from processing import execAlgorithmDialog

    execAlgorithmDialog(IMPORT, {})
