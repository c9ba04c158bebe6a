"""A part of the area that is shown gets a name here, and is saved with the assessment."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsVectorLayer
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ..common.foreign import MOST_NAME
from ..i18n import tr
from ..layers.manifest import Assessment
from .parts_tab import NAME_PART
from .plain_label import plain_label
from .progress_line import ProgressLine
from .run import Run


class PartNameBar(QWidget):
    """Hidden while there is nothing to save."""

    saved = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._run: Run | None = None
        self._parameters: dict[str, object] = {}
        self.name = QLineEdit()
        self.name.setMaxLength(MOST_NAME)
        self.name.setPlaceholderText(tr("Name of this part"))
        self.name.setAccessibleName(tr("Name of this part"))
        self.name.setToolTip(tr("The report calls the part so; one of that name is replaced"))
        self.save_button = QPushButton(tr("Save part"))
        self.save_button.setToolTip(tr("Keep it with the assessment: in the tab Parts, and in the report"))
        self.progress = ProgressLine(tr("Progress of keeping a part"))
        self.message = plain_label()
        self.message.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.name, 1)
        row.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.progress)
        layout.addWidget(self.message)
        self.name.textChanged.connect(self._enable)
        self.name.returnPressed.connect(self._save)
        self.save_button.clicked.connect(self._save)
        self.clear()

    def offer(self, assessment: Assessment, geometries: list[QgsGeometry], crs: QgsCoordinateReferenceSystem) -> None:
        """Offer to save a part: polygons in `crs`."""
        layer = QgsVectorLayer(f"MultiPolygon?crs={crs.authid() or 'wkt:' + crs.toWkt()}", "part", "memory")
        features = []
        for geometry in geometries:
            feature = QgsFeature()
            feature.setGeometry(geometry)
            features.append(feature)
        layer.dataProvider().addFeatures(features)
        self._parameters = {"FOLDER": str(assessment.folder), "POLYGONS": layer}
        self.name.clear()
        self.message.hide()
        self.progress.clear()
        self._enable()
        self.show()

    def clear(self) -> None:
        """There is nothing to save."""
        self._parameters = {}
        self.hide()

    def _enable(self) -> None:
        self.save_button.setEnabled(bool(self.name.text().strip()) and self._run is None)

    def _save(self) -> None:
        if not self.save_button.isEnabled():
            return
        self._run = Run(NAME_PART, {**self._parameters, "NAME": self.name.text().strip()}, self)
        self._run.finished.connect(lambda results: self._end("", bool(results)))
        self._run.failed.connect(self._end)
        self.message.hide()
        self.progress.follow(self._run, tr("Saving"))
        self._enable()
        self._run.start()

    def _end(self, problem: str, done: bool = False) -> None:
        self._run = None
        self.progress.clear()
        self.message.setText(problem)
        self.message.setVisible(bool(problem))
        self._enable()
        if done:
            self.clear()
            self.saved.emit()
