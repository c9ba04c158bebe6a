"""What the survey says of the prediction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geoplantnet_plugin.common.survey import ABSENT, DOUBTFUL, INACCESSIBLE, PLAN, RELEVE_SPECIES, RELEVES
from geoplantnet_plugin.common.tables import cell_taxa
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.field.estimate import Estimate, Visit, horvitz_thompson, wilson
from geoplantnet_plugin.engine.field.merge import Survey
from geoplantnet_plugin.engine.field.names import Names
from geoplantnet_plugin.engine.field.support import is_comparable, is_same, support_of
from geoplantnet_plugin.engine.taxa import statuses
from geoplantnet_plugin.engine.taxa.table import Taxon

CONFIRMED, ADDED, NOT_FOUND, NOT_LOOKED = "confirmed", "added", "not_found", "not_looked"
QUESTIONS: Mapping[str, Callable[[Taxon], bool | None]] = {
    "species": lambda taxon: True, "threatened": statuses.is_threatened,
    "eu_directive": lambda taxon: statuses.is_listed(taxon, "eu_directive"),
    "invasive": lambda taxon: statuses.is_listed(taxon, "invasive"),
    "endemic": lambda taxon: statuses.is_listed(taxon, "endemic"), "tree": statuses.is_tree}
"""What species are counted by, predicted and confirmed."""


@dataclass(frozen=True)
class SpeciesResult:
    """One species: `outcome` is one of the four words above; `share` its coverage in %, 0 where it is not predicted.

    `present` and `absent` count records; `found` of the `tried` complete lists where it is predicted hold it, with the
    95 % interval of that share (`low`, `high`), None where plots and scores do not speak of the same piece of land.
    """

    id: str
    name: str
    outcome: str
    share: float
    present: int
    absent: int
    found: int | None = None
    tried: int | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class ListResult:
    """One complete list of a plot as large as the scores' support: how many species it and the prediction share."""

    releve: str
    point: str
    x: float
    y: float
    both: int
    predicted_only: int
    found_only: int


@dataclass(frozen=True)
class Verdict:
    """What the survey says.

    `comparable` says whether plots and scores speak of the same piece of land (`support`, side in metres). `estimates`
    are means a cell over the site, of species ``predicted_only``, ``found_only`` and ``both``; `counts` are species
    predicted, confirmed and added, by question. `points` counts those of the plan by visit; `left_out` the complete
    lists of another size.
    """

    species: tuple[SpeciesResult, ...]
    lists: tuple[ListResult, ...]
    estimates: Mapping[str, Estimate]
    counts: Mapping[str, Mapping[str, int]]
    points: Mapping[str, int]
    support: float
    comparable: bool
    left_out: int


def evaluate(folder: AssessmentFolder, survey: Survey, names: Names) -> Verdict:
    """Return what the survey says of the assessment in `folder`. Doubtful records confirm and add nothing."""
    present, absent = _records(survey, names)
    complete = _complete(survey)
    support = support_of(folder.document)
    comparable = is_comparable(support)
    same = [releve for releve in complete if comparable and is_same(support, float(releve["area_m2"] or 0))]
    predicted = {releve["releve_id"]: _predicted(folder, releve["cell"]) for releve in complete}
    found = _found(survey, names)
    species = _species(folder, present, absent, [predicted[releve["releve_id"]] for releve in complete],
                       [(predicted[releve["releve_id"]], found[releve["releve_id"]]) for releve in same])
    lists = tuple(_list(releve, predicted[releve["releve_id"]], found[releve["releve_id"]]) for releve in same)
    return Verdict(species, lists, _estimates(survey, same, lists), _counts(folder, species),
                   dict(Counter(str(row["visit"]) for row in survey.rows[PLAN.name])), support, comparable,
                   len(complete) - len(same))


def _records(survey: Survey, names: Names) -> tuple[Counter[tuple[str | None, str]], Counter[str | None]]:
    """Return how many records say present, by taxon id and name, and how many say absent, by id."""
    present: Counter[tuple[str | None, str]] = Counter()
    absent: Counter[str | None] = Counter()
    for row in (*survey.rows["observations"], *survey.rows[RELEVE_SPECIES.name]):
        named = names.find(row)
        if row.get("status") == ABSENT:
            absent[named.id] += 1
        elif row["certainty"] != DOUBTFUL and named.name:
            present[named.id, named.name] += 1
    return present, absent


def _complete(survey: Survey) -> list[dict[str, Any]]:
    """Return the relevés with a complete list inside the grid."""
    return [row for row in survey.rows[RELEVES.name] if row["complete"] and row["cell"] is not None]


