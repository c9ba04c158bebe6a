"""The model card: what a model needs, what it gives, how good it is, where it may be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from geoplantnet_plugin.engine.scores.ranked import Scale

InputKind = Literal["point", "patch", "series"]


@dataclass(frozen=True)
class Predictor:
    """One environmental variable: `range` is what the training data hold, `quantiles` their 5 % and 95 %."""

    name: str
    title: str
    unit: str
    categorical: bool = False
    range: tuple[float, float] | None = None
    quantiles: tuple[float, float] | None = None
    synonyms: tuple[str, ...] = ()
    categories: tuple[int, ...] = ()


@dataclass(frozen=True)
class ModelInput:
    """One ONNX input: its predictors in the order of its channels and how a cell's values are laid out.

    `resolution` is the predictors' native resolution in metres. `size` (height, width) in pixels of `pixel`
    metres holds for patches; `time` names the steps of a series, its shape `time_shape`. The runtime gives the
    graph ``(value - offset) / scale`` per channel; `missing` is the value that stands for *no data* in the
    input, None when a cell without data is left out.
    """

    name: str
    kind: InputKind
    predictors: tuple[Predictor, ...]
    resolution: float
    offset: tuple[float, ...] | None = None
    scale: tuple[float, ...] | None = None
    missing: float | None = None
    size: tuple[int, int] | None = None
    pixel: float | None = None
    time: tuple[str, ...] = ()
    time_shape: tuple[int, ...] = ()
    encoding: str = ""


@dataclass(frozen=True)
class Evaluation:
    """One evaluation protocol: means only, the baselines on the same folds."""

    protocol: str
    block_km: float | None
    folds: int
    seeds: tuple[int, ...]
    metric: str
    value: float
    interval: tuple[float, float] | None
    baselines: dict[str, float]


@dataclass(frozen=True)
class Card:
    """A model card (``card.json``, schema ``resources/schemas/card.schema.json``)."""

    name: str
    title: str
    version: str
    description: str
    licence: str
    inputs: tuple[ModelInput, ...]
    output: str
    scale: Scale
    default_rule: str
    resolution: float
    simulated: bool
    evaluation: tuple[Evaluation, ...]
    training: tuple[dict[str, Any], ...]
    limits: tuple[str, ...]
    calibration: dict[str, Any] | None
    domain: dict[str, Any] | None
    conformal: dict[str, Any] | None
    checksums: dict[str, str]

    @property
    def predictors(self) -> tuple[Predictor, ...]:
        """All predictors of all inputs, in order."""
        return tuple(predictor for entry in self.inputs for predictor in entry.predictors)
