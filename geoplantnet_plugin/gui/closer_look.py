"""The part of a species card that the engine computes when it is asked: altitudes, responses, months."""

from __future__ import annotations

import json
from typing import Any

from qgis.core import QgsMapLayerProxyModel, QgsProject
from qgis.gui import QgsFileWidget, QgsMapLayerComboBox
from qgis.PyQt.QtWidgets import QFormLayout, QGroupBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ..bridge.profile import Profile, Responses, read_profile
from ..i18n import tr
from ..layers.find import KIND
from ..layers.manifest import Assessment
from .charts import AltitudeChart, Chart, MonthChart, ResponseChart, altitude_text
from .plain_label import plain_label
from .run import Run

PROFILE = "geoplantnet:speciesprofile"


class CloserLook(QGroupBox):
    """Asks when its button is clicked; what is not there says why."""

    def __init__(self) -> None:
        super().__init__(tr("A closer look"))
        self._assessment: Assessment | None = None
        self._taxon = ""
        self._run: Run | None = None
        self.dem = QgsMapLayerComboBox()
        self.dem.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.dem.setAllowEmptyLayer(True, tr("from the model's predictors"))
        self.dem.setCurrentIndex(0)
        self.dem.setAccessibleName(tr("Raster of altitudes"))
        self.dem.setToolTip(tr("A raster of altitudes in metres (DEM)"))
        self.records = QgsFileWidget()
        self.records.setFilter(tr("Tables (*.csv *.tsv *.txt);;All files (*)"))
        self.records.setToolTip(tr("Your own records with dates (Darwin Core, CSV): they are counted by month"))
        self.button = QPushButton(tr("Compute"))
        self.button.setToolTip(tr("Opens the assessment's model and predictors again, in the background"))
        self.stop_button = QPushButton(tr("Stop"))
        self.stop_button.setToolTip(tr("Gives up what is being computed"))
        self.message = plain_label()
        self.message.setWordWrap(True)
        self.charts = QVBoxLayout()
        self._arrange()
        self.button.clicked.connect(self._start)
        self.stop_button.clicked.connect(self.shut_down)
        self._show_running(False)

    def use(self, assessment: Assessment, taxon: str) -> None:
        """Look at another taxon (its id) of an assessment from now on."""
        self.shut_down()
        self._assessment, self._taxon = assessment, taxon
        self.dem.setExceptedLayerList([layer for layer in QgsProject.instance().mapLayers().values()
                                       if layer.customProperty(KIND)])
        self._clear()
        self.message.setText(tr("Altitudes of the cells, how the score answers to each predictor, and your records by "
                                "month. It opens the model again and takes some seconds."))

    def shut_down(self) -> None:
        """Ask no more."""
        if self._run:
            self._run.cancel()

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(tr("Altitudes"), self.dem)
        form.addRow(tr("Your records"), self.records)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.stop_button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addLayout(row)
        layout.addWidget(self.message)
        layout.addLayout(self.charts)

    def _start(self) -> None:
        asked = (self._assessment, self._taxon)
        layer = self.dem.currentLayer()
        parameters: dict[str, Any] = {"FOLDER": str(self._assessment.folder), "TAXON": self._taxon,
                                      "RECORDS": self.records.filePath() or None}
        if layer is not None:
            parameters["DEM"] = [layer.id()]
        self._run = Run(PROFILE, parameters, self)
        self._run.finished.connect(lambda results: self._conclude(results, asked))
        self._run.failed.connect(self._failed)
        self._clear()
        self.message.setText(tr("Computing …"))
        self._show_running(True)
        self._run.start()

    def _conclude(self, results: dict[str, Any], asked: tuple[Assessment, str]) -> None:
        self._run = None
        self._show_running(False)
        if asked != (self._assessment, self._taxon):
            return
        self.message.clear()
        if results:
            self._show(read_profile(json.loads(results["PROFILE"])))

    def _failed(self, reason: str) -> None:
        self._run = None
        self._show_running(False)
        self.message.setText(f"⚠ {reason}")

    def _show(self, profile: Profile) -> None:
        if profile.altitudes:
            self._add(AltitudeChart(profile.altitudes))
            self._tell(altitude_text(profile.altitudes))
        if profile.responses:
            self._show_responses(profile.responses)
        if profile.months:
            self._add(MonthChart(profile.months.counts))
            self._tell(tr("From {file}; {undated} records of this species have no month.").format(
                file=profile.months.file, undated=profile.months.undated))
        titles = {"altitudes": tr("Altitudes"), "responses": tr("Response curves"), "months": tr("Months")}
        for name, reason in profile.absent.items():
            self._tell(tr("{title}: not told. {reason}").format(title=titles.get(name, name), reason=reason))

    def _show_responses(self, shown: Responses) -> None:
        self._tell(tr(
            "Mean score ({scale}) over {cells} cells of this site when one predictor is changed and all others stay as "
            "they are. Shaded: the range of the training data, beyond it the model guesses; band: 80 % of the cells; "
            "bar at the foot: where this site lies. It says what the model does, not what the plant does.").format(
            scale=shown.scale, cells=shown.cells))
        bounds = (min((low for curve in shown.curves for low in curve.low), default=0.0),
                  max((high for curve in shown.curves for high in curve.high), default=1.0))
        for curve in shown.curves:
            self._add(ResponseChart(curve, bounds))
        if shown.left_out:
            self._tell(tr("Without a curve (classes, images, series): {names}.").format(
                names=", ".join(shown.left_out)))

    def _add(self, chart: Chart) -> None:
        self.charts.addWidget(chart)

    def _tell(self, text: str) -> None:
        label = plain_label(text)
        label.setWordWrap(True)
        self.charts.addWidget(label)

    def _clear(self) -> None:
        while self.charts.count():
            widget: QWidget | None = self.charts.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _show_running(self, running: bool) -> None:
        self.button.setEnabled(not running)
        self.stop_button.setVisible(running)
