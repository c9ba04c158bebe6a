"""Finds values of assessments at places; quick when asked for thousands of features, in any thread."""

from __future__ import annotations

import threading
from pathlib import Path

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsPointXY,
    QgsProject,
)

from ..i18n import tr
from ..layers.find import assessment_folders
from ..layers.manifest import Assessment, NotAnAssessment, read_assessment
from ..layers.problem import LayerProblem
from ..layers.rasters import open_raster, value_at


class Lookup:
    """Knows the assessments of the open project; keeps opened files for each thread, which GDAL asks for."""

    def __init__(self) -> None:
        self._open = _Kept()
        self._folders: tuple[Path, ...] = ()
        project = QgsProject.instance()
        self._signals = (project.layersAdded, project.layersRemoved)
        for signal in self._signals:
            signal.connect(self._list)
        self._list()

    def close(self) -> None:
        """Let go of the project and of all files."""
        for signal in self._signals:
            signal.disconnect(self._list)
        self._open = _Kept()

    def score(self, name: str, wanted: str, point: QgsPointXY, crs: QgsCoordinateReferenceSystem) -> float | None:
        """Return the score of a taxon at `point`, None where there is none; see `assessment` for `wanted`."""
        assessment = self.assessment(wanted)
        bands, key = self._open.bands, (assessment.folder, name)
        if key not in bands:
            bands[key] = _band(assessment, name)
        return self._value(assessment, assessment.species_file, bands[key], point, crs)

    def indicator(self, id_: str, wanted: str, point: QgsPointXY, crs: QgsCoordinateReferenceSystem) -> float | None:
        """Return the value of an indicator at `point`, None where there is none."""
        assessment = self.assessment(wanted)
        known = (*assessment.indicators, *assessment.uncertainty, *assessment.quality)
        found = next((entry for entry in known if id_ in (entry.id, entry.title)), None)
        if found is None:
            raise LayerProblem(tr("There is no indicator “{id}” in this assessment. It has: {known}.").format(
                id=id_, known=", ".join(entry.id for entry in known)))
        return self._value(assessment, found.file, 1, point, crs)

    def assessment(self, wanted: str) -> Assessment:
        """Return the assessment in the folder `wanted`, or of that name in the project; blank for the only one there.

        Raises:
            LayerProblem: there is none, or more than one.
        """
        folders = self._folders
        found = [folder for folder in folders if wanted in ("", folder.name, str(folder))]
        if not found and wanted and Path(wanted).is_dir():
            found = [Path(wanted).resolve()]
        if len(found) != 1:
            raise LayerProblem(_which(wanted, folders))
        kept = self._open.assessments
        if found[0] not in kept:
            try:
                kept[found[0]] = read_assessment(found[0])
            except NotAnAssessment as error:
                raise LayerProblem(str(error)) from error
        return kept[found[0]]

    def _list(self, *_: object) -> None:
        """Look which assessments the project shows; what was opened before may have been replaced."""
        folders = tuple(assessment_folders(QgsProject.instance()))
        if folders != self._folders:
            self._folders, self._open = folders, _Kept()

    def _value(self, assessment: Assessment, file: Path | None, band: int, point: QgsPointXY,
               crs: QgsCoordinateReferenceSystem) -> float | None:
        kept = self._open
        key = (assessment.crs, crs.authid() or crs.toWkt())
        if key not in kept.transforms:
            kept.transforms[key] = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem(assessment.crs),
                                                          QgsCoordinateTransformContext())
        if file not in kept.rasters:
            kept.rasters[file] = open_raster(file)
        try:
            there = kept.transforms[key].transform(point)
        except QgsCsException:
            return None
        return value_at(kept.rasters[file], band, *assessment.row_col(there.x(), there.y()))


class _Kept(threading.local):
    def __init__(self) -> None:
        self.assessments: dict[Path, Assessment] = {}
        self.bands: dict[tuple[Path, str], int] = {}
        self.rasters: dict[Path | None, gdal.Dataset] = {}
        self.transforms: dict[tuple[str, str], QgsCoordinateTransform] = {}


def _band(assessment: Assessment, name: str) -> int:
    """Return the band of a taxon by its accepted name, with or without author."""
    wanted = " ".join(name.split()).casefold()
    names = {species.name.casefold(): species.band for species in assessment.species}
    if wanted in names:
        return names[wanted]
    found = [band for full, band in names.items() if full.startswith(f"{wanted} ")]
    if len(found) != 1:
        raise LayerProblem((tr("“{name}” stands for {count} taxa of this assessment: write it with its author.")
                            if found else tr("“{name}” is not in this assessment, which says nothing of it.")).format(
            name=name, count=len(found)))
    return found[0]


def _which(wanted: str, folders: tuple[Path, ...]) -> str:
    names = ", ".join(sorted(folder.name for folder in folders))
    if wanted:
        return tr("There is no assessment “{name}”. Give its folder, or one of those in the project: {names}.").format(
            name=wanted, names=names or "–")
    if folders:
        return tr("The project shows several assessments: name one of {names}.").format(names=names)
    return tr("The project shows no assessment: open one, or give its folder.")
