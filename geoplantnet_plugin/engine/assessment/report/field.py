"""For the field: which species to look for, and how the user's own records compare with the prediction."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report.coverage import share_column, share_text
from geoplantnet_plugin.engine.assessment.report.model import Table
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.assessment.verdicts.list_results import ListResult, list_results, listed_as
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.coverage.table import by_share
from geoplantnet_plugin.engine.taxa.match import Matcher
from geoplantnet_plugin.engine.taxa.records import read_records
from geoplantnet_plugin.engine.taxa.table import Taxon

MOST_TARGETS = 60
MOST_RECORDS = 200


def targets(folder: AssessmentFolder, country: str | None, observed: set[str], text: Texts) -> Table:
    """Return the target species of a survey.

    These are the predicted taxa on any list that is or may be in force, and predicted taxa that a name of such a
    list may concern; `observed` are the ids of taxa in the user's records.
    """
    reasons: dict[str, list[str]] = defaultdict(list)
    for result in (*list_results(folder, country, False), *list_results(folder, country, True)):
        if result.force is not False:
            _add_reasons(result, reasons, text)
    rows = [row for row in by_share(folder.coverage) if row.taxon.id in reasons][:MOST_TARGETS]
    return Table(
        text("table_targets", scale=folder.document["score_source"]["scale"]),
        [text(f"column_{name}") for name in ("name", "family", "why", share_column(folder), "max", "observed")],
        [[row.taxon.accepted_name, row.taxon.family, "; ".join(reasons[row.taxon.id]), share_text(row, text),
          text.score(row.max), text("yes") if row.taxon.id in observed else ""] for row in rows],
        (27, 16, 30, 20, 9, 10), frozenset((3, 4)), frozenset((0,)))


def _add_reasons(result: ListResult, reasons: dict[str, list[str]], text: Texts) -> None:
    title = text.list_dated(result.info)
    for row in result.predicted:
        reasons[row.taxon.id].append(f"{title}: {listed_as(row.taxon, result.info, text.language)}")
    for taxon, _ in result.unsure:
        reasons[taxon.id].append(text("why_unsure", title=title))


def observations(folder: AssessmentFolder, path: Path, reporter: Reporter, text: Texts) -> tuple[set[str], list[Table]]:
    """Return the ids of the taxa in the user's records, and the records as observed / predicted / both."""
    matcher = Matcher(folder.taxa)
    seen: dict[str, Taxon] = {}
    others = []
    records = read_records(path, reporter)
    for row in records.present:
        found = [match.taxon for match in matcher.find(row.name, row.accepted_name, row.gbif_id)
                 if match.taxon is not None and match.how.carries]
        for i in found:
            seen[folder.taxa[i].id] = folder.taxa[i]
        if not found:
            others.append(row.name)
    share = {row.taxon.id: row for row in folder.coverage}
    rows = [[taxon.accepted_name, text("both" if taxon.id in share else "observed_only"),
             share_text(share[taxon.id], text) if taxon.id in share else ""]
            for taxon in sorted(seen.values(), key=lambda taxon: -share[taxon.id].main if taxon.id in share else 1.0)]
    rows += [[name, text("observed_doubtful"), ""] for name in sorted({row.name for row in records.doubtful})]
    rows += [[name, text("observed_not_known"), ""] for name in sorted(set(others))]
    both = sum(taxon in share for taxon in seen)
    caption = text("table_observations", records=len(rows), both=both, missed=len(seen) - both,
                   strange=len(set(others)), more=len(share) - both)
    columns = [text(f"column_{name}") for name in ("name", "records", share_column(folder))]
    return set(seen), [Table(caption, columns, rows[:MOST_RECORDS], (40, 40, 14), frozenset((2,)), frozenset((0,)))]
