"""The dock: set up (when there is no engine), assess, read the results."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QHBoxLayout, QTabWidget, QToolButton, QVBoxLayout, QWidget

from ..bridge.interpreter import EngineMissing, find_engine
from ..bridge.settings import data_folder
from ..common.resources import demo_assessment, help_page
from ..i18n import tr
from .assess_panel import AssessPanel
from .assessment_menu import fill_menu
from .background import Background
from .engine_panel import EnginePanel
from .finished_message import tell_finished
from .settings_factory import SETTINGS_PAGE
from .slices import Slices
from .tree_menu import TreeMenu

if TYPE_CHECKING:
    from .results_panel import ResultsPanel

RESULTS = f"{__package__}.results_panel"


class Dock(QgsDockWidget):
    """The panel on the right of QGIS's window; a page is made when its turn comes, or when it is asked for."""

    def __init__(self, iface) -> None:
        super().__init__(tr("GeoPl@ntNet"), iface.mainWindow())
        self.setObjectName("geoplantnet_dock")
        self._iface = iface
        self._engine: EnginePanel | None = None
        self._assess: AssessPanel | None = None
        self._results: ResultsPanel | None = None
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._places = [QWidget(), QWidget()]
        for place, title in zip(self._places, (tr("Assess"), tr("Results"))):
            QVBoxLayout(place).setContentsMargins(0, 0, 0, 0)
            self.tabs.addTab(place, title)
        self.tabs.setCornerWidget(self._corner())
        content = QWidget()
        self._layout = QVBoxLayout(content)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.tabs)
        self.setWidget(content)
        self.tabs.currentChanged.connect(lambda index: index and self.results_panel)
        self._tree_menu = TreeMenu(iface, lambda menu, folder: fill_menu(menu, self.results_panel, folder))
        self._importing = Background(tr("Preparing the results"), self)
        self._importing.done.connect(lambda _: self._making.start(self._second_page()))
        self._making, self._presenting = Slices(self), Slices(self)
        self._making.start(self._first_page())

    @property
    def engine_panel(self) -> EnginePanel:
        """What a person without an engine sees, made now if it is not there yet."""
        if self._engine is None:
            self._engine = EnginePanel()
            self._engine.hide()
            self._layout.insertWidget(0, self._engine)
            self._engine.ready.connect(self.look_for_engine)
            self._engine.demo_wanted.connect(self._open_demo)
        return self._engine

    @property
    def assess_panel(self) -> AssessPanel:
        """The first page, made now if it is not there yet."""
        self._make_assess()
        self._put(0, self._assess)
        return self._assess

    @property
    def results_panel(self) -> ResultsPanel:
        """The second page, made now if it is not there yet."""
        self._make_results()
        self._put(1, self._results)
        return self._results

    def _put(self, place: int, made: QWidget) -> None:
        if made.parent() is None:
            self._places[place].layout().addWidget(made)
            made.show()  # now: a layout alone would show it an event later

    def show_results(self) -> None:
        """Bring the second page to the front."""
        self.tabs.setCurrentIndex(self.tabs.indexOf(self._places[1]))

    def _make_assess(self) -> None:
        if self._assess is None:
            self._assess = AssessPanel(self._iface)
            self._assess.assessed.connect(lambda folder: self._presenting.start(self._present(folder)))
            self.look_for_engine()

    def _make_results(self) -> None:
        if self._results is None:
            self._results = import_module(RESULTS).ResultsPanel(self._iface)

    def _first_page(self) -> Iterator[object]:
        yield
        yield self._make_assess()
        yield self.assess_panel
        self._importing.start(lambda stopped: import_module(RESULTS))

    def _second_page(self) -> Iterator[object]:
        yield self._make_results()
        yield self.results_panel

    def look_for_engine(self) -> None:
        """Show the set-up panel when there is no engine; the first page looks by itself when it is made."""
        if self._assess is None:
            return
        try:
            find_engine()
        except EngineMissing as missing:
            self.engine_panel.explain(str(missing))
            self.engine_panel.setVisible(True)
            self._assess.set_runnable(False)
            return
        if self._engine and not self._engine.isHidden():
            self._engine.hide()
            self._assess.status.setText(tr("The engine is ready: choose an area, or try the demo."))
        self._assess.set_runnable(True)

    def open_assessment(self, folder: str) -> None:
        """Load the assessment in `folder` and show its results."""
        self.show_results()
        self.results_panel.load(folder)

    def shut_down(self) -> None:
        """Let go of the canvas, the project and running jobs."""
        self._tree_menu.close()
        self._importing.stop()
        self._making.stop()
        self._presenting.stop()
        for page in (self._engine, self._assess, self._results):
            if page is not None:
                page.shut_down()

    def _open_demo(self) -> None:
        """Open a copy in the profile: reports and comparisons are written into an assessment's folder."""
        copy, shipped = data_folder() / "demo-assessment", demo_assessment()
        if not copy.is_dir() and shipped:
            making = copy.with_name("demo-assessment.part")
            shutil.rmtree(making, ignore_errors=True)
            shutil.copytree(shipped, making)
            making.rename(copy)
        self.open_assessment(str(copy))

    def _present(self, folder: str) -> Iterator[None]:
        """Show a finished assessment, and say what comes next."""
        yield self.results_panel.open_folder(folder)
        yield self.results_panel.bring_forward()
        yield self.show_results()
        tell_finished(self._iface, folder, (
            (tr("Zoom to"), self.results_panel.bring_forward), (tr("Report"), self._show_report),
            (tr("Folder"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(folder)))))

    def _show_report(self) -> None:
        self.setVisible(True)
        self.show_results()
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
