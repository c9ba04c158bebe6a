"""The five questions for a site smaller than the square that a chance speaks of: what is known, what is not said."""

from __future__ import annotations

from collections.abc import Sequence

from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report.model import Section, Table
from geoplantnet_plugin.engine.assessment.report.survey import (
    Row,
    habitats,
    headline,
    notes,
    recorded,
    red_list,
    survey_rows,
    why,
)
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.survey.listing import CHARACTERISTIC, FIRST, FITS, HERE, MISFIT

SHOWN = 20


def pool_sections(folder: AssessmentFolder, text: Texts) -> list[Section]:
    """Return the five sections."""
    rows = survey_rows(folder)
    return [_species(folder, rows, text), _habitat(folder, rows, text), _conservation(folder, rows, text),
            _ecosystem(folder, text), _threat(rows, text)]


def _species(folder: AssessmentFolder, rows: Sequence[Row], text: Texts) -> Section:
    counted = headline(rows)
    groups = {group: sum(row.grp == group for row in counted) for group in (FIRST, CHARACTERISTIC)}
    verdict = [text("pool_species", all=len(counted), first=groups[FIRST], characteristic=groups[CHARACTERISTIC],
                    here=sum(row.recorded == HERE for row in rows)), text("survey_absent")]
    best = [row for row in rows if row.grp == CHARACTERISTIC][:SHOWN]
    return _section(text, "species", verdict, notes(folder, text), _tables(_short("b", best, text)),
                    [_domain(folder, text), text("pool_unavailable", what=text("pool_expected"))])


def _habitat(folder: AssessmentFolder, rows: Sequence[Row], text: Texts) -> Section:
    asked = habitats(folder, text)
    fits, misfits = (sum(row.tier == tier for row in rows) for tier in (FITS, MISFIT))
    verdict = (text("pool_habitats", habitats=asked, fits=fits, misfits=misfits, unknown=len(rows) - fits - misfits)
               if asked else text("pool_no_habitats"))
    return _section(text, "habitat", [verdict], [text("pool_filter")], [],
                    [text("pool_unavailable", what=text("pool_woody"))])


def _conservation(folder: AssessmentFolder, rows: Sequence[Row], text: Texts) -> Section:
    first = [row for row in rows if row.grp == FIRST]
    kinds = {kind: [row for row in headline(first) if kind in row.why] for kind in ("endemic", "eu_directive")}
    verdict = [text(f"pool_{kind}", count=len(found), here=sum(row.recorded == HERE for row in found),
                    names=", ".join(row.name for row in found[:8]) or "–") for kind, found in kinds.items()]
    protected = [row for row in first if row.why != ["invasive"]]
    return _section(text, "conservation", verdict, [red_list(text)], _tables(_short("a", protected[:SHOWN], text)),
                    [text("pool_list_sure")])


def _ecosystem(folder: AssessmentFolder, text: Texts) -> Section:
    return _section(text, "ecosystem", [text("pool_unavailable", what=text("pool_indices"))],
                    [text("pool_richness")], [], [text("pool_larger")])


def _threat(rows: Sequence[Row], text: Texts) -> Section:
    invasive = [row for row in rows if "invasive" in row.why]
    verdict = (text("pool_invasive", count=len(invasive), names=", ".join(row.name for row in invasive[:12]))
               if invasive else text("pool_no_invasive"))
    return _section(text, "threat", [verdict], [text("pool_invasive_known")], _tables(_short("a", invasive, text)),
                    [text("pool_list_sure")])


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


def _section(text: Texts, name: str, verdict: Sequence[str], known: Sequence[str], tables: Sequence[Table],
             sure: Sequence[str]) -> Section:
    return Section(text(f"{name}_title"), text(f"{name}_question"), verdict, known, tables, None, "", sure,
                   [text(f"pool_{name}_check")])
