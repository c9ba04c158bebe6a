"""Numbers, names and layers of an assessment as a verdict tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geoplantnet_plugin.common.messages import Message
from geoplantnet_plugin.common.model_titles import title_message
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.verdicts.entries import FigureEntry
from geoplantnet_plugin.engine.indicators.base import COUNTED
from geoplantnet_plugin.engine.indicators.share_interval import Estimate
from geoplantnet_plugin.engine.taxa.table import Taxon

MOST_NAMES, MOST_SHARES = 12, 8
FINE = ("shannon", "simpson", "woody")
"""Indicators whose values are told with two decimals."""


def names(taxa: Sequence[Taxon]) -> Message | list[str]:
    """Return names in a row, the first `MOST_NAMES` of them."""
    return first_of([taxon.accepted_name for taxon in taxa], MOST_NAMES)


def first_of(entries: Sequence[Any], most: int) -> Message | list[Any]:
    """Return the first `most` entries of a list, and how many more there are."""
    shown, more = list(entries[:most]), len(entries) - most
    return Message("report_names_and_more", {"names": shown, "count": more}) if more > 0 else shown


def named_share(name: str, share: Estimate) -> Message:
    """Return a name with its share in %, and the interval where there is one."""
    params = {"name": name, "share": _small(share.expected or 0.0)}
    if share.low is None or share.high is None:
        return Message("report_named_share", params)
    return Message("report_named_interval", {**params, "low": share.low, "high": share.high})


def _small(share: float) -> float | Message:
    """Return a share as it is told: what would round to nothing is not told as nothing."""
    return Message("report_less_than_tenth") if 0 < share < 0.05 else share


def source_of(folder: AssessmentFolder) -> tuple[Message, str]:
    """Return where the scores come from, and the day of the computation."""
    origin = folder.document["score_source"]
    return (Message("report_figure_source", {"title": title_message(str(origin["title"])),
                                             "version": origin["version"]}),
            str(folder.document.get("created", ""))[:10])


def layer_figure(folder: AssessmentFolder, id: str) -> FigureEntry | None:
    """Return what an indicator comes to over the area: the estimate with its interval, else the mean of the sets."""
    sets = None if id not in folder.layers or folder.layers[id].get("classes") else folder.statistics(id)
    if sets is None:
        return None
    title, unit = _said(folder.layers[id], "title"), _said(folder.layers[id], "unit")
    middle, low, high = (folder.statistics(f"{id}_{layer}") for layer in COUNTED)
    decimals = 2 if id in FINE else 1
    if middle and low and high:
        return FigureEntry.of(Message("report_figure_expected", {"title": title}), middle.mean, unit,
                              *source_of(folder), (low.mean, high.mean), decimals)
    return FigureEntry.of(Message("report_figure_sets", {"title": title}), sets.mean, unit, *source_of(folder),
                          decimals=decimals)


def _said(entry: Mapping[str, Any], name: str) -> Message | str:
    """Return a text of the manifest as the message that says it, where it has one."""
    message = (entry.get("messages") or {}).get(name)
    return Message(str(message["code"]), message["params"]) if message else str(entry[name])
