"""Brings an assessment to the front: its group on top and unfolded, the others folded, the map on its area."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateTransform,
    QgsLayerTreeGroup,
    QgsLayerTreeNode,
    QgsProject,
    QgsRectangle,
)

from ..layers.find import KIND, layers_of
from ..layers.manifest import Assessment
from ..layers.project import ground_of
from ..layers.show import assessment_group

MARGIN = 1.1
"""The map is so many times as wide as the area."""


def bring_forward(iface, assessment: Assessment) -> None:
    """Unfold the group of `assessment` down to its visible layers' legends, fold other assessments, zoom to it."""
    project = QgsProject.instance()
    group = assessment_group(project, assessment)
    own = {layer.id() for layer in layers_of(project, assessment)}
    for other in project.layerTreeRoot().findGroups():
        if other is not group and _holds_an_assessment(other):
            other.setExpanded(False)
    unfold(iface.layerTreeView(), group, own)
    zoom_to(iface, assessment)


def zoom_to(iface, assessment: Assessment) -> None:
    """Show the whole area on the map."""
    project = QgsProject.instance()
    shapes = [layer for layer in layers_of(project, assessment) if layer.customProperty(KIND) in ("area", "square")]
    if not shapes:
        return
    canvas = iface.mapCanvas()
    to_map = QgsCoordinateTransform(shapes[0].crs(), canvas.mapSettings().destinationCrs(), project)
    extent = QgsRectangle(to_map.transformBoundingBox(ground_of(shapes)))
    extent.scale(MARGIN)
    canvas.setExtent(extent)
    canvas.refresh()


def unfold(view, group: QgsLayerTreeGroup, own: set[str]) -> None:
    """Unfold `group`, and below it what leads to a visible layer, in the tree and in the view that shows it."""
    for node in group.findLayers():
        if node.isVisible() and node.layerId() in own:
            _expand(view, node)


def _expand(view, node: QgsLayerTreeNode) -> None:
    """Unfold a node and all that it lies in; a view keeps a state of its own."""
    while node.parent() is not None:
        node.setExpanded(True)
        view.setExpanded(view.node2index(node), True)
        node = node.parent()


def _holds_an_assessment(group: QgsLayerTreeGroup) -> bool:
    return any(node.layer() is not None and node.layer().customProperty(KIND) for node in group.findLayers())
