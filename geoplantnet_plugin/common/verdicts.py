"""The five verdicts of an assessment as its manifest has them, in words: report, print layout and panel show these.

Standard library only: both sides read with the same function, so that no two of them tell the same thing differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .messages import DECIMAL_MARKS, render, said

QUESTIONS = ("species", "habitat", "conservation", "ecosystem", "threat")


@dataclass(frozen=True)
class Figure:
    """A number behind a verdict: what it means, its value with unit, its interval (blank: none is stated), its source.

    `as_of` is the day of which it speaks: that of the computation, or that of the list.
    """

    meaning: str
    value: str
    interval: str
    source: str
    as_of: str


@dataclass(frozen=True)
class Verdict:
    """The answer to one of the `QUESTIONS`; where `assessed` is false, `remedy` says what would help.

    `remedy` may stand beside an answer too: what of the question is open.
    """

    id: str
    title: str
    question: str
    assessed: bool
    sentences: tuple[str, ...]
    figures: tuple[Figure, ...]
    remedy: tuple[str, ...]


def read_verdicts(entries: Any, language: str) -> tuple[Verdict, ...]:
    """Return the verdicts of a manifest's ``verdicts``; none where it has none, as those of earlier versions.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: something else stands there.
    """
    return tuple(_verdict(entry, language) for entry in entries or () if entry["id"] in QUESTIONS)


def _verdict(entry: Mapping[str, Any], language: str) -> Verdict:
    id = str(entry["id"])
    return Verdict(id, render(f"report_{id}_title", {}, language), render(f"report_{id}_question", {}, language),
                   bool(entry["assessed"]), _sentences(entry["sentences"], language),
                   tuple(_figure(figure, language) for figure in entry["figures"]),
                   _sentences(entry["remedy"], language))


def _sentences(entries: Iterable[Mapping[str, Any]], language: str) -> tuple[str, ...]:
    return tuple(said(entry, "text", language) for entry in entries)


def _figure(entry: Mapping[str, Any], language: str) -> Figure:
    decimals, unit = int(entry["decimals"]), said(entry, "unit", language)
    value = number(float(entry["value"]), decimals, language)
    low, high = entry["low"], entry["high"]
    interval = "" if low is None or high is None else (
        f"{number(float(low), decimals, language)} – {number(float(high), decimals, language)}")
    return Figure(said(entry, "meaning", language), f"{value} {unit}".strip(), interval,
                  said(entry, "source", language), str(entry["as_of"]))


def number(value: float, decimals: int, language: str) -> str:
    """Return a number with the language's decimal mark; what would round to nothing is told as less than the least."""
    least = 10.0 ** -decimals
    shown = f"< {least:.{decimals}f}" if 0 < value < least / 2 else f"{value:.{decimals}f}"
    return shown.replace(".", DECIMAL_MARKS.get(language, "."))
