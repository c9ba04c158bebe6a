"""How the base cube's climate differs from CHELSA's: ``python -m training.climate_shift`` prints a table.

A model of the base cube may be given CHELSA V2.1 instead. WorldClim 1.4 (1960–1990, about 20 km here) and CHELSA V2.1
(1981–2010, 1 km) are compared at the 5,948 surveys of GeoLifeCLEF 2023, whose environment holds CHELSA's values as
stored. The difference is reported and not applied: it is climate change, resolution and method together.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.models.card import ModelInput
from training.base_layers import CLIMATE
from training.datasets.iberia import CRS, SIDE, predictors
from training.datasets.plots import POINT
from training.datasets.sampling import Rasters, sample

SOUTH, EAST = 43.0, 4.4
"""The surveys nearest to Spain lie south of this latitude and west of this longitude: in the French Pyrenees, none in
Spain."""

Array = NDArray[np.float64]


def chelsa(table: Any) -> dict[str, Array]:
    """Return CHELSA's values in the base cube's units, by the preset's scale and offset; isothermality in %."""
    preset = json.loads((RESOURCES / "sources.json").read_text(encoding="utf-8"))["sources"]["chelsa"]["variables"]
    found = {band.name: table[band.name].to_numpy(np.float64) * preset[band.name]["scale"] + preset[band.name]["offset"]
             for band in CLIMATE}
    found["bio3"] = found["bio3"] * 100
    return found


def shifts(cube: Array, other: Array) -> dict[str, float]:
    """Return mean and root mean square of cube − other, and their rank correlation."""
    from scipy.stats import spearmanr

    known = np.isfinite(cube) & np.isfinite(other)
    difference = cube[known] - other[known]
    return {"plots": int(known.sum()), "mean": float(difference.mean()), "rms": float(np.sqrt((difference**2).mean())),
            "rank correlation": float(spearmanr(cube[known], other[known]).statistic)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    import pandas as pd

    from training.datasets import DATA

    parser = argparse.ArgumentParser("python -m training.climate_shift", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    args = parser.parse_args(arguments)
    table = pd.read_csv(args.data / "geolifeclef23_pa" / "enviroTab_pa_train.csv", sep=";")
    entry = ModelInput(POINT, "point", predictors(CLIMATE), SIDE)
    values, = sample((entry,), Rasters(()), table[["x_EPSG3035", "y_EPSG3035"]].to_numpy(np.float64), CRS, SIDE)
    near = ((table["lat"] < SOUTH) & (table["lon"] < EAST)).to_numpy()
    print(f"| variable | unit | all {len(table)} surveys: mean, RMS, rank correlation | {near.sum()} in the Pyrenees |")
    print("|---|---|---|---|")
    for number, (name, other) in enumerate(chelsa(table).items()):
        told = (shifts(values[rows, number].astype(np.float64), other[rows]) for rows in (slice(None), near))
        cells = (f"{one['mean']:+.2f}, {one['rms']:.2f}, {one['rank correlation']:.2f}" for one in told)
        print(f"| {name} | {CLIMATE[number].unit} | {' | '.join(cells)} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
