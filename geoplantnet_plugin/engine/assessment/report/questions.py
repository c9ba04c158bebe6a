"""The five questions: Species, Habitat, Conservation, Ecosystem, Threat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report import survey
from geoplantnet_plugin.engine.assessment.report.coverage import (
    ECOSYSTEM,
    areas_table,
    bounds_text,
    by_share,
    coverage_table,
    richness_text,
    share_text,
)
from geoplantnet_plugin.engine.assessment.report.lists import ListResult, list_results, listed_as
from geoplantnet_plugin.engine.assessment.report.model import Section, Table
from geoplantnet_plugin.engine.assessment.report.texts import Texts, domain_sentence
from geoplantnet_plugin.engine.indicators.base import COUNTED
from geoplantnet_plugin.engine.indicators.share_interval import LEVEL
from geoplantnet_plugin.engine.taxa import statuses
from geoplantnet_plugin.engine.taxa.table import Taxon

MOST_ROWS = 25
HALF = 50.0
MOST_SHARES = 8
CURRENT_YEARS = 2
"""A list whose year lies further back may have changed since."""


Draw = Callable[[str], "Path | None"]
"""Draws the map of an indicator, None where there is nothing to show."""


def sections(folder: AssessmentFolder, country: str | None, text: Texts, draw: Draw) -> list[Section]:
    """Return the five sections."""
    return [_species(folder, text, draw), _habitat(folder, text, draw),
            _lists_section(folder, country, text, draw, False), _ecosystem(folder, text, draw),
            _lists_section(folder, country, text, draw, True)]


def _species(folder: AssessmentFolder, text: Texts, draw: Draw) -> Section:
    rows, known = by_share(folder.coverage), len(folder.taxa)
    wide = [row.taxon for row in rows if row.main >= HALF]
    coverage = folder.document["coverage"]
    verdict = [text("survey_verdict", present=len(rows), known=known)] if folder.document.get("survey") else [
        text("species_verdict", present=len(rows), known=known),
        richness_text(coverage.get("richness") or {}, float(coverage["mean_richness"]), text)]
    verdict.append(text("species_wide", count=len(wide), names=text.names(wide)) if wide else text("species_no_wide"))
    known_of = [text("species_known", known=known)]
    if folder.document.get("survey"):
        verdict.append(text("survey_absent"))
        known_of += survey.notes(folder, text)
    shown = _headline(folder)
    return _section(text, "species", verdict, known_of,
                    [entry for entry in (coverage_table(folder, rows[:MOST_ROWS], text), areas_table(folder, text))
                     if entry.rows], draw(shown),
                    folder.title(shown, text.language) if shown in folder.layers else "",
                    _sure(folder, text, shown))


def _headline(folder: AssessmentFolder) -> str:
    """Return the indicator whose map stands for the species: of records-based models their first, never richness."""
    indicators = folder.document["indicators"]
    return str(indicators[0]["id"]) if folder.document.get("survey") and indicators else "richness"


def _habitat(folder: AssessmentFolder, text: Texts, draw: Draw) -> Section:
    predicted = Counter(form for row in folder.coverage for form in statuses.growth_forms(row.taxon))
    known = Counter(form for taxon in folder.taxa for form in statuses.growth_forms(taxon))
    unknown = sum(not taxon.life_form for taxon in folder.taxa)
    table = Table(text("table_life_forms"), [text(f"column_{name}") for name in ("life_form", "predicted", "model")],
                  [[text(f"form_{form.replace(' ', '_').replace('-', '_')}"), str(predicted[form]), str(count)]
                   for form, count in known.most_common()], (40, 20, 20), frozenset((1, 2)))
    shares = folder.shares("habitat") if "habitat" in folder.layers else {}
    types = _habitat_types(folder, shares, text)
    verdict = _habitat_verdict(types, shares, text) if shares else text("habitat_verdict")
    return _section(text, "habitat", [verdict],
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


def _habitat_verdict(types: Table, shares: dict[int, float], text: Texts) -> str:
    named = [row for row in types.rows if row[0] != render("class_unclassified", {}, text.language)]
    if not named:
        return text("habitat_unclassified")
    return text("habitat_found", names="; ".join(f"{name} ({share} %)" for name, share in named[:5]),
                unclassified=shares.get(0, 0.0))


def _lists_section(folder: AssessmentFolder, country: str | None, text: Texts, draw: Draw, threats: bool) -> Section:
    name = "threat" if threats else "conservation"
    results = list_results(folder, country, threats)
    binding = [result for result in results if result.force]
    verdict = [list_verdict(result, folder, text) for result in binding] or [text(f"{name}_none")]
    known = [_list_known(result, text) for result in results]
    if not threats and not any(result.info.kind == "iucn" for result in results):
        known.append(text("no_red_list"))
    table = _evidence(folder, [result for result in results if result.force is not False], text)
    apart = _evidence(folder, [result for result in results if result.force is False], text, apart=True)
    id = next((entry for entry in map(_layer, results) if entry in folder.layers), "")
    return _section(text, name, verdict, known, [entry for entry in (table, apart) if entry.rows],
                    draw(id) if id else None, folder.title(id, text.language) if id else "",
                    _sure(folder, text, id))


def _layer(result: ListResult) -> str:
    """Return the id of a list's indicator; a list that is not in force is worth no map."""
    kind = result.info.kind
    return "" if result.force is False else {"iucn": "threatened", "endemic": "endemism"}.get(kind, kind)


