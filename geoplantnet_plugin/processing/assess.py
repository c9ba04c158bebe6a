"""``geoplantnet:assess``: which plants are likely in an area, as an assessment folder and layers."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingOutputRasterLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProject,
)

from ..bridge.interpreter import EngineMissing, find_engine
from ..bridge.models import available_models
from ..bridge.runner import JobCancelled, JobFailed, run_job
from ..engine.job import AssessJob
from ..i18n import tr
from ..layers.manifest import NotAnAssessment, read_assessment
from ..layers.project import ProjectNotWritten, write_project
from .area import write_extent, write_source
from .base import Algorithm, Values
from .results import load_on_completion

DEFAULT_MODEL = "western-swiss-alps"
GIBIBYTE = 1024**3


@dataclass(frozen=True)
class _Area:
    """The area as chosen: a vector source, or an extent in the CRS it was given in."""

    source: QgsProcessingFeatureSource | None
    extent: Any
    crs: Any

    def write(self, folder: Path) -> Path:
        name = self.source.sourceName() if self.source else ""
        path = folder / f"{_file_name(name) or 'area'}.gpkg"
        if self.source:
            write_source(self.source, path)
        else:
            write_extent(self.extent, self.crs, path)
        return path


class Assess(Algorithm):
    """Runs the engine's main job and opens what it wrote."""

    ID = "assess"

    AREA = "AREA"
    EXTENT = "EXTENT"
    MODEL = "MODEL"
    MODEL_PACKAGE = "MODEL_PACKAGE"
    PREDICTORS = "PREDICTORS"
    PREDICTOR_FOLDER = "PREDICTOR_FOLDER"
    PREDICTOR_CRS = "PREDICTOR_CRS"
    RESOLUTION = "RESOLUTION"
    GRID_CRS = "GRID_CRS"
    SET_RULE = "SET_RULE"
    INDICATORS = "INDICATORS"
    MEMORY = "MEMORY"
    LOAD = "LOAD"
    OUTPUT = "OUTPUT"
    COVERAGE = "COVERAGE"
    PROJECT = "PROJECT"
    SPECIES = "SPECIES"
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
            "Give the area as polygons or as an extent, and the rasters that hold the model's predictors. The result "
            "is a prediction, not an observation: absence here is not absence on site.\n\n"
            "A cancelled or interrupted run continues when it is started again with the same output folder.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self._add_area()
        self._add_model()
        self._add_options()
        self._add_outputs()

    def _add_area(self) -> None:
        self.add(QgsProcessingParameterFeatureSource(
            self.AREA, tr("Area (polygons)"), [QgsProcessing.SourceType.TypeVectorPolygon], optional=True),
            tr("Polygons in any coordinate system; tick “selected features only” to use the selection. Give either "
               "polygons or an extent."))
        self.add(QgsProcessingParameterExtent(self.EXTENT, tr("… or area (extent)"), optional=True),
                 tr("A rectangle instead of polygons."))

    def _add_model(self) -> None:
        names = [model.name for model in available_models()]
        model = QgsProcessingParameterString(self.MODEL, tr("Model"), DEFAULT_MODEL)
        model.setMetadata({"widget_wrapper": {"value_hints": names}})
        self.add(model, tr("Name of a model, or path of a model package. Models at hand: {names}.").format(
            names=", ".join(names) or "–"))
        self.add(QgsProcessingParameterFile(
            self.MODEL_PACKAGE, tr("… or model package of your own"), optional=True,
            fileFilter=tr("Model packages (*.zip card.json)")),
            tr("A zip file, or the card.json of a package that is a folder. It takes the place of the name above."))
        self.add(QgsProcessingParameterMultipleLayers(
            self.PREDICTORS, tr("Predictor rasters"), QgsProcessing.SourceType.TypeRaster, optional=True),
            tr("The rasters that hold the model's predictors, matched by band name, then by file name."))
        self.add(QgsProcessingParameterFile(
            self.PREDICTOR_FOLDER, tr("… or folder of predictor rasters"),
            QgsProcessingParameterFile.Behavior.Folder, optional=True),
            tr("A folder with the rasters; it may be given together with single rasters."))
        self.add(QgsProcessingParameterCrs(self.PREDICTOR_CRS, tr("Coordinate system of predictors that have none"),
                                           optional=True),
                 tr("Only for rasters that state no coordinate system. It is never guessed."), advanced=True)

    def _add_options(self) -> None:
        number = QgsProcessingParameterNumber
        self.add(number(self.RESOLUTION, tr("Cell size (metres; blank: 50)"), number.Type.Double,
                        optional=True, minValue=1.0),
                 tr("Side of a cell. A finer grid than the predictors' shows no more detail; the assessment records "
                    "the effective resolution."))
        self.add(QgsProcessingParameterString(self.SET_RULE, tr("Set rule (blank: the model's own)"), optional=True),
                 tr("Which species are taken as present in a cell: lambda or lambda:0.5 (score above a threshold), "
                    "topk:25 (the 25 best). The rule is recorded in every output."))
        self.add(QgsProcessingParameterString(self.INDICATORS, tr("Indicators"), "all"),
                 tr("all, or ids separated by commas, such as richness,shannon."))
        self.add(QgsProcessingParameterCrs(self.GRID_CRS, tr("Coordinate system of the grid"), optional=True),
                 tr("A projected system in metres. Blank: EPSG:3035, the European reference grid."), advanced=True)
        self.add(number(self.MEMORY, tr("Memory limit (GB)"), number.Type.Double, 2.0, minValue=0.5),
                 tr("The engine works in blocks that fit into this much memory."), advanced=True)
        self.add(QgsProcessingParameterBoolean(self.LOAD, tr("Open the assessment when it is finished"), True),
                 tr("Adds the layers, grouped and styled, to the project."))

    def _add_outputs(self) -> None:
        self.add(QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Assessment folder")),
                 tr("A new or empty folder, or the folder of an unfinished assessment to continue."))
        self.addOutput(QgsProcessingOutputFile(self.COVERAGE, tr("Coverage table (CSV)")))
        self.addOutput(QgsProcessingOutputFile(self.PROJECT, tr("QGIS project")))
        self.addOutput(QgsProcessingOutputRasterLayer(self.SPECIES, tr("Species scores")))
        self.addOutput(QgsProcessingOutputNumber(self.CELLS, tr("Number of cells")))

    def canExecute(self) -> tuple[bool, str]:
        """Return whether there is an engine, and what to do when there is none."""
        try:
            find_engine()
        except EngineMissing as missing:
            return False, str(missing)
        return True, ""

    def checkParameterValues(self, parameters: Values, context: QgsProcessingContext) -> tuple[bool, str]:
        """Return whether the parameters fit together, with a sentence when they do not."""
        given = {name for name in (self.AREA, self.EXTENT) if parameters.get(name)}
        if not given:
            return False, tr("No area: choose polygons or an extent.")
        if len(given) == 2:
            return False, tr("Two areas: choose either polygons or an extent, not both.")
        if not (parameters.get(self.PREDICTORS) or parameters.get(self.PREDICTOR_FOLDER)):
            return False, tr("No predictors: choose the rasters that hold the model's predictors, or their folder.")
        if not (self.parameterAsString(parameters, self.MODEL, context) or parameters.get(self.MODEL_PACKAGE)):
            return False, tr("No model: give the name of a model or a model package.")
        return super().checkParameterValues(parameters, context)

    def prepareAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> bool:
        """Resolve everything that needs the project or its layers, on the main thread."""
        self._area = self._chosen_area(parameters, context)
        self._predictors = self._chosen_predictors(parameters, context)
        self._project = context.project() or QgsProject.instance()
        return True

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Run the engine, then write the project and hand over the layers."""
        folder = self.parameterAsString(parameters, self.OUTPUT, context)
        if not folder:
            raise QgsProcessingException(tr("No assessment folder: choose where the assessment is written."))
        out = Path(folder)
        with tempfile.TemporaryDirectory(prefix="geoplantnet-") as temporary:
            job = self._job(parameters, context, self._area.write(Path(temporary)), out)
            if not self._run(job, feedback):
                return {}
        try:
            assessment = read_assessment(out)
            project = write_project(assessment)
        except (NotAnAssessment, ProjectNotWritten) as error:
            raise QgsProcessingException(str(error)) from error
        if self.parameterAsBoolean(parameters, self.LOAD, context):
            load_on_completion(assessment, context, self._project)
        return {self.OUTPUT: str(out), self.COVERAGE: str(assessment.coverage_file), self.PROJECT: str(project),
                self.SPECIES: str(assessment.species_file), self.CELLS: assessment.cells}

    def _run(self, job: AssessJob, feedback: QgsProcessingFeedback) -> bool:
        try:
            run_job(find_engine(), "assess", job, feedback)
        except JobCancelled:
            feedback.pushWarning(tr("Cancelled. Run it again with the same folder to continue: {folder}").format(
                folder=job.out))
            return False
        except (EngineMissing, JobFailed) as error:
            raise QgsProcessingException(str(error)) from error
        return True

    def _chosen_area(self, parameters: Values, context: QgsProcessingContext) -> _Area:
        source = self.parameterAsSource(parameters, self.AREA, context)
        if parameters.get(self.AREA) and source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.AREA))
        return _Area(source, self.parameterAsExtent(parameters, self.EXTENT, context),
                     self.parameterAsExtentCrs(parameters, self.EXTENT, context))

    def _chosen_predictors(self, parameters: Values, context: QgsProcessingContext) -> tuple[str, ...]:
        layers = self.parameterAsLayerList(parameters, self.PREDICTORS, context)
        for layer in layers:
            if layer.providerType() != "gdal":
                raise QgsProcessingException(tr("The layer “{name}” is no raster file: save it as a GeoTIFF "
                                                "first.").format(name=layer.name()))
        folder = self.parameterAsString(parameters, self.PREDICTOR_FOLDER, context)
        return tuple(layer.source() for layer in layers) + ((folder,) if folder else ())

    def _job(self, parameters: Values, context: QgsProcessingContext, area: Path, out: Path) -> AssessJob:
        def crs(name: str) -> str | None:
            chosen = self.parameterAsCrs(parameters, name, context)
            return (chosen.authid() or chosen.toWkt()) if chosen.isValid() else None

        package = self.parameterAsString(parameters, self.MODEL_PACKAGE, context)
        if Path(package).name == "card.json":
            package = str(Path(package).parent)
        resolution = parameters.get(self.RESOLUTION)
        indicators = self.parameterAsString(parameters, self.INDICATORS, context).split(",")
        return AssessJob(
            area=str(area), model=package or self.parameterAsString(parameters, self.MODEL, context),
            predictors=self._predictors, out=out,
            resolution=None if resolution is None else self.parameterAsDouble(parameters, self.RESOLUTION, context),
            grid_crs=crs(self.GRID_CRS), predictor_crs=crs(self.PREDICTOR_CRS),
            set_rule=self.parameterAsString(parameters, self.SET_RULE, context) or None,
            indicators=tuple(entry.strip() for entry in indicators if entry.strip()) or ("all",),
            memory=int(self.parameterAsDouble(parameters, self.MEMORY, context) * GIBIBYTE))


def _file_name(text: str) -> str:
    """Return `text` fit for a file name; the engine shows it as the area's name."""
    return "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in text).strip()[:60]
