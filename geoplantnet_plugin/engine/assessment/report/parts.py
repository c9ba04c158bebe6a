"""The section of a report on the named parts of the area: where each lies, its indicators, its taxa."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from geoplantnet_plugin.engine.assessment.drawn import DrawnPart, drawn_parts
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report.coverage import coverage_table
from geoplantnet_plugin.engine.assessment.report.listed import listed_table
from geoplantnet_plugin.engine.assessment.report.model import Part
from geoplantnet_plugin.engine.assessment.report.questions import ecosystem_table, headline
from geoplantnet_plugin.engine.assessment.report.section import MOST_ROWS
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.coverage.table import by_share

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DrawPart = Callable[[str, "BaseGeometry"], "Path | None"]
"""Draws the map of an indicator of the whole area with the outline of a part on it."""


def part_sections(folder: AssessmentFolder, country: str | None, text: Texts, draw: DrawPart) -> list[Part]:
    """Return what there is to say of each part; nothing where none has been named, or there are no cells."""
    if folder.document["coverage"] is None:
        return []
    return [_section(part, country, text, draw) for part in drawn_parts(folder)]


def _section(part: DrawnPart, country: str | None, text: Texts, draw: DrawPart) -> Part:
    within, shown = part.folder, headline(part.folder)
    lines = [text("part_size", hectares=part.area.hectares, cells=part.cells, taxa=len(part.rows)), text("part_note")]
    tables = [ecosystem_table(within, text), listed_table(within, country, text),
              coverage_table(within, by_share(part.rows)[:MOST_ROWS], text)]
    title = within.title(shown, text.language) if shown in within.layers else ""
    return Part(part.name, lines, draw(shown, part.area.shape), text("part_map", part=part.name, title=title),
                [table for table in tables if table.rows])
