"""What differs between two assessments, whatever their areas: before and after, or a site and its reference.

Per taxon the share of cells of each side with its interval, per indicator the mean over each area. No common cell is
needed. A taxon that the other model does not know has no share there: unknown, not 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from geoplantnet_plugin.common.apart import Made, differences
from geoplantnet_plugin.common.assessment import yes_no
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.spreadsheets import escape_formula
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.assessment.report.html import write_page
from geoplantnet_plugin.engine.assessment.report.model import Table
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import write_csv
from geoplantnet_plugin.engine.coverage.table import CoverageRow
from geoplantnet_plugin.engine.taxa.names import parse_name

TAXA_TABLE, INDICATOR_TABLE, PAGE = "coverage_differences.csv", "indicator_differences.csv", "comparison.html"
TAXA_COLUMNS = ("Name", "Family", "Share % first", "Low first", "High first", "Share % second", "Low second",
                "High second", "Second - first", "Intervals apart", "Share is")
INDICATOR_COLUMNS = ("Indicator", "Unit", "Mean first", "Mean second", "Second - first", "Taxa known first",
                     "Taxa known second")
MOST_ROWS = 100


@dataclass(frozen=True)
class Share:
    """The share in % of an area's cells: expected, with its interval where there is one, or coverage without one."""

    share: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class TaxonContrast:
    """One taxon on both sides; None where the side's model does not know it."""

    name: str
    family: str
    first: Share | None
    second: Share | None

    @property
    def difference(self) -> float | None:
        """Second − first in percentage points."""
        return self.second.share - self.first.share if self.first and self.second else None

    @property
    def apart(self) -> bool | None:
        """Whether the two intervals do not overlap; None where a side has none."""
        bounds = [bound for side in (self.first, self.second) if side for bound in (side.low, side.high)]
        if len(bounds) < 4 or None in bounds:
            return None
        low_1, high_1, low_2, high_2 = (float(bound) for bound in bounds if bound is not None)
        return high_1 < low_2 or high_2 < low_1


@dataclass(frozen=True)
class IndicatorContrast:
    """The mean of one indicator over each area; None where no cell has a value."""

    id: str
    title: str
    unit: str
    first: float | None
    second: float | None
    known: tuple[int, int]

    @property
    def difference(self) -> float | None:
        """Second − first."""
        return self.second - self.first if self.first is not None and self.second is not None else None


@dataclass(frozen=True)
class Contrast:
    """Two assessments side by side: taxa by the size of their difference, indicators in the order of the first.

    Shares are `expected` where both assessments state them, else coverage: like is compared with like.
    """

    titles: tuple[str, str]
    expected: bool
    taxa: tuple[TaxonContrast, ...]
    indicators: tuple[IndicatorContrast, ...]


def contrast(first: Path, second: Path, out: Path, reporter: Reporter, language: str = "en") -> Contrast:
    """Compare two finished assessments and write two tables and a page into `out`.

    Raises:
        EngineError: one of them is no finished assessment, or has no cells that compare.
    """
    sides = open_with_cells(first), open_with_cells(second)
    _warn_of_methods(sides, reporter)
    text = Texts(language)
    expected = all(side.expected for side in sides)
    result = Contrast((sides[0].document["title"], sides[1].document["title"]), expected,
                      tuple(_taxa(*sides, expected)), tuple(_indicators(*sides, language)))
    out.mkdir(parents=True, exist_ok=True)
    write_csv(out / TAXA_TABLE, TAXA_COLUMNS, (_taxon_cells(entry, expected) for entry in result.taxa))
    write_csv(out / INDICATOR_TABLE, INDICATOR_COLUMNS, (_indicator_cells(entry) for entry in result.indicators))
    _write_page(out / PAGE, sides, result, text)
    return result


def open_with_cells(path: Path) -> AssessmentFolder:
    """Open a finished assessment whose cells can be compared.

    Raises:
        EngineError: it is none, or a survey list or ranks within squares alone.
    """
    side = open_folder(path)
    if side.document["coverage"] is None:
        raise EngineError("assessment_only_ranks" if side.document.get("ranks") else "compare_pool", folder=path)
    return side


def _warn_of_methods(sides: Sequence[AssessmentFolder], reporter: Reporter) -> None:
    """Say where a difference may come from the method and not from the land."""
    first, second = map(_made, sides)
    for message in differences(first, second):
        reporter.warning(message.code, **message.params)


def _made(side: AssessmentFolder) -> Made:
    origin, rule, grid = (side.document[key] for key in ("score_source", "set_rule", "grid"))
    effort = (side.document.get("model") or {}).get("effort") or {}
    return Made(str(side.path), f"{origin['title']} {origin['version']}".strip(), str(origin["digest"]),
                str(origin["scale"]), effort.get("level"), (rule.get("messages") or {}).get("text") or rule["text"],
                str(grid["crs"]), float(grid["resolution"]), float(grid["left"]), float(grid["top"]))


