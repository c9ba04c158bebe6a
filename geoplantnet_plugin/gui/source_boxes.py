"""The one table of score sources in the panel, in the order of the parameter SOURCE of ``geoplantnet:assess``.

A box is a widget with the signal `changed` and

- ``parameters()``: what is chosen, as parameters of the algorithm, without SOURCE;
- ``model_name()``: the name or path of the model that is named, blank where none is;
- ``can_check()``: whether all is there whose fit to the site can be checked;
- ``prepare()``: begin what must come before a run and return a sentence that says so, blank where all is done;
- ``default_rule``: what the blank set rule means;
- ``shut_down()``: stop what runs and let go of the project.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QGroupBox, QVBoxLayout, QWidget

from ..i18n import tr
from .model_box import ModelBox
from .published_box import PublishedBox
from .service_box import ServiceBox
from .steps import narrow

MODEL, PUBLISHED, SERVICE = range(3)


class SourceBoxes(QWidget):
    """The choice of a source, and its box below; a box is made when its source is chosen for the first time.

    `site` gives the parameters that say where.
    """

    changed = pyqtSignal()
    go_on = pyqtSignal()
    """What a run takes has been shown, is little, and a run was asked for: it may begin."""
    fetched = pyqtSignal(str)
    """The folder of an assessment that a service has made."""

    def __init__(self, site: Callable[[], dict[str, Any]]) -> None:
        super().__init__()
        self._makers = (partial(ModelBox, site), partial(PublishedBox, site), partial(ServiceBox, site))
        self._made: dict[int, QGroupBox] = {}
        self.source = QComboBox()
        self.source.addItems([tr("A model on this computer"), tr("GeoPl@ntNet's published maps (unofficial)"),
                              tr("A service")])
        self.source.setAccessibleName(tr("From what"))
        self.source.setToolTip(tr("What gives the scores: a model with your predictors, or maps that are downloaded"))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Scores from"), self.source)
        self._boxes = QVBoxLayout(self)
        self._boxes.setContentsMargins(0, 0, 0, 0)
        self._boxes.addLayout(form)
        self.source.currentIndexChanged.connect(self._show)
        self._show()

    @property
    def chosen(self) -> QGroupBox:
        """The box of the chosen source."""
        return self.box_of(self.source.currentIndex())

    def box_of(self, source: int) -> QGroupBox:
        """Return the box of a source."""
        if source not in self._made:
            box = self._made[source] = self._makers[source]()
            box.hide()
            narrow(box)
            self._boxes.addWidget(box)
            box.changed.connect(self.changed)
            if source == PUBLISHED:
                box.go_on.connect(self.go_on)
            if source == SERVICE:
                box.fetched.connect(self.fetched)
        return self._made[source]

    def shut_down(self) -> None:
        """Stop what runs and let go of the project."""
        for box in self._made.values():
            box.shut_down()

    def _show(self) -> None:
        chosen = self.chosen
        for box in self._made.values():
            box.setVisible(box is chosen)
        self.changed.emit()
