"""Data sets: vegetation plots with predictors, as one data class whatever their source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from training.datasets.geolifeclef import read_geolifeclef
from training.datasets.iberia import read_iberia
from training.datasets.lmf import read_lmf
from training.datasets.plots import Plots, Source
from training.datasets.vaud import read_vaud

DATA = Path("../shared/data")
"""Where the data lie, from the project's root."""

READERS: dict[str, Callable[[Path], Plots]] = {
    "western-swiss-alps": read_vaud, "netherlands-lmf": read_lmf, "iberian-flora": read_iberia,
    "geolifeclef23-pa": read_geolifeclef}
"""Model name → reader of its data set, given the folder `DATA`."""

__all__ = ["DATA", "READERS", "Plots", "Source"]
