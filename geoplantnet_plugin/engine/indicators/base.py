"""What an indicator is, and what it is computed from besides the assemblage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.messages import Message
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.scores.presences import Presences
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa.statuses import as_arrays
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon

if TYPE_CHECKING:
    from geoplantnet_plugin.engine.indicators.habitat_table import Habitats

Question = Callable[[Taxon], "bool | None"]
Known = Callable[["Context"], int]


class Context:
    """The taxa table and the scores' scale; answers about taxa are worked out once for all blocks.

    `dispersion` multiplies the variance of numbers of taxa (see `uncertainty`); None where nobody says that the
    scores are calibrated. `block_sd` is how far a taxon's scores are off in whole blocks (see `share_interval`), None
    where nobody states it or the scores are no probabilities.
    """

    def __init__(self, taxa: TaxaTable, scale: Scale, dispersion: float | None = None,
                 habitats: Habitats | None = None, block_sd: float | None = None) -> None:
        self.taxa = taxa
        self.scale = scale
        self.dispersion = dispersion
        self.habitats = habitats
        self.block_sd = block_sd if scale in (Scale.LOGIT, Scale.SIGMOID) else None
        self._answers: dict[Question, tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {}
        self._codes: dict[Callable[[Taxon], int], NDArray[np.uint8]] = {}

    def codes(self, code: Callable[[Taxon], int]) -> NDArray[np.uint8]:
        """Return `code` of every taxon (taxa,)."""
        if code not in self._codes:
            self._codes[code] = np.array([code(taxon) for taxon in self.taxa], np.uint8)
        return self._codes[code]

    def ask(self, question: Question) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return, for every taxon, whether the answer is yes and whether it is known; both (taxa,)."""
        if question not in self._answers:
            self._answers[question] = as_arrays(self.taxa, question)
        return self._answers[question]


@dataclass(frozen=True)
class IndicatorClass:
    """One class of a class layer: raster value, its code (``VU``) or catalogue key, legend colour."""

    value: int
    code: str
    colour: str
    name: str = ""

    def label(self) -> Message | str:
        """Return the legend text: `name` where the catalogue has none, as for the types of a habitat table."""
        return self.name or Message(f"class_{self.code}")


@dataclass(frozen=True)
class Uncertainty:
    """The layers beside an indicator that say how sure it is: ``lower`` and ``upper``, or ``probability``.

    `compute` takes the presences of n cells and the indicator's values (n,) and returns one (n,) float32 a layer,
    NaN as nodata: in the indicator's unit, or a probability.
    """

    layers: tuple[str, ...]
    compute: Callable[[Presences, NDArray[Any], Context], tuple[NDArray[np.float32], ...]]


@dataclass(frozen=True)
class Indicator:
    """One number or class a cell.

    `compute` returns (n,) for the n cells of an assemblage: float32 with NaN as nodata (`continuous`) or
    uint8 with `NODATA_CLASS` (`class`). `bounds` are those of the legend: fixed by the taxa, never by the
    data, so that maps compare; values beyond them are possible. `known` counts the taxa whose status the
    indicator can use: with 0 the whole layer is unknown. Texts are in the catalogue:
    ``indicator_{texts}_title`` and ``…_definition``, and ``unit_{unit_code}``.
    """

    id: str
    kind: Literal["continuous", "class"]
    unit_code: str
    compute: Callable[[Assemblage, Context], NDArray[Any]]
    bounds: Callable[[Context], tuple[float, float]]
    known: Known
    reference: str
    scales: tuple[Scale, ...] = tuple(Scale)
    classes: tuple[IndicatorClass, ...] = ()
    texts: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    uncertainty: Uncertainty | None = None

    def uncertainty_layers(self, context: Context) -> tuple[str, ...]:
        """Return the names of the layers of `uncertainty`: none where the scores are no calibrated probabilities."""
        if self.uncertainty is None or context.dispersion is None or context.scale not in (Scale.LOGIT, Scale.SIGMOID):
            return ()
        return self.uncertainty.layers

    def title(self) -> Message:
        """Return the layer's name."""
        return Message(f"indicator_{self.texts or self.id}_title", self.params)

    def definition(self) -> Message:
        """Return what the number means, in one or two sentences, with its nodata rule."""
        return Message(f"indicator_{self.texts or self.id}_definition", self.params)

    def unit(self) -> Message:
        """Return the unit of the values."""
        return Message(f"unit_{self.unit_code}")
