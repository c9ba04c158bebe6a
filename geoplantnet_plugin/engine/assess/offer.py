"""The right model for an area: which models fit, how much of the area each knows, and why others do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ModelOptions
from geoplantnet_plugin.engine.assess.ground import ground_of
from geoplantnet_plugin.engine.assess.look import Look, look_at
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.reporters import Quiet
from geoplantnet_plugin.engine.cube.plan import Sources, open_sources
from geoplantnet_plugin.engine.models.package import list_packages, read_package
from geoplantnet_plugin.engine.sources.table import support_of
from geoplantnet_plugin.engine.where.area import Area

ENOUGH = 0.5
"""A model fits where it knows at least this share of the area."""
GIVEN = ("cube_", "base_cube_")
"""How the codes of faults begin that lie in what is given for a model on its own land."""
BEYOND = ("territory_outside", "base_cube_no_land")
"""Faults that say that an area lies beyond the land of a model."""


@dataclass(frozen=True)
class Offer:
    """A model for an area: `share` (0 to 1) of it that lies inside the model's domain and land, None where unknown.

    `problem` says why the model cannot be used there as things are, None where it can.
    """

    name: str
    title: str
    share: float | None
    problem: EngineError | None

    @property
    def fits(self) -> bool:
        """Whether the model can be used and knows enough of the area."""
        return self.problem is None and (self.share or 0.0) >= ENOUGH


def offers(area: Area, options: ModelOptions, sources: Sources, reporter: Reporter) -> list[Offer]:
    """Return all models for an area with the predictors in `sources`, those that `options` give, the best first."""
    found = []
    for entry in list_packages():
        reporter.checkpoint()
        if entry.card is None:
            found.append(Offer(entry.name, entry.name, None, entry.problem))
            continue
        try:
            look, outside = _look(str(entry.folder), area, sources, options, reporter)
            problem = _problem(look)
            share = None if problem or look.inside is None else look.inside * (1 - outside)
            found.append(Offer(entry.name, entry.card.title, share, problem))
        except EngineError as error:
            beyond = error.code in BEYOND
            found.append(Offer(entry.name, entry.card.title, 0.0 if beyond else None,
                               EngineError("offer_territory") if beyond else error))
    return sorted(found, key=lambda offer: (not offer.fits, offer.problem is not None, -(offer.share or 0.0)))


def with_model(options: Any, area: Area, reporter: Reporter) -> Any:
    """Return the options of a score source, with the model that alone fits the area where they name none.

    Raises:
        EngineError: ``model_none_fits`` and ``model_several_fit``, which list the models; a source of predictors
            cannot be read.
    """
    if not isinstance(options, ModelOptions) or options.model:
        return options
    sources = open_sources(options.predictors, Quiet(reporter))
    return chosen(options, offers(area, options, sources, reporter), reporter)


def chosen(options: ModelOptions, found: Sequence[Offer], reporter: Reporter) -> ModelOptions:
    """Return `options` with the one model among the offers that fits; see `with_model`.

    Where none does, but something given keeps just one that knows the land from fitting, that one: its own sentence
    says what is wrong.
    """
    fitting = [offer for offer in found if offer.fits]
    hindered = [offer for offer in found if offer.problem and offer.problem.code.startswith(GIVEN)]
    if not fitting and len(hindered) == 1 and all(offer.problem for offer in found):
        return replace(options, model=hindered[0].name)
    if len(fitting) != 1:
        raise EngineError("model_several_fit" if fitting else "model_none_fits",
                          models=[offer_line(offer) for offer in fitting or found])
    reporter.message("model_chosen", model=fitting[0].title, name=fitting[0].name,
                     share=round(100 * (fitting[0].share or 0.0)))
    return replace(options, model=fitting[0].name)


def offer_entry(offer: Offer) -> dict[str, Any]:
    """Return an offer for machines: `problem` is a code with its parameters, None without one."""
    problem = offer.problem
    return {"name": offer.name, "title": offer.title, "share": offer.share, "fits": offer.fits,
            "problem": None if problem is None else {"code": problem.code, "params": problem.params}}


def offer_line(offer: Offer) -> str:
    """Return a model with the share of the area that it knows, or why it does not fit."""
    if offer.problem:
        return f"{offer.name} ({offer.problem})"
    return f"{offer.name} (?)" if offer.share is None else f"{offer.name} ({100 * offer.share:.0f} %)"


def _look(folder: str, area: Area, sources: Sources, options: ModelOptions, reporter: Reporter) -> tuple[Look, float]:
    """Return the look, and the share of the area beyond the land that the model knows."""
    quiet = Quiet(reporter)
    ground = ground_of(area, None, support_of(replace(options, model=folder)), quiet)
    look = look_at(read_package(Path(folder)), sources, options.predictor_crs, ground, quiet)
    return look, ground.squares.outside if ground.squares else 0.0


def _problem(look: Look) -> EngineError | None:
    """Return why the predictors cannot be used: those that nothing gives in one sentence, else the first fault."""
    reds = [light for light in look.lights if light.state == "red"]
    missing = [light.predictor for light in reds if _code(light.notes) == "cube_predictor_missing"]
    if any(_code(light.notes) in BEYOND for light in reds):
        return EngineError("offer_territory")
    if missing:
        return EngineError("offer_predictors", count=len(missing), predictors=missing[:8])
    return EngineError(_code(reds[0].notes), **reds[0].notes[0]["params"]) if reds else None


def _code(notes: Sequence[dict[str, Any]]) -> str:
    return str(notes[0]["code"]) if notes else ""
