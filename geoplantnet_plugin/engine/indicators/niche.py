"""Specialised taxa: those of narrow niche among the taxa of one model, by its training plots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.indicators.base import COUNTED, Context, Indicator, Uncertainty
from geoplantnet_plugin.engine.indicators.intervals import of_count
from geoplantnet_plugin.engine.indicators.lists import MOST_LISTED, count
from geoplantnet_plugin.engine.scores.presences import Presences
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon

SPECIALISED_SHARE = 0.25
"""A taxon is called specialised when its niche breadth is in the lowest quarter of the model's taxa."""

FEWEST_TAXA = 8
"""With fewer taxa of known niche breadth a quarter of them means nothing."""


@dataclass(frozen=True)
class NarrowerThan:
    """The question whether a taxon's niche breadth is at most `breadth`; NaN where nothing can be said."""

    breadth: float

    def __call__(self, taxon: Taxon) -> bool | None:
        if taxon.niche_breadth is None or np.isnan(self.breadth):
            return None
        return taxon.niche_breadth <= self.breadth


def is_specialised(taxa: TaxaTable) -> NarrowerThan:
    """Return the question whether a taxon is specialised among `taxa`."""
    breadths = [taxon.niche_breadth for taxon in taxa if taxon.niche_breadth is not None]
    return NarrowerThan(float(np.quantile(breadths, SPECIALISED_SHARE)) if len(breadths) >= FEWEST_TAXA else np.nan)


def specialised(assemblage: Assemblage, context: Context) -> NDArray[np.float32]:
    """Number of taxa of the assemblage that are specialised among the taxa of the model."""
    return count(is_specialised(context.taxa), assemblage, context)


def _bounds(context: Context) -> tuple[float, float]:
    listed = int(context.ask(is_specialised(context.taxa))[0].sum())
    return 0.0, float(max(1, min(listed, MOST_LISTED)))


def _interval(presences: Presences, values: NDArray[Any], context: Context) -> tuple[NDArray[np.float32], ...]:
    return of_count(is_specialised(context.taxa)).compute(presences, values, context)


NICHE = (
    Indicator("specialised", "continuous", "taxa", specialised, _bounds,
              lambda context: int(context.ask(is_specialised(context.taxa))[1].sum()),
              "θ of Fridley et al. (2007), with β_SIM of Baselga (2010), doi:10.1111/j.1466-8238.2009.00490.x",
              uncertainty=Uncertainty(COUNTED, _interval)),
)
