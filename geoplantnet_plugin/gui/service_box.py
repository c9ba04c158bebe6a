"""Step 2, *From what*, when it is a service: its address, its models and cubes, and what it would take."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from qgis.gui import QgsAuthConfigSelect
from qgis.PyQt.QtCore import QSignalBlocker, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from ..bridge.models import Card
from ..bridge.settings import PluginSettings
from ..i18n import tr
from .asking_box import AskingBox
from .card_dialog import CardDialog
from .service_jobs_dialog import ServiceJobsDialog

ASK = "geoplantnet:askservice"
MODEL = Qt.ItemDataRole.UserRole + 1
"""Where a model's item keeps what the service says of it."""
WHOLE = 99.9
"""Percent that count as all: where a model is offered is known in longitude and latitude."""


class ServiceBox(AskingBox):
    """Runs ``geoplantnet:askservice`` in the background; `site` gives the parameters that say where.

    `fetched` tells the folder of an earlier job that was fetched.
    """

    fetched = pyqtSignal(str)

    def __init__(self, site: Callable[[], dict[str, Any]]) -> None:
        super().__init__(tr("2  From what: a service"), site)
        settings = PluginSettings.load()
        self.note = QLabel(tr("A server computes the same assessment with its own models and predictors. What leaves "
                              "this computer: the outline of the area and what you choose here. Nothing else."))
        self.address = QLineEdit(settings.service)
        self.address.setAccessibleName(tr("Address of the service"))
        self.address.setPlaceholderText("https://…")
        self.address.setToolTip(tr("Address of a server that computes assessments (OGC API – Processes)"))
        self.auth = QgsAuthConfigSelect()
        self.auth.setConfigId(settings.service_auth)
        for part in (self.auth, *self.auth.findChildren(QComboBox), *self.auth.findChildren(QAbstractButton)):
            part.setAccessibleName(tr("Authentication"))
            part.setToolTip(tr("A “Basic” configuration whose password is the token that you were given"))
        self.model, self.cube = QComboBox(), QComboBox()
        self.model.setAccessibleName(tr("Model of the service"))
        self.model.setToolTip(tr("One of the models that the service offers"))
        self.cube.setAccessibleName(tr("Cube of predictors of the service"))
        self.cube.setToolTip(tr("One of the cubes of predictors that the service offers for the model"))
        self.card_button = QPushButton(tr("Card …"))
        self.card_button.setToolTip(tr("What the model predicts, how well, and where it does not hold"))
        self.jobs_button = QPushButton(tr("Your jobs …"))
        self.jobs_button.setToolTip(tr("Your jobs on the service: fetch what they made, or cancel them"))
        self.ask_button.setText(tr("Ask the service …"))
        self.ask_button.setToolTip(tr("Shows what it offers, how long it would take and how much would be downloaded"))
        self.stop_button.setToolTip(tr("Ask the service no more"))
        self._arrange()
        self.address.textChanged.connect(self._other_service)
        self.auth.selectedConfigIdChanged.connect(self._other_service)
        self.model.currentIndexChanged.connect(self._show_cubes)
        self.cube.currentIndexChanged.connect(self.forget)
        self.ask_button.clicked.connect(self.ask)
        self.card_button.clicked.connect(self.show_card)
        self.jobs_button.clicked.connect(self.show_jobs)
        self._show_cubes()

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of ``geoplantnet:assess`` as chosen here."""
        return {"SERVICE": self.address.text().strip(), "SERVICE_AUTH": self.auth.configId(),
                "SERVICE_MODEL": self.model.currentData() or "", "SERVICE_CUBE": self.cube.currentText()}

    @property
    def default_rule(self) -> str:
        """What the blank set rule means."""
        return tr("The model's own rule")

    def prepare(self) -> str:
        """Ask what it would take, which comes before a run, unless that has been shown; return what is going on."""
        if self.is_ready():
            return ""
        self.ask()
        return tr("What the service offers and how long it takes comes first; then press Run again.")

    def ask(self) -> None:
        """Ask for offers and estimate in the background."""
        if self._run is not None:
            return
        self._keep_service()
        self._ask(ASK, self._chosen(), self._found)

    def show_card(self) -> None:
        """Open the card of the chosen model."""
        known = self.model.currentData(MODEL)
        self._dialog = CardDialog(Card(known.get("card", {}), known.get("taxa", 0)), self)
        self._dialog.show()

    def show_jobs(self) -> None:
        """Open the list of the jobs there."""
        self._keep_service()
        chosen = self.parameters()
        self._dialog = ServiceJobsDialog({name: chosen[name] for name in ("SERVICE", "SERVICE_AUTH")}, self)
        self._dialog.fetched.connect(self.fetched)
        self._dialog.show()

    def _keep_service(self) -> None:
        settings = PluginSettings.load()
        settings.service, settings.service_auth = self.address.text().strip(), self.auth.configId()
        settings.save()

    def _other_service(self, *_: object) -> None:
        self.model.clear()
        self.cost.clear()
        self.forget()

    def _found(self, results: dict[str, Any]) -> None:
        self._end()
        if not results:
            self.cost.setText(tr("Stopped."))
            return
        self._show_offers(json.loads(results["OFFERS"])["models"])
        if results.get("PROBLEM"):
            self.cost.setText(f"⚠ {results['PROBLEM']}")
        elif results.get("TEXT"):
            self.cost.setText(results["TEXT"])
            self._answered = self._chosen()
        else:
            self.cost.setText(tr("Choose a model, then ask again."))
        self.changed.emit()

    def _show_offers(self, models: list[dict[str, Any]]) -> None:
        """Fill in the models, keeping the one that is chosen."""
        chosen, cube = self.model.currentData(), self.cube.currentText()
        quiet = [QSignalBlocker(box) for box in (self.model, self.cube)]
        self.model.clear()
        if len(models) > 1:
            self.model.addItem(tr("Choose a model"), "")
        for feature in models:
            known = feature["properties"]
            self.model.addItem(tr("{title} ({taxa} species): {knows}").format(
                title=known.get("title", feature["id"]), taxa=known.get("taxa", "?"), knows=_knows(known)),
                str(feature["id"]))
            self.model.setItemData(self.model.count() - 1, known, MODEL)
        self.model.setCurrentIndex(max(0, self.model.findData(chosen)))
        self._fill_cubes()
        self.cube.setCurrentIndex(max(0, self.cube.findText(cube)))
        for blocker in quiet:
            blocker.unblock()

    def _show_cubes(self, *_: object) -> None:
        self._fill_cubes()
        self.forget()

    def _fill_cubes(self) -> None:
        self.cube.clear()
        known = self.model.currentData(MODEL) or {}
        self.cube.addItems(known.get("cubes", []))
        self.card_button.setEnabled("card" in known)

    def _arrange(self) -> None:
        self.note.setWordWrap(True)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, widget in ((tr("Address"), self.address), (tr("Authentication"), self.auth),
                             (tr("Model"), self.model), (tr("Cube"), self.cube)):
            form.addRow(text, widget)
        layout = QVBoxLayout(self)
        layout.addWidget(self.note)
        buttons = self._buttons()
        for number, button in enumerate((self.card_button, self.jobs_button), 2):
            buttons.insertWidget(number, button)
        for part in (form, buttons):
            layout.addLayout(part)
        layout.addWidget(self.progress)
        layout.addWidget(self.cost)


def _knows(known: dict[str, Any]) -> str:
    """Return what a model knows of the area."""
    share = known.get("knows")
    if share is None:
        return tr("nothing is said of where it holds")
    if share <= 0:
        return tr("does not know this area")
    if share >= WHOLE:
        return tr("knows all of this area")
    return tr("knows {share:.0f} % of this area").format(share=share)
