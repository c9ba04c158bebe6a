"""Scientific names, normalised once: genus, epithets, rank, hybrid sign, and in what sense the name is meant.

Authors are ignored. Case, Unicode form, invisible characters, dashes, quotes, daggers, brackets around it, footnotes,
underscores and the numbers of coded names make no difference. A qualifier anywhere in a name makes it another name than
the plain one: ``aggr.``, ``coll.``, ``s. l.``, ``complex`` the broad sense, ``s. str.`` the narrow one, ``auct.``,
``sensu``, ``p. p.``, ``hort.``, ``cf.``, ``aff.`` and ``?`` a doubtful one. A cultivar is a part of its species.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

RANKS = {"subsp": "subsp.", "ssp": "subsp.", "subspecies": "subsp.", "nothosubsp": "subsp.", "var": "var.",
         "variety": "var.", "varietas": "var.", "subvar": "subvar.", "f": "f.", "fo": "f.", "forma": "f.",
         "form": "f.", "cv": "cv."}

_END = r"(?=[\s.,)]|$)\.?"
_BROAD = re.compile(
    rf"\s(?:aggr?|coll|complex|s\.?\s?l|sl|s\.?\s?(?:lat|ampl)|sensu\s+(?:lat(?:o|iore)|amplo)|groupe?|gro?u?p|gr){_END}",
    re.IGNORECASE)
_NARROW = re.compile(rf"\s(?:s\.?\s?str|sstr|s\.?\s?s|ss|sensu\s+strict(?:o|iore)){_END}", re.IGNORECASE)
_EITHER = (r"(?-i:(?<=[a-z])(?:\s*[/+]\s*|\s+(?:or|ou|oder|et|und|and)\s+)"
           r"(?=[a-z]{3}|[A-Z]\.\s*[a-z]{3}|[A-Z][a-z]{2,}\s[a-z]{3}))")
"""Between two names or epithets of which one, or both, are meant; authors are joined with capitals."""

_OF_SOMEBODY = r"(?:auct|sensu|non|nec|p\.?\s?p|pro\s+parte|hort(?!\.?\s+(?:\S+\s+)?ex\b))"
_CAREFUL = r"(?:cfr?|conf|aff)"
_DOUBTFUL = re.compile(rf"\?|{_EITHER}|(?:^|\s)(?:{_OF_SOMEBODY}|{_CAREFUL}){_END}", re.IGNORECASE)
_EPITHET = re.compile(r"(?=..)[^\W\d_]+(?:-[^\W\d_]+)*")
_CAPITALISED = re.compile(r"[A-Z][a-zäëïöü-]{3,}(?:a|um|us|is|ii|ens|ense|ale|oides)")
_GENUS_AUTHORS = ("Linnaeus", "Medikus", "Dillenius", "Rivinus", "Lagasca", "Correa")
"""Authors of genera whose names end like epithets."""

_HYBRID = ("×", "x", "X")
_CROSSES = re.compile("[\u2613\u2715\u2716\u2a09\u2a2f\u0445]")
"""What stands for × in some tables; the last is a Cyrillic letter."""

_CULTIVAR = re.compile("(?<=\\S)\\s+['\u2018\u201a\u201c\"]([A-Z][^'\u2019\u201d\"]*)['\u2019\u201d\"]")
_JOINED = re.compile(r"(?<=\s)(?:" + "|".join((
    "adiantum nigrum", "agnus castus", "anagallis aquatica", "barba jovis", "bella donna", "bonus henricus",
    "bursa pastoris", "capillus veneris", "caput medusae", "crus galli", "dens canis", "ficus indica", "filix femina",
    "filix mas", "flos cuculi", "flos jovis", "foenum graecum", "herba venti", "morsus ranae", "nidus avis",
    "noli tangere", "non scripta", "novae angliae", "novi belgii", "pecten veneris", "plantago aquatica",
    "rapum genistae", "ruta muraria", "sceptrum carolinum", "speculum veneris", "spica venti", "spina christi",
    "unguis cati", "uva crispa", "uva ursi", "vitis idaea")) + r")(?=\s|$)", re.IGNORECASE)
"""Epithets of two words that the checklists write with a hyphen."""

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_BLANKS = dict.fromkeys(map(ord, "\u200b\t\r\n"), " ")
_UNSEEN = ("Cc", "Cf", "No", "Lm")
"""Categories of letters that only the eye misses: marks of direction, joiners, raised digits and letters."""

_FOOTNOTE, _NUMBER = re.compile(r"\s*\[[\d, ]*\]"), re.compile(r"[\d.()\[\]#:-]*\d[\d.()\[\]#:-]*")
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

    @cached_property
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
    elif rest and genus.isalpha() and _is_capitalised(rest[0]):
        rest[0] = rest[0].lower()
    if not rest or not _is_epithet(rest[0]):
        return Name(genus, hybrid=hybrid, sense=sense)
    rank, infra, mixed = _infraspecific(rest[1:])
    return Name(genus, rest[0], rank, infra, hybrid or mixed, sense)


def genus_of(text: str) -> str:
    """Return the genus as the name's key has it, of a name as tables write it, without reading the rest."""
    first, _, rest = text.partition(" ")
    return _folded(rest.partition(" ")[0] if first in _HYBRID else first).capitalize()


