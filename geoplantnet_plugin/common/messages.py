"""The catalogue of everything the engine says: ``resources/messages/LANGUAGE.json``, code → template.

Standard library only: the plugin inside QGIS reads the same catalogue with the same function.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from .resources import RESOURCES

LANGUAGE_NAMES = {"en": "English", "fr": "français"}
"""The languages that the catalogue and reports are written in, by their two letters."""
LANGUAGES = tuple(LANGUAGE_NAMES)
DECIMAL_MARKS = {"fr": ","}
FRENCH_SPACE, NO_BREAK = re.compile(r" (?=[:;?!»])|(?<=«) "), "\u00a0"
"""French writes a space there, and no line begins or ends at it."""
MANY_DIGITS, TOO_MANY_DIGITS = 1e6, 1e15
"""From here on whole numbers are written to the last digit; from there on nobody could read them."""


@lru_cache
def catalogue(language: str) -> dict[str, str]:
    """Return the templates of a language (two letters); empty where there is no such catalogue."""
    path = RESOURCES / "messages" / f"{language}.json"
    if not path.is_file():
        return {}
    templates: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    if language == "fr":
        return {code: FRENCH_SPACE.sub(NO_BREAK, text) for code, text in templates.items()}
    return templates


TYPED = ".typed"
"""Ends the code of a sentence for somebody at a terminal, who is told commands where others are told buttons."""


def render(code: str, params: Mapping[str, Any], language: str = "en", typed: bool = False) -> str:
    """Return the sentence for `code` in `language`, in English where the language lacks it.

    It names buttons and tools of QGIS; with `typed` commands, where the catalogue has such a sentence.
    """
    ours, english = catalogue(language), catalogue("en")
    wanted = f"{code}{TYPED}" if typed and f"{code}{TYPED}" in english else code
    template = ours.get(wanted) or english.get(wanted)
    if template is None:
        return f"{code}: {dict(params)}"
    return template.format_map({key: _Filled(value, language, typed) for key, value in params.items()})


@dataclass(frozen=True)
class _Filled:
    """What stands in for a name in braces; a template may ask for decimals: ``{share:.1f}``."""

    value: Any
    language: str
    typed: bool

    def __format__(self, spec: str) -> str:
        if not spec or isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            return _shown(self.value, self.language, self.typed)
        return format(self.value, spec).replace(".", DECIMAL_MARKS.get(self.language, "."))


def plain_number(value: float) -> str:
    """Return a number as people write it: six significant digits, all of a longer whole part, no exponent.

    >>> plain_number(4998234.5), plain_number(0.000012), plain_number(50.0)
    ('4998234', '0.000012', '50')
    """
    size = abs(value)
    if MANY_DIGITS <= size < TOO_MANY_DIGITS:
        return f"{value:.0f}"
    short = f"{value:g}"
    return f"{Decimal(short):f}" if 1 / TOO_MANY_DIGITS < size < MANY_DIGITS else short


def _shown(value: Any, language: str, typed: bool) -> str:
    if isinstance(value, float):
        return plain_number(value).replace(".", DECIMAL_MARKS.get(language, "."))
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(item, language, typed) for item in value)
    if isinstance(value, Message):
        return render(value.code, value.params, language, typed)
    if isinstance(value, Mapping) and "code" in value:
        return render(str(value["code"]), value.get("params") or {}, language, typed)
    return str(value)


@dataclass(frozen=True)
class Message:
    """A sentence of the catalogue: its code and what fills it, which may be messages too."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        """Return the sentence."""
        return render(self.code, self.params, language)

    def __str__(self) -> str:
        return self.text()


def in_language(text: Message | str, language: str) -> str:
    """Return a message in `language`, any other text as it is."""
    return text.text(language) if isinstance(text, Message) else text


def messages_of(**texts: Message | str) -> dict[str, Message]:
    """Return what a manifest has under ``messages``, beside texts in English: those that the catalogue has."""
    return {name: text for name, text in texts.items() if isinstance(text, Message)}


def said(entry: Mapping[str, Any], name: str, language: str) -> str:
    """Return the text `name` of an entry of a manifest in `language`.

    As it is written where no message stands beside it (a person's words, an older manifest), or none that is known.
    """
    text = str(entry.get(name) or "")
    try:
        message = entry["messages"][name]
        known = language != "en" and message["code"] in catalogue(language)
        return render(message["code"], message["params"], language) if known else text
    except (KeyError, TypeError, AttributeError, ValueError):
        return text
