"""The five questions for a site smaller than the square that a chance speaks of: what is known, what is not said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from geoplantnet_plugin.common.verdicts import Verdict
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report.model import Section, Table
from geoplantnet_plugin.engine.assessment.report.section import section
from geoplantnet_plugin.engine.assessment.report.site_map import site_map
from geoplantnet_plugin.engine.assessment.report.survey import Row, notes, recorded, survey_rows, why
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.survey.listing import CHARACTERISTIC, FIRST

SHOWN = 20


def pool_sections(folder: AssessmentFolder, text: Texts, verdicts: Sequence[Verdict], pictures: Path) -> list[Section]:
    """Return the five sections, each with its verdict; the first shows where the site lies, drawn into `pictures`."""
    picture = pictures / "site.png"
    shown = site_map(folder, picture, text)
    rows = survey_rows(folder)
    best = [row for row in rows if row.grp == CHARACTERISTIC][:SHOWN]
    first = [row for row in rows if row.grp == FIRST]
    protected = [row for row in first if row.why != ["invasive"]][:SHOWN]
    invasive = [row for row in rows if "invasive" in row.why]
    listed = [text("pool_list_sure")]
    parts: tuple[tuple[list[str], list[Table], list[str]], ...] = (
        (notes(folder, text), _tables(_short("b", best, text)),
         [_domain(folder, text), text("pool_unavailable", what=text("pool_expected"))]),
        ([text("pool_filter")], [], [text("pool_unavailable", what=text("pool_woody"))]),
        ([], _tables(_short("a", protected, text)), listed),
        ([text("pool_richness")], [], []),
        ([text("pool_invasive_known")], _tables(_short("a", invasive, text)), listed))
    return [section(text, verdict, known, tables, picture if shown and number == 0 else None, shown, how_sure,
                    f"pool_{verdict.id}_check")
            for number, (verdict, (known, tables, how_sure)) in enumerate(zip(verdicts, parts, strict=True))]


def _short(group: str, rows: Sequence[Row], text: Texts) -> Table:
    names = ("name", "family", "why", "chance", "recorded")
    return Table(text(f"pool_table_{group}", count=len(rows)), [text(f"survey_column_{name}") for name in names],
                 [[row.name, row.family, why(row, text),
                   text("survey_not_modelled") if row.chance is None else f"{text.number(100 * row.chance, 0)} %",
                   recorded(row, text)] for row in rows], (34, 20, 36, 14, 26), frozenset((3,)), frozenset((0,)))


def _tables(table: Table) -> list[Table]:
    return [table] if table.rows else []


def _domain(folder: AssessmentFolder, text: Texts) -> str:
    outside = any(entry.get("code") == "pool_outside_domain" for entry in folder.document.get("warnings", ()))
    return text("pool_outside" if outside else "pool_inside")
