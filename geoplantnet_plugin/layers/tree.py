"""Where the layers of an assessment go in a layer tree."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    QgsColorRampShader,
    QgsLayerTreeGroup,
    QgsLayerTreeLayer,
    QgsMapLayerLegendUtils,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsRasterLayer,
    QgsRasterRenderer,
    QgsSingleBandPseudoColorRenderer,
)

from .build import PlacedLayer


def add_to_project(project: QgsProject, title: str, layers: Sequence[PlacedLayer]) -> QgsLayerTreeGroup:
    """Add new layers to `project` in a group `title` on top of its tree and return the group."""
    group = project.layerTreeRoot().insertGroup(0, title)
    for placed in layers:
        project.addMapLayer(placed.layer, False)
        add_node(subgroup(group, placed.group) if placed.group else group, placed)
    return group


def add_node(group: QgsLayerTreeGroup, placed: PlacedLayer, index: int = -1) -> None:
    """Put a layer of the project into `group` at `index` (at its end without one)."""
    node = QgsLayerTreeLayer(placed.layer)
    _hide_band_name(node)  # before it is in a tree: a view makes its legend there and then
    node.setItemVisibilityChecked(placed.visible)
    node.setExpanded(placed.expanded)
    group.insertChildNode(index, node)
    if placed.visible:
        group.setExpanded(True)


def _hide_band_name(node: QgsLayerTreeLayer) -> None:
    """Leave out the first line of a raster's legend, “Band 1: … (Gray)”: the layer's name says what it shows."""
    if isinstance(node.layer(), QgsRasterLayer) and (lines := _lines_below(node.layer().renderer())):
        QgsMapLayerLegendUtils.setLegendNodeOrder(node, list(range(1, lines + 1)))


def _lines_below(renderer: QgsRasterRenderer) -> int:
    """Return how many lines a legend has below the band's name, 0 where that is not known.

    They are not asked of QGIS: legends made for that in a worker's thread were now and then gone before they answered.
    """
    if isinstance(renderer, QgsPalettedRasterRenderer):
        return len(renderer.classes())
    if not isinstance(renderer, QgsSingleBandPseudoColorRenderer) or renderer.shader() is None:
        return 0
    ramp = renderer.shader().rasterShaderFunction()
    is_bar = ramp.colorRampType() == QgsColorRampShader.Type.Interpolated and (
        ramp.legendSettings() is None or ramp.legendSettings().useContinuousLegend())
    return 1 if is_bar else len(ramp.colorRampItemList())


def subgroup(group: QgsLayerTreeGroup, name: str, index: int = -1) -> QgsLayerTreeGroup:
    """Return the group `name` directly below `group`, inserted at `index`, folded, if it is not there."""
    found = next((child for child in group.findGroups() if child.name() == name), None)
    if found is None:
        found = group.insertGroup(index, name)
        found.setExpanded(False)
    return found
