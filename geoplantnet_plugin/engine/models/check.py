"""Does a package keep its word? Every mismatch between card, graph and taxa table, in a sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.models.card import Card, ModelInput, card_from, card_problems, read_document
from geoplantnet_plugin.engine.models.domain import knows_domain
from geoplantnet_plugin.engine.models.graph import graph_problems, input_shape, load_graph
from geoplantnet_plugin.engine.models.package import (
    CARD,
    GRAPH,
    TAXA,
    ModelPackage,
    find_package,
    read_package_taxa,
    sha256,
    verify,
)
from geoplantnet_plugin.engine.models.runtime import Session
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa.table import TaxaTable

TRIAL_CELLS = 5


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong (``error``: the package cannot be used) or weak (``warning``)."""

    severity: Literal["error", "warning"]
    code: str
    params: dict[str, Any]

    @property
    def text(self) -> str:
        """The English sentence."""
        return render(self.code, self.params)


def check_package(name_or_path: str) -> list[Finding]:
    """Return everything found wrong or weak with a package; empty when all is well."""
    try:
        folder = find_package(name_or_path)
    except EngineError as problem:
        return [_error(problem)]
    return check_folder(folder)


def check_folder(folder: Path) -> list[Finding]:
    """Return the findings on the package in `folder`: files and card first, a trial run when these are right."""
    findings = [_error(problem) for problem in _file_problems(folder)]
    if findings:
        return findings
    card = card_from(read_document(folder / CARD))
    findings += [_error(problem) for problem in _checksum_problems(folder, card)]
    try:
        taxa = read_package_taxa(folder / TAXA)
        findings += [_error(problem) for problem in _graph_problems(folder, card, taxa)]
        findings += [_error(problem) for problem in _rule_problems(card, taxa)]
    except EngineError as problem:
        findings.append(_error(problem))
    if not findings:
        findings += _trial(ModelPackage(card, taxa, folder, sha256(folder / CARD)))
    return findings + [Finding("warning", code, params) for code, params in _silences(card)]


def _error(problem: EngineError) -> Finding:
    return Finding("error", problem.code, problem.params)


def _file_problems(folder: Path) -> Iterator[EngineError]:
    for file in (CARD, GRAPH, TAXA):
        if not (folder / file).is_file():
            yield EngineError("model_file_missing", folder=folder, file=file)
    try:
        yield from card_problems(read_document(folder / CARD))
    except EngineError as problem:
        yield problem


def _checksum_problems(folder: Path, card: Card) -> Iterator[EngineError]:
    for file, expected in card.checksums.items():
        try:
            verify(folder, file, expected)
        except EngineError as problem:
            yield problem


def _graph_problems(folder: Path, card: Card, taxa: TaxaTable) -> Iterator[EngineError]:
    yield from graph_problems(load_graph(folder / GRAPH), card, len(taxa))


def _rule_problems(card: Card, taxa: TaxaTable) -> Iterator[EngineError]:
    from geoplantnet_plugin.engine.assemblage import parse_rule
    from geoplantnet_plugin.engine.models.statements import statements_of

    try:
        parse_rule(card.default_rule, taxa, card.scale, statements_of(card))
    except EngineError as problem:
        yield problem


def _silences(card: Card) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a card does not say and a careful reader misses."""
    unknown = [p.name for p in card.predictors if p.range is None and not p.categories]
    if unknown:
        shown = unknown if len(unknown) <= 5 else [*unknown[:5], "…"]
        yield "model_check_no_range", {"count": len(unknown), "predictors": shown}
    if not knows_domain(card):
        yield "model_check_no_domain", {}
    if not card.evaluation:
        yield "model_check_no_evaluation", {}


def _trial(package: ModelPackage) -> list[Finding]:
    """Run a few random cells inside the predictors' ranges, together and one by one."""
    inputs = trial_inputs(package.card)
    try:
        session = Session(package, threads=1)
        together = _dense(session, inputs, TRIAL_CELLS)
        alone = _dense(session, inputs, 1)
    except EngineError as problem:
        return [_error(problem)]
    findings = list(_scale_findings(package.card, together))
    if not np.isfinite(together).all():
        return findings
    difference = float(np.abs(together - alone).max())
    if difference > 1e-3 * max(1.0, float(np.abs(together).max())):
        findings.append(Finding("error", "model_check_batch", {"difference": difference}))
    if np.ptp(together, axis=0).max() == 0:
        findings.append(Finding("warning", "model_check_constant", {}))
    return findings


def trial_inputs(card: Card, cells: int = TRIAL_CELLS, seed: int = 1) -> dict[str, NDArray[np.float32]]:
    """Return random inputs (`cells` rows) inside the ranges that the card gives, around its offsets elsewhere."""
    rng = np.random.default_rng(seed)
    return {entry.name: _trial_input(entry, cells, rng) for entry in card.inputs}


def _trial_input(entry: ModelInput, cells: int, rng: np.random.Generator) -> NDArray[np.float32]:
    beyond = input_shape(entry)[1:]
    columns = []
    for number, predictor in enumerate(entry.predictors):
        centre = entry.offset[number] if entry.offset else 0.0
        spread = abs(entry.scale[number]) if entry.scale else 1.0
        low, high = predictor.range or (centre - spread, centre + spread)
        if predictor.categories:
            columns.append(rng.choice(np.asarray(predictor.categories, float), (cells, *beyond)))
        else:
            columns.append(rng.uniform(low, high, (cells, *beyond)))
    return np.stack(columns, axis=1).astype(np.float32)


def _dense(session: Session, inputs: dict[str, NDArray[np.float32]], batch: int) -> NDArray[np.float32]:
    ranked = session.rank(inputs, len(session.package.taxa), batch)
    dense = np.empty_like(ranked.values)
    np.put_along_axis(dense, ranked.ids.astype(np.intp), ranked.values, axis=1)
    return dense


def _scale_findings(card: Card, scores: NDArray[np.float32]) -> Iterator[Finding]:
    scale = card.scale
    low, high = float(scores.min()), float(scores.max())
    within = low >= -1e-5 and high <= 1 + 1e-5
    sums_to_one = within and bool(np.allclose(scores.sum(axis=1), 1, atol=1e-3))
    shown = {"scale": scale.value, "low": low, "high": high}
    if not np.isfinite([low, high]).all() or (scale in (Scale.SIGMOID, Scale.SOFTMAX) and not within):
        yield Finding("error", _where_to_look(card, low, high), shown)
    elif scale is Scale.SOFTMAX and not sums_to_one:
        yield Finding("error", "model_check_softmax", {"total": float(scores.sum(axis=1).mean())})
    elif (scale is Scale.LOGIT and within) or (scale is Scale.SIGMOID and sums_to_one and scores.shape[1] > 1):
        yield Finding("warning", "model_check_other_scale", shown)


def _where_to_look(card: Card, low: float, high: float) -> str:
    """Return the code of the sentence that says which of graph, ranges and scale does not fit scores beyond 0 to 1.

    Numbers that are none come from the graph; a predictor without a range was tried with made-up values; scores on both
    sides of 0 look like logits; anything else is a last step that the graph lacks.
    """
    if not np.isfinite([low, high]).all():
        return "model_check_scale_graph"
    if any(predictor.range is None and not predictor.categories for predictor in card.predictors):
        return "model_check_scale_range"
    return "model_check_scale" if low < 0 else "model_check_scale_graph"
