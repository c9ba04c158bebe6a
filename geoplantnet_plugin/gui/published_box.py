"""Step 2, *From what*, when it is published maps: which species, the terms of use, and what the download costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.gui import QgsCheckableComboBox, QgsFileWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFormLayout, QLabel, QLineEdit, QVBoxLayout

from ..bridge.settings import PluginSettings
from ..i18n import tr
from .asking_box import AskingBox
from .terms_dialog import TermsDialog

LITTLE_MEGABYTES, LITTLE_MINUTES = 25.0, 2.0
"""A smaller and quicker download begins once the terms are accepted; a larger one is told and waits for *Run*."""

ESTIMATE = "geoplantnet:estimatepublished"


class PublishedBox(AskingBox):
    """Runs ``geoplantnet:estimatepublished`` in the background; `site` gives the parameters that say where."""

    def __init__(self, site: Callable[[], dict[str, Any]]) -> None:
        super().__init__(tr("2  From what: published maps"), site)
        self.note = _label(tr("Maps that GeoPl@ntNet has published are downloaded for your area. Unofficial client: "
                              "neither GeoPl@ntNet nor Pl@ntNet made or endorses it."))
        self.species = QgsFileWidget()
        self.species.setToolTip(tr("A text file with one scientific name a line; blank: all species"))
        self.families = _line(tr("Families"), tr("Family names separated by commas; blank: all"))
        self.statuses = QgsCheckableComboBox()
        for kind, text in (("invasive", tr("Invasive species")), ("eu_directive", tr("EU Habitats Directive"))):
            self.statuses.addItemWithCheckState(text, Qt.CheckState.Unchecked, kind)
        self.statuses.setDefaultText(tr("All species"))
        self.statuses.setAccessibleName(tr("Lists"))
        self.statuses.setToolTip(tr("Only species that one of these lists names"))
        self.flora = _line(tr("Local flora"), tr(
            "Id of a Pl@ntNet flora, as the algorithm “Nearest floras of Pl@ntNet” gives it; it needs an API key"))
        self.catalogue = _line(tr("Catalogue"), tr(
            "Address of a catalogue in GeoPl@ntNet's form; blank: GeoPl@ntNet's"))
        self.catalogue.setText(PluginSettings.load().catalogue)
        self.ask_button.setText(tr("Terms and size …"))
        self.ask_button.setToolTip(tr("Shows the terms of use, then what would be downloaded; reads a few small "
                                           "files from the publisher once you accept"))
        self.stop_button.setToolTip(tr("Ask the publisher no more"))
        self._arrange()
        for signal in (self.species.fileChanged, self.families.textChanged, self.flora.textChanged,
                       self.statuses.checkedItemsChanged, self.catalogue.textChanged):
            signal.connect(self.forget)
        self.catalogue.editingFinished.connect(self._keep_catalogue)
        self.ask_button.clicked.connect(self._ask_alone)

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of ``geoplantnet:assess`` as chosen here; consent was noted with the estimate."""
        return {"SPECIES_FILE": self.species.filePath(), "FAMILIES": self.families.text().strip(),
                "STATUSES": ",".join(self.statuses.checkedItemsData()), "FLORA": self.flora.text().strip(),
                "SOURCE_URL": self.catalogue.text().strip()}

    @property
    def default_rule(self) -> str:
        """What the blank set rule means."""
        return tr("The 50 best of a cell (default)")

    def prepare(self) -> str:
        """Ask for terms and size, which come before a run, unless they have been shown; return what is going on."""
        if self.is_ready():
            return ""
        self._wants_run = True
        self.estimate()
        return tr("Terms and size of the download come first; a large one then waits for Run again.")

    def estimate(self, accepted: bool = False) -> None:
        """Ask for terms and size in the background."""
        if self._run is not None:
            return
        chosen = self._chosen()
        self._ask(ESTIMATE, {**chosen, "ACCEPT_TERMS": accepted}, lambda results: self._found(chosen, results))

    def _found(self, chosen: dict[str, Any], results: dict[str, Any]) -> None:
        self._end()
        if not results:
            self.cost.setText(tr("Stopped."))
        elif not results["ACCEPTED"]:
            self.cost.setText(tr("Nothing was downloaded: the terms of use have not been accepted."))
            self._dialog = TermsDialog(results["TERMS"], self)
            self._dialog.accepted.connect(lambda: self.estimate(accepted=True))
            self._dialog.rejected.connect(self._ask_no_more)
            self._dialog.show()
        else:
            self._answered = chosen
            minutes = results["MINUTES"]
            self.cost.setText(tr("{taxa} species: about {requests} requests, {size} MB, {time}. Press Run to "
                                 "download.").format(
                taxa=results["TAXA"], requests=results["REQUESTS"], size=f"{results['MEGABYTES']:.1f}",
                time=tr("{minutes} minutes").format(minutes=round(minutes)) if minutes >= 1.5 else tr(
                    "about a minute") if minutes >= 0.5 else tr("less than a minute")))
            self.changed.emit()
            little = minutes < LITTLE_MINUTES and results["MEGABYTES"] < LITTLE_MEGABYTES
            if self._wants_run and little and self.is_ready():
                self._wants_run = False
                self.go_on.emit()

    def _ask_alone(self) -> None:
        """Tell terms and size, and begin nothing."""
        self._wants_run = False
        self.estimate()

    def _ask_no_more(self) -> None:
        self._wants_run = False

    def _keep_catalogue(self) -> None:
        settings = PluginSettings.load()
        settings.catalogue = self.catalogue.text().strip()
        settings.save()

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Only species on"), self.statuses)
        form.addRow(tr("Only these families"), self.families)
        form.addRow(tr("Only species of the file"), self.species)
        form.addRow(tr("Only the local flora"), self.flora)
        form.addRow(tr("Catalogue"), self.catalogue)
        layout = QVBoxLayout(self)
        layout.addWidget(self.note)
        layout.addLayout(form)
        layout.addLayout(self._buttons())
        layout.addWidget(self.progress)
        layout.addWidget(self.cost)


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    return label


def _line(name: str, tip: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(name)
    line.setToolTip(tip)
    return line
