"""Whom the predictors are owed to: the attribution that their sources ask for, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from geoplantnet_plugin.engine.assessment.report.model import Table
from geoplantnet_plugin.engine.assessment.report.texts import Texts

MOST_NAMES = 8


def predictor_sources(predictors: Iterable[Mapping[str, Any]], text: Texts) -> Table:
    """Return a row for each source that says whom to name: its predictors, attribution, licence, day of retrieval."""
    owed: dict[tuple[str, str, str], list[str]] = {}
    for entry in predictors:
        attribution, licence = str(entry.get("attribution", "")), str(entry.get("licence", ""))
        if attribution or licence:
            key = (attribution, licence, str(entry.get("retrieved", ""))[:10])
            owed.setdefault(key, []).append(str(entry.get("name", "")))
    rows = [[_few(names), *key] for key, names in owed.items()]
    header = [text(f"column_{name}") for name in ("predictor", "attribution", "licence", "retrieved")]
    return Table(text("table_sources"), header, rows, (24, 56, 18, 12))


def _few(names: list[str]) -> str:
    different = list(dict.fromkeys(names))
    return ", ".join(different[:MOST_NAMES]) + (" …" if len(different) > MOST_NAMES else "")