def _with_shares(taxa: Sequence[Taxon], folder: AssessmentFolder, text: Texts) -> str:
    """Return the names of taxa that no set holds, with the share of cells that is expected where it is known."""
    if not folder.expected:
        return text.names(taxa)
    shares = {taxon.accepted_name: folder.expected[taxon.id] for taxon in taxa if taxon.id in folder.expected}
    shown = sorted(shares.items(), key=lambda item: -(item[1].expected or 0))[:MOST_SHARES]
    names = ", ".join(f"{name}: {text.number(share.expected or 0.0)} %{bounds_text(share.low, share.high, text)}"
                      for name, share in shown)
    return f"{names} {text('and_more', count=len(taxa) - len(shown))}" if len(taxa) > len(shown) else names


def list_verdict(result: ListResult, folder: AssessmentFolder, text: Texts) -> str:
    """Return one sentence on one list, with the number of its taxa that the model knows."""
    title, known = text.list_title(result.info), len(result.listed)
    if not known:
        return text("list_unknown", title=title)
    if not result.predicted:
        return text("list_absent", title=title, known=known, names=_with_shares(result.listed, folder, text))
    names = ", ".join(f"{row.taxon.accepted_name}: {share_text(row, text)}" for row in by_share(result.predicted)[:8])
    sentence = text("list_present", title=title, present=len(result.predicted), known=known, names=names)
    if not result.missing:
        return sentence
    return f"{sentence} {text('list_rest', names=_with_shares(result.missing, folder, text))}"


def _list_known(result: ListResult, text: Texts) -> str:
    info = result.info
    parts = [text("list_known", title=text.list_title(info), date=info.date or "–", known=len(result.listed),
                  status=result.known)]
    if info.names:
        parts.append(text("list_size", names=info.names))
    if info.date[:4].isdigit() and int(info.date[:4]) < date.today().year - CURRENT_YEARS:
        parts.append(text("list_old", date=info.date))
    if result.force is False:
        parts.append(text("list_not_in_force", territory=info.territory))
    if result.force is None:
        parts.append(text("list_force_unknown", territory=info.territory))
    if result.unsure and result.force is not False:
        parts.append(text("list_unsure", names="; ".join(
            f"{taxon.accepted_name} ({_how(note, text)})" for taxon, note in result.unsure[:8])))
    return " ".join(parts)


