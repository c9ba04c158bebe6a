"""The survey list in a report: what to look for, in its order, with room for what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from geoplantnet_plugin.common.assessment import SURVEY_LIST, SURVEY_TABLE
from geoplantnet_plugin.common.messages import catalogue
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report.model import FOLDED_ROWS, Table
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.survey.listing import CHARACTERISTIC, FIRST, GROUPS, HERE, NEAR, REST
from geoplantnet_plugin.engine.taxa.table import NAME_KINDS

BOX = "☐"
WIDTHS = {"name": 34, "family": 25, "why": 20, "chance": 17, "ratio": 13, "recorded": 23, "habitat": 17, "when": 22,
          "found": 13, "not_found": 17}


@dataclass(frozen=True)
class Row:
    """One species of the list as the GeoPackage has it; see `survey.listing.Entry`."""

    grp: str
    name: str
    taxon: str
    authorship: str
    family: str
    reasons: str
    endemic: str
    chance: float | None
    ratio: float | None
    recorded: str
    recorded_squares: int
    squares: int
    rare: int
    weak: int
    tier: str
    seasonal: int
    months: str
    altitude_differs: int

    @property
    def why(self) -> list[str]:
        """The kinds of status that make it worth looking for."""
        return self.reasons.split()


def survey_rows(folder: AssessmentFolder) -> list[Row]:
    """Return the survey list of an assessment in its order; none where it has none."""
    if not folder.document.get("survey"):
        return []
    columns = ", ".join(Row.__dataclass_fields__)
    with folder.tables() as connection:
        query = f"SELECT {columns} FROM {SURVEY_TABLE} ORDER BY fid"  # nosec B608
        rows = [Row(*row) for row in connection.execute(query)]
    return [row for row in rows if row.grp in GROUPS]


def list_tables(folder: AssessmentFolder, rows: Sequence[Row], text: Texts) -> list[Table]:
    """Return the list as one table a group; those of the rest are folded away."""
    survey = folder.document["survey"]
    tables = [_table(group, [row for row in rows if row.grp == group], bool(survey["habitats"]), text)
              for group in GROUPS]
    return [table for table in tables if table.rows]


def _table(group: str, rows: Sequence[Row], habitats: bool, text: Texts) -> Table:
    names = [name for name in WIDTHS if (name != "habitat" or habitats) and (name != "why" or group == FIRST)
             and (name != "ratio" or group == CHARACTERISTIC)]
    return Table(text(f"survey_table_{group}", count=len(rows), shown=min(len(rows), FOLDED_ROWS), file=SURVEY_LIST),
                 [text(f"survey_column_{name}") for name in names],
                 [[_cell(row, name, text) for name in names] for row in rows], [WIDTHS[name] for name in names],
                 frozenset(i for i, name in enumerate(names) if name in ("chance", "ratio")), frozenset((0,)),
                 folded=group == REST)


def _cell(row: Row, name: str, text: Texts) -> str:
    if name in ("found", "not_found"):
        return BOX
    if name == "chance":
        shown = text("survey_not_modelled") if row.chance is None else f"{text.number(100 * row.chance, 0)} %"
        return f"{shown} *" if row.weak else shown
    if name == "ratio":
        return "–" if row.ratio is None else text.number(row.ratio)
    return {"name": row.name, "family": row.family, "why": why(row, text), "recorded": recorded(row, text),
            "habitat": text(f"survey_tier_{row.tier.replace(' ', '_')}") if row.tier else "",
            "when": when(row, text)}[name]


class Noteworthy(Protocol):
    """A species with the reasons to look for it: kinds of status, and whether it or a subspecies is endemic."""

    @property
    def why(self) -> list[str]: ...
    @property
    def endemic(self) -> str: ...


def why(row: Noteworthy, text: Texts) -> str:
    """Return what makes a species worth looking for, in words."""
    told = [text(f"survey_why_{kind}") if f"report_survey_why_{kind}" in catalogue("en") else kind for kind in row.why]
    if row.endemic == "subspecies":
        told.append(text("survey_why_subspecies"))
    return "; ".join(told)


def recorded(row: Row, text: Texts) -> str:
    """Return where the species was recorded, and that it is rarely recorded at all."""
    where = {HERE: text("survey_recorded_here"), NEAR: text("survey_recorded_near")}.get(row.recorded, "–")
    if row.recorded == HERE and row.recorded_squares > 1:
        where = text("survey_recorded_squares", count=row.recorded_squares)
    return f"{where}; {text('survey_rare')}" if row.rare else where


def when(row: Row, text: Texts) -> str:
    """Return when to look: the user's months, else that a species shows for a season only; and doubts of altitude."""
    season = row.months or (text("survey_seasonal") if row.seasonal else "")
    return "; ".join(filter(None, (season, text("survey_altitude") if row.altitude_differs else "")))


def headline(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that count in numbers: not those that the model ranks poorly."""
    return [row for row in rows if not row.weak]


def notes(folder: AssessmentFolder, text: Texts) -> list[str]:
    """Return what a chance means, what the list does not say, and what was asked of it."""
    survey, model = folder.document["survey"], folder.document.get("model") or {}
    effort = model.get("effort") or {}
    told = [text("survey_chance", side=_km(survey["side"]), floor=f"{100 * float(survey['floor']):g}")]
    if effort:
        told.append(text("survey_effort", level=f"{float(effort['level']):g}",
                         measure=text.quoted(str(effort["measure"]))))
    dated = [text.list_dated(info) for info in folder.taxa.lists if info.kind not in NAME_KINDS]
    told.append(text("survey_lists", lists="; ".join(dated)))
    told.append(text("survey_records", squares=", ".join(survey["squares"][:12]) or "–", count=len(survey["squares"])))
    if survey["habitats"]:
        told.append(text("survey_habitats", habitats=habitats(folder, text)))
    if survey["altitude"]:
        low, high = survey["altitude"]
        told.append(text("survey_site_altitude", low=f"{low:.0f}", high=f"{high:.0f}"))
    return told


def known_habitats(folder: AssessmentFolder) -> list[str]:
    """Return the habitats said to be there that the catalogue has a word for."""
    return [habitat for habitat in folder.document["survey"]["habitats"]
            if f"report_survey_habitat_{habitat}" in catalogue("en")]


def habitats(folder: AssessmentFolder, text: Texts) -> str:
    """Return the habitats that are there, in words."""
    return ", ".join(text(f"survey_habitat_{habitat}") for habitat in known_habitats(folder))


def _km(metres: float) -> str:
    return f"{metres / 1000:g}"
