"""In the report: what a field survey says of the prediction, where one was read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.fieldpackage import FIELD, VERDICT
from geoplantnet_plugin.engine.assessment.report.model import Table
from geoplantnet_plugin.engine.assessment.report.texts import Texts

MOST_SPECIES = 300
OUTCOMES = ("confirmed", "added", "not_found", "not_looked")


def tables(folder: Path, text: Texts) -> list[Table]:
    """Return what the survey comes to, predicted beside confirmed, and its species; nothing where none was read back.

    Raises:
        EngineError: what the survey says cannot be read.
    """
    path = folder / FIELD / VERDICT
    if not path.is_file():
        return []
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return [_summary(said, text), _counts(said, text), _species(said, text)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineError("assessment_unreadable", folder=folder, reason=f"{FIELD}/{VERDICT}: {error!r}") from error


def _summary(said: Mapping[str, Any], text: Texts) -> Table:
    points, records = said["points"], said["records"]
    rows = [[text("surveyed_records"), text("surveyed_records_are", observations=records["observations"],
                                          releves=records["releves"])],
            [text("surveyed_points"), text("surveyed_points_are", planned=sum(points.values()),
                                         inaccessible=points.get("inaccessible", 0),
                                         lists=len(said["lists"]))]]
    for name, estimate in said["estimates"].items():
        mean = text.number(float(estimate["mean"]))
        interval = ("–" if estimate["low"] is None else
                    f"{text.number(float(estimate['low']))}–{text.number(float(estimate['high']))}")
        rows.append([text(f"surveyed_{name}"), text("surveyed_estimate", mean=mean, interval=interval,
                                                  points=estimate["points"])])
    if not said["estimates"]:
        why = "surveyed_no_lists" if said["comparable"] else "surveyed_not_comparable"
        rows.append([text("surveyed_error"), text(why, support=float(said["support"]), left=said["left_out"])])
    rows.append([text("surveyed_issues"), str(sum(said["issues"].values()))])
    return Table(text("table_surveyed"), [text("column_surveyed_what"), text("column_surveyed_found")], rows, (35, 65))


def _counts(said: Mapping[str, Any], text: Texts) -> Table:
    rows = [[text(f"surveyed_count_{question}"), *(str(counts[name]) for name in ("predicted", "confirmed", "added"))]
            for question, counts in said["counts"].items()]
    return Table(text("table_surveyed_counts"),
                 [text("column_surveyed_what"),
                  *(text(f"surveyed_{name}") for name in ("predicted", "confirmed", "added"))],
                 rows, (40, 20, 20, 20), frozenset((1, 2, 3)))


def _species(said: Mapping[str, Any], text: Texts) -> Table:
    rows = []
    for row in said["species"][:MOST_SPECIES]:
        tried = "" if row["tried"] is None else f"{row['found']}/{row['tried']}"
        interval = ("" if row["low"] is None else
                    f"{text.number(100 * row['low'], 0)}–{text.number(100 * row['high'], 0)}")
        rows.append([row["name"], text(f"surveyed_{row['outcome']}"), text.number(float(row["share"])),
                     str(row["present"]), tried, interval])
    return Table(text("table_surveyed_species", **{name: sum(row["outcome"] == name for row in said["species"])
                                                 for name in OUTCOMES}),
                 [text(f"column_{name}") for name in ("name", "surveyed_survey", "coverage", "surveyed_seen",
                                                      "surveyed_hits", "surveyed_interval")], rows,
                 (32, 30, 11, 8, 9, 10), frozenset((2, 3, 4, 5)), frozenset((0,)))