def _plain(text: str) -> str:
    """Return the text in one form: composed letters, plain dashes, no marks, no code numbers, lower case if shouted."""
    if not text.isascii() or "&" in text:
        text = _readable(text)
    text = _CULTIVAR.sub(lambda found: f" cv. {re.sub(r'[^a-z]', '', found[1].lower())}", text)
    text = _IGNORED.sub("", text).replace("_", " ").strip(" \t\r\n,;:")
    text = _FOOTNOTE.sub("", text) if "[" in text else text
    text = text[1:-1] if text[:1] == "(" and text.find(")") == len(text) - 1 else text
    words = text.split()
    while words and _NUMBER.fullmatch(words[0]):
        words = words[1:]
    while words and words[-1].isdigit() and len(words) > 1 and len(words[-1]) != 4:
        words = words[:-1]  # four digits are the year of an author
    text = " ".join(words)
    text = _JOINED.sub(lambda found: found[0].replace(" ", "-"), text) if len(words) > 2 else text
    return text.lower() if text.isupper() else text


def _readable(text: str) -> str:
    """Return what the eye reads: no entities, no invisible letters, composed ones, one dash and one hybrid sign."""
    text = html.unescape(text).translate(_BLANKS)
    text = "".join(letter for letter in text if unicodedata.category(letter) not in _UNSEEN)
    text = unicodedata.normalize("NFKC", text)
    return _DASHES.sub("-", _CROSSES.sub("×", text)).replace("×", " × ")


def _sense(text: str) -> tuple[str, Sense]:
    """Return the text without its qualifiers, and what they say; a doubt counts more than a width."""
    doubtful = bool(_DOUBTFUL.search(_BROAD.sub(" ", _NARROW.sub(" ", text))))
    broad, narrow = bool(_BROAD.search(text)), bool(_NARROW.search(text))
    text = _NARROW.sub(" ", _BROAD.sub(" ", text))
    if doubtful:
        text = re.sub(rf"\?|{_EITHER}.*$|\b{_CAREFUL}\b\.?", " ", text, flags=re.I)
        return re.sub(rf"\s+{_OF_SOMEBODY}\b.*$", "", text, flags=re.I), Sense.DOUBTFUL
    return text, Sense.BROAD if broad else Sense.NARROW if narrow else Sense.PLAIN


def _is_epithet(word: str) -> bool:
    return word.islower() and bool(_EPITHET.fullmatch(word))


def _is_capitalised(word: str) -> bool:
    """Whether a word behind a genus is an epithet that a spreadsheet or an old book begins with a capital."""
    return word not in _GENUS_AUTHORS and bool(_CAPITALISED.fullmatch(word))


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    """Return a word without hyphens and marks above its letters."""
    letters = unicodedata.normalize("NFKD", word.replace("-", "").replace("æ", "ae").replace("œ", "oe"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _infraspecific(words: list[str]) -> tuple[str, str, bool]:
    """Return rank, epithet and whether a hybrid sign follows; the last rank of a name counts."""
    rank = infra = ""
    mixed = any(word in _HYBRID for word in words)
    for marker, epithet in zip(words, words[1:]):
        known = RANKS.get(marker.rstrip(".").lower())
        if known and _is_epithet(epithet):
            rank, infra = known, epithet
    if not rank and len(words) == 1 and _is_epithet(words[0]):
        # a bare trinomial, as zoologists write it: taken as a subspecies
        rank, infra = "subsp.", words[0]
    return rank, infra, mixed
