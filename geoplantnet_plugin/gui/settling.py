"""A highlighted row is mapped once it has been highlighted for a moment."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import QObject

from .slices import Later

SETTLES_MS = 150
"""After the last key: holding an arrow key down must not make a layer a row."""


class Settling(Later):
    """Connect what highlights another row to `start`; `settled` is called when no other one follows."""

    def __init__(self, settled: Callable[[], object], parent: QObject) -> None:
        super().__init__(settled, parent)
        self.setInterval(SETTLES_MS)
