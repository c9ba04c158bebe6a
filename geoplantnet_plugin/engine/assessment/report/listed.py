"""The two questions that lists answer: Conservation and Threat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from geoplantnet_plugin.common.verdicts import Verdict
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report.coverage import share_column, share_text
from geoplantnet_plugin.engine.assessment.report.model import Section, Table
from geoplantnet_plugin.engine.assessment.report.section import MOST_ROWS, Draw, section, sure
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.assessment.verdicts.list_results import ListResult, list_results, listed_as
from geoplantnet_plugin.engine.assessment.verdicts.lists import layer_of

CURRENT_YEARS = 2
"""A list whose year lies further back may have changed since."""


def lists_section(folder: AssessmentFolder, country: str | None, verdict: Verdict, text: Texts, draw: Draw) -> Section:
    """Return the section on conservation or on threats: what each list says of the site."""
    results = list_results(folder, country, verdict.id == "threat")
    known = [_list_known(result, text) for result in results]
    table = _evidence(folder, [result for result in results if result.force is not False], text)
    apart = _evidence(folder, [result for result in results if result.force is False], text, apart=True)
    id = next((entry for entry in map(layer_of, results) if entry in folder.layers), "")
    return section(text, verdict, known, [entry for entry in (table, apart) if entry.rows],
                    draw(id) if id else None, folder.title(id, text.language) if id else "",
                    sure(folder, text, id))


def _list_known(result: ListResult, text: Texts) -> str:
    info = result.info
    parts = [text("list_known", title=text.list_dated(info), known=len(result.listed), status=result.known)]
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


def listed_table(folder: AssessmentFolder, country: str | None, text: Texts) -> Table:
    """Return the predicted taxa on lists that are, or may be, in force: those of conservation, then threats."""
    results = [result for threat in (False, True) for result in list_results(folder, country, threat)]
    return _evidence(folder, [result for result in results if result.force is not False], text)


def _evidence(folder: AssessmentFolder, results: Sequence[ListResult], text: Texts, apart: bool = False) -> Table:
    rows = sorted(((row, result) for result in results for row in result.predicted), key=lambda pair: -pair[0].main)
    return Table(text("table_apart" if apart else "table_listed", scale=folder.document["score_source"]["scale"]),
                 [text(f"column_{name}") for name in ("name", "list", "value", share_column(folder), "max")],
                 [[row.taxon.accepted_name, text.list_dated(result.info),
                   listed_as(row.taxon, result.info, text.language), share_text(row, text),
                   text.score(row.max)] for row, result in rows[:MOST_ROWS]],
                 (28, 30, 20, 22, 10), frozenset((3, 4)), frozenset((0,)))
