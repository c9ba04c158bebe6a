"""Matching the names of a list to the taxa of a score source, without ever dropping a rank silently.

A listed name is looked for as it stands (`names.parse_name`), then under the names that checklists give as the same
taxon (`checklists`). What is not sure is told and carries nothing over.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from geoplantnet_plugin.engine.taxa.checklists import shipped
from geoplantnet_plugin.engine.taxa.names import Name, Sense, parse_name
from geoplantnet_plugin.engine.taxa.table import TaxaTable

CLOSE = 0.85
"""Similarity (difflib ratio) from which another name is worth showing to a person."""

Binomial = tuple[str, str]


class How(str, Enum):
    """How a listed name relates to a taxon. Only the first three carry a status over.

    RELATED is a name of which it is not sure whether its taxon is the species itself or a part of it: a synonym about
    which checklists disagree, a misapplied name, a member of a genus in a wider sense. OTHER_ID is a taxon of the
    listed id and of another name, and that of the name. DOUBTFUL is a name with a doubt of its own (``cf.``, ``auct.``,
    ``?``), UNSTATED one of which the list says nothing, REPORTED one that is said to be listed since without the list
    being at hand.
    """

    EXACT = "exact"
    SYNONYM = "synonym"
    GENUS = "genus"
    RELATED = "related"
    AGGREGATE = "aggregate"
    NARROWER = "narrower"
    HIGHER_RANK = "higher_rank"
    DOUBTFUL = "doubtful"
    UNSTATED = "unstated"
    REPORTED = "reported"
    OTHER_ID = "other_id"
    FUZZY = "fuzzy"
    CONFLICT = "conflict"
    UNMATCHED = "unmatched"

    @property
    def carries(self) -> bool:
        """Whether the listed status holds for the taxon."""
        return self in (How.EXACT, How.SYNONYM, How.GENUS)


@dataclass(frozen=True)
class Match:
    """One listed name and the taxon (position in the taxa table) it was put to; None where there is none."""

    name: str
    taxon: int | None
    how: How


class Matcher:
    """The names of a taxa table, ready to be looked up; the shipped checklists say which names are one taxon."""

    def __init__(self, taxa: TaxaTable) -> None:
        self.checklists = shipped()
        self._by_gbif: dict[str, list[int]] = defaultdict(list)
        self._by_key: dict[tuple[str, str, str, str, bool], list[int]] = defaultdict(list)
        self._by_binomial: dict[Binomial, list[int]] = defaultdict(list)
        self._by_genus: dict[str, list[int]] = defaultdict(list)
        self._by_epithet: dict[str, list[int]] = defaultdict(list)
        self._by_wider_genus: dict[str, list[int]] = defaultdict(list)
        self._by_whole: dict[Binomial, list[int]] = defaultdict(list)
        self.names = [parse_name(taxon.accepted_name) for taxon in taxa]
        for i, taxon in enumerate(taxa):
            if taxon.gbif_id:
                self._by_gbif[taxon.gbif_id].append(i)
            for name in {self.names[i], parse_name(taxon.name)}:
                self._add(i, name)
        self._genera = {*self._by_genus, *self._by_wider_genus}

    def _add(self, i: int, name: Name) -> None:
        self._by_key[name.key].append(i)
        self._by_binomial[name.key[:2]].append(i)
        self._by_genus[name.key[0]].append(i)
        self._by_epithet[name.species].append(i)
        others = [other for other, _ in self.checklists.same(name)]
        for genus in {other.key[0] for other in others} - {name.key[0]}:
            self._by_wider_genus[genus].append(i)
        for whole in {other.key[:2] for other in others if other.infra}:
            self._by_whole[whole].append(i)

    def is_known(self, i: int) -> bool:
        """Whether a checklist knows taxon `i`, with all its names, so that a list that names none of them says no."""
        return self.checklists.knows(self.names[i])

    def find(self, name: str, accepted_name: str = "", gbif_id: str = "", related: str = "") -> list[Match]:
        """Return the taxa that a listed name concerns and how; one `UNMATCHED` where there is none.

        `accepted_name`, `gbif_id` (of the GBIF backbone) and `related` (see `ListRow`) are blank where the list says
        nothing.
        """
        found: dict[int, How] = {}
        for text, how in ((name, How.EXACT), (accepted_name, How.SYNONYM), (related, How.RELATED)):
            for i, relation in self._same(parse_name(text), text, how) if text else ():
                found.setdefault(i, relation)
        for text in filter(None, (name, accepted_name)):
            for i, relation in self._elsewhere(parse_name(text)):
                found.setdefault(i, relation)
        others = [i for i in self._by_gbif.get(gbif_id, ()) if i not in found] if gbif_id else []
        if others and not (accepted_name or related):
            found = dict.fromkeys(found, How.OTHER_ID)  # the row contradicts itself: neither name nor id decides
        found |= dict.fromkeys(others, How.OTHER_ID)
        if parse_name(name).sense is Sense.DOUBTFUL:
            found = dict.fromkeys(found, How.DOUBTFUL)
        found = found or dict.fromkeys(self._close(parse_name(name)), How.FUZZY)
        return [Match(name, i, how) for i, how in found.items()] or [Match(name, None, How.UNMATCHED)]

    def _elsewhere(self, parsed: Name) -> Iterator[tuple[int, How]]:
        """Yield the taxa that bear one of the names which checklists give as the same taxon."""
        for other, sure in self.checklists.same(parsed, self._genera):
            how = How.SYNONYM if sure and parsed.sense in (Sense.PLAIN, Sense.BROAD) else How.RELATED
            for i, relation in self._same(other, other.text, how):
                if relation is how or not self.checklists.apart(parsed, self.names[i]):
                    yield i, relation
        for i in self._by_whole.get(parsed.key[:2], ()) if not parsed.infra else ():
            if not self.checklists.apart(parsed, self.names[i]):
                yield i, How.HIGHER_RANK
        for part in self.checklists.parts(parsed):
            for i in self._by_key.get(part.key, ()):
                yield i, How.HIGHER_RANK

    def _same(self, parsed: Name, text: str, how: How) -> Iterator[tuple[int, How]]:
        """Yield the taxa of this name, then those of which it names a part or the whole."""
        if not parsed.species:
            covers = re.search(r"\sspp\.?$", text.replace("_", " "))
            for i in self._by_genus.get(parsed.key[0], ()):
                yield i, How.GENUS if covers else How.HIGHER_RANK
            for i in self._by_wider_genus.get(parsed.key[0], ()):
                yield i, How.RELATED
            return
        for i in self._by_key.get(parsed.key, ()):
            other_sense = How.NARROWER if parsed.sense is Sense.NARROW else How.AGGREGATE
            yield i, how if self.names[i].sense is parsed.sense else other_sense
        for i in self._by_binomial.get(parsed.key[:2], ()):
            other = self.names[i]
            if other.key != parsed.key and other.hybrid == parsed.hybrid:
                if parsed.infra and not other.infra:
                    yield i, How.NARROWER
                elif other.infra and not parsed.infra:
                    yield i, How.HIGHER_RANK

    def _close(self, parsed: Name) -> Iterator[int]:
        """Yield taxa with a similar epithet in the genus, or the same epithet in a genus of similar name."""
        if not parsed.species:
            return
        same_genus = ((i, self.names[i].species, parsed.species) for i in self._by_genus.get(parsed.key[0], ()))
        same_epithet = ((i, self.names[i].genus, parsed.genus) for i in self._by_epithet.get(parsed.species, ()))
        for i, theirs, ours in (*same_genus, *same_epithet):
            other = self.names[i]
            sibling = (other.key[:2], other.hybrid) == (parsed.key[:2], parsed.hybrid)
            alike = not sibling and difflib.SequenceMatcher(None, theirs, ours).ratio() >= CLOSE
            if alike and not self.checklists.apart(parsed, other):
                yield i


def sorted_by_how(matches: Iterable[Match]) -> dict[How, list[Match]]:
    """Return the matches by how they were made."""
    result: dict[How, list[Match]] = {how: [] for how in How}
    for match in matches:
        result[match.how].append(match)
    return result