def _how(note: str, text: Texts) -> str:
    how, _, name = note.partition(": ")
    return text(f"unsure_{how}", name=name)


def _evidence(folder: AssessmentFolder, results: Sequence[ListResult], text: Texts, apart: bool = False) -> Table:
    rows = sorted(((row, result) for result in results for row in result.predicted), key=lambda pair: -pair[0].main)
    return Table(text("table_apart" if apart else "table_listed", scale=folder.document["score_source"]["scale"]),
                 [text(f"column_{name}") for name in ("name", "list", "value", "share", "max")],
                 [[row.taxon.accepted_name, text.list_title(result.info),
                   listed_as(row.taxon, result.info, text.language), share_text(row, text),
                   text.score(row.max)] for row, result in rows[:MOST_ROWS]],
                 (28, 30, 20, 22, 10), frozenset((3, 4)), frozenset((0,)))


def _ecosystem(folder: AssessmentFolder, text: Texts, draw: Draw) -> Section:
    rows, verdict = [], []
    for id in ECOSYSTEM:
        found = folder.statistics(id)
        if found is None:
            continue
        decimals = 2 if id in ("shannon", "simpson", "woody") else 1
        rows.append([folder.title(id, text.language), folder.unit(id, text.language),
                     _expected(folder, id, text, decimals),
                     *(text.number(value, decimals) for value in (found.mean, found.low, found.high))])
        verdict.append(text(f"ecosystem_{id}", mean=text.number(100 * found.mean if id == "woody" else found.mean,
                                                                0 if id == "woody" else decimals)))
    percent = round(100 * LEVEL)
    table = Table(text("table_ecosystem", percent=percent),
                  [text(f"column_{name}", percent=percent)
                   for name in ("indicator", "unit", "cell_expected", "rule_mean", "lowest", "highest")],
                  rows, (30, 20, 24, 12, 12, 12), frozenset((2, 3, 4, 5)))
    forms = sum(bool(taxon.life_form) for taxon in folder.taxa)
    known = [text("habitat_known", known=forms, total=len(folder.taxa))]
    if folder.document.get("survey"):
        known.append(text("pool_richness"))
    return _section(text, "ecosystem", [" ".join(verdict)] if verdict else [text("ecosystem_none")], known,
                    [table] if rows else [],
                    draw("shannon"), folder.title("shannon", text.language) if "shannon" in folder.layers else "",
                    _sure(folder, text, "shannon"))


def _expected(folder: AssessmentFolder, id: str, text: Texts, decimals: int) -> str:
    """Return the mean of the cells' estimates with the mean of their bounds, a dash where there are none."""
    expected, low, high = (folder.statistics(f"{id}_{layer}") for layer in COUNTED)
    if not (expected and low and high):
        return "–"
    return f"{text.number(expected.mean, decimals)}{bounds_text(low.mean, high.mean, text, decimals)}"


def _sure(folder: AssessmentFolder, text: Texts, id: str) -> list[str]:
    sentences = [domain_sentence(folder, text)]
    expected, low, high = (folder.statistics(f"{id}_{layer}") for layer in COUNTED)
    sets = folder.statistics(id)
    if sets and sets.low == sets.high and not folder.layers[id].get("classes"):
        sentences.append(text("sure_constant", title=folder.title(id, text.language), value=sets.low))
    if expected and low and high and sets:
        sentences.append(text("sure_interval", title=folder.title(id, text.language), expected=expected.mean,
                              low=low.mean, high=high.mean, sets=sets.mean, percent=round(100 * LEVEL)))
    elif not folder.document.get("uncertainty"):
        sentences.append(text("sure_none"))
    return sentences


def _section(text: Texts, name: str, verdict: Sequence[str], known: Sequence[str], tables: Sequence[Table],
             picture: Path | None, picture_text: str, sure: Sequence[str]) -> Section:
    return Section(text(f"{name}_title"), text(f"{name}_question"), verdict, known, tables, picture, picture_text, sure,
                   [text(f"{name}_check")])
