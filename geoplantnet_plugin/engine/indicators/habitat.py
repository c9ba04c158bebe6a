"""The habitat type of a cell: the type of a habitat table under which the cell's assemblage is most likely."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.indicators.base import Context, Indicator, IndicatorClass
from geoplantnet_plugin.engine.indicators.habitat_table import Habitats, likelihoods

REFERENCE = "habitat table "
"""Begins the reference of the indicator; the table's name follows."""

UNCLASSIFIED = 0
LEAST_SHARE = 0.5
"""A type is named only when it holds at least so much of the posterior probability of all types of the table."""

UNCLASSIFIED_COLOUR = "#d9d9d9"
RAMP = "viridis"
"""Its lightness rises evenly: neighbouring types of a table can be told in black and white too."""


def habitat(habitats: Habitats, assemblage: Assemblage, context: Context) -> NDArray[np.uint8]:
    """Return the most likely habitat type (n,), counted from 1; 0 for unclassified.

    Bayes' rule with equal priors on `likelihoods`. Unclassified are cells whose assemblage holds no taxon that the
    table names, and cells whose best type has less than half of the posterior probability.
    """
    logs = likelihoods(habitats, assemblage)
    share = 1 / np.exp(logs - logs.max(axis=1, keepdims=True)).sum(axis=1)
    told = (share >= LEAST_SHARE) & (assemblage.sum(habitats.known[assemblage.ids]) > 0)
    return np.where(told, logs.argmax(axis=1) + 1, UNCLASSIFIED).astype(np.uint8)


def habitat_indicator(context: Context) -> list[Indicator]:
    """Return the indicator of the context's habitat table, if it has one."""
    habitats = context.habitats
    if habitats is None:
        return []
    return [Indicator("habitat", "class", "class", partial(habitat, habitats),
                      lambda c: (0.0, float(len(habitats.codes))), lambda c: int(habitats.known.sum()),
                      f"{REFERENCE}{habitats.title}", classes=_classes(habitats),
                      params={"table": habitats.title})]


def _classes(habitats: Habitats) -> tuple[IndicatorClass, ...]:
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    shades = np.linspace(0.05, 0.95, len(habitats.codes))
    types = (IndicatorClass(value, code, to_hex(colormaps[RAMP](shade)), name if name == code else f"{code} {name}")
             for value, (code, name, shade) in enumerate(zip(habitats.codes, habitats.names, shades, strict=True), 1))
    return (IndicatorClass(UNCLASSIFIED, "unclassified", UNCLASSIFIED_COLOUR), *types)
