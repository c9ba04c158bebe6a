"""The layers of a comparison of two assessments: similarity of assemblages, differences of species, the table."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsMapLayer, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QUrl

from ..common.comparison import DIFFERENCES, JACCARD, MEAN_DIFFERENCE, NAME, SORENSEN, TABLE
from ..i18n import tr
from .problem import LayerProblem
from .style import BLUE_TO_RED, GREENS, style_continuous

SIMILARITIES = {JACCARD: "Jaccard", SORENSEN: "Sørensen"}
SHOWN_SPECIES = 5


@dataclass(frozen=True)
class ComparedSpecies:
    """One row of the table: its mean difference, None where it states none."""

    name: str
    difference: float | None


def read_table(folder: Path) -> list[ComparedSpecies]:
    """Return the species of a comparison.

    Raises:
        LayerProblem: the table cannot be read.
    """
    path = folder / TABLE
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [ComparedSpecies(row[NAME], _number(row[MEAN_DIFFERENCE]))
                    for row in csv.DictReader(file)]
    except (OSError, ValueError, KeyError) as error:
        raise LayerProblem(tr("{file} cannot be read: {reason}").format(file=path, reason=error)) from error


def comparison_layers(folder: Path) -> list[QgsMapLayer]:
    """Return the layers of the comparison in `folder`, top first: of species, those that differ most.

    Raises:
        LayerProblem: a file of it cannot be read.
    """
    layers: list[QgsMapLayer] = []
    for file, name in SIMILARITIES.items():
        layer = _raster(folder / file, tr("Similarity of assemblages ({name})").format(name=name))
        style_continuous(layer, 1, (0.0, 1.0), GREENS)
        layers.append(layer)
    species = sorted(read_table(folder), key=lambda entry: -abs(entry.difference or 0.0))[:SHOWN_SPECIES]
    bands = _bands(_raster(folder / DIFFERENCES, ""))
    bound = max([abs(entry.difference or 0.0) for entry in species] + [0.1])
    for entry in species:
        if entry.name in bands:
            layer = _raster(folder / DIFFERENCES, tr("Difference, first − second: {name}").format(name=entry.name))
            style_continuous(layer, bands[entry.name], (-2 * bound, 2 * bound), BLUE_TO_RED)
            layers.append(layer)
    address = QUrl.fromLocalFile(str(folder / TABLE)).toString()
    table = QgsVectorLayer(f"{address}?type=csv&detectTypes=yes&geomType=none", tr("Agreement of species"),
                           "delimitedtext")
    if not table.isValid():
        raise LayerProblem(tr("{file} cannot be read: {reason}").format(file=folder / TABLE, reason=tr("no table")))
    return [*layers, table]


def _bands(layer: QgsRasterLayer) -> dict[str, int]:
    """Band numbers by the species that the bands are named after (QGIS puts “Band 1: ” before the name)."""
    return {layer.bandName(band).partition(": ")[2] or layer.bandName(band): band
            for band in range(1, layer.bandCount() + 1)}


def _raster(path: Path, name: str) -> QgsRasterLayer:
    layer = QgsRasterLayer(str(path), name, "gdal")
    if not layer.isValid():
        raise LayerProblem(tr("{file} cannot be read: {reason}").format(file=path, reason=layer.error().summary()))
    return layer


def _number(text: str) -> float | None:
    return float(text) if text not in ("", "–") else None
