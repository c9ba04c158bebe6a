"""What a job asks of the published taxa: its filter, and the table that gives them full names and families."""

from __future__ import annotations

import json
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import PublishedOptions
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.services.cache import Cache
from geoplantnet_plugin.engine.services.settings import Services
from geoplantnet_plugin.engine.sources.published.selection import SpeciesFilter, read_names
from geoplantnet_plugin.engine.taxa.table import TaxaTable, read_taxa


def species_filter(options: PublishedOptions, services: Services, cache: Cache, reporter: Reporter) -> SpeciesFilter:
    """Return the person's filter.

    Raises:
        EngineError: the list cannot be read, the flora cannot be asked for or has no species.
    """
    names = read_names(Path(options.species), reporter) if options.species else frozenset[str]()
    flora = _flora(options, services, cache) if options.flora else frozenset[str]()
    return SpeciesFilter(names, flora, frozenset(options.families), frozenset(options.statuses))


def known_taxa(options: PublishedOptions) -> TaxaTable | None:
    """Return the person's table of known taxa, None without one.

    Raises:
        EngineError: it cannot be read.
    """
    if not options.known:
        return None
    try:
        return read_taxa(Path(options.known))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineError("published_list_unreadable", path=options.known, reason=str(error)) from error


def _flora(options: PublishedOptions, services: Services, cache: Cache) -> frozenset[str]:
    """The names of a flora; those of the last time when it stays offline."""
    from geoplantnet_plugin.engine.services.plantnet import PlantNet

    note = f"flora {options.flora} of {services.api.url}"
    if options.offline:
        kept = cache.note(note)
        if not kept:
            raise EngineError("service_offline", file=options.flora)
        return frozenset(json.loads(kept))
    with PlantNet(services.api, services.http) as api:
        names = sorted({entry.name for entry in api.flora(options.flora)})
    if not names:
        raise EngineError("published_flora_empty", flora=options.flora)
    cache.keep_note(note, json.dumps(names, ensure_ascii=False))
    return frozenset(names)
