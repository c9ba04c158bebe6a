"""Step 2, *From what*: the model and the rasters that hold its predictors."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
)

from ..bridge.models import ModelSummary, available_models
from ..i18n import tr
from ..layers.find import KIND


class ModelBox(QGroupBox):
    """The models at hand, and the rasters of the project beside those that are added here."""

    def __init__(self) -> None:
        super().__init__(tr("2  From what"))
        self.model = QComboBox()
        self.model.setAccessibleName(tr("Model"))
        self.own_model = QToolButton()
        self.own_model.setText("…")
        self.own_model.setToolTip(tr("Choose a model package of your own (zip or card.json)"))
        self.description = QLabel()
        self.description.setWordWrap(True)
        self.predictors = QListWidget()
        self.predictors.setAccessibleName(tr("Predictor rasters"))
        self.predictors.setMinimumHeight(72)
        self.predictors.setMaximumHeight(140)
        self.add_files = QPushButton(tr("Add files …"))
        self.add_folder = QPushButton(tr("Add folder …"))
        self._arrange()
        for model in available_models():
            self._add_model(model)
        self.model.currentIndexChanged.connect(self._show_model)
        self.own_model.clicked.connect(self._choose_model)
        self.add_files.clicked.connect(self._choose_files)
        self.add_folder.clicked.connect(self._choose_folder)
        QgsProject.instance().layersAdded.connect(self._offer)
        QgsProject.instance().layersRemoved.connect(self._drop)
        self._offer(list(QgsProject.instance().mapLayers().values()))
        self._show_model()

    def shut_down(self) -> None:
        """Let go of the project."""
        QgsProject.instance().layersAdded.disconnect(self._offer)
        QgsProject.instance().layersRemoved.disconnect(self._drop)

    def model_name(self) -> str:
        """Return the name or path of the chosen model, blank without one."""
        model = self.model.currentData()
        return model.name if model else ""

    def choose_model(self, name: str) -> None:
        """Choose a model by name or path."""
        for index in range(self.model.count()):
            if self.model.itemData(index).name == name:
                self.model.setCurrentIndex(index)

    def sources(self) -> tuple[list[str], list[str]]:
        """Return the ticked rasters and the ticked folders."""
        items = (self.predictors.item(row) for row in range(self.predictors.count()))
        paths = [item.data(Qt.ItemDataRole.UserRole) for item in items
                 if item.checkState() == Qt.CheckState.Checked]
        return ([path for path in paths if not Path(path).is_dir()], [path for path in paths if Path(path).is_dir()])

    def add_source(self, path: str) -> None:
        """Add a raster or a folder, ticked; one that is listed is ticked."""
        known = self._items(lambda item: item.data(Qt.ItemDataRole.UserRole) == path)
        item = known[0] if known else self._add_item(Path(path).name, path)
        item.setCheckState(Qt.CheckState.Checked)

    def untick_all(self) -> None:
        """Untick everything."""
        for item in self._items(lambda item: True):
            item.setCheckState(Qt.CheckState.Unchecked)

    def _arrange(self) -> None:
        models = QHBoxLayout()
        models.addWidget(self.model, 1)
        models.addWidget(self.own_model)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_files)
        buttons.addWidget(self.add_folder)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.addLayout(models)
        layout.addWidget(self.description)
        layout.addWidget(QLabel(tr("Predictors: tick the rasters that hold them")))
        layout.addWidget(self.predictors)
        layout.addLayout(buttons)

    def _add_model(self, model: ModelSummary) -> None:
        self.model.addItem(model.title, model)

    def _show_model(self) -> None:
        model = self.model.currentData()
        self.description.setText(model.description if model else tr(
            "There is no model yet: choose a model package with “…”."))

    def _choose_model(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Model package"), "",
                                              tr("Model packages (*.zip card.json)"))
        if path:
            name = str(Path(path).parent) if Path(path).name == "card.json" else path
            self._add_model(ModelSummary(name, Path(name).stem, name, 0.0, False))
            self.model.setCurrentIndex(self.model.count() - 1)

    def _choose_files(self) -> None:
        for path in QFileDialog.getOpenFileNames(self, tr("Predictor rasters"))[0]:
            self.add_source(path)

    def _choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr("Folder of predictor rasters"))
        if path:
            self.add_source(path)

    def _offer(self, layers) -> None:
        """List the rasters of the project, but not the results of assessments."""
        for layer in layers:
            if isinstance(layer, QgsRasterLayer) and layer.providerType() == "gdal" and not layer.customProperty(KIND):
                item = self._add_item(layer.name(), layer.source())
                item.setData(Qt.ItemDataRole.UserRole + 1, layer.id())

    def _drop(self, layer_ids) -> None:
        for item in self._items(lambda item: item.data(Qt.ItemDataRole.UserRole + 1) in layer_ids):
            self.predictors.takeItem(self.predictors.row(item))

    def _add_item(self, text: str, path: str) -> QListWidgetItem:
        item = QListWidgetItem(text, self.predictors)
        item.setData(Qt.ItemDataRole.UserRole, path)
        item.setToolTip(path)
        item.setCheckState(Qt.CheckState.Unchecked)
        return item

    def _items(self, fits) -> list[QListWidgetItem]:
        return [item for item in map(self.predictors.item, range(self.predictors.count())) if fits(item)]
