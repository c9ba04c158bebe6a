"""What tools/screenshots_of_field.py lets QGIS do: open the package's project and the form of a new observation."""

import os
from pathlib import Path

from qgis.core import QgsProject, QgsVectorLayerUtils
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QApplication, QDialog, QDockWidget
from qgis.utils import iface

IMAGES = Path(os.environ["GEOPLANTNET_IMAGES"])


def _open():
    window = iface.mainWindow()
    window.setGeometry(0, 0, 1600, 1000)
    window.findChild(QDockWidget, "Browser").close()
    iface.addProject(os.environ["GEOPLANTNET_PROJECT"])
    window.resizeDocks([window.findChild(QDockWidget, "Layers")], [330], Qt.Orientation.Horizontal)
    QTimer.singleShot(8000, _opened)


def _layer(name):
    return next(layer for layer in QgsProject.instance().mapLayers().values()
                if layer.source().endswith(f"layername={name}"))


def _opened():
    iface.mainWindow().grab().save(str(IMAGES / "field-project.png"))
    observations, point = _layer("observations"), next(_layer("plan").getFeatures())
    observations.startEditing()
    feature = QgsVectorLayerUtils.createFeature(observations, point.geometry(), {},
                                                observations.createExpressionContext())
    QTimer.singleShot(3000, _form_shown)
    iface.openFeatureForm(observations, feature, False, False)


def _form_shown():
    form = next(widget for widget in QApplication.topLevelWidgets()
                if isinstance(widget, QDialog) and widget.isVisible())
    form.resize(760, 480)
    QApplication.processEvents()
    form.grab().save(str(IMAGES / "field-form.png"))
    form.close()
    _layer("observations").rollBack()
    QgsProject.instance().clear()
    QTimer.singleShot(2000, iface.actionExit().trigger)


QTimer.singleShot(3000, _open)
