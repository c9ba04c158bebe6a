"""What an assessment knows of one taxon, each status with its source."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from ..common.assessment import CHECK_ANNEX, NOT_LISTED, UNSURE
from ..common.messages import catalogue, render
from ..common.tables import open_tables
from ..common.vernacular import NAME_COLUMNS, common_name
from ..i18n import language, tr
from ..numbers import decimal_text, short_text
from .coverage import CoverageRow
from .manifest import Assessment

TAXON = ("accepted_name", "authorship", "gbif_id", "rank", "family", "genus", "life_form", *NAME_COLUMNS)
STATUS = ("kind", "value", "instrument", "territory", "source", "date", "in_force")


@dataclass(frozen=True)
class StatusEntry:
    """One statement of a list; `in_force` is ``yes``, ``no`` or, for unknown, blank."""

    kind: str
    value: str
    instrument: str
    territory: str
    source: str
    date: str
    in_force: str


@dataclass(frozen=True)
class SpeciesCard:
    """Blank texts are *unknown*; `values` are the columns `TAXON` of the table of taxa.

    `part` says that the figures of `row` are those of a part of the area, for which no share is expected.
    """

    row: CoverageRow
    scale: str
    values: dict[str, str]
    statuses: tuple[StatusEntry, ...]
    part: bool = False

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Names and addresses of pages on the taxon; nothing is asked before one is clicked."""
        name, gbif = quote(self.row.name), self.values.get("gbif_id", "")
        found = [("GBIF", f"https://www.gbif.org/species/{quote(gbif)}")] if gbif else []
        return (*found, ("POWO", f"https://powo.science.kew.org/results?q={name}"),
                ("Pl@ntNet", f"https://identify.plantnet.org/k-world-flora/species?q={name}"),
                ("Pl@ntUse", f"https://uses.plantnet-project.org/en/Special:Search?search={name}"))


def read_species_card(assessment: Assessment, row: CoverageRow) -> SpeciesCard:
    """Return what the tables of `assessment` say of the taxon of `row`.

    Raises:
        sqlite3.Error: there are no tables, or they are damaged.
    """
    with open_tables(assessment.geopackage) as tables:
        present = {column for _, column, *_ in tables.execute("PRAGMA table_info(taxa)")}
        wanted = [column for column in TAXON if column in present]
        query = f"SELECT taxon, {', '.join(wanted)} FROM taxa WHERE id = ?"  # nosec B608
        found = tables.execute(query, (row.id,)).fetchone()
        if found is None:
            return SpeciesCard(row, assessment.scale, {}, ())
        has_statuses = tables.execute("SELECT 1 FROM sqlite_master WHERE name = 'statuses'").fetchone()
        statuses = tables.execute(f"SELECT {', '.join(STATUS)} FROM statuses WHERE taxon = ?",  # nosec B608
                                  (found[0],)).fetchall() if has_statuses else ()
    values = {column: text or "" for column, text in zip(wanted, found[1:])}
    return SpeciesCard(row, assessment.scale, values, tuple(StatusEntry(*(text or "" for text in entry))
                                                            for entry in statuses))


def card_html(card: SpeciesCard, where: str) -> str:
    """Return names and figures as HTML; `where` names the area or part of it. All texts of the folder are escaped."""
    values, row = card.values, card.row
    common = common_name(values, language()) or row.common_name
    facts = [(tr("Common name"), common), (tr("Family"), values.get("family") or row.family),
             (tr("Genus"), values.get("genus", "")), (tr("Life form"), values.get("life_form", "")),
             (tr("GBIF id"), values.get("gbif_id", ""))]
    head = f"<h3><i>{escape(row.name)}</i> {escape(values.get('authorship', ''))}</h3>"
    return head + _table(facts) + f"<h4>{escape(where)}</h4>" + _table(_figures(card))


def _figures(card: SpeciesCard) -> list[tuple[str, str]]:
    row = card.row
    found = [(tr("Expected share of cells"), "" if row.expected is None else f"{decimal_text(row.expected, 1)} %"),
             (tr("90 % interval"), "" if row.low is None or row.high is None else
              f"{decimal_text(row.low, 1)} – {decimal_text(row.high, 1)} %"),
             (tr("Share of cells in the set"), f"{decimal_text(row.coverage, 1)} %"),
             (tr("Score ({scale}): mean, highest").format(scale=card.scale),
              f"{short_text(row.mean_score, 3)}; {short_text(row.max_score, 3)}")]
    if row.expected is not None:
        return found
    return [*found[2:], (tr("Uncertainty"), tr("not stated for a part of the area") if card.part else tr(
        "not stated: these scores are not calibrated"))]


def statuses_html(card: SpeciesCard) -> str:
    """Return the statuses as HTML, those in force here first, each with its source and date."""
    heading, none = tr("Status"), tr("No list speaks of this species: unknown, not “no”.")
    title = f"<h4>{escape(heading)}</h4>"
    if not card.statuses:
        return title + f"<p>{escape(none)}</p>"
    rows = []
    for entry in sorted(card.statuses, key=lambda entry: entry.in_force == "no"):
        outside = tr(" (not in force here)") if entry.in_force == "no" else ""
        rows.append((entry.instrument or entry.kind, _status(entry.value) + outside,
                     ", ".join(filter(None, (entry.territory, entry.source, entry.date)))))
    return title + _table(rows)


def _status(value: str) -> str:
    """Return a status in words: what is unsure says how the list's name and the taxon go together."""
    if value == NOT_LISTED:
        return tr("looked up, not listed")
    if value == CHECK_ANNEX:
        return render("status_check_annex", {}, language())
    if not value.startswith(UNSURE):
        return value
    how, _, name = value.lstrip(f"{UNSURE} ").partition(": ")
    code = f"report_unsure_{how}"
    return render(code, {"name": name}, language()) if code in catalogue("en") else value


def _table(rows) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}&nbsp;</td>" for cell in row) + "</tr>"
                    for row in rows if row[1])
    return f"<table cellpadding='2'>{lines}</table>"
