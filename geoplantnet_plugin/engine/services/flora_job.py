"""One question to the Pl@ntNet API, as it crosses the process boundary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FloraJob:
    """One question to the API; the key is in the environment.

    `ask` is ``expected`` (quick list of the area), ``near`` (floras, the nearest to the area first), ``species`` (of
    the flora `project`) or ``quota``; `out` is a taxa table (CSV) to write the species to, if any.
    """

    ask: str
    area: str = ""
    project: str = ""
    language: str = "en"
    api_url: str | None = None
    out: str = ""
