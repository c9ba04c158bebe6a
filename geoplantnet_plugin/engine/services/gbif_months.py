"""When a species was recorded: the records that GBIF holds, counted by month; it needs no key.

GBIF counts them itself: ``facet=month`` of https://techdocs.gbif.org/en/openapi/v1/occurrence. Months are those of
finding, as often by people who look for leaves as for flowers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import MonthsRequest
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.services.gbif import species_records
from geoplantnet_plugin.engine.services.plantnet import today
from geoplantnet_plugin.engine.services.settings import Services


@dataclass(frozen=True)
class RecordedMonths:
    """`counts` (12) of GBIF's records of a species by month; `undated` have none. `country` blank: all countries."""

    counts: tuple[int, ...]
    undated: int
    country: str
    day: str
    page: str


def recorded_months(asked: MonthsRequest, services: Services, reporter: Reporter) -> RecordedMonths:
    """Ask GBIF how many records of a species it has in each month.

    Raises:
        EngineError: ``gbif_no_species``, GBIF does not know the name; ``gbif_bad_months``, its answer has no counts.
        ServiceError: the host is away, refuses or answers nonsense.
        Cancelled: the caller asked to stop.
    """
    with species_records(asked.gbif_id, asked.name, services) as records:
        reporter.checkpoint()
        content = records.search({"occurrenceStatus": "PRESENT", "facet": "month", "facetLimit": "12", "limit": "0",
                                  **({"country": asked.country.upper()} if asked.country else {})})
    counts = _counts(content, records.url)
    total = content.get("count")
    known = total if isinstance(total, int) and not isinstance(total, bool) else sum(counts)
    return RecordedMonths(counts, max(known - sum(counts), 0), asked.country.upper(), today(),
                          f"{services.gbif.home}/species/{records.key}")


def _counts(content: Mapping[str, Any], url: str) -> tuple[int, ...]:
    facets = content.get("facets")
    found = next((facet.get("counts") for facet in facets if isinstance(facet, dict)
                  and str(facet.get("field")).upper() == "MONTH"), None) if isinstance(facets, list) else None
    if not isinstance(found, list):
        raise EngineError("gbif_bad_months", address=url)
    by_month = {str(entry.get("name")): entry.get("count") for entry in found if isinstance(entry, dict)}
    told = [by_month.get(str(month), 0) for month in range(1, 13)]
    counts = tuple(count for count in told if isinstance(count, int) and not isinstance(count, bool) and count >= 0)
    if len(counts) != len(told):
        raise EngineError("gbif_bad_months", address=url)
    return counts
