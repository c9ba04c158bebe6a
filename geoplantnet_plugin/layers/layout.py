"""A print layout of an assessment: map, legend, sentences, coverage table, sources."""

from __future__ import annotations

import base64
import textwrap

from qgis.core import (
    QgsColorRampLegendNode,
    QgsLayerTreeModel,
    QgsLayoutFrame,
    QgsLayoutItem,
    QgsLayoutItemAttributeTable,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPage,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutMultiFrame,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLayoutTableColumn,
    QgsLegendStyle,
    QgsMapLayer,
    QgsMapLayerLegendUtils,
    QgsPrintLayout,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSizeF, Qt
from qgis.PyQt.QtGui import QColor, QFont

from ..common.resources import RESOURCES
from ..i18n import tr
from ..numbers import length_text
from .build import coverage_layer
from .coverage import CoverageRow, read_coverage
from .find import KIND, layers_of
from .manifest import Assessment

MILLIMETRES = QgsUnitTypes.LayoutUnit.LayoutMillimeters
MILLIMETRES_A_POINT, LETTER, LINE = 25.4 / 72, 0.55, 1.35
"""Height of a point; width of a letter and height of a line, as parts of the letters' size."""
MARGIN, WIDTH, HEIGHT = 12.0, 210.0, 297.0
"""A4, upright, in millimetres."""

INNER = WIDTH - 2 * MARGIN
MAP_TOP, MAP_HEIGHT, MAP_WIDTH = 34.0, 128.0, 130.0
TEXT_TOP = MAP_TOP + MAP_HEIGHT + 6
FOOT = 24.0
TEXT_HEIGHT = HEIGHT - MARGIN - FOOT - TEXT_TOP - 2
TEXT_SIZES = (9.0, 8.0, 7.0, 6.0)
"""Sizes of the verdicts' letters in points, the first that fits."""
LEGEND_CHARACTERS = 24
RAMP_SIZE = QSizeF(6, 40)
MOST_ROWS = 80
"""Taxa in the table; the whole table is in the assessment's folder."""


def make_layout(project: QgsProject, assessment: Assessment) -> QgsPrintLayout:
    """Return a new layout, added to `project`, of the assessment's layers that are visible."""
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.setName(_free_name(project, assessment.display_title))
    layout.pageCollection().page(0).setPageSize("A4", QgsLayoutItemPage.Orientation.Portrait)
    rows = read_coverage(assessment)
    layers = _visible(project, assessment)
    map_ = _add_map(layout, project, layers)
    _add_title(layout, assessment)
    _add_legend(layout, project, layers, map_)
    _add_scale_bar(layout, map_)
    _add_north_arrow(layout, map_)
    text = "\n".join(f"{verdict.title}: {' '.join(verdict.sentences)}" for verdict in assessment.verdicts)
    _label(layout, text, _fitting(text), TEXT_TOP, TEXT_HEIGHT)
    _label(layout, _sources(assessment), 7, HEIGHT - MARGIN - FOOT, FOOT, color="#555555")
    _add_table(layout, project, assessment, rows)
    project.layoutManager().addLayout(layout)
    return layout


def _fitting(text: str) -> float:
    """Return the largest of `TEXT_SIZES` at which a text of the page's width is no higher than its place."""
    for size in TEXT_SIZES:
        height = size * MILLIMETRES_A_POINT
        characters = int(INNER / (height * LETTER))
        lines = sum(max(1, len(textwrap.wrap(line, characters))) for line in text.splitlines())
        if lines * height * LINE <= TEXT_HEIGHT:
            break
    return size


def _free_name(project: QgsProject, wanted: str) -> str:
    """Return a name that no layout has: one that a person has changed is never replaced."""
    names, name, number = {layout.name() for layout in project.layoutManager().layouts()}, wanted, 1
    while name in names:
        number += 1
        name = f"{wanted} {number}"
    return name


def _visible(project: QgsProject, assessment: Assessment) -> list[QgsMapLayer]:
    own = set(layers_of(project, assessment))
    return [layer for layer in project.layerTreeRoot().checkedLayers() if layer in own and layer.isSpatial()]


def _add_map(layout: QgsPrintLayout, project: QgsProject, layers: list[QgsMapLayer]) -> QgsLayoutItemMap:
    map_ = QgsLayoutItemMap(layout)
    _place(map_, MARGIN, MAP_TOP, MAP_WIDTH, MAP_HEIGHT)
    map_.setFrameEnabled(True)
    if layers:
        map_.setCrs(layers[0].crs())
        map_.setLayers(layers)
        map_.setKeepLayerSet(True)
        map_.setExtent(_filling(layers[0].extent(), MAP_WIDTH / MAP_HEIGHT))
    map_.setId("map")
    layout.addLayoutItem(map_)
    return map_


def _filling(extent: QgsRectangle, ratio: float) -> QgsRectangle:
    """Return a rectangle of width / height `ratio` around `extent`: a map item takes the shape of its extent."""
    room = QgsRectangle(extent)
    room.grow(0.06 * max(extent.width(), extent.height()))
    width = max(room.width(), room.height() * ratio)
    return QgsRectangle.fromCenterAndSize(room.center(), width, width / ratio)


def _add_title(layout: QgsPrintLayout, assessment: Assessment) -> None:
    _label(layout, assessment.display_title, 13, MARGIN, 8, bold=True)
    _label(layout, tr("Predicted, not observed: this prepares a field inventory and does not replace it.") + "\n" +
           assessment.rule, 8, MARGIN + 8, 13)


def _add_legend(layout: QgsPrintLayout, project: QgsProject, layers: list[QgsMapLayer],
                map_: QgsLayoutItemMap) -> None:
    legend = QgsLayoutItemLegend(layout)
    legend.setLinkedMap(map_)
    legend.setAutoUpdateModel(False)
    model: QgsLayerTreeModel = legend.model()
    model.rootGroup().clear()
    for layer in layers:
        _add_to_legend(model, layer)
    for style, size in ((QgsLegendStyle.Style.Subgroup, 9), (QgsLegendStyle.Style.SymbolLabel, 8)):
        legend.setStyleFont(style, _font(size))
    legend.setColumnCount(1)
    legend.setId("legend")
    layout.addLayoutItem(legend)
    legend.attemptMove(QgsLayoutPoint(MARGIN + MAP_WIDTH + 3, MAP_TOP - 2, MILLIMETRES))


def _add_to_legend(model: QgsLayerTreeModel, layer: QgsMapLayer) -> None:
    """Add a layer; a raster without the name of its band, and with a colour ramp that can be read."""
    node = model.rootGroup().addLayer(layer)
    node.setUseLayerName(False)  # or the next line would rename the layer itself
    node.setName(textwrap.fill(layer.name(), LEGEND_CHARACTERS))
    entries = model.layerLegendNodes(node)
    if isinstance(layer, QgsRasterLayer) and len(entries) > 1:
        QgsMapLayerLegendUtils.setLegendNodeOrder(node, list(range(1, len(entries))))
        for index, entry in enumerate(entries):
            if isinstance(entry, QgsColorRampLegendNode):
                QgsMapLayerLegendUtils.setLegendNodeSymbolSize(node, index, RAMP_SIZE)
        model.refreshLayerLegend(node)


def _add_scale_bar(layout: QgsPrintLayout, map_: QgsLayoutItemMap) -> None:
    bar = QgsLayoutItemScaleBar(layout)
    bar.setStyle("Single Box")
    bar.setLinkedMap(map_)
    bar.applyDefaultSize()
    bar.setTextFormat(_format(8, bold=False))
    bar.setId("scale bar")
    layout.addLayoutItem(bar)
    bar.attemptMove(QgsLayoutPoint(MARGIN + 3, MAP_TOP + MAP_HEIGHT - 14, MILLIMETRES))


def _add_north_arrow(layout: QgsPrintLayout, map_: QgsLayoutItemMap) -> None:
    arrow = QgsLayoutItemPicture(layout)
    drawing = (RESOURCES / "icons" / "north-arrow.svg").read_bytes()
    arrow.setPicturePath("base64:" + base64.b64encode(drawing).decode("ascii"))  # it goes with the project
    arrow.setLinkedMap(map_)
    arrow.setNorthMode(QgsLayoutItemPicture.NorthMode.GridNorth)
    _place(arrow, MARGIN + MAP_WIDTH - 14, MAP_TOP + 3, 11, 15)
    arrow.setId("north arrow")
    layout.addLayoutItem(arrow)


def _add_table(layout: QgsPrintLayout, project: QgsProject, assessment: Assessment, rows: list[CoverageRow]) -> None:
    """Add the coverage table on a page of its own, and on as many more as it needs."""
    layer = _coverage_layer(project, assessment)
    if not rows or layer is None:
        return
    page = QgsLayoutItemPage(layout)
    page.setPageSize("A4", QgsLayoutItemPage.Orientation.Portrait)
    layout.pageCollection().addPage(page)
    top = HEIGHT + layout.pageCollection().spaceBetweenPages()
    title = tr("Taxa by the share of the area's cells")
    shown = tr("The first {shown} of {all} taxa; scores are on the scale “{scale}”.").format(
        shown=min(MOST_ROWS, len(rows)), all=len(rows), scale=assessment.scale)
    _label(layout, title, 13, top + MARGIN, 8, bold=True)
    _label(layout, shown, 8.5, top + MARGIN + 8, 6)
    table = QgsLayoutItemAttributeTable.create(layout)
    table.setVectorLayer(layer)
    left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    table.setColumns([
        _column("name", tr("Species"), left, 56), _column("family", tr("Family"), left, 34),
        *([_column("iucn", tr("IUCN"), left, 16)] if any(row.iucn for row in rows) else []),
        *(_expected() if any(row.expected is not None for row in rows) else []),
        _column("format_number(coverage, 1)", tr("In set (%)"), right, 22),
        _column("format_number(mean_score, 3)", tr("Mean score"), right, 20)])
    table.setMaximumNumberOfFeatures(MOST_ROWS)
    for format_of, bold in ((table.setContentTextFormat, False), (table.setHeaderTextFormat, True)):
        format_of(_format(8.5, bold))
    table.setGridColor(QColor("#c0c0c0"))
    table.setGridStrokeWidth(0.2)
    table.setResizeMode(QgsLayoutMultiFrame.ResizeMode.ExtendToNextPage)
    layout.addMultiFrame(table)
    frame = QgsLayoutFrame(layout, table)
    _place(frame, MARGIN, top + MARGIN + 16, INNER, HEIGHT - 2 * MARGIN - 16)
    table.addFrame(frame)
    table.refresh()


def _expected() -> list[QgsLayoutTableColumn]:
    """Return the columns of the expected share and its interval."""
    right = Qt.AlignmentFlag.AlignRight
    return [_column("format_number(expected_share, 1)", tr("Expected (%)"), right, 22),
            _column("format_number(expected_low, 1) || ' – ' || format_number(expected_high, 1)",
                    tr("90 % interval"), right, 26)]


def _coverage_layer(project: QgsProject, assessment: Assessment) -> QgsVectorLayer | None:
    """Return the coverage table in `project`; it is added where a person has removed it."""
    found = next((layer for layer in layers_of(project, assessment) if layer.customProperty(KIND) == "coverage"), None)
    if found is None:
        made = coverage_layer(assessment)
        found = project.addMapLayer(made, False) if made.isValid() else None
    return found


def _column(attribute: str, heading: str, align: Qt.AlignmentFlag, width: float) -> QgsLayoutTableColumn:
    column = QgsLayoutTableColumn(heading)
    column.setAttribute(attribute)
    column.setHAlignment(align)
    column.setWidth(width)
    return column


def _sources(assessment: Assessment) -> str:
    cells = tr("Cells of {size}; detail of the data behind them: {effective}. {crs}.").format(
        size=length_text(assessment.resolution), effective=length_text(assessment.effective_resolution),
        crs=assessment.crs)
    lines = (assessment.source_text, assessment.attribution, assessment.licence, cells)
    return "\n".join(line for line in lines if line)


def _label(layout: QgsPrintLayout, text: str, size: float, top: float, height: float, bold: bool = False,
           color: str = "#1a1a1a") -> None:
    label = QgsLayoutItemLabel(layout)
    label.setText(text)
    label.setFont(_font(size, bold))
    label.setHAlign(Qt.AlignmentFlag.AlignLeft)
    label.setFontColor(QColor(color))
    _place(label, MARGIN, top, INNER, height)
    layout.addLayoutItem(label)


def _font(size: float, bold: bool = False) -> QFont:
    font = QFont()
    font.setPointSizeF(size)
    font.setBold(bold)
    return font


def _format(size: float, bold: bool) -> QgsTextFormat:
    text = QgsTextFormat()
    text.setFont(_font(size, bold))
    text.setSize(size)
    return text


def _place(item: QgsLayoutItem, left: float, top: float, width: float, height: float) -> None:
    item.attemptMove(QgsLayoutPoint(left, top, MILLIMETRES))
    item.attemptResize(QgsLayoutSize(width, height, MILLIMETRES))
