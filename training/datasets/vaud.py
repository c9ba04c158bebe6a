"""The Western Swiss Alps: 300 vegetation plots of the R package ecospat with its five topo-climatic predictors.

Predictors are sampled from the raster, which has no CRS of its own: it is EPSG:21781 (CH1903 / LV03). The table's
predictor columns are in other units than the raster and are not used; nor are columns 73–96, which are other
people's predictions.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from geoplantnet_plugin.engine.models.card import Predictor
from training.datasets.plots import Plots, Source

FEWEST_PRESENCES = 10
SPECIES_COLUMNS = slice(8, 72)

CUBE = "vaud-alps"
"""The base cube that gives all predictors where the model was made (`training.model_cubes`)."""

RECIPES = {"ddeg0": {"recipe": "ddeg:0", "factor": "10"},
           "mind68": {"recipe": "moisture:6-8", "factor": "10", "clear_share": "0.96"},
           "srad68": {"recipe": "srad:6-8", "factor": "1"}, "slope25": {"recipe": "slope", "factor": "1"},
           "topos25": {"recipe": "position:100,250,500,1000", "factor": "1"}}
"""How the predictors are derived off the raster: inferred, the source documents none of them. Units and the names' 25 m
are read from values and names; the share of clear-sky radiation is fitted to the raster (`training.demo.calibrate`);
the radii of the position are chosen.
"""

PREDICTORS = tuple(replace(predictor, resampling="nearest", sources=(
    {"cube": CUBE, "band": predictor.name}, RECIPES[predictor.name]))
                   for predictor in (
        Predictor("ddeg0", "Growing degree-days above 0 °C",
                  "0.1 °C d per year (inferred from the values; not documented by the source)",
                  synonyms=("growing degree-days",)),
        Predictor("mind68", "Moisture index, June to August",
                  "0.1 mm per month (inferred from the values; not documented by the source)",
                  synonyms=("moisture index",)),
        Predictor("srad68", "Potential solar radiation, June to August",
                  "kJ m-2 d-1 (inferred from the values; not documented by the source)",
                  synonyms=("solar radiation",)),
        Predictor("slope25", "Slope, mean of slopes at 25 m", "degree", synonyms=("slope",)),
        Predictor("topos25", "Topographic position, mean of positions at 25 m",
                  "no unit (0.01 standard deviation, inferred; not documented by the source)",
                  synonyms=("topographic position",)),
))

SOURCE = Source(
    title="ecospat.testData and ecospat.testEnv: vegetation plots and topo-climatic rasters of the Western Swiss Alps",
    source="R package ecospat, ecospat/ecospat @ aeaa3b7 (Guisan, Broennimann et al., University of Lausanne)",
    licence="GPL (R package ecospat)",
    url="https://github.com/ecospat/ecospat",
    date="not stated by the source",
    period="not stated by the source",
)


def read_vaud(data: Path) -> Plots:
    """Return the 300 plots with the 55 species that have at least ten presences; `data` holds ``vaud_alps``."""
    import pandas as pd
    import rasterio

    table = pd.read_csv(data / "vaud_alps" / "ecospat.testData.txt", sep="\t")
    xy = table[["long", "lat"]].to_numpy(np.float64)
    with rasterio.open(data / "vaud_alps" / "ecospat.testEnv.tif") as raster:
        if tuple(raster.descriptions) != tuple(predictor.name for predictor in PREDICTORS):
            raise ValueError(f"the raster's bands are {raster.descriptions}")
        values = np.array(list(raster.sample(xy)), np.float32)
    species = table.iloc[:, SPECIES_COLUMNS]
    species = species.loc[:, species.sum() >= FEWEST_PRESENCES]
    return Plots("western-swiss-alps", values, species.to_numpy(np.float32), xy, "EPSG:21781", 250.0,
                 PREDICTORS, tuple(species.columns), SOURCE)
