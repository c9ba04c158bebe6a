"""Matching the names of a list to the taxa of a score source, without ever dropping a rank silently.

Authors are ignored. A name is a genus, an epithet, an infraspecific rank with its epithet, whether it is a
hybrid, and whether it is meant in the broad sense (``aggr.``, ``coll.``, ``s.l.``); ``s.str.`` is the plain name.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from geoplantnet_plugin.engine.taxa.table import TaxaTable

RANKS = {"subsp": "subsp.", "ssp": "subsp.", "subspecies": "subsp.", "nothosubsp": "subsp.", "var": "var.",
         "variety": "var.", "varietas": "var.", "subvar": "subvar.", "f": "f.", "fo": "f.", "forma": "f.",
         "form": "f."}

BROAD = r"(?:aggr?|agg|coll|s\.?\s?l|sl|s\.?\s?lat|sensu lato|group|gr)"
NARROW = r"(?:s\.?\s?str|sstr|s\.?\s?s|ss|sensu stricto)"
_BROAD = re.compile(rf"\s{BROAD}\.?$", re.IGNORECASE)
_NARROW = re.compile(rf"\s{NARROW}\.?$", re.IGNORECASE)
_EPITHET = re.compile(r"^[a-zäëïöüæœé][a-zäëïöüæœé-]+$")
_HYBRID = ("×", "x", "X")

CLOSE = 0.85
"""Similarity (difflib ratio) from which another name is worth showing to a person."""


@dataclass(frozen=True)
class Name:
    """A scientific name without its authors."""

    genus: str
    species: str = ""
    rank: str = ""
    infra: str = ""
    hybrid: bool = False
    broad: bool = False

    @property
    def key(self) -> tuple[str, str, str, str, bool]:
        """What makes two names the same, but for the broad sense."""
        return self.genus, self.species, self.rank, self.infra, self.hybrid

    @property
    def binomial(self) -> str:
        """Genus and epithet."""
        return f"{self.genus} {self.species}"


@lru_cache(maxsize=1 << 16)
def parse_name(text: str) -> Name:
    """Return the parts of a scientific name, authors left out; underscores count as spaces.

    A name whose second word is no epithet is a genus (``Sphagnum spp.``, ``Salix L.``).
    """
    text = " ".join(text.replace("_", " ").replace("×", " × ").split())
    broad = bool(_BROAD.search(text))
    text = _NARROW.sub("", _BROAD.sub("", text))
    words = text.split()
    hybrid = bool(words) and words[0] in _HYBRID
    words = words[hybrid:]
    if not words:
        return Name("")
    genus, rest = words[0].capitalize(), words[1:]
    if rest and rest[0] in _HYBRID:
        hybrid, rest = True, rest[1:]
    if not rest or not _EPITHET.match(rest[0]):
        return Name(genus, hybrid=hybrid, broad=broad)
    rank, infra, mixed = _infraspecific(rest[1:])
    return Name(genus, rest[0], rank, infra, hybrid or mixed, broad)


def _infraspecific(words: list[str]) -> tuple[str, str, bool]:
    """Return rank, epithet and whether a hybrid sign follows; the last rank of a name counts."""
    rank = infra = ""
    mixed = any(word in _HYBRID for word in words)
    for marker, epithet in zip(words, words[1:]):
        known = RANKS.get(marker.rstrip(".").lower())
        if known and _EPITHET.match(epithet):
            rank, infra = known, epithet
    if not rank and len(words) == 1 and _EPITHET.match(words[0]):
        # a bare trinomial, as zoologists write it: taken as a subspecies
        rank, infra = "subsp.", words[0]
    return rank, infra, mixed


class How(str, Enum):
    """How a listed name relates to a taxon. Only the first three carry a status over.

    RELATED is a synonym of which the list does not say whether its accepted taxon is the species itself or a part
    of it.
    """

    EXACT = "exact"
    SYNONYM = "synonym"
    GENUS = "genus"
    RELATED = "related"
    AGGREGATE = "aggregate"
    NARROWER = "narrower"
    HIGHER_RANK = "higher_rank"
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
    """The names of a taxa table, ready to be looked up."""

    def __init__(self, taxa: TaxaTable) -> None:
        self._by_gbif: dict[str, list[int]] = defaultdict(list)
        self._by_key: dict[tuple[str, str, str, str, bool], list[int]] = defaultdict(list)
        self._by_binomial: dict[str, list[int]] = defaultdict(list)
        self._by_genus: dict[str, list[int]] = defaultdict(list)
        self._by_epithet: dict[str, list[int]] = defaultdict(list)
        self.names = [parse_name(taxon.accepted_name) for taxon in taxa]
        for i, taxon in enumerate(taxa):
            if taxon.gbif_id:
                self._by_gbif[taxon.gbif_id].append(i)
            for name in {self.names[i], parse_name(taxon.name)}:
                self._add(i, name)

    def _add(self, i: int, name: Name) -> None:
        self._by_key[name.key].append(i)
        self._by_binomial[name.binomial].append(i)
        self._by_genus[name.genus].append(i)
        self._by_epithet[name.species].append(i)

    def find(self, name: str, accepted_name: str = "", gbif_id: str = "", related: str = "") -> list[Match]:
        """Return the taxa that a listed name concerns and how; one `UNMATCHED` where there is none.

        `accepted_name`, `gbif_id` and `related` (see `ListRow`) are blank where the list says nothing.
        """
        found = dict.fromkeys(self._by_gbif.get(gbif_id, ()) if gbif_id else (), How.EXACT)
        for text, how in ((name, How.EXACT), (accepted_name, How.SYNONYM), (related, How.RELATED)):
            for i, relation in self._same(text, how) if text else ():
                found.setdefault(i, relation)
        found = found or dict.fromkeys(self._close(parse_name(name)), How.FUZZY)
        return [Match(name, i, how) for i, how in found.items()] or [Match(name, None, How.UNMATCHED)]

    def _same(self, text: str, how: How) -> Iterator[tuple[int, How]]:
        """Yield the taxa of this name, then those of which it names a part or the whole."""
        parsed = parse_name(text)
        if not parsed.species:
            covers = re.search(r"\sspp\.?$", text.replace("_", " "))
            for i in self._by_genus.get(parsed.genus, ()):
                yield i, How.GENUS if covers else How.HIGHER_RANK
            return
        for i in self._by_key.get(parsed.key, ()):
            yield i, how if self.names[i].broad == parsed.broad else How.AGGREGATE
        for i in self._by_binomial.get(parsed.binomial, ()):
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
        same_genus = ((i, self.names[i].species, parsed.species) for i in self._by_genus.get(parsed.genus, ()))
        same_epithet = ((i, self.names[i].genus, parsed.genus) for i in self._by_epithet.get(parsed.species, ()))
        for i, theirs, ours in (*same_genus, *same_epithet):
            other = self.names[i]
            sibling = (other.binomial, other.hybrid) == (parsed.binomial, parsed.hybrid)
            if not sibling and difflib.SequenceMatcher(None, theirs, ours).ratio() >= CLOSE:
                yield i


def sorted_by_how(matches: Iterable[Match]) -> dict[How, list[Match]]:
    """Return the matches by how they were made."""
    result: dict[How, list[Match]] = {how: [] for how in How}
    for match in matches:
        result[match.how].append(match)
    return result
