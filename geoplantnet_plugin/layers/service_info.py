"""What the WMS layers of the project say of a point (GetFeatureInfo)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
)

from ..i18n import tr
from .problem import LayerProblem
from .services import fetch, with_query

SIDE = 101
"""Pixels of the picture in whose middle the point lies."""
MOST_LETTERS = 400


@dataclass(frozen=True)
class Question:
    """One layer and the address of what it says."""

    layer: str
    url: str


def questions(project: QgsProject, point: QgsPointXY, crs: QgsCoordinateReferenceSystem, pixel: float
              ) -> list[Question]:
    """Return what to ask the visible WMS layers of `project` about `point` (in `crs`).

    `pixel` is the size of a pixel of the map in the units of `crs`. Call it on the main thread.
    """
    shown = project.layerTreeRoot().checkedLayers()
    found = []
    for layer in shown:
        if isinstance(layer, QgsRasterLayer) and layer.providerType() == "wms":
            question = _question(layer, point, crs, pixel, project)
            if question:
                found.append(question)
    return found


def answers(asked: list[Question]) -> tuple[tuple[str, str], ...]:
    """Return layer and text for every question; call it in a worker thread. A layer that fails says so."""
    rows = []
    for question in asked:
        try:
            text = fetch(question.url).decode("utf-8", errors="replace").strip()
        except LayerProblem as problem:
            text = str(problem)
        rows.append((question.layer, text[:MOST_LETTERS] or tr("nothing here")))
    return tuple(rows)


def _question(layer: QgsRasterLayer, point: QgsPointXY, crs: QgsCoordinateReferenceSystem, pixel: float,
              project: QgsProject) -> Question | None:
    # Not QgsDataSourceUri: some versions of QGIS leave the address percent-encoded.
    source = parse_qs(layer.source(), keep_blank_values=True)
    if "url" not in source or "layers" not in source or "tileMatrixSet" in source:  # tiles say nothing of a point
        return None
    there = QgsCoordinateTransform(crs, layer.crs(), project)
    try:
        middle, beside = there.transform(point), there.transform(QgsPointXY(point.x() + pixel, point.y()))
    except QgsCsException:
        return None
    half = middle.distance(beside) * SIDE / 2
    box = (middle.x() - half, middle.y() - half, middle.x() + half, middle.y() + half)
    names = ",".join(source["layers"])
    # Version 1.1.1: x comes before y in every coordinate system.
    return Question(layer.name(), with_query(
        source["url"][0], SERVICE="WMS", VERSION="1.1.1", REQUEST="GetFeatureInfo", LAYERS=names,
        QUERY_LAYERS=names, STYLES="", SRS=layer.crs().authid(), BBOX=",".join(f"{edge:.9g}" for edge in box),
        WIDTH=str(SIDE), HEIGHT=str(SIDE), X=str(SIDE // 2), Y=str(SIDE // 2), INFO_FORMAT="text/plain"))
