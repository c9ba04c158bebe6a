"""Says in QGIS's message bar that an assessment is finished, with what comes next: the panel may be closed by now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtWidgets import QMenu, QSizePolicy, QToolButton

from ..i18n import tr


def tell_finished(iface, folder: str, offers: Iterable[tuple[str, Callable[[], object]]]) -> None:
    """Name the assessment in `folder`; `offers` are texts and what they do: the first is a button, all are its menu."""
    bar = iface.messageBar()
    message = bar.createMessage(tr("GeoPl@ntNet"), tr("The assessment {name} is finished.").format(
        name=Path(folder).name))
    button = QToolButton()
    menu = QMenu(button)
    for text, action in offers:
        menu.addAction(text, action)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
    button.setDefaultAction(menu.actions()[0])
    message.layout().addWidget(button)
    message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # or docks of a small screen shrink
    bar.pushWidget(message, Qgis.MessageLevel.Success)
