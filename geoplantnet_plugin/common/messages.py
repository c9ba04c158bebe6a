"""The catalogue of everything the engine says: ``resources/messages/LANGUAGE.json``, code → template.

Standard library only: the plugin inside QGIS reads the same catalogue with the same function.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .resources import RESOURCES

LANGUAGE_NAMES = {"en": "English", "fr": "français"}
"""The languages that the catalogue and reports are written in, by their two letters."""
LANGUAGES = tuple(LANGUAGE_NAMES)


@lru_cache
def catalogue(language: str) -> dict[str, str]:
    """Return the templates of a language (two letters); empty where there is no such catalogue."""
    path = RESOURCES / "messages" / f"{language}.json"
    if not path.is_file():
        return {}
    templates: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return templates


def render(code: str, params: Mapping[str, Any], language: str = "en") -> str:
    """Return the sentence for `code` in `language`, in English where the language lacks it."""
    template = catalogue(language).get(code) or catalogue("en").get(code)
    if template is None:
        return f"{code}: {dict(params)}"
    return template.format_map({key: _shown(value) for key, value in params.items()})


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(item) for item in value)
    return str(value)
