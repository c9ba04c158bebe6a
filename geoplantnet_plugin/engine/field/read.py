"""Back at the desk: what tablets brought back is merged into ``field/`` of the assessment, checked and weighed up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.fieldpackage import FIELD, VERDICT
from geoplantnet_plugin.common.jobs import ReadFieldRequest
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import write_csv, writing
from geoplantnet_plugin.engine.field.checks import issues
from geoplantnet_plugin.engine.field.evaluate import Verdict, evaluate
from geoplantnet_plugin.engine.field.exports import export_records
from geoplantnet_plugin.engine.field.merge import Issue, Survey, merged
from geoplantnet_plugin.engine.field.names import Names
from geoplantnet_plugin.engine.field.package import identity
from geoplantnet_plugin.engine.field.photos import clashes, gather
from geoplantnet_plugin.engine.field.returned import Returned, opened
from geoplantnet_plugin.engine.field.store import known_versions, write_survey

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

SPECIES, ISSUES = "species.csv", "issues.csv"


@dataclass(frozen=True)
class Read:
    """What came of a reading: the merged survey, what it says, what to look at, and how many row versions are new."""

    folder: Path
    survey: Survey
    verdict: Verdict
    issues: tuple[Issue, ...]
    new: int


def read_field(request: ReadFieldRequest, reporter: Reporter) -> Read:
    """Merge `request.returned` into the survey of the assessment `request.folder`; read twice, it changes nothing.

    Raises:
        EngineError: the assessment is unfinished, or nothing of what came back can be read.
    """
    folder = open_folder(request.folder)
    out = request.folder / FIELD
    out.mkdir(exist_ok=True)
    known = known_versions(out)
    found: list[Issue] = []
    with ExitStack() as stack:
        tablets = _openable(request.returned, folder, stack, found, reporter)
        found += clashes(tablets)
        for tablet in tablets:
            gather(tablet, out)
            found += [Issue("column_added", "", tablet.source, name) for name in tablet.added]
        survey = merged(known, tablets)
        began = _began(out, tablets)
    names = Names(folder.taxa)
    found += issues(survey, folder, names, began, datetime.now(), out)
    verdict = evaluate(folder, survey, names)
    new = len(survey.versions) - len(known)
    _write(out, folder, survey, names, verdict, found, began)
    _tell(found, new, reporter)
    return Read(out, survey, verdict, tuple(found), new)


def _openable(paths: Sequence[Path], folder: AssessmentFolder, stack: ExitStack, found: list[Issue],
              reporter: Reporter) -> list[Returned]:
    """Open what can be read and is of this assessment; report the rest, unless nothing is left."""
    tablets, refused = [], []
    for done, path in enumerate(paths, 1):
        reporter.checkpoint()
        try:
            tablet = stack.enter_context(opened(path))
            if tablet.package.assessment != identity(folder.document):
                raise EngineError("field_returned_other", path=path, title=tablet.package.title)
            tablets.append(tablet)
        except EngineError as error:
            refused.append(error)
            found.append(Issue("unreadable", "", path.name, str(error)))
        reporter.progress("field_read", done, len(paths))
    if refused and not tablets:
        raise refused[0]
    return tablets


def _began(out: Path, tablets: Sequence[Returned]) -> dict[str, datetime]:
    """Return when each package was made, in this computer's time: those of before and those that came back now."""
    path = out / VERDICT
    now = {tablet.package.id: tablet.package.created for tablet in tablets}
    try:
        before = json.loads(path.read_text(encoding="utf-8"))["packages"] if path.is_file() else {}
        return {id: datetime.fromisoformat(text).astimezone().replace(tzinfo=None)
                for id, text in {**before, **now}.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError("field_store_damaged", path=path, reason=repr(error)) from error


def _write(out: Path, folder: AssessmentFolder, survey: Survey, names: Names, verdict: Verdict, found: Sequence[Issue],
           began: dict[str, datetime]) -> None:
    crs = str(folder.document["grid"]["crs"])
    if [*survey.versions] != known_versions(out):
        write_survey(out, survey, crs, _agreement(verdict, crs))
        export_records(out, survey, names, crs)
    write_csv(out / SPECIES, SPECIES_COLUMNS, [
        (row.id, row.name, row.outcome, row.share, row.present, row.absent, row.found, row.tried,
         row.found / row.tried if row.found is not None and row.tried else None, row.low, row.high)
        for row in verdict.species])
    write_csv(out / ISSUES, ("code", "table", "id", "detail", "sentence"),
              [(issue.code, issue.table, issue.id, issue.detail, sentence(issue)) for issue in found])
    with writing(out / VERDICT) as path:
        path.write_text(json.dumps({
            "schema": 1, "packages": {id: moment.astimezone().isoformat() for id, moment in sorted(began.items())},
            **asdict(verdict), "records": {name: len(rows) for name, rows in survey.rows.items()},
            "issues": Counter(issue.code for issue in found)}, indent=1, ensure_ascii=False), encoding="utf-8")


SPECIES_COLUMNS = ("id", "name", "outcome", "coverage_percent", "present", "absent", "found", "tried", "hit_rate",
                   "hit_rate_low", "hit_rate_high")
"""Coverage is the share of cells that was predicted; the hit rate, found ÷ tried, has an interval of 95 %."""


def sentence(issue: Issue, language: str = "en") -> str:
    """Return what an issue says."""
    return render(f"field_issue_{issue.code}", {"table": issue.table, "id": issue.id, "detail": issue.detail}, language)


def _agreement(verdict: Verdict, crs: str) -> GeoDataFrame:
    """Return the map of agreement: a point for each complete list."""
    from geopandas import GeoDataFrame, points_from_xy

    columns: dict[str, Any] = {name: [getattr(result, name) for result in verdict.lists]
                               for name in ("releve", "point", "both", "predicted_only", "found_only")}
    places = points_from_xy([result.x for result in verdict.lists], [result.y for result in verdict.lists])
    return GeoDataFrame(columns, geometry=places, crs=crs)


def _tell(found: Sequence[Issue], new: int, reporter: Reporter) -> None:
    reporter.message("field_new", count=new)
    for code, count in sorted(Counter(issue.code for issue in found).items()):
        example = next(issue for issue in found if issue.code == code)
        reporter.warning("field_issues", count=count, example=sentence(example))
