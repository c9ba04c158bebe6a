"""Vegetation plots of the Czech Republic: species present and the formation of each plot.

Klinkovská et al., doi:10.5281/zenodo.14589270 (klaraklink/Half_a_century_of_temperate_non-forest_vegetation_changes @
98fd3a2); the repository states no licence: what is derived is cited, rows are not shipped.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FORMATIONS = {"TH": "dry grassland", "TD_mesic": "mesic meadow and pasture", "TD_wet": "wet meadow",
              "TE": "grassland and heath of poor soils (TE)", "TFG": "grassland of sand and rock (TFG)",
              "R": "mire and spring", "M": "marsh", "A": "alpine vegetation", "X": "ruderal vegetation"}
"""The source's codes of formations (``veg_type0``) in plain words."""

FEWEST_PLOTS = 20
"""A species of fewer plots is left out."""


def read_czech(folder: Path) -> tuple[NDArray[np.bool_], list[str], NDArray[np.int64], NDArray[np.float64]]:
    """Return presences (plots, species), species, formation (plots,) counted from 1 as in `FORMATIONS`, and x, y (m).

    Repeated surveys of a place share its coordinates, and so its block.
    """
    import pandas
    from pyproj import Transformer

    head = pandas.read_csv(folder / "czech_plots" / "cz_head.csv").dropna(subset=["Longitude", "Latitude"])
    head = head[head["veg_type0"].isin(FORMATIONS)].set_index("PlotObservationID")
    species = pandas.read_csv(folder / "czech_plots" / "cz_species.csv")
    species = species[species["PlotObservationID"].isin(head.index) & (species["cover_perc"] > 0)]
    present = pandas.crosstab(species["PlotObservationID"], species["species_name"]) > 0
    present = present.loc[:, present.sum() >= FEWEST_PLOTS]
    head = head.loc[present.index]
    place = head.groupby("RS_CODE")[["Longitude", "Latitude"]].transform("first")
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:3035", always_xy=True).transform(
        place["Longitude"].to_numpy(), place["Latitude"].to_numpy())
    codes = list(FORMATIONS)
    return (present.to_numpy(), list(present.columns), np.array([codes.index(code) + 1 for code in head["veg_type0"]]),
            np.column_stack([x, y]))
