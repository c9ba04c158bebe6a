"""What an assessment says about each species list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from geoplantnet_plugin.common.assessment import CHECK_ANNEX, NOT_LISTED, THREATENED, UNSURE
from geoplantnet_plugin.common.messages import Message, catalogue, render
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.coverage.table import CoverageRow
from geoplantnet_plugin.engine.taxa.table import NAME_KINDS, ListInfo, Status, Taxon
from geoplantnet_plugin.engine.taxa.territory import in_force

THREAT_KINDS = ("invasive", "alien")
"""Kinds of lists that belong to the question of threats; all others belong to conservation."""


@dataclass(frozen=True)
class ListResult:
    """One list at a site: which taxa of the model it lists, and which of these are predicted.

    `force` is None where the site's country is not known. `unsure` are names of the list that may concern a taxon.
    """

    info: ListInfo
    force: bool | None
    listed: tuple[Taxon, ...]
    predicted: tuple[CoverageRow, ...]
    known: int
    unsure: tuple[tuple[Taxon, str], ...]

    @cached_property
    def missing(self) -> tuple[Taxon, ...]:
        """The listed taxa that are predicted nowhere."""
        there = {row.taxon.id for row in self.predicted}
        return tuple(taxon for taxon in self.listed if taxon.id not in there)


def list_results(folder: AssessmentFolder, country: str | None, threats: bool) -> list[ListResult]:
    """Return the lists of one of the two questions, those in force first."""
    results = [_result(folder, info, country) for info in _lists(folder)
               if (info.kind in THREAT_KINDS) == threats]
    return sorted(results, key=lambda result: (result.force is not True, result.force is None))


def _lists(folder: AssessmentFolder) -> Iterator[ListInfo]:
    """Yield the lists that were joined, then what the model's own table states by other instruments."""
    yield from (info for info in folder.taxa.lists if info.kind not in NAME_KINDS)
    seen = {(info.kind, info.instrument) for info in folder.taxa.lists}
    for taxon in folder.taxa:
        for status in taxon.statuses:
            if (status.kind, status.instrument) not in seen:
                seen.add((status.kind, status.instrument))
                yield ListInfo(status.kind, status.instrument or status.kind, status.kind, status.instrument,
                               status.territory, status.source, status.date, "", False, 0, 0)


def _result(folder: AssessmentFolder, info: ListInfo, country: str | None) -> ListResult:
    rows = {row.taxon.id: row for row in folder.coverage}
    stated = [(taxon, status) for taxon in folder.taxa for status in taxon.statuses
              if (status.kind, status.instrument) == (info.kind, info.instrument)]
    sure = [(taxon, status) for taxon, status in stated if not status.value.startswith(UNSURE)]
    listed = tuple(taxon for taxon, status in sure if counts(info.kind)(status))
    return ListResult(
        info, in_force(info.territory, country), listed,
        tuple(rows[taxon.id] for taxon in listed if taxon.id in rows), len({taxon.id for taxon, _ in sure}),
        tuple((taxon, status.value.lstrip("? ")) for taxon, status in stated
              if status.value.startswith(UNSURE)))


def counts(kind: str) -> Callable[[Status], bool]:
    """Return whether a status of this kind puts a taxon on the list: for red lists, threatened taxa only."""
    if kind == "iucn":
        return lambda status: status.value in THREATENED
    return lambda status: status.value != NOT_LISTED


def list_title(info: ListInfo) -> Message | str:
    """Return a list's title: the catalogue's for lists that ship with the plugin."""
    code = f"list_{info.id}"
    return Message(code) if code in catalogue("en") else info.title


def list_dated(info: ListInfo) -> Message:
    """Return a list's title with the date as of which it speaks."""
    code = "report_list_dated" if info.date else "report_list_undated"
    return Message(code, {"title": list_title(info), "date": info.date})


def listed_as(taxon: Taxon, info: ListInfo, language: str) -> str:
    """Return the category or annex with which a list names a taxon."""
    value = next(status.value for status in taxon.statuses
                 if (status.kind, status.instrument) == (info.kind, info.instrument))
    if value == CHECK_ANNEX:
        return render("status_check_annex", {}, language)
    if value not in ("yes", "alien"):
        return value
    return render({"endemic": "report_survey_why_endemic", "alien": "report_alien"}.get(info.kind, "report_listed"), {},
                  language)
