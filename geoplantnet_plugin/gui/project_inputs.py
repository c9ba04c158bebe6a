"""What was chosen in the panel belongs to the project: kept in it when a run starts, chosen again when it is opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProject, QgsVectorLayer

from ..bridge.settings import PREFIX

if TYPE_CHECKING:
    from .assess_panel import AssessPanel

KEY = "inputs"


class ProjectInputs:
    """Area layer, buffer, score source, model, ticked rasters and set rule; the folder of a run is not repeated."""

    def __init__(self, panel: AssessPanel) -> None:
        self._panel = panel
        QgsProject.instance().readProject.connect(self._restore)

    def keep(self) -> None:
        """Write what is chosen now into the open project, which says when it is saved."""
        panel = self._panel
        layer = panel.area.layer.currentLayer()
        chosen = {"layer": layer.id() if layer else "", "buffer": panel.area.buffer.value(),
                  "source": panel.source.currentIndex(), "model": panel.model.model_name(),
                  "rasters": panel.model.predictors.ticked(), "rule": panel.rule.currentData()}
        QgsProject.instance().writeEntry(PREFIX, KEY, json.dumps(chosen))

    def shut_down(self) -> None:
        """Let go of the project."""
        QgsProject.instance().readProject.disconnect(self._restore)

    def _restore(self, *_: object) -> None:
        """Choose again what the project holds; what is not there any more is left as it is."""
        text, found = QgsProject.instance().readEntry(PREFIX, KEY)
        try:
            chosen = json.loads(text) if found else None
            if isinstance(chosen, dict):
                self._choose(chosen)
        except (ValueError, KeyError, TypeError, AttributeError):
            return  # a project from elsewhere may hold anything

    def _choose(self, chosen: dict[str, Any]) -> None:
        panel = self._panel
        layer = QgsProject.instance().mapLayer(str(chosen["layer"]))
        if isinstance(layer, QgsVectorLayer):
            panel.area.use_layer(layer)
        panel.area.buffer.setValue(int(chosen["buffer"]))
        if 0 <= int(chosen["source"]) < panel.source.count():
            panel.source.setCurrentIndex(int(chosen["source"]))
        panel.model.choose_model(str(chosen["model"]))
        panel.model.predictors.untick_all()
        for path in filter(lambda place: Path(place).exists(), map(str, chosen["rasters"])):
            panel.model.predictors.add(path)
        rule = panel.rule.findData(chosen["rule"])
        panel.rule.setCurrentIndex(max(rule, 0))
