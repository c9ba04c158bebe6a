"""``geoplantnet:floraspecies``: what a Pl@ntNet flora knows of its species."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingParameterString

from ..bridge.key import key_environment
from ..common.jobs import FloraJob
from ..i18n import language, tr
from .base import Values
from .plantnet import TEXT, PlantNetAlgorithm, joined


class FloraSpecies(PlantNetAlgorithm):
    """Common names, ids and Red List categories, with the day they were asked for."""

    ID = "floraspecies"
    ASK = "species"
    COLUMNS = (("name", TEXT), ("authorship", TEXT), ("common_names", TEXT), ("gbif_id", TEXT), ("powo_id", TEXT),
               ("iucn", TEXT), ("flora", TEXT), ("retrieved", TEXT), ("attribution", TEXT))

    FLORA = "FLORA"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Species of a Pl@ntNet flora")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Lists the species of a flora with common names, GBIF and POWO ids and IUCN Red List category, as "
                  "Pl@ntNet states them on the day of the question. A blank category is unknown, not “least concern”. "
                  "Join the table by name to enrich others.\n\n"
                  "It needs a key of the Pl@ntNet API (menu GeoPl@ntNet, “Pl@ntNet API key”). This is an unofficial "
                  "client, not endorsed by Pl@ntNet.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self.add(QgsProcessingParameterString(self.FLORA, tr("Flora")),
                 tr("Its id, as “Nearest floras of Pl@ntNet” gives it."))
        self._add_service()

    def checkParameterValues(self, parameters: Values, context: QgsProcessingContext) -> tuple[bool, str]:
        """Return whether there is a flora: an area is not needed."""
        if not self.parameterAsString(parameters, self.FLORA, context).strip():
            return False, tr("No flora: give its id.")
        return True, ""

    def prepareAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> bool:
        """Take the key, and the flora's id for the rows."""
        self._flora = self.parameterAsString(parameters, self.FLORA, context).strip()
        self._key = key_environment()
        return True

    def _question(self, parameters: Values, context: QgsProcessingContext, folder: Path) -> FloraJob:
        return FloraJob(self.ASK, project=self._flora, language=language(), api_url=self._url(parameters, context))

    def _rows(self, answer: dict[str, Any]) -> Iterator[list[Any]]:
        for entry in answer["species"]:
            yield [entry["name"], entry["authorship"], joined(entry["common_names"]), entry["gbif_id"],
                   entry["powo_id"], entry["iucn"], self._flora, answer["date"], answer["attribution"]]
