"""Finds the layers of assessments in a project; nothing is remembered outside the project itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from qgis.core import QgsMapLayer, QgsProject, QgsProviderRegistry, QgsRasterLayer

from ..common.assessment import MANIFEST
from .manifest import Assessment

KIND = "geoplantnet/kind"
"""Layer property: ``area``, ``indicator``, ``species``, ``presence``, ``difference`` or ``coverage``."""

IN_SUBFOLDER = ("indicator", "difference")
"""Kinds whose files lie in a folder of the assessment folder."""

BAND = "geoplantnet/band"
"""Layer property of a species or presence layer: the band it shows."""

THRESHOLD = "geoplantnet/threshold"
"""Layer property of a presence layer: the score above which it shows the taxon as present."""


def assessment_folders(project: QgsProject) -> list[Path]:
    """Return the folders of the assessments of which `project` shows layers."""
    found = dict.fromkeys(_folder(layer) for layer in project.mapLayers().values() if layer.customProperty(KIND))
    return [folder for folder in found if (folder / MANIFEST).is_file()]


def layers_of(project: QgsProject, assessment: Assessment) -> Iterator[QgsMapLayer]:
    """Yield the layers of `assessment` in `project`."""
    for layer in project.mapLayers().values():
        if layer.customProperty(KIND) and _folder(layer) == assessment.folder:
            yield layer


def find_species_layer(project: QgsProject, assessment: Assessment, band: int,
                       kind: str = "species") -> QgsRasterLayer | None:
    """Return the layer that shows a band of ``species.tif`` as scores or ``presence``, None when there is none."""
    return next((layer for layer in layers_of(project, assessment)
                 if layer.customProperty(KIND) == kind and layer.customProperty(BAND) == band), None)


def find_indicator_layer(project: QgsProject, assessment: Assessment, file: Path) -> QgsRasterLayer | None:
    """Return the layer that shows an indicator, None when there is none."""
    return next((layer for layer in layers_of(project, assessment)
                 if layer.customProperty(KIND) == "indicator" and _path(layer).name == file.name), None)


def folder_of(layer: QgsMapLayer) -> Path | None:
    """Return the folder of the assessment that a layer shows, None for any other layer."""
    return _folder(layer) if layer.customProperty(KIND) else None


def _folder(layer: QgsMapLayer) -> Path:
    path = _path(layer)
    return path.parent.parent if layer.customProperty(KIND) in IN_SUBFOLDER else path.parent


def _path(layer: QgsMapLayer) -> Path:
    return _path_of(layer.providerType(), layer.source())


@lru_cache(maxsize=4096)
def _path_of(provider: str, source: str) -> Path:
    """Every layer is looked at whenever one comes or goes: taking its source apart once is enough."""
    parts = QgsProviderRegistry.instance().decodeUri(provider, source)
    return Path(parts.get("path", "")).resolve()
