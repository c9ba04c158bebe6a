"""Traffic lights: for each predictor of a model the band it would be bound to, and what to think of that.

A plan stops at the first fault; here every predictor is judged by itself, so that a person sees all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.reporters import Quiet, Recorder
from geoplantnet_plugin.engine.cube.matching import Slot, slots
from geoplantnet_plugin.engine.cube.naming import normalise
from geoplantnet_plugin.engine.cube.plan import Binding, CubePlan, Sources, make_plan
from geoplantnet_plugin.engine.cube.recipes import RECIPE
from geoplantnet_plugin.engine.cube.sources import Band
from geoplantnet_plugin.engine.models.card import Card, ModelInput, Predictor
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Grid

State = Literal["green", "yellow", "red"]

COARSER = 1.1
"""Square pixels in degrees or another projection never match to the metre; 10 % is no news."""
ACCEPTABLE = ("cube_units_implausible",)
"""Faults that a person may overrule: the band is known, its values are in doubt."""


@dataclass(frozen=True)
class Light:
    """One predictor: *green* bound, *yellow* bound but worth a look, *red* not usable as it is.

    `source` and `band` say what it is bound to, blank and 0 without one; `resolution` (m) is the coarsest and
    `coverage` (% of the area) the lowest of its time steps, of which there are `steps`. `notes` are what to look
    at: ``code`` and ``params`` of the catalogue. `base` names the base cube that it is taken from, blank for the user's
    own rasters; `fetch` is what to ask the net for (``chelsa:bio1``, ``recipe:ddeg0``), blank where the card names no
    source there.
    """

    predictor: str
    title: str
    unit: str
    state: State
    steps: int
    source: str = ""
    band: int = 0
    name: str = ""
    resolution: float = 0.0
    coverage: float = 0.0
    notes: list[dict[str, Any]] = field(default_factory=list)
    base: str = ""
    fetch: str = ""


def lights(card: Card, sources: Sources, grid: Grid, area: Area, predictor_crs: str | None,
           reporter: Reporter) -> list[Light]:
    """Return one light a predictor of `card`, in its order; inputs that share a predictor share its light."""
    wanted = slots(card)
    found: dict[str, Light] = {}
    for entry in card.inputs:
        for predictor in entry.predictors:
            if predictor.name not in found:
                reporter.checkpoint()
                own = replace(sources, bands=_without_others(predictor, wanted, sources.bands))
                heard = Recorder(Quiet(reporter))
                found[predictor.name] = _light(card, entry, predictor, own, grid, area, predictor_crs, heard)
    return list(_shared_bands_refused(found.values()))


def _without_others(predictor: Predictor, wanted: Sequence[Slot], bands: Iterable[Band]) -> tuple[Band, ...]:
    """Leave out bands that are another predictor by name: a name beats a synonym."""
    others = {name for slot in wanted if slot.predictor.name != predictor.name
              for name in slot.wanted([slot.predictor.name])}
    own = {name for slot in wanted if slot.predictor.name == predictor.name
           for name in slot.wanted([predictor.name])}

    def usable(band: Band) -> bool:
        names = {normalise(alias) for alias in band.aliases}
        return bool(names & own) or not names & others

    return tuple(band for band in bands if usable(band))


def _light(card: Card, entry: ModelInput, predictor: Predictor, sources: Sources, grid: Grid, area: Area,
           predictor_crs: str | None, heard: Recorder) -> Light:
    alone = replace(card, inputs=(replace(entry, predictors=(predictor,)),))
    named = {(predictor.name, slot.step) for slot in slots(alone)}
    edited = {(edit.source, edit.band) for edit in sources.edits if edit.key in named}
    own = Sources(sources.bands, tuple(edit for edit in sources.edits if edit.key in named))
    head = Light(predictor.name, predictor.title, predictor.unit, "red", len(named), fetch=_on_the_net(predictor))
    fault: list[dict[str, Any]] = []
    try:
        plan = make_plan(alone, own, grid, area, predictor_crs, warner=heard)
    except EngineError as error:
        fault = [{"code": error.code, "params": error.params}]
        if error.code not in ACCEPTABLE:
            return _with_edit(replace(head, notes=fault), edited)
        plan = make_plan(alone, own, grid, area, predictor_crs, warner=heard, accept_units=(predictor.name,))
    notes = [*fault, *heard.warnings, *_remarks(plan, entry)]
    return _bound(replace(head, state="red" if fault else "yellow" if notes else "green", notes=notes), plan)


def _on_the_net(predictor: Predictor) -> str:
    """Return the first source on the net that the card names for a predictor, or what it is derived by."""
    named = (f"{source['preset']}:{source['variable']}" if "preset" in source else f"{RECIPE}{predictor.name}"
             for source in predictor.sources if "preset" in source or "recipe" in source)
    return next(named, "")


def _with_edit(light: Light, edited: Iterable[tuple[str, int]]) -> Light:
    """A band that was asked for and cannot be used is named."""
    source, band = next(iter(sorted(edited)), ("", 0))
    return replace(light, source=source, band=band)


def _bound(light: Light, plan: CubePlan) -> Light:
    first = plan.bindings[0].band
    return replace(light, source=first.path, band=first.index, name=first.name, base=first.base,
                   resolution=max(binding.resolution for binding in plan.bindings),
                   coverage=round(min(binding.coverage for binding in plan.bindings), 2))


def _remarks(plan: CubePlan, entry: ModelInput) -> Iterator[dict[str, Any]]:
    binding = plan.bindings[0]
    if binding.how == "synonym":
        yield {"code": "fit_synonym", "params": {"predictor": binding.predictor, "band": _name(binding)}}
    if binding.band.recipe:
        yield {"code": "fit_recipe", "params": {"predictor": binding.predictor}}
    coarsest = 0.0 if binding.how == "base" else max(binding.resolution for binding in plan.bindings)
    if coarsest > COARSER * entry.resolution:
        yield {"code": "fit_coarser", "params": {"predictor": binding.predictor, "resolution": round(coarsest),
                                                 "expected": entry.resolution}}


def _name(binding: Binding) -> str:
    return binding.band.name or binding.band.label


def _shared_bands_refused(found: Iterable[Light]) -> Iterator[Light]:
    """A band that two predictors would take by synonym is neither's."""
    found = list(found)
    by_synonym = {light.predictor for light in found if any(note["code"] == "fit_synonym" for note in light.notes)}
    for light in found:
        others = [other.predictor for other in found if other is not light and other.source
                  and (other.source, other.band) == (light.source, light.band)]
        if others and light.predictor in by_synonym:
            params = {"band": light.name, "predictors": [*others, light.predictor]}
            yield replace(light, state="red", notes=[{"code": "cube_band_twice", "params": params}])
        else:
            yield light
