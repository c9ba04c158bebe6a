"""Several tablets become one survey: every version of every row is kept, the latest counts, nothing is overwritten."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from geoplantnet_plugin.common.survey import PLAN, TABLES, Table
from geoplantnet_plugin.engine.field.returned import Returned, Row


@dataclass(frozen=True)
class Version:
    """One state of one row: `content` is the row as JSON, `source` the file that it was first read from."""

    table: str
    id: str
    content: str
    source: str

    @cached_property
    def row(self) -> Row:
        """The row."""
        found: Row = json.loads(self.content)
        return found

    @property
    def order(self) -> tuple[str, str]:
        """What decides which version counts: the moment of the last edit, then the content, whatever was read first."""
        return str(self.row.get("edited") or ""), hashlib.sha256(self.content.encode()).hexdigest()


@dataclass(frozen=True)
class Issue:
    """Something to look at: `code` is that of ``field_issue_…``, `detail` the name, path or date meant."""

    code: str
    table: str
    id: str
    detail: str = ""


@dataclass(frozen=True)
class Survey:
    """The merged survey: all versions in a fixed order."""

    versions: tuple[Version, ...]

    @cached_property
    def rows(self) -> Mapping[str, list[Row]]:
        """The rows that count, by table, in the order of their keys."""
        latest: dict[str, list[Row]] = {table.name: [] for table in TABLES}
        for (table, _), versions in sorted(self._by_row.items()):
            latest[table].append(max(versions, key=lambda version: version.order).row)
        return latest

    @cached_property
    def _by_row(self) -> Mapping[tuple[str, str], list[Version]]:
        groups: dict[tuple[str, str], list[Version]] = defaultdict(list)
        for version in self.versions:
            groups[version.table, version.id].append(version)
        return groups

    def conflicts(self) -> list[Issue]:
        """Return the rows that were edited in more than one way."""
        return [Issue("edited_twice", table, id, ", ".join(sorted({version.source for version in edited})))
                for (table, id), versions in sorted(self._by_row.items())
                if len(edited := [version for version in versions if version.row.get("edited")]) > 1]


def merged(known: Sequence[Version], returned: Iterable[Returned]) -> Survey:
    """Return the survey of what is known already and what came back; the order of reading does not matter."""
    found = {(version.table, version.id, version.content): version for version in known}
    for tablet in returned:
        for table in TABLES:
            for row in tablet.rows[table.name]:
                version = _version(table, row, tablet)
                found.setdefault((version.table, version.id, version.content), version)
    return Survey(tuple(found[key] for key in sorted(found)))


def _version(table: Table, row: Row, tablet: Returned) -> Version:
    if table is PLAN:
        row = {**row, "package_id": tablet.package.id}
        id = f"{tablet.package.id} {row['point_id']}"
    else:
        id = str(row[table.key] or uuid5(NAMESPACE_URL, _json(row)))
        row = {**row, table.key: id}
    return Version(table.name, id, _json(row), tablet.source)


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, ensure_ascii=False)
