"""GeoLifeCLEF 2023: 5,948 presence–absence surveys with anonymous species and 39 columns of environment.

Species come from one file and the environment from the other: their rows are aligned one to one.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np

from geoplantnet_plugin.engine.models.card import Predictor
from training.datasets.plots import Plots, Source

FEWEST_PRESENCES = 50
FIRST = "bio1"
LAND_COVER = "landCov"

SOURCE = Source(
    title="GeoLifeCLEF 2023, presence–absence training surveys with pre-extracted environment",
    source="GeoLifeCLEF 2023", licence="MIT (data set and code, as the GeoPlant documentation states)",
    url="https://github.com/plantnet/GeoPlant", date="2023", period="2017–2021")


def read_geolifeclef(data: Path, fewest: int = FEWEST_PRESENCES) -> Plots:
    """Return the surveys with the species that have at least `fewest` mentions; land cover is one-hot.

    A survey may mention a species twice: 389 species have 50 mentions, as the reference figures count, and 358 have
    50 surveys. What is missing becomes the column's median.
    """
    import pandas as pd

    folder = data / "geolifeclef23_pa"
    table = pd.read_csv(folder / "enviroTab_pa_train.csv", sep=";")
    lists = pd.read_csv(folder / "pa_listEspeces_donneesAbiotiques.csv", sep=";", usecols=["speciesId"])["speciesId"]
    surveys = [json.loads(text) for text in lists]
    ids = sorted({one for survey in surveys for one in survey})
    place = {one: i for i, one in enumerate(ids)}
    present = np.zeros((len(surveys), len(ids)), np.float32)
    for row, survey in enumerate(surveys):
        present[row, [place[one] for one in survey]] = 1
    mentions = Counter(one for survey in surveys for one in survey)
    often = [mentions[one] >= fewest for one in ids]
    environment = table.loc[:, FIRST:]
    values = environment.to_numpy(np.float32)
    values = np.where(np.isfinite(values), values, np.nanmedian(np.where(np.isfinite(values), values, np.nan), axis=0))
    predictors = tuple(_predictor(name, column) for name, column in zip(environment, values.T))
    return Plots("geolifeclef23-pa", values.astype(np.float32), present[:, often],
                 table[["x_EPSG3035", "y_EPSG3035"]].to_numpy(np.float64), "EPSG:3035", 1000.0, predictors,
                 tuple(f"species {one}" for one, kept in zip(ids, often) if kept), SOURCE)


def _predictor(name: str, values: np.ndarray) -> Predictor:
    if name != LAND_COVER:
        return Predictor(name, name, "as in the source")
    return Predictor(name, name, "code", categorical=True, categories=tuple(sorted(set(values.astype(int).tolist()))))
