"""Reads the tables of ``assemblage.gpkg``: taxa, thresholds, and which taxa are present in which cells."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .manifest import Assessment, SpeciesBand

RANKS = 1024
"""A cell's taxa have the feature ids cell × RANKS + rank in ``cell_taxa``: found without an index on cells."""


@contextmanager
def open_tables(geopackage: Path) -> Iterator[sqlite3.Connection]:
    """Open an assessment's tables for reading, wherever they lie."""
    uri = f"{geopackage.as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True, check_same_thread=False)) as connection:
        yield connection


def taxon_ids(connection: sqlite3.Connection) -> dict[int, str]:
    """Return the ids of the taxa by their number in ``cell_taxa``."""
    return dict(connection.execute("SELECT taxon, id FROM taxa"))


def threshold_of(assessment: Assessment, species: SpeciesBand) -> float:
    """Return the score above which `species` is present.

    It is the set rule's λ. A rule without one, such as *the ten best*, gives none: then it is the taxon's own λ in
    the model, or else `UNKNOWN_THRESHOLD`, a start that a person changes.
    """
    if assessment.threshold is not None:
        return assessment.threshold
    with open_tables(assessment.geopackage) as connection:
        found = connection.execute("SELECT lambda FROM taxa WHERE id = ?", (species.id,)).fetchone()
    if found and found[0] is not None:
        return float(found[0])
    return UNKNOWN_THRESHOLD[assessment.scale]


UNKNOWN_THRESHOLD = {"sigmoid": 0.5, "softmax": 0.01, "relative": 0.5, "logit": 0.0}
"""Where neither rule nor model has a λ, by scale: even odds; for scores that sum to 1, one in a hundred."""
