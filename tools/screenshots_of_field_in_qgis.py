"""What tools/screenshots_of_field.py lets QGIS do: open the package's project and the form of a new observation."""

import os

from qgis.core import QgsProject, QgsVectorLayerUtils
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QDialog
from qgis.utils import iface
from window_steps import IMAGES, open_window, save, walk, widen_layers


def begin():
    open_window()
    iface.addProject(os.environ["GEOPLANTNET_PROJECT"])
    widen_layers()


def drawn():
    return not iface.mapCanvas().isDrawing()


def _layer(name):
    return next(layer for layer in QgsProject.instance().mapLayers().values()
                if layer.source().endswith(f"layername={name}"))


def open_form():
    save("field-project")
    observations, point = _layer("observations"), next(_layer("plan").getFeatures())
    observations.startEditing()
    feature = QgsVectorLayerUtils.createFeature(observations, point.geometry(), {},
                                                observations.createExpressionContext())
    QTimer.singleShot(0, lambda: iface.openFeatureForm(observations, feature, False, False))


def picture_form():
    form = next((widget for widget in QApplication.topLevelWidgets()
                 if isinstance(widget, QDialog) and widget.isVisible()), None)
    if form is None:
        return False
    form.resize(760, 480)
    QApplication.processEvents()
    form.grab().save(str(IMAGES / "field-form.png"))
    form.close()
    _layer("observations").rollBack()
    return True


walk((begin, drawn, open_form, picture_form))
