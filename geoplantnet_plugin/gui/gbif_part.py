"""One thing that GBIF is asked about a species: a button, what it says, and a run in the background."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ..i18n import tr
from .plain_label import plain_label
from .run import Run


class GbifPart(QWidget):
    """Nothing is asked before the box that holds it allows it and its button is clicked."""

    def __init__(self, button: QPushButton, choice: QCheckBox) -> None:
        super().__init__()
        self.button, self.choice = button, choice
        self._allowed, self._name, self._gbif_id = False, "", ""
        self._run: Run | None = None
        self.message = plain_label()
        self.message.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(button)
        row.addWidget(choice)
        row.addStretch()
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.addLayout(row)
        self.content.addWidget(self.message)
        self.message.hide()

    def use(self, name: str, gbif_id: str) -> None:
        """Ask about another species from now on."""
        self.shut_down()
        self._name, self._gbif_id = name, gbif_id
        self._tell("")

    def allow(self, allowed: bool) -> None:
        """Let the button be clicked, or not."""
        self._allowed = allowed
        self.button.setEnabled(allowed and self._run is None)

    def shut_down(self) -> None:
        """Ask no more."""
        if self._run:
            self._run.cancel()

    def _ask(self, algorithm: str, parameters: dict[str, Any], output: str,
             found: Callable[[dict[str, Any]], None]) -> None:
        """Run an algorithm; `found` gets what its `output` says, unless another species has been chosen."""
        asked = self._name
        self._run = Run(algorithm, {"NAME": self._name, "GBIF_ID": self._gbif_id, **parameters}, self)
        self._run.finished.connect(lambda results: self._end() or (
            results and asked == self._name and found(json.loads(results[output]))))
        self._run.failed.connect(self._failed)
        self._tell(tr("Asking GBIF …"))
        self.allow(self._allowed)
        self._run.start()

    def _failed(self, reason: str) -> None:
        self._end()
        self._tell(f"⚠ {reason}")

    def _end(self) -> None:
        self._run = None
        self._tell("")
        self.allow(self._allowed)

    def _tell(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))
