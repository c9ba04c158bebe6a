"""Below the steps, always in sight: what speaks against a run, how far it has come, messages, Run or Cancel."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from ..i18n import tr
from .message_area import MessageArea
from .plain_label import plain_label
from .progress_line import ProgressLine


class RunBar(QWidget):
    """Its widgets; what they do is told by the panel that has it."""

    def __init__(self) -> None:
        super().__init__()
        self.concerns = plain_label()
        self.expected = plain_label()
        for label in (self.concerns, self.expected):
            label.setWordWrap(True)
        self.run_button = _button(tr("Run"), tr("Starts the assessment; QGIS stays usable meanwhile"))
        self.run_button.setDefault(True)
        self.cancel_button = _button(tr("Cancel"), tr("Stops within seconds; what is finished is kept"))
        self.options_button = _button(tr("All options …"), tr("Opens the Processing dialog with what is chosen here"))
        self.demo_button = _button(tr("Try the demo"), tr(
            "Assesses a small simulated valley that comes with the plugin"))
        self.progress = ProgressLine(tr("Progress of the assessment"))
        self.status = MessageArea()
        self._arrange()

    def show_running(self, running: bool, runnable: bool) -> None:
        """Offer *Cancel* while something runs, else *Run*, where that is possible."""
        self.run_button.setEnabled(runnable and not running)
        self.demo_button.setEnabled(runnable and not running)
        self._run_or_cancel.setCurrentWidget(self.cancel_button if running else self.run_button)

    def show_concerns(self, concerns: list[str]) -> None:
        """Show what speaks against a run, nothing where nothing does."""
        self.concerns.setText("\n".join(f"⚠ {concern}" for concern in concerns))
        self.concerns.setVisible(bool(concerns))

    def add_warning(self, text: str) -> None:
        """Add a line to the messages."""
        self.status.setText("\n".join(filter(None, [self.status.text(), f"⚠ {text}"])))

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        self._run_or_cancel = QStackedLayout()  # one place for both: a click never hits the other by surprise
        for button in (self.run_button, self.cancel_button):
            self._run_or_cancel.addWidget(button)
        buttons.addLayout(self._run_or_cancel)
        buttons.addWidget(self.options_button)
        buttons.addStretch()
        buttons.addWidget(self.demo_button)
        layout = QVBoxLayout(self)
        for widget in (self.concerns, self.expected, self.progress, self.status):
            layout.addWidget(widget)
        layout.addLayout(buttons)  # last: what comes and goes above moves the end of the steps, never a button


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button
