"""Which cells a plan may draw, and how much each counts: model uncertainty and what is at stake."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.opening import layer_raster
from geoplantnet_plugin.engine.assessment.verdicts.list_results import list_dated, list_results

WEIGHTS = {"even": (), "uncertainty": ("uncertainty",), "stake": ("stake",), "both": ("uncertainty", "stake")}
"""What a plan can be weighted by."""
STRENGTH = 4.0
"""The cell where a reason is strongest has 1 + STRENGTH times the weight of one without it; none has weight 0, so that
the whole site is sampled."""


def scored_cells(folder: AssessmentFolder) -> NDArray[np.bool_]:
    """Return which cells (height, width) have scores.

    Raises:
        EngineError: the assessment has no species.
    """
    with layer_raster(folder.species.path) as dataset:
        return np.asarray(dataset.read(1) != folder.species.nodata, bool)


def target_taxa(folder: AssessmentFolder, country: str | None) -> dict[str, tuple[str, ...]]:
    """Return, by taxon id, the dated titles of lists that are or may be in force and name a predicted taxon."""
    reasons: dict[str, tuple[str, ...]] = {}
    for result in (*list_results(folder, country, False), *list_results(folder, country, True)):
        if result.force is not False:
            for row in result.predicted:
                reasons[row.taxon.id] = (*reasons.get(row.taxon.id, ()), str(list_dated(result.info)))
    return reasons


def sensitive_taxa(folder: AssessmentFolder, country: str | None) -> frozenset[str]:
    """Return the ids of the taxa on lists of conservation that are or may be in force."""
    return frozenset(taxon.id for result in list_results(folder, country, False) if result.force is not False
                     for taxon in result.listed)


def weights(folder: AssessmentFolder, kind: str, targets: Collection[str]) -> NDArray[np.float64]:
    """Return the weight of each cell (height, width), 0 without scores.

    Raises:
        EngineError: the kind is unknown, or the assessment has no species.
    """
    if kind not in WEIGHTS:
        raise EngineError("field_weight", weight=kind, known=list(WEIGHTS))
    scored = scored_cells(folder)
    total = np.ones(scored.shape)
    for reason in WEIGHTS[kind]:
        part = uncertainty(folder, scored) if reason == "uncertainty" else stake(folder, scored, targets)
        highest = part.max()
        if highest > 0:
            total += STRENGTH * part / highest
    return np.where(scored, total, 0.0)


def uncertainty(folder: AssessmentFolder, scored: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how wide the interval of each cell's number of species is; 0 where the assessment has no interval."""
    lower, upper = (layer(folder, f"richness_{side}") for side in ("lower", "upper"))
    if lower is None or upper is None:
        return np.zeros(scored.shape)
    return np.where(scored, np.nan_to_num(upper - lower), 0.0)


def stake(folder: AssessmentFolder, scored: NDArray[np.bool_], targets: Collection[str]) -> NDArray[np.float64]:
    """Return how many of the `targets` (ids of listed, invasive or rare taxa) are predicted in each cell."""
    numbers = [index for index, taxon in enumerate(folder.taxa) if taxon.id in targets]
    counts = np.zeros(scored.size)
    marks = ", ".join("?" * len(numbers))
    query = f"SELECT cell, count(*) FROM taxon_cells WHERE taxon IN ({marks}) GROUP BY cell"  # nosec B608
    with folder.tables() as connection:
        for cell, count in connection.execute(query, numbers):
            counts[cell] = count
    return counts.reshape(scored.shape)


def layer(folder: AssessmentFolder, id: str) -> NDArray[Any] | None:
    """Return the values (height, width) of an indicator's raster, NaN as nodata; None where there is none."""
    path = folder.raster(id)
    if path is None:
        return None
    with layer_raster(path) as dataset:
        return np.asarray(dataset.read(1, masked=True).astype(np.float64).filled(np.nan))
