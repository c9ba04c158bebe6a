"""Reads the thresholds of taxa from the tables of an assessment."""

from __future__ import annotations

from ..common.tables import open_tables
from .manifest import Assessment, SpeciesBand


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
