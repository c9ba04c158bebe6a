"""Adds layers of GeoPl@ntNet's or any other map service (WMS, WMTS, XYZ) to the project."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from ..i18n import tr
from ..layers.problem import LayerProblem
from ..layers.services import WMS, WMTS, XYZ, offered, presets
from .background import Background


class ServiceDialog(QDialog):
    """Lists what a service offers, in the background; adds what is chosen, with an opacity."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Add layers of a map service"))
        self.preset = QComboBox()
        self.preset.addItem(tr("A service of your own"), None)
        for entry in presets():
            self.preset.addItem(entry.title, entry)
        self.preset.setAccessibleName(tr("Service"))
        self.preset.setToolTip(tr("Services named in the settings' file of services"))
        self.kind = QComboBox()
        for kind, text in ((WMS, "WMS"), (WMTS, "WMTS"), (XYZ, tr("XYZ tiles"))):
            self.kind.addItem(text, kind)
        self.kind.setAccessibleName(tr("Kind of service"))
        self.kind.setToolTip(tr("What kind of service the address belongs to"))
        self.url = QLineEdit()
        self.url.setAccessibleName(tr("Address"))
        self.url.setToolTip(tr("Address of the service; that of tiles holds {z}, {x} and {y}"))
        self.list_button = QPushButton(tr("List layers"))
        self.list_button.setToolTip(tr("Asks the service what it offers"))
        self.layers = QListWidget()
        self.layers.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.layers.setAccessibleName(tr("Layers of the service"))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(10, 100)
        self.opacity.setValue(70)
        self.opacity.setAccessibleName(tr("Opacity"))
        self.opacity.setToolTip(tr("Opacity of the layers in percent"))
        self.message = QLabel(tr("Unofficial client: not endorsed by GeoPl@ntNet or Pl@ntNet. The terms of use are "
                                 "those of the service. WMS layers bring their legend; tiles have none."))
        self.message.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.add_button = self.buttons.addButton(tr("Add"), QDialogButtonBox.ButtonRole.ActionRole)
        self._work = Background(tr("Asking a map service"), self)
        self._arrange()
        self.preset.currentIndexChanged.connect(self._use_preset)
        self.list_button.clicked.connect(self.list_layers)
        self.layers.itemSelectionChanged.connect(self._allow_adding)
        self.add_button.clicked.connect(self.add_chosen)
        self.buttons.rejected.connect(self.reject)
        self._work.done.connect(self._show_layers)
        self._work.failed.connect(self._failed)
        self._allow_adding()

    def list_layers(self) -> None:
        """Ask the service in the background."""
        kind, url = self.kind.currentData(), self.url.text().strip()
        self.layers.clear()
        self.message.setText(tr("Asking the service …"))
        self._work.start(lambda stopped: offered(kind, url))

    def add_chosen(self) -> None:
        """Add the chosen layers to the project."""
        added = 0
        for item in self.layers.selectedItems():
            try:
                layer = item.data(Qt.ItemDataRole.UserRole).layer()
            except LayerProblem as problem:
                self.message.setText(str(problem))
                continue
            layer.setOpacity(self.opacity.value() / 100)
            QgsProject.instance().addMapLayer(layer, False)
            QgsProject.instance().layerTreeRoot().insertLayer(0, layer)  # not into the group of an assessment
            added += 1
        if added:
            self.message.setText(tr("Layers added: {count}. The point tool of the results asks them too.").format(
                count=added))

    def done(self, result: int) -> None:
        """Ask no more when the dialog closes."""
        self._work.stop()
        super().done(result)

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Service"), self.preset)
        form.addRow(tr("Kind"), self.kind)
        form.addRow(tr("Address"), self.url)
        form.addRow("", self.list_button)
        form.addRow(tr("Layers"), self.layers)
        form.addRow(tr("Opacity"), self.opacity)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.message)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(480)

    def _use_preset(self) -> None:
        entry = self.preset.currentData()
        if entry:
            self.kind.setCurrentIndex(max(self.kind.findData(entry.kind), 0))
            self.url.setText(entry.url)
            if not entry.url:
                self.message.setText(tr("The address of this service is not published: enter the one you were given, "
                                        "or put it into the file of services (Settings, Options, GeoPl@ntNet)."))

    def _show_layers(self, found) -> None:
        self.message.setText(tr("{count} layers: choose one or more.").format(count=len(found)))
        for entry in found:
            item = QListWidgetItem(entry.title, self.layers)
            item.setToolTip(entry.name or entry.url)
            item.setData(Qt.ItemDataRole.UserRole, entry)
        self.layers.setCurrentRow(0)

    def _failed(self, reason: str) -> None:
        self.message.setText(reason)

    def _allow_adding(self) -> None:
        self.add_button.setEnabled(bool(self.layers.selectedItems()))
