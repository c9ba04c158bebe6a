"""The tables of the taxa of an area and of the areas told apart; how a share is written with its interval."""

from __future__ import annotations

from collections.abc import Sequence

from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report.model import Table
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.assessment.verdicts.make import ECOSYSTEM
from geoplantnet_plugin.engine.coverage.table import CoverageRow

MOST_AREAS = 60


def share_column(folder: AssessmentFolder) -> str:
    """Return which figure the column of `share_text` has: its heading's code."""
    return "share_expected" if folder.expected else "share"


def share_text(row: CoverageRow, text: Texts) -> str:
    """Return the figure to read first, in %, with its interval; coverage without one where there is no estimate."""
    return f"{text.number(row.main)} %{bounds_text(row.low, row.high, text)}"


def bounds_text(low: float | None, high: float | None, text: Texts, decimals: int = 1) -> str:
    """Return an interval in brackets after a number; nothing where there is none."""
    return "" if low is None or high is None else f" ({text.number(low, decimals)} – {text.number(high, decimals)})"


def coverage_table(folder: AssessmentFolder, rows: Sequence[CoverageRow], text: Texts) -> Table:
    """Return the table of `rows`: the expected share with its interval where there is one, and coverage."""
    names = any(text.common(row.taxon) for row in rows)
    expected = any(row.expected is not None for row in rows)
    columns = [("name", 30), ("family", 20), *([("common", 20)] if names else []),
               *([("expected", 15), ("interval", 16)] if expected else []), ("coverage", 15), ("mean", 10), ("max", 10)]
    first = 2 + names
    return Table(_caption(folder, len(rows), expected, text), [text(f"column_{name}") for name, _ in columns],
                 [[row.taxon.accepted_name, row.taxon.family, *([text.common(row.taxon)] if names else []),
                   *(_expected(row, text) if expected else []), text.number(row.share), text.score(row.mean),
                   text.score(row.max)] for row in rows],
                 tuple(width for _, width in columns), frozenset(range(first, len(columns))), frozenset((0,)))


def _expected(row: CoverageRow, text: Texts) -> list[str]:
    interval = "–" if row.low is None or row.high is None else f"{text.number(row.low)} – {text.number(row.high)}"
    return ["–" if row.expected is None else text.number(row.expected), interval]


def _caption(folder: AssessmentFolder, shown: int, expected: bool, text: Texts) -> str:
    if folder.within is not None:
        return text("table_coverage_part", shown=shown, total=len(folder.coverage),
                    scale=folder.document["score_source"]["scale"])
    caption = text("table_coverage" if expected else "table_coverage_uncalibrated", shown=shown,
                   total=len(folder.coverage), scale=folder.document["score_source"]["scale"])
    coverage = folder.document["coverage"]
    if not (folder.document.get("model") or {}).get("domain"):
        return caption
    return text("table_coverage_domain", caption=caption, outside=100 * float(coverage["outside_domain_share"]),
                edge=100 * float(coverage["edge_domain_share"]))


def areas_table(folder: AssessmentFolder, text: Texts) -> Table:
    """Return the areas that the assessment tells apart, side by side."""
    ids = [id for id in ECOSYSTEM if id in folder.layers and id != "richness"]
    areas = folder.areas()
    rows = [[str(area["area"]), text.number(float(area["hectares"])), str(area["cells"]), str(area["taxa"]),
             "–" if area["expected_richness"] is None else text.number(area["expected_richness"]) + bounds_text(
                 area["expected_richness_low"], area["expected_richness_high"], text),
             text.number(float(area["mean_richness"])),
             *("–" if area.get(f"mean_{id}") is None else text.number(float(area[f"mean_{id}"]), 2) for id in ids)]
            for area in areas]
    names = ("area", "hectares", "cells", "taxa", "expected_richness", "mean_richness")
    return Table(text("table_areas"), [*(text(f"column_{name}") for name in names),
                                       *(folder.title(id, text.language) for id in ids)],
                 rows[:MOST_AREAS], (24, 10, 9, 9, 20, 12, *(15 for _ in ids)), frozenset(range(1, 6 + len(ids))))
