"""Cards and lists of models as plain text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from geoplantnet_plugin.engine.models.card import Card, Evaluation, ModelInput, Predictor
from geoplantnet_plugin.engine.models.domain import knows_domain
from geoplantnet_plugin.engine.models.graph import input_shape
from geoplantnet_plugin.engine.models.package import Listed, ModelPackage
from geoplantnet_plugin.engine.scores.ranked import Scale

SHOWN_PREDICTORS = 30
SCALES = {
    Scale.LOGIT: "logit (log-odds)",
    Scale.SIGMOID: "sigmoid (0 to 1, each taxon by itself)",
    Scale.SOFTMAX: "softmax (0 to 1, all taxa of a cell sum to 1)",
    Scale.RELATIVE: "relative (ranks taxa, means nothing else)",
}


def table(models: Sequence[Listed]) -> str:
    """Return the models as a table."""
    rows = [("NAME", "VERSION", "", "TITLE")]
    rows += [(entry.name, entry.card.version if entry.card else "?", "bundled" if entry.bundled else "own",
              entry.card.title if entry.card else f"cannot be used: {entry.problem}") for entry in models]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
                     for row in rows)


def card_text(package: ModelPackage) -> str:
    """Return a card as text: what the model is, needs and gives, how good it is and where it may be used."""
    return "\n".join(_lines(package))


def _lines(package: ModelPackage) -> Iterator[str]:
    card = package.card
    yield f"{card.title} ({card.name} {card.version})"
    if card.simulated:
        yield "SIMULATED: trained on simulated data; no statement about real plants."
    yield card.description
    yield ""
    yield f"Taxa        {len(package.taxa)}"
    yield f"Scores      {SCALES[card.scale]}; set rule if none is chosen: {card.default_rule}"
    yield f"Resolution  {card.resolution:g} m: a finer map is smoother, not more detailed"
    yield f"Licence     {card.licence}"
    if card.attribution:
        yield f"Credit      {card.attribution}"
    yield f"Folder      {package.folder}{' (bundled, read-only)' if package.bundled else ''}"
    yield f"SHA-256     {package.digest}"
    if card.quantization:
        yield f"Precision   {_quantization(card.quantization)}"
    for entry in card.inputs:
        yield ""
        yield from _input_lines(entry)
    yield ""
    yield from _evidence(card)


def _quantization(stated: dict[str, Any]) -> str:
    kept = f"; {stated['top_kept']:.1%} of the best {stated['top']} taxa are the same" if "top_kept" in stated else ""
    return (f"{stated['method']}; over {stated['measured_cells']} cells scores differ by "
            f"{stated['score_mean_difference']:.2g} in the mean, {stated['score_max_difference']:.2g} at most{kept}")


def _input_lines(entry: ModelInput) -> Iterator[str]:
    shape = " × ".join(str(size) for size in input_shape(entry))
    pixel = f" of {entry.pixel:g} m" if entry.pixel else ""
    yield f"Input {entry.name}: {entry.kind}, {shape} values{pixel} a cell, predictors at {entry.resolution:g} m"
    if entry.encoding:
        yield f"  {entry.encoding}"
    for predictor in entry.predictors[:SHOWN_PREDICTORS]:
        yield f"  {predictor.name}: {predictor.title}{_unit(predictor)}{_range(predictor)}"
    if len(entry.predictors) > SHOWN_PREDICTORS:
        yield f"  … and {len(entry.predictors) - SHOWN_PREDICTORS} more"


def _unit(predictor: Predictor) -> str:
    return f" [{predictor.unit}]" if predictor.unit else ""


def _range(predictor: Predictor) -> str:
    if predictor.categories:
        return f", {len(predictor.categories)} categories"
    return f", {predictor.range[0]:g} to {predictor.range[1]:g}" if predictor.range else ", range unknown"


def _evidence(card: Card) -> Iterator[str]:
    yield "How good it is"
    yield from [f"  {_evaluation(entry)}" for entry in card.evaluation] or ["  not stated in the card"]
    yield f"Domain: {'known; cells outside it are marked' if knows_domain(card) else 'not stated in the card'}"
    yield "Trained on"
    yield from [f"  {_facts(entry)}" for entry in card.training] or ["  not stated in the card"]
    if card.limits:
        yield "Do not use it for"
        yield from [f"  {limit}" for limit in card.limits]


def _evaluation(entry: Evaluation) -> str:
    blocks = f", blocks of {entry.block_km:g} km" if entry.block_km else ""
    interval = f" ({entry.interval[0]:g} to {entry.interval[1]:g})" if entry.interval else ""
    beside = ", ".join(f"{name} {value:g}" for name, value in entry.baselines.items())
    return (f"{entry.protocol}, {entry.folds} folds{blocks}: {entry.metric} {entry.value:g}{interval}"
            f"{f'; on the same folds {beside}' if beside else ''}")


def _facts(entry: dict[str, object]) -> str:
    return "; ".join(f"{key}: {value}" for key, value in entry.items())
