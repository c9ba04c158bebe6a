"""What an assessment says, in the language of QGIS: manifests are written in English, from the one catalogue."""

from __future__ import annotations

import re
from functools import lru_cache

from .common.messages import catalogue, render
from .i18n import language

_SAID_IN_MANIFESTS = ("class_", "indicator_", "quality_", "rule_", "uncertainty_", "unit_")


def translated(text: str) -> str:
    """Return sentences of the English catalogue in the language of QGIS; any other text as it is."""
    return _translated(text, language()) if text else text


@lru_cache(maxsize=4096)
def _translated(text: str, to: str) -> str:
    if to == "en" or not catalogue(to):
        return text
    for code, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return render(code, {name: _translated(value, to) for name, value in found.groupdict().items()}, to)
    sentences = re.split(r"(?<=\.) ", text)  # such as a set rule and a word of caution
    return " ".join(_translated(sentence, to) for sentence in sentences) if len(sentences) > 1 else text


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what the sentences of manifests look like; those without parameters come first."""
    said = [(code, text) for code, text in catalogue("en").items() if code.startswith(_SAID_IN_MANIFESTS)]
    return tuple((code, _pattern(text)) for code, text in sorted(said, key=lambda entry: entry[1].count("{")))


def _pattern(template: str) -> re.Pattern[str]:
    seen: set[str] = set()
    parts = []
    for part in re.split(r"(\{\w+\})", template):
        name = part[1:-1] if re.fullmatch(r"\{\w+\}", part) else ""
        if not name:
            parts.append(re.escape(part))
        elif name in seen:
            parts.append(f"(?P={name})")
        else:
            seen.add(name)
            parts.append(f"(?P<{name}>.+?)")
    return re.compile("".join(parts), re.DOTALL)
