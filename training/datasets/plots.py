"""The contract of a data set."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.card import Predictor


@dataclass(frozen=True)
class Source:
    """Where a data set comes from, as the card's ``training`` entry names it."""

    title: str
    source: str
    licence: str
    url: str
    date: str
    period: str


@dataclass(frozen=True)
class Plots:
    """`n` presence–absence plots of `s` taxa with `p` predictors.

    `values` (n, p) float32 in the predictors' units, categories as their integer codes; `present` (n, s) float32
    0 or 1; `xy` (n, 2) in metres of `crs`. `resolution` is the predictors' native one in metres. `predictors` have
    no `range` and `quantiles` yet (`stated_predictors`).
    """

    name: str
    values: NDArray[np.float32]
    present: NDArray[np.float32]
    xy: NDArray[np.float64]
    crs: str
    resolution: float
    predictors: tuple[Predictor, ...]
    taxa: tuple[str, ...]
    source: Source
    encoding: str = ""

    def __len__(self) -> int:
        return len(self.values)

    def take(self, rows: NDArray[np.bool_]) -> Plots:
        """Return the plots where `rows` (n,) is true."""
        return replace(self, values=self.values[rows], present=self.present[rows], xy=self.xy[rows])

    @property
    def categorical(self) -> tuple[tuple[int, ...], ...]:
        """The codes of every predictor, empty for numbers."""
        return tuple(predictor.categories for predictor in self.predictors)


def stated_predictors(plots: Plots) -> tuple[Predictor, ...]:
    """Return the predictors with the plots' minimum–maximum and 5 %–95 % quantiles; categories have neither."""
    return tuple(predictor if predictor.categorical else _stated(predictor, column)
                 for predictor, column in zip(plots.predictors, plots.values.T))


def _stated(predictor: Predictor, column: NDArray[np.float32]) -> Predictor:
    low, high = np.quantile(column.astype(np.float64), (0.05, 0.95))
    return replace(predictor, range=(float(column.min()), float(column.max())),
                   quantiles=(round(float(low), 4), round(float(high), 4)))
