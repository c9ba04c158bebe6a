"""Predictors that no band gives, from the net: size and terms first, then the download, then the lights again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import QgsProject
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ..bridge.fit import Light, SiteFit
from ..bridge.settings import data_folder
from ..i18n import tr
from .progress_line import ProgressLine
from .run import Run
from .terms_dialog import TermsDialog

FETCH = "geoplantnet:fetchpredictors"
RECIPE = "recipe:"
"""How what is to be fetched begins where the model's card derives the predictor from other variables."""


class GetBox(QWidget):
    """`got` tells the folder of rasters that were fetched; `site` gives the parameters that say where."""

    got = pyqtSignal(str)

    def __init__(self, site: Callable[[], dict[str, Any]]) -> None:
        super().__init__()
        self._site = site
        self._run: Run | None = None
        self._light: Light | None = None
        self._model = ""
        self.one = QPushButton(tr("Get it …"))
        self.all = QPushButton(tr("Get all …"))
        self.all.setToolTip(tr("Fetch from the net what this model wants of the sources that are known"))
        self.stop = QPushButton(tr("Stop"))
        self.stop.setToolTip(tr("What was fetched is kept; the same download continues"))
        self.progress = ProgressLine(tr("Progress of the download"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        buttons = QHBoxLayout()
        for button in (self.one, self.all, self.stop):
            buttons.addWidget(button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(buttons)
        layout.addWidget(self.progress)
        layout.addWidget(self.note)
        self.one.clicked.connect(self._ask_one)
        self.all.clicked.connect(lambda: self._ask({"MODEL": self._model}))
        self.stop.clicked.connect(lambda: self._run and self._run.cancel())
        self._show_running(False)
        self.show_light(None)
        self.hide()

    def show_fit(self, fit: SiteFit | None) -> None:
        """Offer what is missing in a check; nothing where every predictor is bound."""
        missing = [light for light in fit.lights if light.state == "red" and not light.source] if fit else []
        self._model = fit.model if fit else ""
        self.setVisible(bool(missing) or self._run is not None)

    def show_light(self, light: Light | None) -> None:
        """Offer one predictor."""
        self._light = light
        can_get = bool(light and light.fetch and light.state == "red")
        self.one.setEnabled(can_get)
        self.one.setToolTip(_told(light) if can_get else tr(
            "The model's card names no source on the net for this predictor"))

    def shut_down(self) -> None:
        """Stop what runs."""
        if self._run:
            self._run.cancel()

    def _ask_one(self) -> None:
        """Ask for the predictor that is shown; a recipe stands in the card of the model."""
        wanted = self._light.fetch
        self._ask({"SOURCES": wanted, **({"MODEL": self._model} if wanted.startswith(RECIPE) else {})})

    def _ask(self, wanted: dict[str, str]) -> None:
        """Ask for size and terms, which comes before any download."""
        folder = data_folder() / "predictors" / (Path(self._model).stem or "model") / _place(self._site())
        parameters = {**self._site(), **wanted, "OUTPUT": str(folder)}
        self.note.clear()
        self._start(parameters, tr("Asking for size and terms"), lambda results: self._consent(parameters, results))

    def _consent(self, parameters: dict[str, Any], results: dict[str, Any]) -> None:
        if not results:
            return
        self.progress.clear()
        told = tr("About {size:.1f} MB in {requests} requests, {minutes:.1f} minutes.").format(
            size=results["MEGABYTES"], requests=results["REQUESTS"], minutes=results["MINUTES"])
        self.note.setText(told)
        self._dialog = TermsDialog(f"{told}\n\n{results['TERMS']}", self)
        self._dialog.accepted.connect(lambda: self._fetch(parameters))
        self._dialog.rejected.connect(lambda: self.note.setText(tr("Nothing was downloaded.")))
        self._dialog.open()

    def _fetch(self, parameters: dict[str, Any]) -> None:
        self.note.clear()
        self._start({**parameters, "CONSENT": True}, tr("Downloading"),
                    lambda results: self._fetched(parameters["OUTPUT"], results))

    def _fetched(self, folder: str, results: dict[str, Any]) -> None:
        self.note.setText(tr("The rasters are in {folder}.").format(folder=folder) if results else "")
        if results and Path(folder).is_dir():
            self.got.emit(folder)

    def _start(self, parameters: dict[str, Any], stage: str, then: Callable[[dict[str, Any]], None]) -> None:
        if self._run is not None:
            return
        self._run = Run(FETCH, parameters, self, remembered="CONSENT" in parameters)
        self.progress.follow(self._run, stage)
        self._run.finished.connect(lambda results: self._end(lambda: then(results)))
        self._run.failed.connect(lambda reason: self._end(lambda: self.note.setText(reason)))
        self._show_running(True)
        self._run.start()

    def _end(self, then: Callable[[], None]) -> None:
        self._run = None
        self._show_running(False)
        then()

    def _show_running(self, running: bool) -> None:
        self.all.setEnabled(not running)
        self.stop.setVisible(running)


def _place(site: dict[str, Any]) -> str:
    """Return a folder's name for an area: the same for the same land, so that a download continues."""
    area = site["AREA"]
    layer = QgsProject.instance().mapLayer(area.source.staticValue()) if area else None
    chosen = layer.boundingBoxOfSelected() if layer and area.selectedFeaturesOnly else layer and layer.extent()
    told = (layer.crs().authid(), chosen.toString(), site.get("BUFFER")) if layer else ()
    return hashlib.sha256(repr(told).encode()).hexdigest()[:8]


def _told(light: Light) -> str:
    """Return what fetching a predictor does."""
    if light.fetch.startswith(RECIPE):
        return tr("Fetch an elevation model, and climate where it is needed, and derive {predictor} from them").format(
            predictor=light.predictor)
    return tr("Fetch {predictor} from {source}").format(predictor=light.predictor, source=light.fetch)
