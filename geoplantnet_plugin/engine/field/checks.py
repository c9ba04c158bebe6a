"""What looks wrong in a survey that came back: each thing is reported, none is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from geoplantnet_plugin.common.survey import OBSERVATIONS, OUTLINES, PHOTO_TABLE, RELEVE_SPECIES, RELEVES
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.field.merge import Issue, Survey
from geoplantnet_plugin.engine.field.names import Names
from geoplantnet_plugin.engine.field.returned import Row

ONE_DAY = timedelta(days=1)


def issues(survey: Survey, folder: AssessmentFolder, names: Names, began: Mapping[str, datetime], now: datetime,
           out: Path) -> list[Issue]:
    """Return what to look at in the rows that count.

    `began` says when each package was made, by its id; `now` is the moment of reading, in the tablet's time; `out` is
    the folder that photos were gathered into.
    """
    found = survey.conflicts()
    for table in (OBSERVATIONS, RELEVES):
        for row in survey.rows[table.name]:
            found += [Issue(code, table.name, row[table.key], detail)
                      for code, detail in (*_place(row, folder), *_moment(row, began, now))]
    for table in (OBSERVATIONS, RELEVE_SPECIES):
        for row in survey.rows[table.name]:
            found += [Issue(code, table.name, row[table.key], detail) for code, detail in _name(row, names)]
    return [*found, *_orphans(survey), *_missing_photos(survey, out)]


def _place(row: Row, folder: AssessmentFolder) -> Iterator[tuple[str, str]]:
    from shapely import from_wkt

    if row["geometry"] is None:
        yield "no_place", ""
    elif not folder.area.intersects(from_wkt(row["geometry"])):
        yield "outside", ""


def _moment(row: Row, began: Mapping[str, datetime], now: datetime) -> Iterator[tuple[str, str]]:
    try:
        moment = datetime.fromisoformat(str(row["date"]))
    except ValueError:
        yield "no_date", ""
        return
    start = began.get(str(row["package_id"]))
    if moment > now + ONE_DAY or (start is not None and moment < start - ONE_DAY):
        yield "clock", str(row["date"])


def _name(row: Row, names: Names) -> Iterator[tuple[str, str]]:
    if not row["taxon_id"] and not str(row["other_name"] or "").strip():
        yield "no_taxon", ""
    elif names.find(row).id is None:
        yield "unknown_taxon", names.find(row).name


def _orphans(survey: Survey) -> Iterator[Issue]:
    for table in (RELEVE_SPECIES, OUTLINES, PHOTO_TABLE):
        column = table.links[0][0]
        parents = {row[name.key] for name in (OBSERVATIONS, RELEVES) for row in survey.rows[name.name]}
        for row in survey.rows[table.name]:
            if row[column] not in parents:
                yield Issue("orphan", table.name, row[table.key], str(row[column] or ""))


def _missing_photos(survey: Survey, out: Path) -> Iterator[Issue]:
    for row in survey.rows[PHOTO_TABLE.name]:
        if not row["path"] or not (out / row["path"]).is_file():
            yield Issue("photo_missing", PHOTO_TABLE.name, row["photo_id"], str(row["path"] or ""))
