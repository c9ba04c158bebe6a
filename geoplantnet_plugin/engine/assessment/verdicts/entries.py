"""What the manifest has of a verdict; `common.verdicts` reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from geoplantnet_plugin.common.messages import Message, messages_of


@dataclass(frozen=True)
class Sentence:
    """A sentence in English, and the message that says it in other languages."""

    text: str
    messages: dict[str, Message]


def sentence(code: str, **params: Any) -> Sentence:
    """Return the sentence that the catalogue has under ``report_{code}``."""
    message = Message(f"report_{code}", params)
    return Sentence(str(message), messages_of(text=message))


@dataclass(frozen=True)
class FigureEntry:
    """A number behind a verdict, with `low` and `high` where an interval is stated; shown with so many `decimals`."""

    meaning: str
    value: float
    unit: str
    low: float | None
    high: float | None
    decimals: int
    source: str
    as_of: str
    messages: dict[str, Message]

    @classmethod
    def of(cls, meaning: Message, value: float, unit: Message | str, source: Message | str, as_of: str,
           bounds: tuple[float | None, float | None] = (None, None), decimals: int = 0) -> FigureEntry:
        """Describe a number; what is a message is kept as one beside its English text."""
        return cls(str(meaning), value, str(unit), *bounds, decimals, str(source), as_of,
                   messages_of(meaning=meaning, unit=unit, source=source))


@dataclass(frozen=True)
class VerdictEntry:
    """The verdict on a question: `assessed` or not, in `sentences`; `remedy` says what would answer what is open."""

    id: str
    assessed: bool
    sentences: Sequence[Sentence]
    figures: Sequence[FigureEntry] = ()
    remedy: Sequence[Sentence] = field(default_factory=tuple)
