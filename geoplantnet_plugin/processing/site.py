"""What algorithms about a site share: where it is, from what it is scored, on which grid."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingParameterCrs,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..bridge.models import available_models, package_at
from ..common.jobs import AssessJob, ModelOptions, SourceOptions
from ..i18n import tr
from .area import crs_of, write_extent, write_source
from .base import Values
from .engine_algorithm import EngineAlgorithm
from .rasters import RastersParameter, raster_sources

MOST_BUFFER = 100_000.0


@dataclass(frozen=True)
class _Area:
    """The area as chosen: a vector source or an extent, in the CRS it was given in."""

    source: QgsProcessingFeatureSource | None
    extent: Any
    crs: Any

    def write(self, folder: Path, buffer: float, field: str = "") -> Path:
        name = self.source.sourceName() if self.source else ""
        path = folder / f"{_file_name(name) or 'area'}.gpkg"
        if self.source:
            write_source(self.source, path, buffer, field, self.crs)
        else:
            write_extent(self.extent, self.crs, path, buffer)
        return path


class SiteAlgorithm(EngineAlgorithm):
    """Declares and resolves the parameters of a site; subclasses say what is done with it."""

    AREA = "AREA"
    EXTENT = "EXTENT"
    BUFFER = "BUFFER"
    MODEL = "MODEL"
    MODEL_PACKAGE = "MODEL_PACKAGE"
    PREDICTORS = "PREDICTORS"
    PREDICTOR_FOLDER = "PREDICTOR_FOLDER"
    PREDICTOR_CRS = "PREDICTOR_CRS"
    PLAN = "PLAN"
    RESOLUTION = "RESOLUTION"
    GRID_CRS = "GRID_CRS"

    def _add_area(self) -> None:
        self.add(QgsProcessingParameterFeatureSource(
            self.AREA, tr("Area (polygons, or points and lines with a buffer)"),
            [QgsProcessing.SourceType.TypeVectorAnyGeometry], optional=True),
            tr("Polygons in any coordinate system; tick “selected features only” to use the selection. Give either "
               "polygons or an extent. Points and lines need a buffer."))
        self.add(QgsProcessingParameterExtent(self.EXTENT, tr("… or area (extent)"), optional=True),
                 tr("A rectangle instead of polygons."))
        number = QgsProcessingParameterNumber
        self.add(number(self.BUFFER, tr("Buffer around the area (metres)"), number.Type.Double, 0.0, minValue=0.0,
                        maxValue=MOST_BUFFER),
                 tr("Added around every shape of the area, in metres on the ground in any coordinate system."))

    def _add_model(self) -> None:
        names = [model.name for model in available_models()]
        model = QgsProcessingParameterString(self.MODEL, tr("Model (blank: the one that fits the area)"), optional=True)
        model.setMetadata({"widget_wrapper": {"value_hints": names}})
        self.add(model, tr("Name of a model, or path of a model package. Models at hand: {names}.").format(
            names=", ".join(names) or "–"))
        self.add(QgsProcessingParameterFile(
            self.MODEL_PACKAGE, tr("… or model package of your own"), optional=True,
            fileFilter=tr("Model packages (*.zip card.json)")),
            tr("A zip file, or the card.json of a package that is a folder. It takes the place of the name above."))
        self.add(RastersParameter(self.PREDICTORS, tr("Predictor rasters")), tr(
            "The rasters that hold the model's predictors, matched by band name, then by file name. What they do not "
            "give is taken from the base cube that ships, where the model's card names it."))
        self.add(QgsProcessingParameterFile(
            self.PREDICTOR_FOLDER, tr("… or folder of predictor rasters"),
            QgsProcessingParameterFile.Behavior.Folder, optional=True),
            tr("A folder with the rasters; it may be given together with single rasters."))
        self.add(QgsProcessingParameterCrs(self.PREDICTOR_CRS, tr("Coordinate system of predictors that have none"),
                                           optional=True),
                 tr("Only for rasters that state no coordinate system. It is never guessed."), advanced=True)
        self.add(QgsProcessingParameterFile(self.PLAN, tr("Saved plan of predictors"), extension="json", optional=True),
                 tr("Says which band gives which predictor; it goes before the names of bands and files. The panel "
                    "and “geoplantnet cube plan --save” write such plans."), advanced=True)

    def _add_grid(self) -> None:
        number = QgsProcessingParameterNumber
        self.add(number(self.RESOLUTION, tr("Cell size (metres; blank: 50)"), number.Type.Double,
                        optional=True, minValue=1.0),
                 tr("Side of a cell. A finer grid than the predictors' shows no more detail; the assessment records "
                    "the effective resolution."))
        self.add(QgsProcessingParameterCrs(self.GRID_CRS, tr("Coordinate system of the grid"), optional=True),
                 tr("A projected system in metres. Blank: EPSG:3035, the European reference grid."), advanced=True)

    def checkParameterValues(self, parameters: Values, context: QgsProcessingContext) -> tuple[bool, str]:
        """Return whether the parameters fit together, with a sentence when they do not."""
        given = {name for name in (self.AREA, self.EXTENT) if parameters.get(name)}
        if not given:
            return False, tr("No area: choose polygons or an extent.")
        if len(given) == 2:
            return False, tr("Two areas: choose either polygons or an extent, not both.")
        return super().checkParameterValues(parameters, context)

    def prepareAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> bool:
        """Resolve everything that needs the project or its layers, on the main thread."""
        self._area = self._chosen_area(parameters, context)
        self._rasters = self._chosen_rasters(parameters, context)
        return super().prepareAlgorithm(parameters, context, feedback)

    def _chosen_area(self, parameters: Values, context: QgsProcessingContext) -> _Area:
        source = self.parameterAsSource(parameters, self.AREA, context)
        if parameters.get(self.AREA) and source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.AREA))
        crs = (crs_of(source, self.parameterAsVectorLayer(parameters, self.AREA, context)) if source is not None
               else self.parameterAsExtentCrs(parameters, self.EXTENT, context))
        return _Area(source, self.parameterAsExtent(parameters, self.EXTENT, context), crs)

    def _chosen_rasters(self, parameters: Values, context: QgsProcessingContext) -> tuple[str, ...]:
        found = raster_sources(parameters.get(self.PREDICTORS), context)
        if found is None:  # an expression, or an output of a model's step
            found = raster_sources(self.parameterAsLayerList(parameters, self.PREDICTORS, context), context) or ()
        return found

    def _predictors(self, parameters: Values, context: QgsProcessingContext) -> tuple[str, ...]:
        others = (self.parameterAsString(parameters, name, context) for name in (self.PREDICTOR_FOLDER, self.PLAN))
        return self._rasters + tuple(other for other in others if other)

    def _area_file(self, parameters: Values, context: QgsProcessingContext, folder: Path, field: str = "") -> Path:
        """Write the area, with its buffer and the names in `field`, into `folder`."""
        return self._area.write(folder, self.parameterAsDouble(parameters, self.BUFFER, context), field)

    def _resolution(self, parameters: Values, context: QgsProcessingContext) -> float | None:
        given = parameters.get(self.RESOLUTION) is not None
        return self.parameterAsDouble(parameters, self.RESOLUTION, context) if given else None

    def _crs(self, parameters: Values, name: str, context: QgsProcessingContext) -> str | None:
        chosen = self.parameterAsCrs(parameters, name, context)
        return (chosen.authid() or chosen.toWkt()) if chosen.isValid() else None

    def _job(self, parameters: Values, context: QgsProcessingContext, area: Path, out: Path) -> AssessJob:
        """Return the job on the site whose polygons are in the file `area`."""
        return AssessJob(str(area), out, self._source_options(parameters, context),
                         self._resolution(parameters, context), self._crs(parameters, self.GRID_CRS, context))

    def _source_options(self, parameters: Values, context: QgsProcessingContext) -> SourceOptions:
        """Return what the chosen score source needs to know: here the model and its predictors."""
        return self.model_options(parameters, context)

    def model_options(self, parameters: Values, context: QgsProcessingContext) -> ModelOptions:
        """Return the model and the rasters that are chosen."""
        package = self.parameterAsString(parameters, self.MODEL_PACKAGE, context)
        return ModelOptions(package_at(package) or self.parameterAsString(parameters, self.MODEL, context),
                            self._predictors(parameters, context), self._crs(parameters, self.PREDICTOR_CRS, context))


def _file_name(text: str) -> str:
    """Return `text` fit for a file name; the engine shows it as the area's name."""
    return "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in text).strip()[:60]
