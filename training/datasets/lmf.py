"""The Netherlands: 12,799 plots of the Landelijk Meetnet Flora with 50 species, and what a user can map anywhere.

Plot coordinates are km offsets: x = (X + 155) · 1000, y = (Y + 463) · 1000 in EPSG:28992. Soil, land use and region
are the table's own; the human-footprint layers are sampled from rasters in EPSG:4326 (0.0099°).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.card import Predictor
from training.datasets.plots import Plots, Source

CRS = "EPSG:28992"

REGIONS = {"afz": "closed estuaries", "duo": "dunes, mainland", "duw": "dunes, Wadden islands",
           "gtz": "tidal areas Zeeland", "hll": "hill country Limburg", "hzn": "higher sandy soils north",
           "hzo": "higher sandy soils east", "hzv": "higher sandy soils Veluwe", "hzz": "higher sandy soils south",
           "lvh": "low peat Holland", "lvn": "low peat north", "riv": "river area", "zkm": "sea clay middle",
           "zkn": "sea clay north", "zkz": "sea clay south"}
LAND_USE = {"Bebouwd": "built-up", "Bos": "forest", "Droog natuurlijk terrein": "dry natural terrain",
            "Hoofdweg": "main road", "Landbouw en overig agrarisch": "agriculture",
            "Nat natuurlijk terrein": "wet natural terrain", "Recreatie": "recreation", "Spoorterrein": "railway",
            "Water": "water"}
SOILS = {"Bebouwing, enz": "built-up", "Leem": "loam", "Lichte klei": "light clay",
         "Lichte zavel": "light sandy clay", "Moerig op zand": "peaty on sand", "Veen": "peat", "Water": "water",
         "Zand": "sand", "Zware klei": "heavy clay", "Zware zavel": "heavy sandy clay"}
"""Names in the data → English. A code is the name's position here, counted from 1; 0 is none of them."""

CATEGORIES = {"region": ("lmf_indeling", REGIONS), "land_use": ("bodemgebruik", LAND_USE),
              "soil": ("OMSCHRIJVI", SOILS)}
FOOTPRINT = {"built2009": "Built2009_WGS84.tif", "lights2009": "Lights2009_WGS84.tif"}

def codes(name: str) -> str:
    """Return the unit of a category: its codes in words, in brackets, which are no part of a unit (`cube.survey`)."""
    words = (f"{code} = {english} / {dutch}" for code, (dutch, english) in enumerate(CATEGORIES[name][1].items(), 1))
    return f"code ({'; '.join(words)}; any other code counts as none of them)"


CUBE = "netherlands"
"""The base cube that gives all predictors where the model was made (`training.model_cubes`)."""

PREDICTORS = tuple(replace(predictor, resampling="nearest", sources=({"cube": CUBE, "band": predictor.name},))
                   for predictor in (
    Predictor("region", "Physio-geographic region", codes("region"), categorical=True, categories=tuple(range(1, 16))),
    Predictor("land_use", "Land use", codes("land_use"), categorical=True, categories=tuple(range(1, 10))),
    Predictor("soil", "Soil type", codes("soil"), categorical=True, categories=tuple(range(1, 11))),
    Predictor("built2009", "Human footprint 2009: built-up", "score of the source", synonyms=("Built2009",)),
    Predictor("lights2009", "Human footprint 2009: night-time lights", "score of the source",
              synonyms=("Lights2009",)),
))

SOURCE = Source(
    title="Vegetation plots of the Dutch national monitoring network of flora, with soil, land use and region; "
          "human footprint 2009 (built-up, lights)",
    source="rivm-syso/spr-poc-uncertainty-mapping @ 2c5f7e5; plantnet/malpolon @ c486e69 (human footprint)",
    licence="CC BY 4.0 (plots); MIT (repository of the human-footprint layers)",
    url="https://github.com/rivm-syso/spr-poc-uncertainty-mapping",
    date="not stated by the source",
    period="1999–2019",
)


def read_lmf(data: Path) -> Plots:
    """Return the plots for which all 50 species are scored."""
    import pandas as pd

    folder = data / "lmf_netherlands"
    names = pd.read_csv(folder / "chosen_species.csv")
    table = pd.read_csv(folder / "data_plots.csv").dropna(subset=list(names["Nednaam"]))
    xy = (table[["X", "Y"]].to_numpy(np.float64) + np.array([155.0, 463.0])) * 1000
    codes = [table[column].map({name: code for code, name in enumerate(known, 1)}).fillna(0).to_numpy(np.float32)
             for column, known in CATEGORIES.values()]
    sampled = [_sample(data / "europe" / file, xy) for file in FOOTPRINT.values()]
    return Plots("netherlands-lmf", np.stack([*codes, *sampled], 1).astype(np.float32),
                 table[list(names["Nednaam"])].to_numpy(np.float32), xy, CRS, 1000.0, PREDICTORS,
                 tuple(names["Wetnaam"]), SOURCE)


def _sample(path: Path, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a raster's values at plots; where it has none (sea, coast) the median of those it has."""
    import rasterio
    from pyproj import Transformer

    with rasterio.open(path) as raster:
        lon, lat = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(xy[:, 0], xy[:, 1])
        values = np.array([value[0] for value in raster.sample(zip(lon, lat))], np.float64)
        missing = np.isnan(values) if raster.nodata is None else np.isnan(values) | (values == raster.nodata)
    values[missing] = np.median(values[~missing])
    return values
