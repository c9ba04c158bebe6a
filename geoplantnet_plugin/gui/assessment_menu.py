"""What can be done with an assessment, as a menu: beside its name, on those opened last, on its group of layers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsLayerTreeGroup, QgsProject
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices, QGuiApplication
from qgis.PyQt.QtWidgets import QMenu, QWidget

from ..bridge.settings import PluginSettings
from ..i18n import tr
from ..layers.find import assessment_folders, folder_of

if TYPE_CHECKING:
    from .results_panel import ResultsPanel


def fill_menu(menu: QMenu, panel: ResultsPanel, folder: str) -> None:
    """Add the entries for the assessment in `folder`, which is opened first where it is not in the project."""
    menu.addAction(tr("Zoom to"), lambda: panel.work_on(folder, panel.bring_forward))
    menu.addAction(tr("Report"), lambda: panel.work_on(folder, lambda: _bring(panel, panel.report)))
    menu.addAction(tr("Prepare fieldwork"), lambda: panel.work_on(folder, lambda: _bring(panel, panel.field)))
    compared = menu.addMenu(tr("Compare with"))
    for other in _others(folder):
        compared.addAction(Path(other).name, lambda other=other: panel.work_on(
            folder, lambda: _compare(panel, other))).setToolTip(other)
    compared.setEnabled(not compared.isEmpty())
    menu.addAction(tr("Export the species table …"), lambda: panel.work_on(folder, panel.species.export))
    menu.addSeparator()
    menu.addAction(tr("Copy the folder's path"), lambda: QGuiApplication.clipboard().setText(folder))
    menu.addAction(tr("Show the folder"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(folder)))


def folder_of_group(group: QgsLayerTreeGroup) -> str:
    """Return the assessment that all layers of a group with one belong to; blank for any other group."""
    found = {folder_of(node.layer()) for node in group.findLayers() if node.layer() is not None} - {None}
    return str(found.pop()) if len(found) == 1 else ""


def _bring(panel: ResultsPanel, page: QWidget) -> None:
    panel.tabs.setCurrentWidget(page)


def _compare(panel: ResultsPanel, other: str) -> None:
    panel.tabs.setCurrentWidget(panel.compare)
    panel.compare.other.add_folder(Path(other))


def _others(folder: str) -> list[str]:
    """Return the other assessments of the project, then those opened last."""
    known = [*map(str, assessment_folders(QgsProject.instance())), *PluginSettings.load().recent_folders()]
    return [entry for entry in dict.fromkeys(known) if entry != folder]
