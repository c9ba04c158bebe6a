"""Brings single layers of an assessment onto the map, without touching those that are there."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsLayerTreeGroup, QgsMapLayer, QgsProject, QgsRasterLayer

from ..i18n import tr
from .build import (
    PlacedLayer,
    difference_layer,
    indicator_group,
    indicator_layer,
    presence_group,
    presence_layer,
    species_group,
    species_layer,
)
from .difference import Comparable
from .find import KIND, find_indicator_layer, find_species_layer, layers_of
from .manifest import Assessment, Indicator, SpeciesBand
from .tables import threshold_of
from .tree import add_node, subgroup


def show_species(project: QgsProject, assessment: Assessment, species: SpeciesBand) -> QgsRasterLayer:
    """Return the species' layer, made if it is not there, as the only visible raster of its assessment."""
    layer = find_species_layer(project, assessment, species.band)
    if layer is None:
        layer = species_layer(assessment, species)
        _add(project, assessment, PlacedLayer(layer, species_group(assessment), True, False))
    _show_alone(project, assessment, layer)
    return layer


def show_presence(project: QgsProject, assessment: Assessment, species: SpeciesBand) -> QgsRasterLayer:
    """Return the layer of where the species is predicted present, made with the threshold of the set rule."""
    layer = find_species_layer(project, assessment, species.band, "presence")
    if layer is None:
        layer = presence_layer(assessment, species, threshold_of(assessment, species))
        _add(project, assessment, PlacedLayer(layer, presence_group(), True, True))
    _show_alone(project, assessment, layer)
    return layer


def show_indicator(project: QgsProject, assessment: Assessment, indicator: Indicator) -> QgsRasterLayer:
    """Return the indicator's layer, made if it is not there, as the only visible raster of its assessment."""
    layer = find_indicator_layer(project, assessment, indicator.file)
    if layer is None:
        layer = indicator_layer(assessment, indicator)
        _add(project, assessment, PlacedLayer(layer, indicator_group(assessment), True, True))
    _show_alone(project, assessment, layer)
    return layer


def show_difference(project: QgsProject, first: Assessment, second: Assessment, chosen: Comparable,
                    path: Path) -> QgsRasterLayer:
    """Return the layer of a difference that lies in `path`, made if it is not there, as the only visible raster."""
    layer = next((layer for layer in layers_of(project, first)
                  if layer.customProperty(KIND) == "difference" and Path(layer.source()) == path), None)
    if layer is None:
        layer = difference_layer(first, second, chosen, path)
        _add(project, first, PlacedLayer(layer, tr("Comparison"), True, True))
    _show_alone(project, first, layer)
    return layer


def assessment_group(project: QgsProject, assessment: Assessment) -> QgsLayerTreeGroup:
    """Return the group in which layers of `assessment` lie, a new one when there are none."""
    root = project.layerTreeRoot()
    for layer in layers_of(project, assessment):
        node = root.findLayer(layer.id())
        group = node.parent() if node else None
        while group and group.name() != assessment.display_title:
            group = group.parent()
        if group:
            return group
    return root.insertGroup(0, assessment.display_title)


def is_on_map(project: QgsProject, layer: QgsMapLayer | None) -> bool:
    """Whether a layer is ticked, and every group that it lies in."""
    node = project.layerTreeRoot().findLayer(layer.id()) if layer else None
    return node is not None and node.isVisible()


def _add(project: QgsProject, assessment: Assessment, placed: PlacedLayer) -> None:
    of_assessment = assessment_group(project, assessment)
    last = max((index for index, child in enumerate(of_assessment.children())
                if isinstance(child, QgsLayerTreeGroup)), default=-1)
    group = subgroup(of_assessment, placed.group, last + 1)
    project.addMapLayer(placed.layer, False)
    add_node(group, placed, 0)


def _show_alone(project: QgsProject, assessment: Assessment, shown: QgsMapLayer) -> None:
    root = project.layerTreeRoot()
    for layer in layers_of(project, assessment):
        node = root.findLayer(layer.id())
        if node and isinstance(layer, QgsRasterLayer):
            node.setItemVisibilityChecked(layer is shown)
            node.setExpanded(layer is shown)
    node = root.findLayer(shown.id())
    if node:
        node.setItemVisibilityCheckedParentRecursive(True)
    while node and node.parent():  # its legend is in sight
        node = node.parent()
        node.setExpanded(True)
