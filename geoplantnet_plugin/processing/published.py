"""The parameters by which an algorithm takes published maps instead of a model."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)

from ..bridge.key import key_environment
from ..common.jobs import PublishedOptions
from ..i18n import tr
from .base import Values
from .site import SiteAlgorithm


class PublishedAlgorithm(SiteAlgorithm):
    """Declares which published maps are read, for which species, and the consent to their terms."""

    SOURCE_URL = "SOURCE_URL"
    SPECIES_FILE = "SPECIES_FILE"
    FAMILIES = "FAMILIES"
    STATUSES = "STATUSES"
    FLORA = "FLORA"
    API_URL = "API_URL"
    KNOWN = "KNOWN"
    OFFLINE = "OFFLINE"
    ACCEPT_TERMS = "ACCEPT_TERMS"

    def _add_published(self) -> None:
        text = QgsProcessingParameterString
        self.add(QgsProcessingParameterFile(self.SPECIES_FILE, tr("Published maps: only the species of this file"),
                                            optional=True),
                 tr("A text file with one scientific name a line. The fewer species, the smaller the download."))
        self.add(text(self.FAMILIES, tr("Published maps: only these families"), optional=True),
                 tr("Family names, separated by commas. A species whose family is not known does not pass: give "
                    "families with a table of known taxa (advanced)."))
        self.add(text(self.STATUSES, tr("Published maps: only species on lists of these kinds"), optional=True),
                 tr("invasive, eu_directive or the name of a list of your own, separated by commas."))
        self.add(text(self.FLORA, tr("Published maps: only species of this Pl@ntNet flora"), optional=True),
                 tr("The id of a flora, as “Nearest floras of Pl@ntNet” gives it. It needs a Pl@ntNet API key."))
        self.add(QgsProcessingParameterBoolean(
            self.ACCEPT_TERMS, tr("Published maps: I have read their terms of use and accept them"), False),
            tr("“Terms and size of published maps” shows them. Nothing is downloaded before they are accepted, once "
               "for each publisher and computer."))
        self.add(QgsProcessingParameterBoolean(self.OFFLINE, tr("Published maps: use only what is cached"), False),
                 tr("Nobody is asked; maps that are not in the cache count as missing."), advanced=True)
        self.add(text(self.SOURCE_URL, tr("Published maps: address of the catalogue"), optional=True),
                 tr("A STAC catalogue in GeoPl@ntNet's form. Blank: GeoPl@ntNet's own."), advanced=True)
        self.add(text(self.API_URL, tr("Address of the Pl@ntNet API"), optional=True),
                 tr("Blank: Pl@ntNet's own."), advanced=True)
        self.add(QgsProcessingParameterFile(self.KNOWN, tr("Published maps: table of known taxa"), extension="csv",
                                            optional=True),
                 tr("A taxa table (CSV) with full names and families; the catalogue has short names only."),
                 advanced=True)

    def published_secrets(self, parameters: Values, context: QgsProcessingContext) -> dict[str, str]:
        """Return the key for the engine's environment where a flora is asked for; call it on the main thread."""
        return key_environment() if self.parameterAsString(parameters, self.FLORA, context) else {}

    def published_options(self, parameters: Values, context: QgsProcessingContext) -> PublishedOptions:
        """Return which published maps are read, and for which species."""
        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context).strip()

        def several(name: str) -> tuple[str, ...]:
            return tuple(entry.strip() for entry in text(name).split(",") if entry.strip())

        return PublishedOptions(
            source_url=text(self.SOURCE_URL) or None,
            species=self.parameterAsFile(parameters, self.SPECIES_FILE, context) or None,
            families=several(self.FAMILIES), statuses=several(self.STATUSES), flora=text(self.FLORA),
            api_url=text(self.API_URL) or None, known=self.parameterAsFile(parameters, self.KNOWN, context) or None,
            accept_terms=self.parameterAsBoolean(parameters, self.ACCEPT_TERMS, context),
            offline=self.parameterAsBoolean(parameters, self.OFFLINE, context))