def _predicted(folder: AssessmentFolder, cell: int) -> frozenset[str]:
    """Return the ids of the taxa that are predicted in a cell."""
    with folder.tables() as connection:
        return frozenset(folder.taxa[taxon].id for _, taxon, _ in cell_taxa(connection, cell, cell + 1))


def _found(survey: Survey, names: Names) -> Mapping[str, frozenset[str]]:
    """Return the ids of the taxa of the assessment on each relevé's list."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in survey.rows[RELEVE_SPECIES.name]:
        id = names.find(row).id
        if id is not None and row["certainty"] != DOUBTFUL:
            found[row["releve_id"]].add(id)
    return defaultdict(frozenset, {releve: frozenset(ids) for releve, ids in found.items()})


def _species(folder: AssessmentFolder, present: Counter[tuple[str | None, str]], absent: Counter[str | None],
             searched: Sequence[frozenset[str]],
             same: Sequence[tuple[frozenset[str], frozenset[str]]]) -> tuple[SpeciesResult, ...]:
    share = {row.taxon.id: row.share for row in folder.coverage}
    name = {row.taxon.id: row.taxon.accepted_name for row in folder.coverage}
    seen = Counter({id: count for (id, _), count in present.items() if id})
    rows = []
    for id, covered in share.items():
        looked = absent[id] > 0 or any(id in expected for expected in searched)
        outcome = CONFIRMED if seen[id] else NOT_FOUND if looked else NOT_LOOKED
        tries = [id in found for expected, found in same if id in expected]
        low, high = wilson(sum(tries), len(tries)) if tries else (None, None)
        rows.append(SpeciesResult(id, name[id], outcome, covered, seen[id], absent[id],
                                  sum(tries) if tries else None, len(tries) if tries else None, low, high))
    added = [SpeciesResult(id or "", written, ADDED, 0.0, count, absent[id] if id else 0)
             for (id, written), count in sorted(present.items(), key=lambda item: item[0][1]) if id not in share]
    order = (CONFIRMED, ADDED, NOT_FOUND, NOT_LOOKED)
    return tuple(sorted((*rows, *added), key=lambda row: (order.index(row.outcome), -row.share, row.name)))


def _list(releve: Mapping[str, Any], predicted: frozenset[str], found: frozenset[str]) -> ListResult:
    from shapely import from_wkt

    place = from_wkt(releve["geometry"]).centroid
    return ListResult(str(releve["releve_id"]), _point(releve), place.x, place.y, len(predicted & found),
                      len(predicted - found), len(found - predicted))


def _point(releve: Mapping[str, Any]) -> str:
    return f"{releve['package_id']} {releve['point_id']}" if releve["point_id"] else ""


def _estimates(survey: Survey, releves: Sequence[Mapping[str, Any]], lists: Sequence[ListResult]
               ) -> Mapping[str, Estimate]:
    """Return the estimates from the complete lists at points of the plan: of the plan with most, one list a point."""
    plan = {f"{row['package_id']} {row['point_id']}": row for row in survey.rows[PLAN.name]}
    at_points: dict[str, dict[str, ListResult]] = defaultdict(dict)
    for releve, result in zip(releves, lists, strict=True):
        point = plan.get(result.point)
        if point is not None and point["visit"] != INACCESSIBLE and releve["cell"] == point["cell"]:
            at_points[str(releve["package_id"])][result.point] = result
    chosen = max(at_points.values(), key=len, default={})
    found = {}
    for name in ("predicted_only", "found_only", "both"):
        estimate = horvitz_thompson([Visit(plan[point]["draw"], plan[point]["stratum"] or "",
                                           plan[point]["stratum_cells"], getattr(result, name))
                                     for point, result in sorted(chosen.items())])
        if estimate is not None:
            found[name] = estimate
    return found


def _counts(folder: AssessmentFolder, species: Sequence[SpeciesResult]) -> Mapping[str, Mapping[str, int]]:
    taxa = {taxon.id: taxon for taxon in folder.taxa}
    counts = {}
    for question, asks in QUESTIONS.items():
        rows = [row for row in species if row.id in taxa and asks(taxa[row.id])]
        if question == "species":
            rows = list(species)
        counts[question] = {"predicted": sum(row.outcome != ADDED for row in rows),
                            CONFIRMED: sum(row.outcome == CONFIRMED for row in rows),
                            ADDED: sum(row.outcome == ADDED for row in rows)}
    return {question: values for question, values in counts.items() if any(values.values())}
