"""``geoplantnet:speciesprofile``, ``speciesphotos`` and ``speciesmonths``: one species, looked at closely."""

from __future__ import annotations

import json
from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..bridge.profile import read_profile
from ..common.assessment import TABLES
from ..common.jobs import MonthsRequest, PhotosRequest, ProfileRequest
from ..i18n import tr
from .base import Values
from .country import country_of
from .engine_algorithm import EngineAlgorithm
from .rasters import RastersParameter, raster_sources


class SpeciesProfile(EngineAlgorithm):
    """Reads an assessment, its model and its predictors; writes nothing."""

    ID = "speciesprofile"

    FOLDER = "FOLDER"
    TAXON = "TAXON"
    DEM = "DEM"
    RECORDS = "RECORDS"
    PROFILE = "PROFILE"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Look closely at a species")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Of one species of an assessment: the altitudes of the cells where it is predicted, beside those of the "
            "site; how the model's score changes with each predictor on the site's own cells, all others left as they "
            "are; and your own records by month. What cannot be told says why: the model or the predictors are no "
            "longer there, no raster of altitudes is known, no column holds dates. Nothing is written.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self.add(QgsProcessingParameterFile(self.FOLDER, tr("Assessment folder"),
                                            QgsProcessingParameterFile.Behavior.Folder),
                 tr("The folder of a finished assessment."))
        self.add(QgsProcessingParameterString(self.TAXON, tr("Species")),
                 tr("Its name or id, as in the coverage table."))
        self.add(RastersParameter(self.DEM, tr("Altitudes")),
                 tr("A raster of altitudes in metres (DEM). Blank: a predictor of the model that is one."))
        self.add(QgsProcessingParameterFile(self.RECORDS, tr("Your own records"), optional=True),
                 tr("A table with scientific names and dates (Darwin Core, CSV), counted by month."))
        self.addOutput(QgsProcessingOutputString(self.PROFILE, tr("All findings (JSON)")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Ask the engine and say what it could not tell."""
        rasters = raster_sources(parameters.get(self.DEM), context) or ()
        records = self.parameterAsFile(parameters, self.RECORDS, context)
        values = self.run_engine("species_profile", ProfileRequest(
            Path(self.parameterAsFile(parameters, self.FOLDER, context)),
            self.parameterAsString(parameters, self.TAXON, context), rasters[0] if rasters else "",
            Path(records) if records else None), feedback)
        if values is None:
            return {}
        for reason in read_profile(values).absent.values():
            feedback.pushWarning(reason)
        return {self.PROFILE: json.dumps(values)}


class OfGbif(EngineAlgorithm):
    """Asks GBIF about one species by its name or its key."""

    NAME = "NAME"
    GBIF_ID = "GBIF_ID"

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare what names the species."""
        self.add(QgsProcessingParameterString(self.NAME, tr("Species")), tr("Its scientific name."))
        self.add(QgsProcessingParameterString(self.GBIF_ID, tr("GBIF key"), optional=True),
                 tr("Its key in GBIF's backbone. Blank: it is looked up by the name."))

    def _species(self, parameters: Values, context: QgsProcessingContext) -> tuple[str, str]:
        """Return name and key."""
        name = self.parameterAsString(parameters, self.NAME, context)
        if not name:
            raise QgsProcessingException(tr("Give the scientific name of the species."))
        return name, self.parameterAsString(parameters, self.GBIF_ID, context)


class SpeciesPhotos(OfGbif):
    """Fetches photos; what leaves the computer is the name or the key of the species."""

    ID = "speciesphotos"

    PLANTNET = "PLANTNET"
    MOST = "MOST"
    OUTPUT = "OUTPUT"
    PHOTOS = "PHOTOS"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Photos of a species (GBIF)")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Asks GBIF for photos of a species and writes small copies into a folder. Only photos whose author "
                  "and Creative Commons licence are stated are taken; the log names both for each. What leaves your "
                  "computer is the name or the GBIF key of the species.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        super().initAlgorithm(configuration)
        self.add(QgsProcessingParameterBoolean(self.PLANTNET, tr("Pl@ntNet's observations alone"), False),
                 tr("Photos of the observations that Pl@ntNet shares with GBIF, checked by its community."))
        self.add(QgsProcessingParameterNumber(self.MOST, tr("How many at most"), defaultValue=6, minValue=1,
                                              maxValue=30), tr("Photos, each from another record."))
        self.add(QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Folder for the photos")),
                 tr("The copies are 300 pixels wide."))
        self.addOutput(QgsProcessingOutputString(self.PHOTOS, tr("Files, authors and licences (JSON)")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Ask, and name every author."""
        out = self.parameterAsString(parameters, self.OUTPUT, context)
        name, key = self._species(parameters, context)
        values = self.run_engine("species_photos", PhotosRequest(
            name, Path(out), key, self.parameterAsInt(parameters, self.MOST, context),
            self.parameterAsBoolean(parameters, self.PLANTNET, context)), feedback)
        if values is None:
            return {}
        for photo in values["photos"]:
            feedback.pushInfo(f"{photo['file']}: {photo['author']}, {photo['licence']}, {photo['page']}")
        return {self.OUTPUT: out, self.PHOTOS: json.dumps(values)}


class SpeciesMonths(OfGbif):
    """Asks for counts alone; what leaves the computer is the name or the key of the species, and a country."""

    ID = "speciesmonths"

    FOLDER = "FOLDER"
    MONTHS = "MONTHS"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Months in which a species is recorded (GBIF)")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Asks GBIF how many of its records of a species are of each month, in the country of an assessment "
                  "or everywhere. It counts when people found the plant, not when it flowers; records with a year "
                  "alone may stand in January. What leaves your computer is the name or the GBIF key of the species "
                  "and the country.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        super().initAlgorithm(configuration)
        self.add(QgsProcessingParameterFile(self.FOLDER, tr("Assessment folder"),
                                            QgsProcessingParameterFile.Behavior.Folder, optional=True),
                 tr("Records of the country of this assessment alone. Blank, or a site at a border: of all countries."))
        self.addOutput(QgsProcessingOutputString(self.MONTHS, tr("Counts by month (JSON)")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Ask, and say how many there are."""
        folder = self.parameterAsFile(parameters, self.FOLDER, context)
        country = country_of(Path(f"{Path(folder) / TABLES}|layername=area")) if folder else ""
        values = self.run_engine("species_months", MonthsRequest(*self._species(parameters, context), country),
                                 feedback)
        if values is None:
            return {}
        feedback.pushInfo(tr("{count} records with a month, by {source}, {day}").format(
            count=sum(values["counts"]), source=values["attribution"], day=values["day"]))
        return {self.MONTHS: json.dumps(values)}
