"""What an assessment says of its area, in a few sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..i18n import tr
from .coverage import CoverageRow
from .manifest import Assessment

MOST_NAMES = 8


def verdicts(assessment: Assessment, rows: Sequence[CoverageRow]) -> list[str]:
    """Return sentences on the species predicted in the area; unknown is told apart from no."""
    rows = sorted(rows, key=lambda row: -row.main)
    wide = [row for row in rows if row.main >= 50]
    sentences = [tr("{count} taxa are predicted present in at least one of {cells} cells.").format(
        count=len(rows), cells=f"{assessment.cells:,}")]
    if wide:
        sentences.append(tr("Likely in half of the cells or more: {names}.").format(names=_names(wide)))
    sentences += [
        _listed(rows, lambda row: row.in_directive, tr("Listed in the EU Habitats Directive: {names}."),
                tr("None of them is known to be listed in the EU Habitats Directive ({unknown} unknown).")),
        _listed(rows, lambda row: row.is_threatened,
                tr("Threatened (Red List CR, EN, VU): {names}."),
                tr("None of them is known to be threatened (Red List category of {unknown} unknown).")),
        _listed(rows, lambda row: row.invasive, tr("Invasive alien species: {names}."),
                tr("None of them is known as invasive alien species ({unknown} unknown)."))]
    if assessment.outside_share is not None:
        sentences.append(tr("{share:.1f} % of the cells lie outside the conditions the model was trained on.").format(
            share=assessment.outside_share))
    return sentences


def _listed(rows: Sequence[CoverageRow], answer: Callable[[CoverageRow], bool | None], some: str, none: str) -> str:
    listed = [row for row in rows if answer(row)]
    return some.format(names=_names(listed)) if listed else none.format(
        unknown=sum(answer(row) is None for row in rows))


def _share(row: CoverageRow) -> str:
    """Return the share to read first with its interval where it has one."""
    interval = "" if row.low is None or row.high is None else f", {row.low:.0f}–{row.high:.0f} %"
    return f"{row.main:.0f} %{interval}"


def _names(rows: Sequence[CoverageRow]) -> str:
    names = ", ".join(f"{row.name} ({_share(row)})" for row in rows[:MOST_NAMES])
    rest = len(rows) - MOST_NAMES
    return tr("{names} and {rest} more").format(names=names, rest=rest) if rest > 0 else names
