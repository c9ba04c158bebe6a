"""Fills the panel with the demo: a simulated valley."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProject

from ..bridge.settings import data_folder
from ..common.resources import RESOURCES
from ..layers.demo import demo_area

if TYPE_CHECKING:
    from .assess_panel import AssessPanel

DEMO_MODEL = "western-swiss-alps"


def fill_demo(panel: AssessPanel) -> None:
    """Choose the demo's area, model and predictors, the model's own rule, and a folder in the profile."""
    layer = demo_area()
    QgsProject.instance().addMapLayer(layer)
    panel.area.use_layer(layer)
    panel.area.buffer.setValue(0)
    panel.source.setCurrentIndex(0)
    panel.model.choose_model(DEMO_MODEL)
    panel.model.predictors.untick_all()
    panel.model.predictors.add(str(RESOURCES / "demo" / "predictors.tif"))
    panel.rule.setCurrentIndex(0)
    panel.folder.suggest_in(data_folder(), "demo")
