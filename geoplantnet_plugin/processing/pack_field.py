"""``geoplantnet:packfield``: an assessment becomes a folder for a tablet."""

from __future__ import annotations

import tempfile
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QThread

from ..common.fieldpackage import BASEMAP, FieldPackage, PackageUnreadable, read_package, zip_package
from ..common.jobs import PackRequest
from ..i18n import LANGUAGES, tr, written_language
from ..layers.field_basemap import BasemapPlan, needs_rights, plan_basemap, write_basemap
from ..layers.field_project import write_field_project
from ..layers.problem import LayerProblem
from ..layers.project import ProjectNotWritten
from .area import write_source
from .base import Values
from .engine_algorithm import EngineAlgorithm

WEIGHTS = ("even", "uncertainty", "stake", "both")
STRATA = ("", "habitat", "richness")
MEGABYTE = 1_000_000
DEFAULT_ZOOM, DEEPEST_ZOOM = 16, 19


class PackField(EngineAlgorithm):
    """The engine writes the data; basemap and project are made here, where QGIS is."""

    ID = "packfield"

    FOLDER = "FOLDER"
    LANGUAGE = "LANGUAGE"
    POINTS = "POINTS"
    HOURS = "HOURS"
    WEIGHT = "WEIGHT"
    STRATA = "STRATA"
    ACCESS = "ACCESS"
    SEED = "SEED"
    SPECIES = "SPECIES"
    BASEMAP = "BASEMAP"
    BASEMAP_RIGHTS = "BASEMAP_RIGHTS"
    ZOOM = "ZOOM"
    MARGIN = "MARGIN"
    BUDGET = "BUDGET"
    ZIP = "ZIP"
    OUTPUT = "OUTPUT"
    PROJECT = "PROJECT"
    PACKED = "PACKED"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Prepare fieldwork")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Makes a folder for a tablet from an assessment: a project with survey forms, a plan of where to look, the "
            "species expected at every place, the maps, a background map and the report. It opens in QField and in "
            "QGIS without a network and without this plugin (checked against a list of rules, not opened in QField).")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self.add(QgsProcessingParameterFile(self.FOLDER, tr("Assessment folder"),
                                            QgsProcessingParameterFile.Behavior.Folder),
                 tr("The folder of a finished assessment."))
        self.add(QgsProcessingParameterEnum(self.LANGUAGE, tr("Language"), [tr("English"), tr("French")],
                                            defaultValue=LANGUAGES.index(written_language())),
                 tr("Language of forms and legends."))
        self._add_plan()
        self._add_basemap()
        self.add(QgsProcessingParameterString(self.SPECIES, tr("Species maps to take along"), optional=True),
                 tr("Scientific names, separated by ; . Blank: the ten species most at stake."), advanced=True)
        self.add(QgsProcessingParameterNumber(self.BUDGET, tr("Size budget (MB)"),
                                              QgsProcessingParameterNumber.Type.Double, 500.0, minValue=1.0),
                 tr("The package never weighs more; the background map becomes coarser where it has to."))
        self.add(QgsProcessingParameterBoolean(self.ZIP, tr("Also write a zip"), False),
                 tr("One file beside the folder, with all of it."))
        self.add(QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Field package")),
                 tr("A new folder; its name is the name of the project."))
        self.addOutput(QgsProcessingOutputFile(self.PROJECT, tr("Project")))
        self.addOutput(QgsProcessingOutputFile(self.PACKED, tr("Zip")))

    def _add_plan(self) -> None:
        number = QgsProcessingParameterNumber.Type
        self.add(QgsProcessingParameterNumber(self.POINTS, tr("Points to visit"), number.Integer, 30, minValue=1,
                                              maxValue=400), tr("How many points the plan has."))
        self.add(QgsProcessingParameterNumber(self.HOURS, tr("… or hours of work"), number.Double, None, optional=True,
                                              minValue=0.5),
                 tr("Where given, as many points as fit: half an hour each, 3 km an hour between them."))
        self.add(QgsProcessingParameterEnum(self.WEIGHT, tr("Look more often"), [
            tr("everywhere alike"), tr("where the model is unsure"), tr("where listed species are expected"),
            tr("where it is unsure or listed species are expected")], defaultValue=3),
            tr("Every cell keeps a chance, which is written into the plan, so that estimates hold for the whole site."))
        self.add(QgsProcessingParameterEnum(self.STRATA, tr("Share the points among"), [
            tr("nothing"), tr("habitat types"), tr("classes of species richness")], defaultValue=0),
            tr("Each stratum gets at least one point."), advanced=True)
        self.add(QgsProcessingParameterFeatureSource(
            self.ACCESS, tr("Where one can walk"), [QgsProcessing.SourceType.TypeVectorPolygon], optional=True),
            tr("Polygons; no point lies outside."))
        self.add(QgsProcessingParameterNumber(self.SEED, tr("Random seed"), number.Integer, 1, minValue=0),
                 tr("The same number gives the same plan."), advanced=True)

    def _add_basemap(self) -> None:
        number = QgsProcessingParameterNumber.Type
        self.add(QgsProcessingParameterMapLayer(self.BASEMAP, tr("Background map"), optional=True),
                 tr("Any layer of yours; it is drawn into tiles for use without a network."))
        self.add(QgsProcessingParameterBoolean(self.BASEMAP_RIGHTS, tr("I may copy this background map"), False),
                 tr("Needed for layers from a service on the net: its terms may forbid copies."))
        self.add(QgsProcessingParameterNumber(self.ZOOM, tr("Deepest zoom"), number.Integer, DEFAULT_ZOOM, minValue=10,
                                              maxValue=DEEPEST_ZOOM),
                 tr("16 shows about 2 m a pixel, 18 about 0.5 m; it is lowered to stay within the budget."),
                 advanced=True)
        self.add(QgsProcessingParameterNumber(self.MARGIN, tr("Margin (m)"), number.Double, 500.0, minValue=0.0),
                 tr("How far the background map goes beyond the area."), advanced=True)

    def checkParameterValues(self, parameters: Values, context: QgsProcessingContext) -> tuple[bool, str]:
        """Return whether the background map may be copied."""
        layer = self.parameterAsLayer(parameters, self.BASEMAP, context)
        if (layer is not None and needs_rights(layer)
                and not self.parameterAsBoolean(parameters, self.BASEMAP_RIGHTS, context)):
            return False, tr("“{layer}” comes from a service: read its terms, and tick “I may copy this background "
                             "map” if they allow a copy for use without a network.").format(layer=layer.name())
        return super().checkParameterValues(parameters, context)

    def prepareAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> bool:
        """Take a copy of the background layer along into the algorithm's thread."""
        layer = self.parameterAsLayer(parameters, self.BASEMAP, context)
        self._background = layer.clone() if layer is not None else None
        if self._background is not None:
            self._background.moveToThread(None)
        return True

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Have the data packed, draw the background, write the project."""
        out = Path(self.parameterAsString(parameters, self.OUTPUT, context))
        if out.is_dir() and not any(out.iterdir()):
            out.rmdir()  # Processing makes the folder before it asks us to fill it
        with tempfile.TemporaryDirectory(prefix="geoplantnet-") as temporary:
            done = self.run_engine("pack", self._request(parameters, context, out, Path(temporary)), feedback)
        if done is None:
            return {}
        try:
            credit = self._draw_background(parameters, context, out, feedback)
            project = write_field_project(out, credit)
        except (LayerProblem, PackageUnreadable, ProjectNotWritten) as error:
            raise QgsProcessingException(str(error)) from error
        packed = zip_package(out) if self.parameterAsBoolean(parameters, self.ZIP, context) else ""
        return {self.OUTPUT: str(out), self.PROJECT: str(project), self.PACKED: str(packed)}

    def _request(self, parameters: Values, context: QgsProcessingContext, out: Path, temporary: Path) -> PackRequest:
        access = self.parameterAsSource(parameters, self.ACCESS, context)
        if access is not None:
            write_source(access, temporary / "access.gpkg")
        hours = parameters.get(self.HOURS)
        species = self.parameterAsString(parameters, self.SPECIES, context)
        return PackRequest(
            Path(self.parameterAsString(parameters, self.FOLDER, context)), out,
            LANGUAGES[self.parameterAsEnum(parameters, self.LANGUAGE, context)],
            self.parameterAsInt(parameters, self.POINTS, context),
            None if hours is None else self.parameterAsDouble(parameters, self.HOURS, context),
            WEIGHTS[self.parameterAsEnum(parameters, self.WEIGHT, context)],
            STRATA[self.parameterAsEnum(parameters, self.STRATA, context)],
            str(temporary / "access.gpkg") if access is not None else "",
            self.parameterAsInt(parameters, self.SEED, context),
            tuple(name.strip() for name in species.split(";") if name.strip()),
            budget=self.parameterAsDouble(parameters, self.BUDGET, context))

    def _draw_background(self, parameters: Values, context: QgsProcessingContext, out: Path,
                         feedback: QgsProcessingFeedback) -> str:
        """Draw the background map, if one is wanted, and return who made it."""
        layer = self._background
        if layer is None:
            return ""
        layer.moveToThread(QThread.currentThread())
        plan = _plan(read_package(out), self.parameterAsDouble(parameters, self.MARGIN, context),
                     self.parameterAsInt(parameters, self.ZOOM, context))
        told = tr("Background map: zooms up to {zoom}, {width} × {height} pixels, about {size:.0f} MB.")
        feedback.pushInfo(told.format(zoom=plan.zoom, width=plan.width, height=plan.height,
                                      size=plan.size / MEGABYTE))
        write_basemap(layer, plan, out / BASEMAP, feedback)
        return layer.attribution() or "; ".join(layer.metadata().rights()) or layer.name()


def _plan(package: FieldPackage, margin: float, zoom: int) -> BasemapPlan:
    grid = package.grid
    extent = QgsRectangle(grid.left, grid.top - grid.height * grid.resolution,
                          grid.left + grid.width * grid.resolution, grid.top)
    return plan_basemap(extent, QgsCoordinateReferenceSystem(grid.crs), margin, zoom, package.budget - package.size)
