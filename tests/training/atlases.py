"""A small atlas whose taxa follow two predictors and how well squares were explored."""

from __future__ import annotations

import numpy as np

from geoplantnet_plugin.engine.models.card import ModelInput, Predictor
from training.atlas import AtlasRecipe
from training.atlas_field import Smoothing
from training.datasets.plots import Modality, Plots, Source
from training.folds import Blocks

SIDE, MISSING = 5, -32768.0


def squares_of(squares: int = 240, taxa: int = 12, seed: int = 0) -> Plots:
    """Squares on a lattice of 10 km; taxa follow two predictors and how well a square was explored."""
    rng = np.random.default_rng(seed)
    xy = np.stack([(np.arange(squares) % 16) * 10_000.0 + 5000, (np.arange(squares) // 16) * 10_000.0 + 5000], 1)
    values = rng.normal([10, 500], [4, 200], (squares, 2)).astype(np.float32)
    around = values[:, :, None, None] + rng.normal(0, [[[1]], [[50]]], (squares, 2, SIDE, SIDE))
    around = np.where(rng.random((squares, 1, SIDE, SIDE)) < 0.2, MISSING, around).astype(np.float32)
    effort = rng.integers(50, 900, squares).astype(np.float32)
    standard = (values - [10, 500]) / [4, 200]
    logit = standard @ rng.normal(0, 1.5, (2, taxa)) + 2 * np.log(effort / 400)[:, None]
    present = (rng.random((squares, taxa)) < 1 / (1 + np.exp(-logit))).astype(np.float32)
    known = (Predictor("bio1", "warmth", "°C"), Predictor("bio12", "rain", "mm"))
    places = (Predictor("easting", "easting", "km"), Predictor("northing", "northing", "km"))
    more = (Modality(ModelInput("around", "patch", known, 1e4, missing=MISSING, size=(SIDE, SIDE), pixel=1e4), around),
            Modality(ModelInput("place", "point", places, 1e4), (xy / 1000).astype(np.float32)))
    return Plots("atlas", values, present, xy, "EPSG:3035", 1e4, known, tuple(f"Taxon {i}" for i in range(taxa)),
                 Source("", "", "", "", "", ""), more, effort=effort)


RECIPE = AtlasRecipe(hidden=(16, 8), members=2, epochs=12, learning_rate=2e-2, weight_decay=1e-2, dropout=0.0, batch=64,
                     blocks=Blocks(40_000.0), windows=(3, 5),
                     smoothing=Smoothing(bandwidth=20.0, spacing=20.0, prior=0.5, rank=6))
