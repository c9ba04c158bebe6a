"""The model card: what a model needs, what it gives, how good it is, where it may be used."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.messages import plain_number
from geoplantnet_plugin.engine.scores.ranked import Scale

CARD_SCHEMA = 1
MAX_CARD_BYTES = 16 * 1024**2

InputKind = Literal["point", "patch", "series"]


@dataclass(frozen=True)
class Predictor:
    """One environmental variable: `range` is what the training data hold, `quantiles` their 5 % and 95 %.

    `sources` say where a user gets it, best first: ``{"cube", "band"}`` of a base cube that ships, or ``{"preset",
    "variable"}`` of ``sources.json``. `resampling` is how the training data were taken from their raster, which cells
    then are too; blank where the model does not mind.
    """

    name: str
    title: str
    unit: str
    categorical: bool = False
    range: tuple[float, float] | None = None
    quantiles: tuple[float, float] | None = None
    synonyms: tuple[str, ...] = ()
    categories: tuple[int, ...] = ()
    sources: tuple[dict[str, str], ...] = ()
    resampling: Literal["", "nearest", "bilinear", "average", "mode"] = ""


@dataclass(frozen=True)
class ModelInput:
    """One ONNX input: its predictors in the order of its channels and how a cell's values are laid out.

    `resolution` is the predictors' native resolution in metres. `size` (height, width) in pixels of `pixel`
    metres holds for patches; `time` names the steps of a series, its shape `time_shape`. The runtime gives
    the graph ``(value - offset) / scale`` per channel; `missing` is the value that stands for *no data* in
    the input, None when a cell without data is left out.
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
class Support:
    """The piece of land that a score speaks of: a square of `side` metres."""

    side: float


@dataclass(frozen=True)
class Effort:
    """How well the land is taken as explored: `level` of `measure`, and how that was `chosen`."""

    level: float
    measure: str
    chosen: str


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
    attribution: str = ""
    quantization: dict[str, Any] | None = None
    support: Support | None = None
    effort: Effort | None = None

    @property
    def predictors(self) -> tuple[Predictor, ...]:
        """All predictors of all inputs, in order."""
        return tuple(predictor for entry in self.inputs for predictor in entry.predictors)


def read_card(path: Path) -> Card:
    """Read and validate a ``card.json``.

    Raises `EngineError` with the first of `card_problems`, or when the file is not readable JSON.
    """
    document = read_document(path)
    for problem in card_problems(document):
        raise problem
    return card_from(document)


def read_document(path: Path) -> Any:
    """Return the JSON of a card file, unvalidated. Not-a-number and files over 16 MiB are refused."""
    import json

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not a number")

    try:
        if path.stat().st_size > MAX_CARD_BYTES:
            raise ValueError("larger than 16 MiB")
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=refuse)
    except (OSError, ValueError, RecursionError) as error:
        raise EngineError("model_card_unreadable", card=path, reason=str(error)) from error


def card_problems(document: Any) -> Iterator[EngineError]:
    """Yield one error for each way in which a card's JSON breaks the schema or contradicts itself."""
    found = document.get("schema") if isinstance(document, dict) else None
    if isinstance(found, int) and found != CARD_SCHEMA:
        yield EngineError("model_card_version", found=found, supported=CARD_SCHEMA)
        return
    violations = list(_schema_violations(document))
    yield from violations
    if not violations:
        yield from _contradictions(card_from(document))


def _schema_violations(document: Any) -> Iterator[EngineError]:
    import json

    from jsonschema import Draft202012Validator

    from geoplantnet_plugin.common.resources import RESOURCES

    schema = json.loads((RESOURCES / "schemas" / "card.schema.json").read_text(encoding="utf-8"))
    for error in sorted(Draft202012Validator(schema).iter_errors(document), key=lambda e: e.json_path):
        for leaf in error.context or [error]:
            if leaf.validator != "type" or leaf.validator_value != "null":
                yield _invalid(leaf.json_path.removeprefix("$").lstrip("."), leaf.message)


def _invalid(where: str, problem: str) -> EngineError:
    shown = problem if len(problem) <= 200 else f"{problem[:100]} … {problem[-80:]}"
    return EngineError("model_card_invalid", where=where or "its top level", problem=shown)


def _contradictions(card: Card) -> Iterator[EngineError]:
    names = [entry.name for entry in card.inputs]
    if len(set(names)) < len(names):
        yield _invalid("inputs", "two inputs have the same name")
    for number, entry in enumerate(card.inputs):
        where = f"inputs[{number}]"
        own = [predictor.name for predictor in entry.predictors]
        if len(set(own)) < len(own):
            yield _invalid(f"{where}.predictors", "two predictors have the same name")
        for key, values in (("offset", entry.offset), ("scale", entry.scale)):
            if values is not None and len(values) != len(own):
                yield _invalid(f"{where}.{key}", f"{len(values)} numbers for {len(own)} predictors")
        if entry.time and len(entry.time) != math.prod(entry.time_shape):
            shape = " × ".join(str(size) for size in entry.time_shape)
            yield _invalid(f"{where}.time", f"{len(entry.time)} steps for {shape}")
        for predictor in entry.predictors:
            for key, pair in (("range", predictor.range), ("quantiles", predictor.quantiles)):
                if pair is not None and pair[0] > pair[1]:
                    low, high = map(plain_number, pair)
                    yield _invalid(f"{where}: {key} of {predictor.name}", f"{low} is above {high}")
    yield from _domain_contradictions(card)


def _domain_contradictions(card: Card) -> Iterator[EngineError]:
    known = {predictor.name for predictor in card.predictors}
    for name, values in (card.domain["values"] if card.domain else {}).items():
        if name not in known:
            yield _invalid(f"domain.values.{name}", "no input has such a predictor")
        if any(low > high for low, high in zip(values, values[1:], strict=False)):
            yield _invalid(f"domain.values.{name}", "the percentiles do not ascend")


def card_from(document: dict[str, Any]) -> Card:
    """Return the card of a valid JSON document."""
    fields = {key: value for key, value in document.items() if key != "schema"}
    defaults: dict[str, Any] = {"calibration": None, "domain": None, "conformal": None}
    return Card(**{
        **defaults,
        **fields,
        "inputs": tuple(_input(entry) for entry in fields["inputs"]),
        "scale": Scale(fields["scale"]),
        "evaluation": tuple(_evaluation(entry) for entry in fields.get("evaluation", ())),
        "training": tuple(fields.get("training", ())),
        "limits": tuple(fields.get("limits", ())),
        "support": Support(**fields["support"]) if fields.get("support") else None,
        "effort": Effort(**fields["effort"]) if fields.get("effort") else None,
    })


def _input(entry: dict[str, Any]) -> ModelInput:
    predictors = tuple(Predictor(**_tuples(predictor)) for predictor in entry["predictors"])
    return ModelInput(**{**_tuples(entry), "predictors": predictors})


def _evaluation(entry: dict[str, Any]) -> Evaluation:
    return Evaluation(**{"seeds": (), "interval": None, "baselines": {}, **_tuples(entry)})


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
