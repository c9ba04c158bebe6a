"""Says in QGIS's message bar that an assessment is finished, with what comes next: the panel may be closed by now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtWidgets import QToolButton

from ..i18n import tr


def tell_finished(iface, folder: str, offers: Iterable[tuple[str, Callable[[], object]]]) -> None:
    """Name the assessment in `folder`; each of `offers` is the text of a button and what it does."""
    bar = iface.messageBar()
    message = bar.createMessage(tr("GeoPl@ntNet"), tr("The assessment {name} is finished.").format(
        name=Path(folder).name))
    for text, action in offers:
        button = QToolButton()  # a push button is so wide that the docks of a small screen shrink
        button.setText(text)
        button.clicked.connect(action)
        message.layout().addWidget(button)
    bar.pushWidget(message, Qgis.MessageLevel.Success)
