"""The verdicts that lists give: Conservation and Threat."""

from __future__ import annotations

from collections.abc import Sequence

from geoplantnet_plugin.common.messages import Message
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.verdicts.entries import FigureEntry, Sentence, VerdictEntry, sentence
from geoplantnet_plugin.engine.assessment.verdicts.figures import (
    MOST_SHARES,
    first_of,
    layer_figure,
    named_share,
    names,
)
from geoplantnet_plugin.engine.assessment.verdicts.list_results import (
    ListResult,
    list_dated,
    list_results,
    list_title,
)
from geoplantnet_plugin.engine.coverage.table import by_share
from geoplantnet_plugin.engine.indicators.share_interval import Estimate
from geoplantnet_plugin.engine.taxa.table import Taxon


def lists_verdict(folder: AssessmentFolder, country: str | None, threats: bool) -> VerdictEntry:
    """Return the verdict on conservation, or on threats: what each list that is in force says of the site."""
    id = "threat" if threats else "conservation"
    results = list_results(folder, country, threats)
    binding = [result for result in results if result.force]
    remedy = [] if country else [sentence("remedy_country")]
    if not binding:
        return VerdictEntry(id, False, [sentence(f"{id}_none")], remedy=[*remedy, sentence("remedy_list")])
    if not threats and not any(result.info.kind == "iucn" and result.force for result in results):
        remedy.append(sentence("no_red_list"))
    told = [line for result in binding for line in _list_sentences(result, folder)]
    figures = [figure for result in binding for figure in _figures(result, folder)]
    return VerdictEntry(id, True, told, figures, remedy)


def layer_of(result: ListResult) -> str:
    """Return the id of a list's indicator; a list that is not in force is worth no map."""
    kind = result.info.kind
    return "" if result.force is False else {"iucn": "threatened", "endemic": "endemism"}.get(kind, kind)


def _list_sentences(result: ListResult, folder: AssessmentFolder) -> list[Sentence]:
    """Return what one list says, with the number of its taxa that the model knows."""
    title, known = list_dated(result.info), len(result.listed)
    if not known:
        return [sentence("list_unknown", title=title)]
    if not result.predicted:
        return [sentence("list_absent", title=title, known=known, names=_with_shares(result.listed, folder))]
    shares = [named_share(row.taxon.accepted_name, Estimate(row.main, row.low, row.high))
              for row in by_share(result.predicted)]
    told = [sentence("list_present" if folder.expected else "list_in_sets", title=title,
                     present=len(result.predicted), known=known, names=first_of(shares, MOST_SHARES))]
    if result.missing:
        told.append(sentence("list_rest", names=_with_shares(result.missing, folder)))
    return told


def _with_shares(taxa: Sequence[Taxon], folder: AssessmentFolder) -> Message | list[Message] | list[str]:
    """Return the names of taxa that no set holds, with the share of cells that is expected where it is known."""
    if not folder.expected:
        return names(taxa)
    shares = {taxon.accepted_name: folder.expected[taxon.id] for taxon in taxa if taxon.id in folder.expected}
    shown = sorted(shares.items(), key=lambda item: -(item[1].expected or 0))
    return first_of([named_share(name, share) for name, share in shown], MOST_SHARES)


def _figures(result: ListResult, folder: AssessmentFolder) -> list[FigureEntry]:
    """Return how many taxa of a list are predicted, and what its indicator comes to; nothing of a list without any."""
    if not result.listed:
        return []
    title = list_title(result.info)
    count = FigureEntry.of(Message("report_figure_listed", {"title": title, "known": len(result.listed)}),
                           len(result.predicted), "", title, result.info.date)
    layer = layer_figure(folder, layer_of(result))
    return [count] if layer is None else [count, layer]
