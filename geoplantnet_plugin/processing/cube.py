"""``geoplantnet:plancube`` and ``geoplantnet:buildcube``: where a model's predictors come from, and keeping them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
)

from ..i18n import tr
from .base import Values
from .site import SiteAlgorithm

BUILT = "cube.json"


class CubeAlgorithm(SiteAlgorithm):
    """Runs a job on the cube of a site's predictors."""

    RESOLUTION_FOUND = "EFFECTIVE_RESOLUTION"

    def _add_site(self) -> None:
        self._add_area()
        self._add_model()
        self._add_grid()

    def _run(self, name: str, parameters: Values, context: QgsProcessingContext, out: Path,
             feedback: QgsProcessingFeedback) -> dict[str, Any] | None:
        """Return what the engine answers, None when it was cancelled."""
        with tempfile.TemporaryDirectory(prefix="geoplantnet-") as temporary:
            area = self._area_file(parameters, context, Path(temporary))
            return self.run_engine(name, self._job(parameters, context, area, out), feedback)


class PlanCube(CubeAlgorithm):
    """Shows which band gives each predictor, and saves it."""

    ID = "plancube"

    OUTPUT = "OUTPUT"
    TABLE = "TABLE"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Plan the predictors of a model")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Finds for each of a model's predictors the band that gives it, by name, and checks it over the area: "
            "coordinate system, resolution, how values are resampled, unit, share of the area with values. The table "
            "shows what was found; the plan is a small JSON file that can be edited and is obeyed when it is given as "
            "“Saved plan of predictors”. Nothing is guessed: a predictor without a band, or with two, stops with a "
            "sentence.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self._add_site()
        self.add(QgsProcessingParameterFileDestination(self.TABLE, tr("Table"), tr("Web pages (*.html)")),
                 tr("Predictor, source, band, coordinate system, resolution, resampling, unit and coverage."))
        self.add(QgsProcessingParameterFileDestination(self.OUTPUT, tr("Plan of predictors"), tr("Plans (*.json)")),
                 tr("A small file that can be given again, edited or as it is."))
        self.addOutput(QgsProcessingOutputNumber(self.RESOLUTION_FOUND, tr("Effective resolution (m)")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Ask the engine, write the table and say it in the log too."""
        out = Path(self.parameterAsFileOutput(parameters, self.OUTPUT, context))
        page = Path(self.parameterAsFileOutput(parameters, self.TABLE, context))
        found = self._run("cube_plan", parameters, context, out, feedback)
        if found is None:
            return {}
        for entry in found["bindings"]:
            feedback.pushInfo(f"{_label(entry)}: {Path(entry['source']).name}:{entry['band']}, {entry['crs']}, "
                              f"{entry['resolution']:g} m, {entry['resampling']}, {entry['coverage']:g} %")
        page.write_text(_page(found["bindings"], found["effective_resolution"]), encoding="utf-8")
        return {self.OUTPUT: str(out), self.TABLE: str(page), self.RESOLUTION_FOUND: found["effective_resolution"]}


class BuildCube(CubeAlgorithm):
    """Keeps the assembled predictors of an area, for use without their sources."""

    ID = "buildcube"

    OUTPUT = "OUTPUT"
    CUBE = "CUBE"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Build the predictor cube of an area")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Reads a model's predictors over an area, on the grid of its assessment, and keeps them in a folder: one "
            "raster (COG) for each input of the model with band names and units, and cube.json, which says where each "
            "band comes from. The folder, given as “folder of predictor rasters” for the same area and cell size, "
            "gives the same scores to the bit, without the sources and without a network.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self._add_site()
        self.add(QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Cube folder")),
                 tr("A new or empty folder. A cancelled run leaves nothing behind."))
        self.addOutput(QgsProcessingOutputFile(self.CUBE, tr("Description of the cube (cube.json)")))
        self.addOutput(QgsProcessingOutputNumber(self.RESOLUTION_FOUND, tr("Effective resolution (m)")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Run the engine."""
        folder = self.parameterAsString(parameters, self.OUTPUT, context)
        if not folder:
            raise QgsProcessingException(tr("No cube folder: choose where the cube is written."))
        found = self._run("cube_build", parameters, context, Path(folder), feedback)
        if found is None:
            return {}
        return {self.OUTPUT: folder, self.CUBE: str(Path(folder) / BUILT),
                self.RESOLUTION_FOUND: found["effective_resolution"]}


def _label(entry: dict[str, Any]) -> str:
    return f"{entry['predictor']} {entry['step']}".strip()


def _page(bindings: Sequence[dict[str, Any]], resolution: float) -> str:
    """Return the table as a page of its own."""
    header = (tr("Predictor"), tr("File"), tr("Band"), tr("Coordinate system"), tr("Resolution (m)"), tr("Resampling"),
              tr("Unit"), tr("Coverage of the area (%)"), tr("File date"))
    rows = [(_label(entry), Path(entry["source"]).name, f"{entry['band']} {entry['name']}", entry["crs"],
             f"{entry['resolution']:g}", entry["resampling"], entry["unit"], f"{entry['coverage']:g}",
             entry["modified"]) for entry in bindings]
    lines = [_row(header, "th"), *(_row(row, "td") for row in rows)]
    told = tr("Effective resolution: {resolution:g} m").format(resolution=resolution)
    return f"<meta charset=\"utf-8\"><table cellpadding=\"4\">{''.join(lines)}</table><p>{escape(told)}</p>\n"


def _row(cells: Sequence[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag} align=left>{escape(str(cell))}</{tag}>' for cell in cells)}</tr>"
