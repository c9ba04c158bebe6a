"""``geoplantnet:assess``: which plants are likely in an area, as an assessment folder and layers."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingOutputRasterLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..bridge.pace import remember
from ..bridge.unfinished import FolderInUse, begin
from ..common.jobs import AssessJob, ModelOptions, SourceOptions
from ..habitats import habitat_titles
from ..i18n import tr
from ..layers.manifest import NotAnAssessment, read_assessment
from ..layers.project import ProjectNotWritten, write_project
from .area import AREA_NAME
from .base import Values
from .country import country_of
from .published import PublishedAlgorithm
from .rasters import raster_sources
from .results import load_on_completion
from .service import ServiceAlgorithm
from .source_kinds import SOURCE_KINDS, SourceKind

GIBIBYTE = 1024**3


class Assess(PublishedAlgorithm, ServiceAlgorithm):
    """Runs the engine's main job and opens what it wrote."""

    ID = "assess"
    JOB = "assess"

    SOURCE = "SOURCE"
    SET_RULE = "SET_RULE"
    INDICATORS = "INDICATORS"
    COUNTRY = "COUNTRY"
    AREAS_BY = "AREAS_BY"
    ALL_SCORES = "ALL_SCORES"
    HABITATS = "HABITATS"
    PRESENT = "PRESENT"
    MONTHS = "MONTHS"
    ELEVATION = "ELEVATION"
    MEMORY = "MEMORY"
    LOAD = "LOAD"
    OUTPUT = "OUTPUT"
    COVERAGE = "COVERAGE"
    PROJECT = "PROJECT"
    SPECIES = "SPECIES"
    SURVEY_LIST = "SURVEY_LIST"
    CELLS = "CELLS"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Assess an area")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Predicts which plant species are likely in an area, cell by cell, with a species distribution model, and "
            "writes an assessment: species maps, biodiversity indicators, a coverage table (the share of the area's "
            "cells in which each species is predicted), a map and a QGIS project, all in one folder.\n\n"
            "Give the area as polygons or as an extent, and the rasters that hold the model's predictors; or take "
            "GeoPl@ntNet's published maps instead of a model (an unofficial client, without endorsement). The result "
            "is a prediction, not an observation: absence here is not absence on site.\n\n"
            "A cancelled or interrupted run continues when it is started again with the same output folder.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self._add_area()
        self.add(QgsProcessingParameterEnum(self.SOURCE, tr("From what"), [kind.title() for kind in SOURCE_KINDS],
                                            defaultValue=0),
            tr("A model on this computer with your predictors, without a network; or maps that GeoPl@ntNet has "
               "published, downloaded for the area; or a service that computes everything."))
        self._add_model()
        self._add_published()
        self._add_service()
        self._add_grid()
        self._add_options()
        self._add_outputs()

    def _add_options(self) -> None:
        self.add(QgsProcessingParameterString(self.SET_RULE, tr("Set rule (blank: the model's own)"), optional=True),
                 tr("Which species are taken as present in a cell: lambda or lambda:0.5 (score above a threshold), "
                    "topk:25 (the 25 best). The rule is recorded in every output."))
        self.add(QgsProcessingParameterString(self.INDICATORS, tr("Indicators"), "all"),
                 tr("all, or ids separated by commas, such as richness,shannon."))
        self._add_site()
        self._add_survey()
        number = QgsProcessingParameterNumber
        self.add(number(self.MEMORY, tr("Memory limit (GB)"), number.Type.Double, 2.0, minValue=0.5),
                 tr("The engine works in blocks that fit into this much memory."), advanced=True)
        self.add(QgsProcessingParameterBoolean(self.ALL_SCORES, tr("Write every score of every listed species"), False),
                 tr("all_scores.tif, a large file beside the others, for work with rasters: the model runs over the "
                    "area a second time for it."), advanced=True)
        self.add(QgsProcessingParameterBoolean(self.LOAD, tr("Open the assessment when it is finished"), True),
                 tr("Adds the layers, grouped and styled, to the project."))

    def _add_site(self) -> None:
        self.add(QgsProcessingParameterString(self.COUNTRY, tr("Country of the site"), optional=True),
                 tr("ISO 3166 code, such as CH or CH-VD: lists that are not in force there do not count. Blank: by "
                    "QGIS's world map, where the whole area lies well inside one country."))
        self.add(QgsProcessingParameterField(self.AREAS_BY, tr("Tell areas apart by this field"), None, self.AREA,
                                             optional=True),
                 tr("Its values name areas that get rows of their own in the tables and the report."))
        self.add(QgsProcessingParameterFile(self.HABITATS, tr("Habitat table"), extension="csv", optional=True),
                 tr("Habitat types by their species: a CSV file with the columns habitat, name, taxon and constancy "
                    "(%). It adds the indicator “habitat”."), advanced=True)

    def _add_survey(self) -> None:
        enum = QgsProcessingParameterEnum(self.PRESENT, tr("Habitats on the site"),
                                          [title for _, title in habitat_titles()], True, optional=True)
        self.add(enum, tr("For the survey list of models that bring their records: species that do not fit any of them "
                          "come last; none is hidden."))
        self.add(QgsProcessingParameterFile(self.MONTHS, tr("Table of when species show"), extension="csv",
                                            optional=True),
                 tr("For the survey list: a CSV file with the columns name and months."), advanced=True)
        self.add(QgsProcessingParameterRasterLayer(self.ELEVATION, tr("Elevation model of the site"), optional=True),
                 tr("For the survey list: marks species that were recorded only above or below the site (metres)."),
                 advanced=True)

    def _add_outputs(self) -> None:
        self.add(QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Assessment folder")),
                 tr("A new or empty folder, or the folder of an unfinished assessment to continue."))
        self.addOutput(QgsProcessingOutputFile(self.COVERAGE, tr("Coverage table (CSV)")))
        self.addOutput(QgsProcessingOutputFile(self.SURVEY_LIST, tr("Survey list (CSV)")))
        self.addOutput(QgsProcessingOutputFile(self.PROJECT, tr("QGIS project")))
        self.addOutput(QgsProcessingOutputRasterLayer(self.SPECIES, tr("Species scores")))
        self.addOutput(QgsProcessingOutputNumber(self.CELLS, tr("Number of cells")))

    def prepareAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> bool:
        """Resolve key or token as well, on the main thread."""
        self._secrets = self._kind(parameters, context).secrets(self, parameters, context)
        elevation = raster_sources(parameters.get(self.ELEVATION), context)
        self._elevation = elevation[0] if elevation else None
        return super().prepareAlgorithm(parameters, context, feedback)

    def _kind(self, parameters: Values, context: QgsProcessingContext) -> SourceKind:
        return SOURCE_KINDS[self.parameterAsEnum(parameters, self.SOURCE, context)]

    def _source_options(self, parameters: Values, context: QgsProcessingContext) -> SourceOptions:
        return self._kind(parameters, context).options(self, parameters, context)

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Run the engine, then write the project and hand over the layers."""
        folder = self.parameterAsString(parameters, self.OUTPUT, context)
        if not folder:
            raise QgsProcessingException(tr("No assessment folder: choose where the assessment is written."))
        out = Path(folder)
        try:
            with begin(out) as run:
                area = self._kept_area(parameters, run.folder) or self._area_file(
                    parameters, context, run.folder, self.parameterAsString(parameters, self.AREAS_BY, context))
                run.save(self._to_continue(parameters, context, area))
                job = self._job(parameters, context, area, out)
                _tell_country(job, feedback)
                if not self._run(job, feedback):
                    return {}
        except FolderInUse as error:
            raise QgsProcessingException(tr("Another assessment is being written to {folder}: wait for it, or choose "
                                            "another folder.").format(folder=out)) from error
        try:
            assessment = read_assessment(out)
            project = write_project(assessment)
        except (NotAnAssessment, ProjectNotWritten) as error:
            raise QgsProcessingException(str(error)) from error
        if self.parameterAsBoolean(parameters, self.LOAD, context):
            load_on_completion(assessment, context, self.project)
        files = {self.COVERAGE: assessment.coverage_file, self.SPECIES: assessment.species_file,
                 self.SURVEY_LIST: assessment.survey.file if assessment.survey else None}
        return {self.OUTPUT: str(out), self.PROJECT: str(project), self.CELLS: assessment.cells,
                **{name: str(file) for name, file in files.items() if file}}

    def _kept_area(self, parameters: Values, folder: Path) -> Path | None:
        """Return the area that an earlier run of the same assessment has kept in `folder`, if that is the one given."""
        given = parameters.get(self.AREA)
        return Path(given) if isinstance(given, str) and Path(given).parent == folder else None

    def _to_continue(self, parameters: Values, context: QgsProcessingContext, area: Path) -> Values:
        """Return plain parameters that still mean the same when the project is closed."""
        plain = {name: value for name, value in parameters.items() if isinstance(value, (str, int, float))}
        crs = {name: self._crs(parameters, name, context) for name in (self.PREDICTOR_CRS, self.GRID_CRS)}
        return {**plain, **{name: text for name, text in crs.items() if text}, self.AREA: str(area), self.EXTENT: None,
                self.BUFFER: 0.0, self.PREDICTORS: list(self._rasters),
                self.PRESENT: self.parameterAsEnums(parameters, self.PRESENT, context), self.ELEVATION: self._elevation}

    def _run(self, job: AssessJob, feedback: QgsProcessingFeedback) -> bool:
        started, is_new = time.monotonic(), not job.out.exists()
        values = self.run_engine(self.JOB, job, feedback, self._secrets)
        if values is None:
            feedback.pushWarning(tr("Cancelled. Run it again with the same folder to continue: {folder}").format(
                folder=job.out))
            return False
        if is_new and isinstance(job.source, ModelOptions):  # one that was continued says nothing of a whole run
            remember(job.source.model, values.get("summary") or {}, time.monotonic() - started, job.out)
        return True

    def _job(self, parameters: Values, context: QgsProcessingContext, area: Path, out: Path) -> AssessJob:
        indicators = self.parameterAsString(parameters, self.INDICATORS, context).split(",")
        return replace(
            super()._job(parameters, context, area, out),
            set_rule=self.parameterAsString(parameters, self.SET_RULE, context) or None,
            indicators=tuple(entry.strip() for entry in indicators if entry.strip()) or ("all",),
            country=self.parameterAsString(parameters, self.COUNTRY, context) or country_of(area) or None,
            areas_by=AREA_NAME if self.parameterAsString(parameters, self.AREAS_BY, context) else None,
            habitats=self.parameterAsString(parameters, self.HABITATS, context) or None,
            present=tuple(habitat_titles()[number][0] for number in
                          self.parameterAsEnums(parameters, self.PRESENT, context)),
            months=self.parameterAsString(parameters, self.MONTHS, context) or None, elevation=self._elevation,
            memory=int(self.parameterAsDouble(parameters, self.MEMORY, context) * GIBIBYTE),
            all_scores=self.parameterAsBoolean(parameters, self.ALL_SCORES, context))


def _tell_country(job: AssessJob, feedback: QgsProcessingFeedback) -> None:
    if job.country:
        feedback.pushInfo(tr("Country of the site: {country}. Lists that are not in force there do not count.").format(
            country=job.country))
    else:
        feedback.pushInfo(tr("The country of the site is not known: every list counts in the indicators, and the "
                             "report gives no verdict on lists of a country or of the EU."))
