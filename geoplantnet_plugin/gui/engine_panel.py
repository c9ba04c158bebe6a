"""The first thing a person without an engine sees: what is missing, what it takes, one button, how far it has come."""

from __future__ import annotations

from html import escape

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
)

from ..bridge.environment import BUILD_MINUTES, DOWNLOAD_MB, INSTALLED_MB
from ..bridge.interpreter import environment_folder
from ..bridge.settings import PluginSettings
from ..common.resources import demo_assessment
from ..i18n import tr
from .message_area import MessageArea
from .progress_line import ProgressLine
from .run import Run

SET_UP = "geoplantnet:setupengine"
LOG_LINES = 8
MOST_LOG_LINES = 5000


class EnginePanel(QFrame):
    """Runs “Set up the engine” once a person has read what it takes; `ready` when the engine may be there.

    `demo_wanted` asks for the finished assessment of the demo area, which needs no engine.
    """

    ready = pyqtSignal()
    demo_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._run: Run | None = None
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.button = QPushButton()
        self.button.setToolTip(tr("Builds the engine's own Python environment; nothing of QGIS or of your system is "
                                  "changed, and QGIS stays usable meanwhile"))
        self.cancel_button = QPushButton(tr("Cancel"))
        self.cancel_button.setToolTip(tr("Stops within seconds and leaves nothing behind"))
        self.other_button = QPushButton(tr("Other ways …"))
        self.other_button.setToolTip(tr("Take a Python environment of your own, or a folder of wheels"))
        self.demo_button = QPushButton(tr("Open the demo assessment"))
        self.demo_button.setToolTip(tr("The finished assessment of a small simulated valley; it needs no engine"))
        self.demo_button.setVisible(demo_assessment() is not None)
        self.progress = ProgressLine(tr("Progress of the set-up"))
        self.message = MessageArea()
        self.log_link = QToolButton()
        self.log_link.setText(tr("Log"))
        self.log_link.setToolTip(tr("What the set-up says, line by line"))
        self.log_link.setCheckable(True)
        self.log_link.setAutoRaise(True)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(MOST_LOG_LINES)
        self.log.setAccessibleName(tr("Log of the set-up"))
        self.log.setFixedHeight(LOG_LINES * self.log.fontMetrics().lineSpacing())
        self._arrange()
        self.button.clicked.connect(self._set_up)
        self.cancel_button.clicked.connect(lambda: self._run and self._run.cancel())
        self.other_button.clicked.connect(self._open_dialog)
        self.demo_button.clicked.connect(self.demo_wanted)
        self.log_link.toggled.connect(self.log.setVisible)
        self.log.hide()
        self._show_running(False)

    def explain(self, reason: str) -> None:
        """Show why there is no engine and what setting it up takes; not while it is being set up."""
        if self._run is not None:
            return
        wheels = PluginSettings.load().wheels
        self.button.setText(tr("Install from the folder of wheels") if wheels else tr("Download and set up"))
        needs = (tr("Nothing is downloaded: packages come from {folder}.").format(folder=wheels) if wheels else
                 tr("Download: about {download} MB from the Python Package Index (pypi.org), which learns your "
                    "computer's address; nothing is sent. The button below starts it.").format(download=DOWNLOAD_MB))
        takes = tr("On disk: about {installed} MB, in {folder}. Time: about {minutes} minutes and the download."
                   ).format(installed=INSTALLED_MB, folder=environment_folder(), minutes=BUILD_MINUTES)
        title = tr("One step before the first assessment")
        paragraphs = "".join(f"<p>{escape(text)}</p>" for text in (reason, needs, takes))
        self.text.setText(f"<b>{title}</b>{paragraphs}")

    def shut_down(self) -> None:
        """Stop what runs."""
        if self._run:
            self._run.cancel()

    def _arrange(self) -> None:
        self.set_up_or_cancel = QStackedLayout()
        for button in (self.button, self.cancel_button):
            self.set_up_or_cancel.addWidget(button)
        row = QHBoxLayout()
        row.addLayout(self.set_up_or_cancel)
        row.addWidget(self.other_button)
        row.addStretch()
        row.addWidget(self.log_link)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addLayout(row)
        for widget in (self.progress, self.message, self.log):
            layout.addWidget(widget)
        layout.addWidget(self.demo_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _set_up(self) -> None:
        self.log.clear()
        self.message.clear()
        self._run = Run(SET_UP, {"WHEELS": PluginSettings.load().wheels}, self)
        self.progress.follow(self._run)
        self._run.info.connect(self.log.appendPlainText)
        self._run.finished.connect(lambda results: self._end(""))
        self._run.failed.connect(self._end)
        self._show_running(True)
        self._run.start()

    def _end(self, problem: str) -> None:
        self._run = None
        self.message.setText(problem)
        self._show_running(False)
        self.ready.emit()

    def _show_running(self, running: bool) -> None:
        self.set_up_or_cancel.setCurrentWidget(self.cancel_button if running else self.button)
        self.other_button.setEnabled(not running)
        self.log_link.setVisible(not self.log.document().isEmpty() or running)

    def _open_dialog(self) -> None:
        from processing import execAlgorithmDialog

        execAlgorithmDialog(SET_UP, {"WHEELS": PluginSettings.load().wheels})
        self.ready.emit()
