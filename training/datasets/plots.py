"""The contract of a data set."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.card import ModelInput, Predictor

POINT = "point"
"""Name of the input that holds the predictors of the plot's own cell."""


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
class Modality:
    """An input beside the first: patches (n, bands, height, width), series (n, predictors, *time) or another point
    (n, predictors), float32.
    """

    entry: ModelInput
    values: NDArray[np.float32]

    def take(self, rows: NDArray[np.bool_]) -> Modality:
        """Return the places where `rows` (n,) is true."""
        return replace(self, values=self.values[rows])


@dataclass(frozen=True)
class Records:
    """`n` presence-only records: one taxon seen, nothing said of the others. `taxon` (n,) counts `Plots.taxa`."""

    values: NDArray[np.float32]
    more: tuple[Modality, ...]
    taxon: NDArray[np.int64]
    xy: NDArray[np.float64]

    def take(self, rows: NDArray[np.bool_]) -> Records:
        """Return the records where `rows` (n,) is true."""
        return Records(self.values[rows], tuple(one.take(rows) for one in self.more), self.taxon[rows], self.xy[rows])


@dataclass(frozen=True)
class Plots:
    """`n` presence–absence plots of `s` taxa with `p` predictors.

    `values` (n, p) float32 in the predictors' units, categories as their integer codes; `present` (n, s) float32
    0 or 1; `xy` (n, 2) in metres of `crs`. `resolution` is the predictors' native one in metres. `predictors` have
    no `range` and `quantiles` yet (`stated_predictors`). `more` are further inputs, `records` presence-only records.
    `effort` (n,) is how many taxa were recorded in each place, where absence is non-record.
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
    more: tuple[Modality, ...] = ()
    records: Records | None = None
    effort: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.present)

    def take(self, rows: NDArray[np.bool_]) -> Plots:
        """Return the plots where `rows` (n,) is true; presence-only records stay."""
        return replace(self, values=self.values[rows], present=self.present[rows], xy=self.xy[rows],
                       more=tuple(one.take(rows) for one in self.more),
                       effort=None if self.effort is None else self.effort[rows])

    @property
    def prevalence(self) -> NDArray[np.float32]:
        """Each taxon's share of the plots (s,), half a plot with and half without it added: never 0 or 1."""
        return (self.present.sum(0) + 0.5) / (len(self) + 1)

    @property
    def categorical(self) -> tuple[tuple[int, ...], ...]:
        """The codes of every predictor, empty for numbers."""
        return tuple(predictor.categories for predictor in self.predictors)

    @property
    def groups(self) -> tuple[str, ...]:
        """What can be left out to see what it contributes: the inputs, or the predictors where there is one input."""
        if self.more:
            return (*((POINT,) if self.predictors else ()), *(one.entry.name for one in self.more))
        return tuple(predictor.name for predictor in self.predictors)

    def without(self, group: str) -> Plots:
        """Return the plots, and their records, without one of `groups`."""
        keep = [not (group == POINT and self.more) and predictor.name != group for predictor in self.predictors]
        more = tuple(one for one in self.more if one.entry.name != group)
        records = self.records and replace(self.records, values=self.records.values[:, keep], more=tuple(
            one for one in self.records.more if one.entry.name != group))
        return replace(self, values=self.values[:, keep], more=more, records=records,
                       predictors=tuple(one for one, kept in zip(self.predictors, keep) if kept))

    def table(self) -> Plots:
        """Return the plots as a table for models that take nothing else: of patches and series the means of bands."""
        means = [one.values.reshape(*one.values.shape[:2], -1).mean(2) for one in self.more]
        names = tuple(replace(predictor, name=f"{one.entry.name} {predictor.name}")
                      for one in self.more for predictor in one.entry.predictors)
        return replace(self, values=np.hstack([self.values, *means]), predictors=self.predictors + names, more=(),
                       records=None)


def stated_predictors(plots: Plots) -> tuple[Predictor, ...]:
    """Return the predictors with the plots' minimum–maximum and 5 %–95 % quantiles; categories have neither."""
    return tuple(predictor if predictor.categorical else stated(predictor, column)
                 for predictor, column in zip(plots.predictors, plots.values.T))


def stated(predictor: Predictor, values: NDArray[np.float32]) -> Predictor:
    """Return a predictor with the range and quantiles of `values`."""
    low, high = np.quantile(values.astype(np.float64), (0.05, 0.95))
    return replace(predictor, range=(float(values.min()), float(values.max())),
                   quantiles=(round(float(low), 4), round(float(high), 4)))
