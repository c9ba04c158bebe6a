"""Probabilities of presence of a cell's taxa, and the moments of how many of them are present."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.scores.probability import as_probability
from geoplantnet_plugin.engine.scores.ranked import RankedScores


@dataclass(frozen=True)
class Presences:
    """The kept taxa of n cells with their probabilities of presence.

    `ids`, `probability` (n, kept), best first; `taxa_count` taxa in all. Taxa that were not kept have at most the
    `floor` (n,) of their cell.
    """

    ids: NDArray[np.int32]
    probability: NDArray[np.float64]
    taxa_count: int

    @classmethod
    def of(cls, scores: RankedScores, taxa_count: int) -> Presences:
        """Return the presences that sigmoid or logit `scores` speak of."""
        return cls(scores.ids, as_probability(scores.values, scores.scale), taxa_count)

    def like(self, which: NDArray[np.int64]) -> Presences:
        """Return the presences of cells of which each is like the cell that `which` (n,) says."""
        return Presences(self.ids[which], self.probability[which], self.taxa_count)

    @cached_property
    def floor(self) -> NDArray[np.float64]:
        """What a taxon that was not kept has at most; 0 where all were kept."""
        kept = self.probability.shape[1]
        return self.probability[:, -1] if kept < self.taxa_count else np.zeros(len(self.probability))

    @cached_property
    def variance(self) -> NDArray[np.float64]:
        """p (1 − p) of every entry (n, kept)."""
        return self.probability * (1.0 - self.probability)

    @cached_property
    def everything(self) -> Moments:
        """The moments of the number of all present kept taxa."""
        return Moments(self.probability.sum(axis=1), self.variance.sum(axis=1),
                       np.einsum("ij,ij->i", self.variance, 1.0 - 2.0 * self.probability),
                       np.einsum("ij,ij->i", self.variance, self.variance))

    @cached_property
    def by_taxon(self) -> NDArray[np.float64]:
        """Where all taxa were kept, in the taxa's order: what `Moments` sums, (4, n, taxa)."""
        p = np.empty_like(self.probability)
        np.put_along_axis(p, self.ids.astype(np.intp), self.probability, axis=1)
        variance = p * (1.0 - p)
        return np.stack([p, variance, variance * (1.0 - 2.0 * p), variance * variance])

    def among(self, taxa: NDArray[np.bool_]) -> Moments:
        """Return the moments of the number of present kept ones of `taxa` (taxa,)."""
        if self.probability.shape[1] == self.taxa_count:
            return Moments(*(self.by_taxon @ taxa.astype(np.float64)))
        if 2 * taxa.sum() > self.taxa_count:
            rest, all_of_them = self.among(~taxa), self.everything
            return Moments(all_of_them.mean - rest.mean, all_of_them.variance - rest.variance,
                           all_of_them.third - rest.third, all_of_them.squares - rest.squares)
        rows, columns = np.nonzero(taxa[self.ids])
        p, variance = self.probability[rows, columns], self.variance[rows, columns]
        return Moments(*(np.asarray(np.bincount(rows, entries, len(self.ids)), np.float64)
                         for entries in (p, variance, variance * (1.0 - 2.0 * p), variance * variance)))


@dataclass(frozen=True)
class Moments:
    """Mean, variance and third central moment, each (n,), of a number of present taxa.

    `squares` is Σ (p (1 − p))², which says how far the variance comes from few taxa.
    """

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    third: NDArray[np.float64]
    squares: NDArray[np.float64]

    def quantile(self, z: float) -> NDArray[np.float64]:
        """Return the quantile at the normal deviate `z`, by Cornish and Fisher's expansion with the skewness.

        Hong (2013, doi:10.1016/j.csda.2012.10.006) finds the refined normal approximation accurate for sums of
        unequal Bernoulli variables.
        """
        deviation = np.sqrt(self.variance)
        with np.errstate(divide="ignore", invalid="ignore"):
            skew = np.where(self.variance > 0, self.third / self.variance, 0.0)
        return self.mean + z * deviation + skew * (z * z - 1) / 6

    def shared(self, sd: float) -> Moments:
        """Return the moments when the taxa of a cell share a factor t of mean 0 and standard deviation `sd`.

        Every probability then is p + t p (1 − p), so that two taxa have the covariance sd² v₁ v₂ (v = p (1 − p)): the
        variance is Σ v + sd² ((Σ v)² − Σ v²), as much as independent taxa have for one taxon and ever more for longer
        lists. The third moment, of a symmetrical t, grows by 1 + 3 sd² Σ v, terms in v³ being left out.
        """
        pairs = np.maximum(self.variance**2 - self.squares, 0.0)
        return Moments(self.mean, self.variance + sd * sd * pairs, self.third * (1 + 3 * sd * sd * self.variance),
                       self.squares)

    def plus(self, count: NDArray[Any], probability: NDArray[np.float64]) -> Moments:
        """Return the moments with `count` (n,) more taxa of this probability (n,)."""
        variance = probability * (1 - probability)
        return Moments(self.mean + count * probability, self.variance + count * variance,
                       self.third + count * variance * (1 - 2 * probability), self.squares + count * variance**2)
