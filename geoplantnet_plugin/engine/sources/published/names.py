"""Names of published maps: from the slug of a file to a scientific name, and back for comparison."""

from __future__ import annotations

import re
import unicodedata

_OTHER = re.compile(r"[^a-z0-9]+")

_RANKS = {"subsp": "subsp.", "var": "var."}
"""Only ranks that are not also the end of an author's name (``f`` is: L. f.)."""


def slug_of(name: str) -> str:
    """Return a name as GeoPl@ntNet's files write it: lower case, every other character as ``_``.

    Accents are dropped and ``_`` never repeats, so that slugs of the same name made by other rules compare equal.
    """
    plain = unicodedata.normalize("NFKD", name.replace("×", "x"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _OTHER.sub("_", plain.lower()).strip("_")


def name_of(slug: str) -> str:
    """Return the scientific name without author that a slug begins with.

    ``pinus_sylvestris_l`` → ``Pinus sylvestris``. Author and capitals are lost in a slug, so the author is not
    guessed.
    """
    words = [word for word in slug.split("_") if word]
    if not words:
        return slug
    hybrid = len(words) > 2 and words[1] == "x"
    taken = words[1:3] if hybrid else words[1:2]
    parts = [words[0].capitalize(), *(("×", taken[-1]) if hybrid else taken)]
    rest = words[3:] if hybrid else words[2:]
    for position, word in enumerate(rest[:-1]):
        if word in _RANKS:
            parts += [_RANKS[word], rest[position + 1]]
            break
    return " ".join(parts)