def _taxa(first: AssessmentFolder, second: AssessmentFolder, expected: bool) -> list[TaxonContrast]:
    sides = [_shares(side, expected) for side in (first, second)]
    families = {parse_name(taxon.accepted_name).key: (taxon.accepted_name, taxon.family)
                for side in (second, first) for taxon in side.taxa}
    entries = [TaxonContrast(*families[key], sides[0].get(key), sides[1].get(key))
               for key in families if _predicted(sides[0].get(key)) or _predicted(sides[1].get(key))]
    return sorted(entries, key=lambda entry: (entry.difference is None, -abs(entry.difference or 0), entry.name))


def _shares(side: AssessmentFolder, expected: bool) -> dict[object, Share]:
    """Return the share of every taxon that the side's model knows; coverage is 0 where no set holds the taxon."""
    if expected:
        shares = side.expected
        return {parse_name(taxon.accepted_name).key: Share(found.expected or 0.0, found.low, found.high)
                for taxon in side.taxa if (found := shares.get(taxon.id))}
    rows: dict[str, CoverageRow] = {row.taxon.id: row for row in side.coverage}
    return {parse_name(taxon.accepted_name).key:
            Share(rows[taxon.id].share) if taxon.id in rows else Share(0.0) for taxon in side.taxa}


def _predicted(share: Share | None) -> bool:
    return share is not None and share.share > 0


def _indicators(first: AssessmentFolder, second: AssessmentFolder, language: str) -> Iterable[IndicatorContrast]:
    other = {entry["id"]: entry for entry in second.document["indicators"]}
    for entry in first.document["indicators"]:
        id = entry["id"]
        if entry["kind"] == "continuous" and id in other:
            means = [found.mean if found else None for found in (first.statistics(id), second.statistics(id))]
            yield IndicatorContrast(id, first.title(id, language), first.unit(id, language),
                                    means[0], means[1], (int(entry["known"]), int(other[id]["known"])))


def _taxon_cells(entry: TaxonContrast, expected: bool) -> list[str]:
    sides = [[_number(value, 2) for value in ((side.share, side.low, side.high) if side else (None,) * 3)]
             for side in (entry.first, entry.second)]
    return [escape_formula(entry.name), escape_formula(entry.family), *sides[0], *sides[1],
            _number(entry.difference, 2), yes_no(entry.apart), "expected" if expected else "coverage"]


def _indicator_cells(entry: IndicatorContrast) -> list[str]:
    return [escape_formula(entry.title), entry.unit, *(_number(value, 4) for value in
                                                 (entry.first, entry.second, entry.difference)),
            *map(str, entry.known)]


def _number(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:.{decimals}f}"


def _write_page(path: Path, sides: Sequence[AssessmentFolder], result: Contrast, text: Texts) -> None:
    facts = [(text(f"contrast_{which}"), f"{side.document['title']} – {text('front_hectares', **_size(side))} – "
              f"{side.document['created'][:10]}") for which, side in zip(("first", "second"), sides, strict=True)]
    simulated = text("simulated") if any(side.document["simulated"] for side in sides) else ""
    write_page("comparison.html.j2", path, language=text.language, title=text("contrast_title"), simulated=simulated,
               facts=facts, caveat=text("caveat"), notes=[text("contrast_note")],
               tables=[contrast_indicators(result, text), contrast_taxa(result, text)])


def _size(side: AssessmentFolder) -> dict[str, float | int]:
    return {"hectares": float(side.document["area"]["hectares"]), "cells": side.document["area"]["cells"]}


def contrast_indicators(result: Contrast, text: Texts) -> Table:
    """Return the table of indicators as people read it."""
    def shown(value: float | None) -> str:
        return "–" if value is None else text.number(value, 2)

    return Table(text("table_contrast_indicators"),
                 [text(f"column_{name}") for name in ("indicator", "unit", "first", "second", "difference")],
                 [[entry.title, entry.unit, shown(entry.first), shown(entry.second), _signed(entry.difference, text, 2)]
                  for entry in result.indicators], (34, 20, 14, 14, 14), frozenset((2, 3, 4)))


def contrast_taxa(result: Contrast, text: Texts) -> Table:
    """Return the table of taxa as people read it, largest differences first."""
    def shown(side: Share | None) -> str:
        if side is None:
            return text("contrast_unknown")
        interval = ("" if side.low is None or side.high is None
                    else f" ({text.number(side.low)} – {text.number(side.high)})")
        return f"{text.number(side.share)}{interval}"

    answers = {True: text("yes"), False: text("no"), None: "–"}
    rows = [[entry.name, entry.family, shown(entry.first), shown(entry.second), _signed(entry.difference, text, 1),
             answers[entry.apart]] for entry in result.taxa[:MOST_ROWS]]
    return Table(text("table_contrast_taxa", shown=len(rows), total=len(result.taxa)),
                 [text(f"column_{name}") for name in ("name", "family", "first_share", "second_share", "difference",
                                                      "apart")],
                 rows, (30, 20, 18, 18, 12, 12), frozenset((2, 3, 4)), frozenset((0,)))


def _signed(value: float | None, text: Texts, decimals: int) -> str:
    return "–" if value is None else f"{'+' if value > 0 else ''}{text.number(value, decimals)}"
