"""The one table of indicators, and choosing from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.messages import Message
from geoplantnet_plugin.engine.indicators.base import Context, Indicator
from geoplantnet_plugin.engine.indicators.diversity import DIVERSITY
from geoplantnet_plugin.engine.indicators.habitat import habitat_indicator
from geoplantnet_plugin.engine.indicators.lists import LISTS, user_lists
from geoplantnet_plugin.engine.indicators.niche import NICHE
from geoplantnet_plugin.engine.taxa import statuses

INDICATORS: Mapping[str, Indicator] = {indicator.id: indicator for indicator in (*DIVERSITY, *LISTS, *NICHE)}


def select(ids: Iterable[str], context: Context) -> list[Indicator]:
    """Return the indicators that `ids` name, each once, in the order of the table.

    ``all`` stands for those that can be computed for these taxa (a status is known for at least one, and what is
    counted is among them) and this scale. An indicator asked for by name is returned in any case: its layer is nodata.
    Raises EngineError for an unknown id and for an indicator that does not fit the scale.
    """
    table = {**INDICATORS, **{indicator.id: indicator
                              for indicator in (*habitat_indicator(context), *user_lists(context))}}
    wanted = {id.strip() for id in ids}
    if "habitat" in wanted and context.habitats is None:
        raise EngineError("habitat_no_table")
    unknown = sorted(wanted - set(table) - {"all"})
    if unknown:
        raise EngineError("indicator_unknown", unknown=unknown, known=[*table, "all"])
    for id in wanted - {"all"}:
        if context.scale not in table[id].scales:
            raise EngineError("indicator_scale", id=id, scale=context.scale.value)
    return [dated(indicator, context) for indicator in table.values()
            if indicator.id in wanted or ("all" in wanted and _computable(indicator, context))]


def dated(indicator: Indicator, context: Context) -> Indicator:
    """Return an indicator that tells the dates of the lists behind it."""
    return replace(indicator, as_of=dates(indicator.list_kind, context))


def dates(kind: str, context: Context) -> str:
    """Return the dates of the lists of a kind that count at the site; blank where no list is behind a number."""
    return statuses.dates(kind, (status for taxon in context.taxa for status in taxon.statuses))


def absent(chosen: Iterable[Indicator], context: Context) -> list[tuple[Indicator, Message]]:
    """Return the indicators of the table that cannot be computed, each with the reason and what to do about it."""
    given = {indicator.id for indicator in chosen}
    return [(indicator, _reason(indicator, context)) for indicator in INDICATORS.values()
            if indicator.id not in given and not _computable(indicator, context)]


def _reason(indicator: Indicator, context: Context) -> Message:
    if context.scale not in indicator.scales:
        return Message("indicator_absent_scale", {"scale": context.scale.value})
    if indicator.known(context):
        return Message("indicator_absent_none", {"taxa": len(context.taxa), "known": indicator.known(context)})
    return Message("indicator_absent_unknown", {"taxa": len(context.taxa)})


def _computable(indicator: Indicator, context: Context) -> bool:
    return context.scale in indicator.scales and indicator.known(context) > 0 and indicator.says(context)
