"""Scientific names, normalised once: genus, epithets, rank, hybrid sign, and in what sense the name is meant.

Authors are ignored. Case, Unicode form, dashes, quotes, daggers, underscores and the numbers of coded names make no
difference. A qualifier anywhere in a name makes it another name than the plain one: ``aggr.``, ``coll.``, ``s. l.`` the
broad sense, ``s. str.`` the narrow one, ``auct.``, ``sensu``, ``cf.``, ``aff.`` and ``?`` a doubtful one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

RANKS = {"subsp": "subsp.", "ssp": "subsp.", "subspecies": "subsp.", "nothosubsp": "subsp.", "var": "var.",
         "variety": "var.", "varietas": "var.", "subvar": "subvar.", "f": "f.", "fo": "f.", "forma": "f.",
         "form": "f."}

_END = r"(?=[\s.,)]|$)\.?"
_BROAD = re.compile(rf"\s(?:aggr?|coll|s\.?\s?l|sl|s\.?\s?lat|sensu\s+lat(?:o|iore)|group|gr){_END}", re.IGNORECASE)
_NARROW = re.compile(rf"\s(?:s\.?\s?str|sstr|s\.?\s?s|ss|sensu\s+strict(?:o|iore)){_END}", re.IGNORECASE)
_DOUBTFUL = re.compile(rf"\?|(?:^|\s)(?:auct|sensu|cf|aff|non|nec){_END}", re.IGNORECASE)
_EPITHET = re.compile(r"^[a-zäëïöüæœé][a-zäëïöüæœé-]+$")
_HYBRID = ("×", "x", "X")
_DASHES = re.compile("[\u00ad\u2010-\u2015\u2212]")
_IGNORED = re.compile("[\u2020\u2021\u2019\u2018\u201c\u201d\"'`´*†‡]")


class Sense(str, Enum):
    """In what sense a name is meant."""

    PLAIN = "plain"
    BROAD = "broad"
    NARROW = "narrow"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class Name:
    """A scientific name without its authors."""

    genus: str
    species: str = ""
    rank: str = ""
    infra: str = ""
    hybrid: bool = False
    sense: Sense = Sense.PLAIN

    @property
    def broad(self) -> bool:
        """Whether the name stands for an aggregate."""
        return self.sense is Sense.BROAD

    @property
    def key(self) -> tuple[str, str, str, str, bool]:
        """What makes two names the same, but for their sense: ``uva-ursi`` is ``uvaursi``, ``Isoëtes`` ``Isoetes``."""
        return _folded(self.genus), _folded(self.species), self.rank, _folded(self.infra), self.hybrid

    @property
    def binomial(self) -> str:
        """Genus and epithet."""
        return f"{self.genus} {self.species}"

    @property
    def text(self) -> str:
        """The name as tables of names write it, without authors and sense."""
        sign = "x " if self.hybrid else ""
        return " ".join(part for part in (self.genus, f"{sign}{self.species}", self.rank, self.infra) if part)


@lru_cache(maxsize=1 << 16)
def parse_name(text: str) -> Name:
    """Return the parts of a scientific name, authors left out.

    A name whose second word is no epithet is a genus (``Sphagnum spp.``, ``Salix L.``).
    """
    text, sense = _sense(_plain(text))
    words = text.split()
    hybrid = bool(words) and words[0] in _HYBRID
    words = words[hybrid:]
    if not words:
        return Name("")
    genus, rest = words[0].capitalize(), words[1:]
    if rest and rest[0] in _HYBRID:
        hybrid, rest = True, rest[1:]
    if not rest or not _EPITHET.match(rest[0]):
        return Name(genus, hybrid=hybrid, sense=sense)
    rank, infra, mixed = _infraspecific(rest[1:])
    return Name(genus, rest[0], rank, infra, hybrid or mixed, sense)


def _plain(text: str) -> str:
    """Return the text in one form: composed letters, plain dashes, no marks, no code numbers, lower case if shouted."""
    text = unicodedata.normalize("NFC", text)
    text = _IGNORED.sub("", _DASHES.sub("-", text)).replace("_", " ").replace("×", " × ")
    words = text.split()
    while words and re.fullmatch(r"[\d.()\[\]#:-]*\d[\d.()\[\]#:-]*", words[0]):
        words = words[1:]
    while words and words[-1].isdigit() and len(words) > 1 and len(words[-1]) != 4:
        words = words[:-1]  # four digits are the year of an author
    text = " ".join(words)
    return text.lower() if text.isupper() else text


def _sense(text: str) -> tuple[str, Sense]:
    """Return the text without its qualifiers, and what they say; a doubt counts more than a width."""
    doubtful = bool(_DOUBTFUL.search(_BROAD.sub(" ", _NARROW.sub(" ", text))))
    broad, narrow = bool(_BROAD.search(text)), bool(_NARROW.search(text))
    text = _NARROW.sub(" ", _BROAD.sub(" ", text))
    if doubtful:
        text = re.sub(r"\s+(?:auct|sensu|non|nec)\b.*$", "", re.sub(r"\?|\b(?:cf|aff)\b\.?", " ", text, flags=re.I),
                      flags=re.I)
        return text, Sense.DOUBTFUL
    return text, Sense.BROAD if broad else Sense.NARROW if narrow else Sense.PLAIN


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    """Return a word without hyphens and marks above its letters."""
    letters = unicodedata.normalize("NFKD", word.replace("-", ""))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


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
