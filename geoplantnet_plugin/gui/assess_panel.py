"""Where, from what, what for, run: fills the parameters of ``geoplantnet:assess`` and starts it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from qgis.core import QgsProject, QgsVectorLayer
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..bridge.settings import PluginSettings, data_folder
from ..i18n import tr
from ..layers.style import style_outline
from ..resources import RESOURCES
from .area_box import AreaBox
from .model_box import ModelBox
from .run import Run

ASSESS = "geoplantnet:assess"
DEMO_MODEL = "western-swiss-alps"


class AssessPanel(QWidget):
    """`assessed` tells the folder of a finished assessment."""

    assessed = pyqtSignal(str)

    def __init__(self, iface) -> None:
        super().__init__()
        self._iface = iface
        self._run: Run | None = None
        self._runnable = False
        self.area = AreaBox(iface)
        self.model = ModelBox()
        self.rule = QComboBox()
        for text, value in ((tr("The model's own rule"), ""), (tr("The 25 best species of a cell"), "topk:25"),
                            (tr("The 50 best species of a cell"), "topk:50"),
                            (tr("Score above 0.5"), "lambda:0.5")):
            self.rule.addItem(text, value)
        self.rule.setToolTip(tr("Which species are taken as present in a cell; recorded in every output"))
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.run_button = QPushButton(tr("Run"))
        self.run_button.setDefault(True)
        self.cancel_button = QPushButton(tr("Cancel"))
        self.options_button = QPushButton(tr("All options …"))
        self.options_button.setToolTip(tr("Opens the Processing dialog with what is chosen here"))
        self.demo_button = QPushButton(tr("Try the demo"))
        self.demo_button.setToolTip(tr("Assesses a small simulated valley that comes with the plugin"))
        self.progress = QProgressBar()
        self.status = QLabel()
        self.status.setWordWrap(True)
        self._arrange()
        self._connect()
        self._show_running(False)
        self._suggest_folder()

    def set_runnable(self, runnable: bool) -> None:
        """Allow running, or not (no engine)."""
        self._runnable = runnable
        self._show_running(self._run is not None)

    def parameters(self) -> dict[str, Any]:
        """Return the algorithm's parameters as chosen."""
        rasters, folders = self.model.sources()
        return {"AREA": self.area.parameter(), "MODEL": self.model.model_name(), "PREDICTORS": rasters,
                "PREDICTOR_FOLDER": folders[0] if folders else "", "SET_RULE": self.rule.currentData(),
                "OUTPUT": self.folder.filePath()}

    def run(self) -> None:
        """Start the assessment in the task manager."""
        if self._run is not None:
            return
        self.status.clear()
        self._run = Run(ASSESS, self.parameters(), self)
        self._run.progress.connect(lambda percent: self.progress.setValue(round(percent)))
        self._run.stage.connect(self.progress.setFormat)
        self._run.warning.connect(self._add_line)
        self._run.finished.connect(self._finished)
        self._run.failed.connect(self._failed)
        self._show_running(True)
        self._run.start()

    def run_demo(self) -> None:
        """Fill in the demo and run it."""
        self.fill_demo()
        self.run()

    def fill_demo(self) -> None:
        """Fill in the demo: a simulated valley."""
        layer = QgsVectorLayer(str(RESOURCES / "demo" / "area.geojson"), tr("Demo area (simulated)"), "ogr")
        style_outline(layer)
        QgsProject.instance().addMapLayer(layer)
        self.area.use_layer(layer)
        self.model.choose_model(DEMO_MODEL)
        self.model.untick_all()
        self.model.add_source(str(RESOURCES / "demo" / "predictors.tif"))
        self.rule.setCurrentIndex(0)
        self.folder.setFilePath(str(_unused(data_folder() / "demo")))

    def shut_down(self) -> None:
        """Stop what runs and let go of the canvas and the project."""
        if self._run:
            self._run.cancel()
        self.area.shut_down()
        self.model.shut_down()

    def _arrange(self) -> None:
        purpose = QGroupBox(tr("3  What for"))
        form = QFormLayout(purpose)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(tr("Species present"), self.rule)
        form.addRow(tr("Assessment folder"), self.folder)
        buttons = QHBoxLayout()
        for button in (self.run_button, self.cancel_button, self.options_button):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.demo_button)
        layout = QVBoxLayout(self)
        for widget in (self.area, self.model, purpose):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addWidget(self.progress)
        layout.addWidget(self.status)
        layout.addStretch()

    def _connect(self) -> None:
        self.run_button.clicked.connect(self.run)
        self.cancel_button.clicked.connect(lambda: self._run and self._run.cancel())
        self.options_button.clicked.connect(self._open_dialog)
        self.demo_button.clicked.connect(self.run_demo)
        self.area.layer.layerChanged.connect(self._suggest_folder)

    def _open_dialog(self) -> None:
        from processing import execAlgorithmDialog

        execAlgorithmDialog(ASSESS, self.parameters())

    def _suggest_folder(self, *_: object) -> None:
        """Suggest a new folder beside the last one."""
        last = PluginSettings.load().last_output
        parent = Path(last).parent if last else Path.home() / "GeoPlantNet"
        name = "".join(letter if letter.isalnum() else "-" for letter in self.area.name()).strip("-")
        self.folder.setFilePath(str(_unused(parent / f"{date.today().isoformat()}-{name or 'area'}")))

    def _show_running(self, running: bool) -> None:
        self.run_button.setEnabled(self._runnable and not running)
        self.demo_button.setEnabled(self._runnable and not running)
        self.cancel_button.setVisible(running)
        self.progress.setVisible(running)
        self.progress.setValue(0)

    def _add_line(self, text: str) -> None:
        self.status.setText("\n".join(filter(None, [self.status.text(), f"⚠ {text}"])))

    def _finished(self, results: dict[str, Any]) -> None:
        self._end()
        if not results:
            return
        if Path(results["OUTPUT"]).parent != data_folder():
            settings = PluginSettings.load()
            settings.last_output = results["OUTPUT"]
            settings.save()
        self.assessed.emit(results["OUTPUT"])
        self._suggest_folder()

    def _failed(self, reason: str) -> None:
        self._end()
        self.status.setText(reason)

    def _end(self) -> None:
        self._run.deleteLater()
        self._run = None
        self._show_running(False)


def _unused(path: Path) -> Path:
    """Return `path`, numbered if there is already something."""
    candidates = [path, *(path.with_name(f"{path.name}-{number}") for number in range(2, 1000))]
    return next(candidate for candidate in candidates if not candidate.exists())
