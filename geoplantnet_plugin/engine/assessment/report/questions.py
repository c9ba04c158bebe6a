"""The five questions: Species, Habitat, Conservation, Ecosystem, Threat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from geoplantnet_plugin.common.verdicts import Verdict
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report import survey
from geoplantnet_plugin.engine.assessment.report.coverage import areas_table, coverage_table
from geoplantnet_plugin.engine.assessment.report.listed import lists_section
from geoplantnet_plugin.engine.assessment.report.model import Section, Table
from geoplantnet_plugin.engine.assessment.report.section import MOST_ROWS, Draw, expected, section, sure
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.assessment.verdicts.figures import FINE
from geoplantnet_plugin.engine.assessment.verdicts.make import ECOSYSTEM
from geoplantnet_plugin.engine.coverage.table import by_share
from geoplantnet_plugin.engine.indicators.share_interval import LEVEL
from geoplantnet_plugin.engine.taxa import statuses


def sections(folder: AssessmentFolder, country: str | None, text: Texts, draw: Draw,
             verdicts: Sequence[Verdict]) -> list[Section]:
    """Return the five sections, each with its verdict."""
    species, habitat, conservation, ecosystem, threat = verdicts
    return [_species(folder, species, text, draw), _habitat(folder, habitat, text, draw),
            lists_section(folder, country, conservation, text, draw), _ecosystem(folder, ecosystem, text, draw),
            lists_section(folder, country, threat, text, draw)]


def _species(folder: AssessmentFolder, verdict: Verdict, text: Texts, draw: Draw) -> Section:
    rows = by_share(folder.coverage)
    known_of = [text("species_known", known=len(folder.taxa))]
    if folder.document.get("survey"):
        known_of += survey.notes(folder, text)
    shown = headline(folder)
    return section(text, verdict, known_of,
                    [entry for entry in (coverage_table(folder, rows[:MOST_ROWS], text), areas_table(folder, text))
                     if entry.rows], draw(shown),
                    folder.title(shown, text.language) if shown in folder.layers else "",
                    sure(folder, text, shown))


def headline(folder: AssessmentFolder) -> str:
    """Return the indicator whose map stands for the species: of records-based models their first, never richness."""
    indicators = folder.document["indicators"]
    return str(indicators[0]["id"]) if folder.document.get("survey") and indicators else "richness"


def _habitat(folder: AssessmentFolder, verdict: Verdict, text: Texts, draw: Draw) -> Section:
    predicted = Counter(form for row in folder.coverage for form in statuses.growth_forms(row.taxon))
    known = Counter(form for taxon in folder.taxa for form in statuses.growth_forms(taxon))
    unknown = sum(not taxon.life_form for taxon in folder.taxa)
    table = Table(text("table_life_forms"), [text(f"column_{name}") for name in ("life_form", "predicted", "model")],
                  [[text(f"form_{form.replace(' ', '_').replace('-', '_')}"), str(predicted[form]), str(count)]
                   for form, count in known.most_common()], (40, 20, 20), frozenset((1, 2)))
    shares = folder.shares("habitat") if "habitat" in folder.layers else {}
    types = _habitat_types(folder, shares, text)
    return section(text, verdict,
                    [text("habitat_known", known=len(folder.taxa) - unknown, total=len(folder.taxa))],
                    [entry for entry in (types, table) if entry.rows], draw("habitat") if shares else None,
                    folder.title("habitat", text.language) if shares else "",
                    [text("habitat_table_sure") if shares else text("habitat_sure")])


def _habitat_types(folder: AssessmentFolder, shares: dict[int, float], text: Texts) -> Table:
    """Return the habitat types by the share of cells they have; empty where the assessment names none."""
    labels = {value: label for value, label, _ in folder.classes("habitat", text.language)} if shares else {}
    return Table(text("table_habitats"), [text("column_habitat"), text("column_cells_share")],
                 [[labels.get(value, str(value)), text.number(share)]
                  for value, share in sorted(shares.items(), key=lambda item: -item[1])], (60, 20), frozenset((1,)))


def ecosystem_table(folder: AssessmentFolder, text: Texts) -> Table:
    """Return the indicators of the ecosystem over the area."""
    rows = []
    for id in ECOSYSTEM:
        found = folder.statistics(id)
        if found is None:
            continue
        decimals = 2 if id in FINE else 1
        rows.append([folder.title(id, text.language), folder.unit(id, text.language),
                     expected(folder, id, text, decimals),
                     *(text.number(value, decimals) for value in (found.mean, found.low, found.high))])
    percent = round(100 * LEVEL)
    return Table(text("table_ecosystem", percent=percent),
                 [text(f"column_{name}", percent=percent)
                  for name in ("indicator", "unit", "cell_expected", "rule_mean", "lowest", "highest")],
                 rows, (30, 20, 24, 12, 12, 12), frozenset((2, 3, 4, 5)))


def _ecosystem(folder: AssessmentFolder, verdict: Verdict, text: Texts, draw: Draw) -> Section:
    table = ecosystem_table(folder, text)
    forms = sum(bool(taxon.life_form) for taxon in folder.taxa)
    known = [text("habitat_known", known=forms, total=len(folder.taxa))]
    if folder.document.get("survey"):
        known.append(text("pool_richness"))
    return section(text, verdict, known,
                    [table] if table.rows else [],
                    draw("shannon"), folder.title("shannon", text.language) if "shannon" in folder.layers else "",
                    sure(folder, text, "shannon"))
