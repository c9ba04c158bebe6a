"""Results: leave with a tablet, come back with evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QMimeData, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ..common.fieldpackage import FIELD, ascii_name
from ..common.survey import GEOPACKAGE
from ..i18n import tr
from ..layers.field_basemap import needs_rights
from ..layers.manifest import Assessment
from ..layers.survey import summary, verdict_file
from .plain_label import plain_label
from .progress_line import ProgressLine
from .run import Run

PACK, READ = "geoplantnet:packfield", "geoplantnet:readfield"
MOST_POINTS = 400


class FieldTab(QWidget):
    """Packs the assessment for a tablet, and reads back what the tablets bring, also what is dropped here."""

    surveyed = pyqtSignal()
    """A survey was read back: the species are confirmed or not."""

    def __init__(self) -> None:
        super().__init__()
        self._assessment: Assessment | None = None
        self._run: Run | None = None
        self.points = QSpinBox()
        self.points.setRange(1, MOST_POINTS)
        self.points.setValue(30)
        self.points.setToolTip(tr("How many points the plan of where to look has"))
        self.background = QgsMapLayerComboBox()
        self.background.setAllowEmptyLayer(True)
        self.background.setCurrentIndex(0)
        self.background.setToolTip(tr("This layer is drawn into tiles for use without a network"))
        self.rights = QCheckBox(tr("I may copy this background map"))
        self.pack_button = QPushButton(tr("Prepare fieldwork …"))
        self.pack_button.setToolTip(tr("Make a folder that opens in QField and in QGIS without a network"))
        self.read_button = QPushButton(tr("Read back …"))
        self.read_button.setToolTip(tr("Choose the folder that came back from a tablet, or drop it here"))
        self.files_button = QPushButton(tr("Show the survey's files"))
        self.progress = ProgressLine(tr("Progress of the fieldwork"))
        self.message = plain_label()
        self.message.setWordWrap(True)
        self.verdict = plain_label()
        self.verdict.setWordWrap(True)
        self.setAcceptDrops(True)
        self._arrange()
        self.background.layerChanged.connect(self._enable)
        self.pack_button.clicked.connect(self._choose_package)
        self.read_button.clicked.connect(self._choose_returned)
        self.files_button.clicked.connect(self._show_files)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Prepare and read back another assessment from now on."""
        self._assessment = assessment
        self.message.clear()
        self.progress.clear()
        self._enable()

    def pack(self, folder: str) -> None:
        """Make the field package `folder`, which must not exist."""
        layer = self.background.currentLayer()
        self._start(PACK, {
            "FOLDER": str(self._assessment.folder), "POINTS": self.points.value(), "OUTPUT": folder,
            "BASEMAP": layer.id() if layer else None, "BASEMAP_RIGHTS": self.rights.isChecked()},
            tr("Packing"), tr("The field package is in {folder}: copy it to the tablet and open its project in "
                                "QField.").format(folder=folder))

    def read_back(self, paths: list[str]) -> None:
        """Read what came back: folders of field packages, zips or GeoPackages."""
        self._start(READ, {"FOLDER": str(self._assessment.folder), "RETURNED": paths}, tr("Reading"),
                    tr("The survey is in the assessment's folder."), self.surveyed.emit)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what may have come back from a tablet."""
        if self._ready() and _returned(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read what is dropped."""
        event.acceptProposedAction()
        self.read_back(_returned(event.mimeData()))

    def _arrange(self) -> None:
        out, back = QGroupBox(tr("Going out")), QGroupBox(tr("Coming back"))
        form = QFormLayout(out)
        form.addRow(tr("Points to visit"), self.points)
        form.addRow(tr("Background map"), self.background)
        form.addRow(self.rights)
        form.addRow(self.pack_button)
        rows = QVBoxLayout(back)
        for widget in (self.read_button, self.verdict, self.files_button):
            rows.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 8, 4, 4)
        for widget in (out, back, self.progress, self.message):
            layout.addWidget(widget)
        layout.addStretch()

    def _ready(self) -> bool:
        return self._assessment is not None and self._assessment.complete and self._run is None

    def _enable(self) -> None:
        self.pack_button.setEnabled(self._ready())
        self.read_button.setEnabled(self._ready())
        layer = self.background.currentLayer()
        self.rights.setVisible(layer is not None and needs_rights(layer))
        folder = self._assessment.folder if self._assessment else None
        self.files_button.setEnabled(folder is not None and verdict_file(folder).is_file())
        self.verdict.setText(summary(folder) if folder else "")

    def _choose_package(self) -> None:
        proposed = self._assessment.folder.parent / f"{ascii_name(self._assessment.folder.name)}-field"
        folder, _ = QFileDialog.getSaveFileName(self, tr("New folder for the field package"), str(proposed))
        if folder:
            self.pack(folder)

    def _choose_returned(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Folder that came back"))
        if folder:
            self.read_back([folder])

    def _start(self, algorithm: str, parameters: dict[str, object], doing: str, done: str,
               then: Callable[[], None] = lambda: None) -> None:
        self._run = Run(algorithm, parameters, self)
        self.message.clear()
        self.progress.follow(self._run, doing)
        self._run.finished.connect(then)
        self._run.finished.connect(lambda results: self._conclude(done if results else ""))
        self._run.failed.connect(self._conclude)
        self._enable()
        self._run.start()

    def _conclude(self, text: str) -> None:
        self._run = None
        self.message.setText(text)
        self._enable()

    def _show_files(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._assessment.folder / FIELD)))


def _returned(data: QMimeData) -> list[str]:
    """Return what of the dropped files may be a survey: a folder with one, a zip or a GeoPackage."""
    paths = [Path(url.toLocalFile()) for url in data.urls()] if data.hasUrls() else []
    return [str(path) for path in paths
            if (path / GEOPACKAGE).is_file() or path.suffix.lower() in (".zip", ".gpkg")]
