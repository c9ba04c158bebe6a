"""The rasters that may hold predictors: those of the project beside files and folders that are added."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QListWidget, QListWidgetItem

from ..i18n import tr
from ..layers.find import KIND

RASTER_SUFFIXES = (".tif", ".tiff", ".vrt", ".img", ".asc", ".bil", ".flt", ".jp2", ".nc", ".grd", ".sdat")
LISTED_ROWS = 4
PATH, LAYER = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class RasterList(QListWidget):
    """What is ticked is used; `itemChanged` tells of every tick, and of a ticked raster that leaves the project."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Predictor rasters"))
        self.setFixedHeight(LISTED_ROWS * (self.fontMetrics().height() + 4))
        QgsProject.instance().layersAdded.connect(self._offer)
        QgsProject.instance().layersRemoved.connect(self._drop)
        self._offer(list(QgsProject.instance().mapLayers().values()))

    def shut_down(self) -> None:
        """Let go of the project."""
        QgsProject.instance().layersAdded.disconnect(self._offer)
        QgsProject.instance().layersRemoved.disconnect(self._drop)

    def ticked(self) -> list[str]:
        """Return the paths of the ticked rasters and folders."""
        return [str(item.data(PATH)) for item in self._items(lambda item: item.checkState() == Qt.CheckState.Checked)]

    def rasters_and_folder(self) -> tuple[list[str], str]:
        """Return the ticked rasters with those of further folders, and the first ticked folder, blank without one."""
        paths = self.ticked()
        folders = [path for path in paths if Path(path).is_dir()]
        others = [str(file) for folder in folders[1:] for file in sorted(Path(folder).iterdir())
                  if file.suffix.lower() in RASTER_SUFFIXES]
        return [path for path in paths if path not in folders] + others, folders[0] if folders else ""

    def add(self, path: str) -> None:
        """Add a raster or a folder, ticked; one that is listed is ticked."""
        known = self._items(lambda item: item.data(PATH) == path)
        item = known[0] if known else self._add_item(Path(path).name, path)
        item.setCheckState(Qt.CheckState.Checked)

    def untick_all(self) -> None:
        """Untick everything."""
        for item in self._items(lambda item: True):
            item.setCheckState(Qt.CheckState.Unchecked)

    def _offer(self, layers) -> None:
        """List the rasters of the project, but not the results of assessments."""
        for layer in layers:
            if isinstance(layer, QgsRasterLayer) and layer.providerType() == "gdal" and not layer.customProperty(KIND):
                item = self._add_item(layer.name(), layer.source())
                item.setData(LAYER, layer.id())

    def _drop(self, layer_ids) -> None:
        for item in self._items(lambda item: item.data(LAYER) in layer_ids):
            self.takeItem(self.row(item))
            if item.checkState() == Qt.CheckState.Checked:
                self.itemChanged.emit(item)

    def _add_item(self, text: str, path: str) -> QListWidgetItem:
        item = QListWidgetItem(text, self)
        item.setData(PATH, path)
        item.setToolTip(path)
        item.setCheckState(Qt.CheckState.Unchecked)
        return item

    def _items(self, fits) -> list[QListWidgetItem]:
        return [item for item in map(self.item, range(self.count())) if fits(item)]
