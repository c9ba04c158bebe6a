"""Response curves: how a model's score of one species changes with one predictor, on the site's own cells.

Partial dependence (Friedman 2001, Annals of Statistics 29, 1189–1232, https://doi.org/10.1214/aos/1013203451): the
predictor is set to one value after another in every cell of a sample, all others stay as they are in each cell, and
the scores are averaged. It says what the model does, not what the species does.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ProfileRequest
from geoplantnet_plugin.engine.assess.again import document_by_model, plan_again
from geoplantnet_plugin.engine.assess.look import sampled
from geoplantnet_plugin.engine.assessment.plan import Plan
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.reader import LocalCube
from geoplantnet_plugin.engine.models.card import ModelInput, Predictor
from geoplantnet_plugin.engine.models.runtime import Session
from geoplantnet_plugin.engine.sources.model import ModelPlan
from geoplantnet_plugin.engine.taxa.table import Taxon

Inputs = Mapping[str, NDArray[np.float32]]

MOST_CELLS, LEAST_CELLS, VALUES = 200, 20, 21
MOST_NUMBERS = 32 * 1024**2
"""Input values of one curve at once: of models with large inputs fewer cells are asked for."""
SPREAD = (0.1, 0.9)
"""Quantiles of the cells' own scores around their mean."""


@dataclass(frozen=True)
class Response:
    """One predictor: `scores` (mean over the cells) at `values`, between `low` and `high` in 80 % of the cells.

    `training` is the range of the training data, None where the card does not say; `site` (5 % and 95 %) is where the
    cells of the sample lie.
    """

    predictor: str
    title: str
    unit: str
    values: list[float]
    scores: list[float]
    low: list[float]
    high: list[float]
    training: tuple[float, float] | None
    site: tuple[float, float]


@dataclass(frozen=True)
class Responses:
    """The curves over `cells` of the site, scores on `scale`; `left_out` are predictors that have none.

    These are classes, and what enters the model as images or series alone.
    """

    scale: str
    cells: int
    curves: list[Response]
    left_out: list[str]


def responses(asked: ProfileRequest, taxon: Taxon, reporter: Reporter) -> Responses:
    """Open the assessment's model and predictors again and return the curves of a taxon.

    Raises:
        EngineError: the scores are no model's, or model or predictors are not here.
        Cancelled: the caller asked to stop.
    """
    document = document_by_model(asked.folder)
    plan = plan_again(asked.folder, document, asked.model, asked.predictors, asked.memory, reporter)
    with closing(plan.source):
        source = plan.source
        if not isinstance(source, ModelPlan):
            raise EngineError("verify_not_by_model", folder=asked.folder)
        inputs, cells = _sample(plan, source, reporter)
        session = source.session or Session(source.package, device=source.device)
        number = next((i for i, entry in enumerate(source.package.taxa) if entry.id == taxon.id), None)
        if number is None:
            raise EngineError("species_not_in_model", name=taxon.accepted_name, model=source.origin.title)
        batch = session.batch(asked.memory // 4)
        entries = [(entry, i, predictor) for entry in source.package.card.inputs
                   for i, predictor in enumerate(entry.predictors)]
        point = [item for item in entries if item[0].kind == "point" and not item[2].categorical]
        curves = []
        for done, (entry, i, predictor) in enumerate(point, 1):
            curves.append(_response(session, inputs, entry, i, predictor, number, batch, reporter))
            reporter.progress("responses", done, len(point))
            reporter.checkpoint()
    told = {curve.predictor for curve in curves}
    return Responses(source.origin.scale, cells, curves,
                     list(dict.fromkeys(item[2].title for item in entries if item[2].name not in told)))


def _sample(plan: Plan, source: ModelPlan, reporter: Reporter) -> tuple[dict[str, NDArray[np.float32]], int]:
    """Return the inputs of a sample of the site's cells, whole arrays, and how many cells that is."""
    fitting = MOST_NUMBERS // (VALUES * max(1, source.values_per_cell))
    wanted = int(np.clip(fitting, LEAST_CELLS, MOST_CELLS))
    with closing(LocalCube(source.cube, source.grid, source.package.card, reporter.checkpoint)) as cube:
        read = [cube.read(strip, rows) for strip, rows in sampled(plan.area, plan.grid, plan.blocks, wanted)]
    inputs = {name: np.concatenate([np.asarray(block.inputs[name]) for block in read])
              for name in (read[0].inputs if read else ())}
    cells = sum(len(block.cells) for block in read)
    if not cells:
        raise EngineError("assess_no_cell")
    return inputs, cells


def _response(session: Session, inputs: Inputs, entry: ModelInput, i: int, predictor: Predictor, taxon: int, batch: int,
              reporter: Reporter) -> Response:
    own = inputs[entry.name][:, i]
    training = predictor.range
    low, high = (float(value) for value in (own.min(), own.max()))
    if training:
        low, high = min(low, training[0]), max(high, training[1])
    values = np.linspace(low, high, VALUES, dtype=np.float32)
    scores = session.of_taxon(_set(session, inputs, entry, i, predictor.name, values), taxon, batch,
                              reporter.checkpoint).reshape(VALUES, len(own))
    spread = np.quantile(scores, SPREAD, axis=1)
    site = np.quantile(own, (0.05, 0.95))
    return Response(predictor.name, predictor.title, predictor.unit, values.tolist(), scores.mean(axis=1).tolist(),
                    spread[0].tolist(), spread[1].tolist(), training, (float(site[0]), float(site[1])))


def _set(session: Session, inputs: Inputs, entry: ModelInput, i: int, name: str, values: NDArray[np.float32]) -> Inputs:
    """Return the inputs of all cells once for each of `values`, to which the predictor is set.

    Where it is in the surroundings of a cell as well, these are shifted as the cell is: their relief stays.
    """
    own = inputs[entry.name][:, i]
    changed = {key: np.tile(array, (len(values), *(1,) * (array.ndim - 1))) for key, array in inputs.items()}
    target = np.repeat(values, len(own))
    changed[entry.name][:, i] = target
    shift = (target - np.tile(own, len(values)))[:, None, None]
    for other in session.package.card.inputs:
        for band, predictor in enumerate(other.predictors):
            if other.kind == "patch" and predictor.name == name:
                patch = changed[other.name][:, band]
                there = np.ones(patch.shape, np.bool_) if other.missing is None else patch != other.missing
                changed[other.name][:, band] = np.where(there, patch + shift, patch)
    return changed
