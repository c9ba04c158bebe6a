"""The dock: set up (when there is no engine), assess, read the results."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsLayerTreeGroup
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QSignalBlocker, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QHBoxLayout, QMenu, QTabWidget, QToolButton, QVBoxLayout, QWidget

from ..bridge.interpreter import EngineMissing, find_engine
from ..bridge.settings import data_folder
from ..common.resources import demo_assessment, help_page
from ..i18n import tr
from .assess_panel import AssessPanel
from .assessment_menu import fill_menu, folder_of_group
from .background import Background
from .engine_panel import EnginePanel
from .settings_page import SETTINGS_PAGE

if TYPE_CHECKING:
    from .results_panel import ResultsPanel

RESULTS = f"{__package__}.results_panel"


class Dock(QgsDockWidget):
    """The panel on the right of QGIS's window; the results are made when the rest is in sight, or when asked for."""

    def __init__(self, iface) -> None:
        super().__init__(tr("GeoPl@ntNet"), iface.mainWindow())
        self.setObjectName("geoplantnet_dock")
        self._iface = iface
        self.engine_panel = EnginePanel()
        self.assess_panel = AssessPanel(iface)
        self._results: ResultsPanel | None = None
        self._to_come = QWidget()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.assess_panel, tr("Assess"))
        self.tabs.addTab(self._to_come, tr("Results"))
        self.tabs.setCornerWidget(self._corner())
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.engine_panel)
        layout.addWidget(self.tabs)
        self.setWidget(content)
        self.assess_panel.assessed.connect(self._show_results)
        self.engine_panel.ready.connect(self.look_for_engine)
        self.engine_panel.demo_wanted.connect(self._open_demo)
        self.tabs.currentChanged.connect(lambda index: index and self.results_panel)
        self.look_for_engine()
        self._importing = Background(tr("Preparing the results"), self)
        self._importing.done.connect(lambda _: self.results_panel)
        self._importing.start(lambda stopped: import_module(RESULTS))

    @property
    def results_panel(self) -> ResultsPanel:
        """The results, made now if they are not there yet."""
        if self._results is None:
            self._results = import_module(RESULTS).ResultsPanel(self._iface)
            index, current = self.tabs.indexOf(self._to_come), self.tabs.currentIndex()
            with QSignalBlocker(self.tabs):
                self.tabs.removeTab(index)
                self.tabs.insertTab(index, self._results, tr("Results"))
                self.tabs.setCurrentIndex(current)
            self._to_come.deleteLater()
        return self._results

    def look_for_engine(self) -> None:
        """Show the set-up panel when there is no engine."""
        try:
            find_engine()
        except EngineMissing as missing:
            self.engine_panel.explain(str(missing))
            self.engine_panel.setVisible(True)
            self.assess_panel.set_runnable(False)
            return
        self.engine_panel.setVisible(False)
        self.assess_panel.set_runnable(True)

    def open_assessment(self, folder: str) -> None:
        """Load the assessment in `folder` and show its results."""
        self.tabs.setCurrentWidget(self.results_panel)
        self.results_panel.load(folder)

    def offer_for_group(self, menu: QMenu, group: QgsLayerTreeGroup) -> None:
        """Add what can be done with the assessment whose layers a group of the layer tree holds."""
        if folder := folder_of_group(group):
            fill_menu(menu.addMenu(tr("GeoPl@ntNet")), self.results_panel, folder)

    def shut_down(self) -> None:
        """Let go of the canvas, the project and running jobs."""
        self.engine_panel.shut_down()
        self.assess_panel.shut_down()
        self._importing.stop()
        if self._results:
            self._results.shut_down()

    def _open_demo(self) -> None:
        """Open a copy in the profile: reports and comparisons are written into an assessment's folder."""
        copy, shipped = data_folder() / "demo-assessment", demo_assessment()
        if not copy.is_dir() and shipped:
            making = copy.with_name("demo-assessment.part")
            shutil.rmtree(making, ignore_errors=True)
            shutil.copytree(shipped, making)
            making.rename(copy)
        self.open_assessment(str(copy))

    def _show_results(self, folder: str) -> None:
        self.results_panel.open_folder(folder)
        self.results_panel.bring_forward()
        self.tabs.setCurrentWidget(self.results_panel)
        self._tell_finished(folder)

    def _tell_finished(self, folder: str) -> None:
        """Say in QGIS's message bar that it is done, with what comes next: the panel may be closed by now."""
        bar = self._iface.messageBar()
        message = bar.createMessage(tr("GeoPl@ntNet"), tr("The assessment {name} is finished.").format(
            name=Path(folder).name))
        for text, action in ((tr("Zoom to"), self.results_panel.bring_forward),
                             (tr("Report"), self._show_report),
                             (tr("Folder"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(folder)))):
            button = QToolButton()  # a push button is so wide that the docks of a small screen shrink
            button.setText(text)
            button.clicked.connect(action)
            message.layout().addWidget(button)
        bar.pushWidget(message, Qgis.MessageLevel.Success)

    def _show_report(self) -> None:
        self.setVisible(True)
        self.tabs.setCurrentWidget(self.results_panel)
        self.results_panel.tabs.setCurrentWidget(self.results_panel.report)

    def _corner(self) -> QWidget:
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 0, 0)
        self.settings_button = _corner_button(tr("Settings"), tr("Engine, models, network, language and units"))
        self.settings_button.clicked.connect(lambda: self._iface.showOptionsDialog(
            self._iface.mainWindow(), SETTINGS_PAGE))
        self.help_button = _corner_button(tr("Help"), tr("Open the manual: a tutorial on the demo area, and how-tos. "
                                                         "It needs no network."))
        self.help_button.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(help_page("index")))))
        for button in (self.settings_button, self.help_button):
            row.addWidget(button)
        return corner


def _corner_button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setAutoRaise(True)
    button.setToolTip(tip)
    return button
