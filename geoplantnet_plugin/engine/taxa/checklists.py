"""Checklists: which names are one taxon. Shipped in ``resources/taxa/checklists``, each with its source and licence.

A checklist is ``ID.json`` (what it is) with ``ID.csv.gz``: one row a name, with the concept that it belongs to and
how: its accepted name, a synonym, a name that only *concerns* it (misapplied, in part, or of two concepts), or a *part*
of an aggregate.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from functools import cache
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.taxa.names import Name, genus_of, parse_name

SHIPPED = RESOURCES / "taxa" / "checklists"
COLUMNS = ("concept", "link", "name")
ACCEPTED, SYNONYM, CONCERNS, PART = "a", "s", "c", "p"
SURE = (ACCEPTED, SYNONYM)

Key = tuple[str, str, str, str, bool]
Row = tuple[str, str, str]


class Checklist:
    """One checklist: the concepts of every name, and the names of every concept."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._concepts: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._names: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for concept, link, name in rows:
            self._concepts[name].append((concept, link))
            self._names[concept].append((name, link))

    def knows(self, text: str) -> bool:
        """Whether the name is an accepted name or a sure synonym."""
        return any(link in SURE for _, link in self._concepts.get(text, ()))

    def same(self, text: str) -> dict[str, bool]:
        """Return the other names of the name's concepts, and whether both surely belong to one."""
        found: dict[str, bool] = {}
        for concept, link in self._concepts.get(text, ()):
            for other, its_link in self._names[concept] if link != PART else ():
                if other != text and its_link != PART:
                    found[other] = found.get(other, False) or (link in SURE and its_link in SURE)
        return found

    def parts(self, text: str) -> list[str]:
        """Return the members of the aggregate `text`."""
        return [name for concept, link in self._concepts.get(text, ()) if link == ACCEPTED
                for name, its_link in self._names[concept] if its_link == PART]


class Checklists:
    """Several checklists: names are surely one taxon where one says so and none that knows both denies it."""

    def __init__(self, checklists: Iterable[Checklist]) -> None:
        self._checklists = tuple(checklists)

    def knows(self, name: Name) -> bool:
        """Whether one of them knows the name as that of a taxon."""
        return any(checklist.knows(table_text(name)) for checklist in self._checklists)

    def same(self, name: Name, genera: Container[str] | None = None) -> Iterator[tuple[Name, bool]]:
        """Yield the other names of a name's taxon, those of some `genera` (as keys have them) alone where these are
        given, and whether that is sure.
        """
        text = table_text(name)
        found = [(checklist, checklist.same(text)) for checklist in self._checklists]
        for other in dict.fromkeys(other for _, names in found for other in names):
            if genera is not None and genus_of(other) not in genera:
                continue
            denied = any(checklist.knows(text) and checklist.knows(other) and not names.get(other)
                         for checklist, names in found)
            yield parse_name(other), any(names.get(other) for _, names in found) and not denied

    def apart(self, first: Name, second: Name) -> bool:
        """Whether a checklist has the two names as different taxa, and none has them as one."""
        texts = table_text(first), table_text(second)
        if any(checklist.same(texts[0]).get(texts[1]) for checklist in self._checklists):
            return False
        return any(checklist.knows(texts[0]) and checklist.knows(texts[1]) for checklist in self._checklists)

    def parts(self, name: Name) -> Iterator[Name]:
        """Yield the members of an aggregate."""
        for checklist in self._checklists if name.broad else ():
            yield from map(parse_name, checklist.parts(table_text(name)))


def table_text(name: Name) -> str:
    """Return a name as the tables write it: by its key, so that no spelling of it is missed."""
    genus, species, rank, infra, hybrid = name.key
    aggregate = "agg." if name.broad else ""
    return " ".join(part for part in (genus, f"x {species}" if hybrid else species, rank, infra, aggregate) if part)


@cache
def shipped(folder: Path = SHIPPED) -> Checklists:
    """Return the shipped checklists, read once.

    Raises:
        EngineError: one of them is damaged.
    """
    return Checklists([Checklist(_rows(path)) for path in sorted(folder.glob("*.csv.gz"))])


def _rows(path: Path) -> Iterator[Row]:
    try:
        with gzip.open(path) as file, io.TextIOWrapper(file, encoding="utf-8", newline="") as lines:
            yield from ((concept, link, name) for concept, link, name in csv.reader(lines))
    except (OSError, ValueError, EOFError) as error:
        raise EngineError("taxa_list_unreadable", path=path, reason=str(error)) from error
