"""What an indicator is, and what it is computed from besides the assemblage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.messages import Message
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.scores.calibration import Calibration
from geoplantnet_plugin.engine.scores.presences import Presences
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa.statuses import as_arrays
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon

if TYPE_CHECKING:
    from geoplantnet_plugin.engine.indicators.habitat_table import Habitats

COUNTED = ("expected", "lower", "upper")
"""The layers of what is counted: the estimate and its interval."""

Question = Callable[[Taxon], "bool | None"]
Known = Callable[["Context"], int]


class Context:
    """The taxa table and the scores' scale; answers about taxa are worked out once for all blocks.

    `calibration` is what the score source states of its scores as probabilities; None where it states none or the
    scores are no probabilities of presence: then nothing is said of how sure something is. `of_squares` says that a
    score speaks of a square of kilometres, which holds more taxa than the legends of small cells have room for.
    """

    def __init__(self, taxa: TaxaTable, scale: Scale, calibration: Calibration | None = None,
                 habitats: Habitats | None = None, of_squares: bool = False) -> None:
        self.taxa = taxa
        self.scale = scale
        self.calibration = calibration if scale in (Scale.LOGIT, Scale.SIGMOID) else None
        self.habitats = habitats
        self.of_squares = of_squares
        self._answers: dict[Question, tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {}
        self._codes: dict[Callable[[Taxon], int], NDArray[np.uint8]] = {}

    @property
    def shared_sd(self) -> float:
        """How far the presences of a cell's taxa go together; 0 where nobody states it."""
        return (self.calibration.shared_sd if self.calibration else None) or 0.0

    @property
    def grouped_sd(self) -> float:
        """The same for the taxa of a list, which have something in common; that of all taxa where nobody states it."""
        return (self.calibration.grouped_sd if self.calibration else None) or self.shared_sd

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
    """The layers beside an indicator that say what is truly there and how sure that is: `COUNTED` or ``probability``.

    The indicator itself is the set rule's; ``expected`` is the estimate that ``lower`` and ``upper`` enclose.

    `compute` takes the presences of n cells and the indicator's values (n,) and returns one (n,) float32 a layer,
    NaN as nodata: in the indicator's unit, or a probability. Where it `needs` a name, it is made only for sources that
    state by this name what its intervals hold (`Calibration.held`).
    """

    layers: tuple[str, ...]
    compute: Callable[[Presences, NDArray[Any], Context], tuple[NDArray[np.float32], ...]]
    needs: str = ""


@dataclass(frozen=True)
class Indicator:
    """One number or class a cell.

    `compute` returns (n,) for the n cells of an assemblage: float32 with NaN as nodata (`continuous`) or
    uint8 with `NODATA_CLASS` (`class`). `bounds` are those of the legend: fixed by the taxa, never by the
    data, so that maps compare; values beyond them are possible. `known` counts the taxa whose status the
    indicator can use: with 0 the whole layer is unknown. What counts taxa asks a `question` of them; where its answer
    is yes for none of them, the number could only be 0 and the layer says nothing. `list_kind` is the kind of the
    lists behind it, `as_of` their dates. Texts are in the catalogue: ``indicator_{texts}_title`` and
    ``…_definition``, and ``unit_{unit_code}``.
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
    question: Question | None = None
    list_kind: str = ""
    as_of: str = ""

    def says(self, context: Context) -> bool:
        """Whether the layer can say something of these taxa: see `question`."""
        return self.question is None or bool(context.ask(self.question)[0].any())

    def uncertainty_layers(self, context: Context) -> tuple[str, ...]:
        """Return the names of the layers of `uncertainty`: none where the scores are no calibrated probabilities."""
        if self.uncertainty is None or context.calibration is None or context.calibration.shared_sd is None:
            return ()
        measured = self.uncertainty.needs in ("", *context.calibration.held)
        return self.uncertainty.layers if measured and self.says(context) else ()

    def title(self) -> Message:
        """Return the layer's name, with the date of the lists behind it."""
        title = Message(f"indicator_{self.texts or self.id}_title", self.params)
        return Message("indicator_as_of", {"title": title, "date": self.as_of}) if self.as_of else title

    def definition(self) -> Message:
        """Return what the number means, in one or two sentences, with its nodata rule."""
        return Message(f"indicator_{self.texts or self.id}_definition", self.params)

    def unit(self) -> Message:
        """Return the unit of the values."""
        return Message(f"unit_{self.unit_code}")
