"""The two questions that lists answer: Conservation and Threat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report.coverage import bounds_text, by_share, share_text
from geoplantnet_plugin.engine.assessment.report.lists import ListResult, list_results, listed_as
from geoplantnet_plugin.engine.assessment.report.model import Section, Table
from geoplantnet_plugin.engine.assessment.report.section import MOST_ROWS, Draw, section, sure
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.taxa.table import Taxon

MOST_SHARES = 8
CURRENT_YEARS = 2
"""A list whose year lies further back may have changed since."""


def lists_section(folder: AssessmentFolder, country: str | None, text: Texts, draw: Draw, threats: bool) -> Section:
    """Return the section on conservation or on threats: what each list says of the site."""
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
    return section(text, name, verdict, known, [entry for entry in (table, apart) if entry.rows],
                    draw(id) if id else None, folder.title(id, text.language) if id else "",
                    sure(folder, text, id))


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
