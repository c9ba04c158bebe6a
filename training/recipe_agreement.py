"""How well predictors that are derived by a card's recipes agree with the raster that the model was trained on.

    geoplantnet cube fetch --area vaud.gpkg --model western-swiss-alps --out derived
    python -m training.recipe_agreement western-swiss-alps derived

compares, cell by cell of the training raster, and prints the rank correlation, the bias (derived − training) and the
root mean square of the difference. It needs the network, or rasters of your own in place of what `cube fetch` writes.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.base_cube import base_band
from geoplantnet_plugin.engine.cube.recipes import DERIVED, recipes_of
from geoplantnet_plugin.engine.models.package import open_package

FEWEST = 30


@dataclass(frozen=True)
class Agreement:
    """Of one predictor over `cells` cells that both rasters have; None with fewer than `FEWEST`."""

    predictor: str
    cells: int
    correlation: float | None
    bias: float | None
    rms: float | None

    def text(self) -> str:
        """Return the figures as a line."""
        if self.correlation is None:
            return f"{self.predictor}: {self.cells} cells in common, too few"
        return (f"{self.predictor}: {self.cells} cells, rank correlation {self.correlation:.3f}, "
                f"bias {self.bias:+.4g}, RMS {self.rms:.4g}")


def agreements(model: str, derived: Path) -> list[Agreement]:
    """Return the agreement of every predictor of `model` derived in the folder `derived` with the base cube."""
    card = open_package(model).card
    named = {predictor.name: predictor for predictor in card.predictors}
    found = []
    for recipe in recipes_of(card):
        band = base_band(named[recipe.predictor])
        file = derived / DERIVED.format(recipe.predictor)
        if band is not None and file.is_file():
            found.append(agreement(recipe.predictor, Path(band.path), band.index, file))
    return found


def agreement(name: str, training: Path, index: int, derived: Path) -> Agreement:
    """Compare a band of the training raster with the raster `derived`, brought onto its cells."""
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.vrt import WarpedVRT

    with rasterio.open(training) as known, rasterio.open(derived) as made:
        truth = known.read(index, masked=True).astype(np.float64).filled(np.nan)
        with WarpedVRT(made, crs=known.crs, transform=known.transform, height=known.height, width=known.width,
                       resampling=Resampling.bilinear, nodata=np.nan) as there:
            values = there.read(1).astype(np.float64)
    both = np.isfinite(truth) & np.isfinite(values)
    return _compared(name, truth[both], values[both])


def _compared(name: str, truth: NDArray[Any], values: NDArray[Any]) -> Agreement:
    from scipy.stats import spearmanr

    if len(truth) < FEWEST:
        return Agreement(name, len(truth), None, None, None)
    difference = values - truth
    return Agreement(name, len(truth), float(spearmanr(truth, values).statistic), float(difference.mean()),
                     float(np.sqrt((difference**2).mean())))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser("python -m training.recipe_agreement", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("derived", type=Path, help="folder of derived predictors")
    args = parser.parse_args(arguments)
    print("\n".join(one.text() for one in agreements(args.model, args.derived)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
