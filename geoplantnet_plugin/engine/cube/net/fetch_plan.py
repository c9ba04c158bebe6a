"""What a fetch will write: which variables of which sources, on which pixels, from which files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import FetchJob
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.naming import normalise
from geoplantnet_plugin.engine.cube.net.place import Asked, Place
from geoplantnet_plugin.engine.cube.net.plan_mosaics import mosaics
from geoplantnet_plugin.engine.cube.net.plan_scenes import composite
from geoplantnet_plugin.engine.cube.net.presets import Catalogue
from geoplantnet_plugin.engine.cube.net.products import Product
from geoplantnet_plugin.engine.cube.net.remote import Remote
from geoplantnet_plugin.engine.cube.net.workers import Workers
from geoplantnet_plugin.engine.cube.recipes import CLIMATE, ELEVATION, RECIPE, Recipe, reach_of, recipes_of
from geoplantnet_plugin.engine.models.card import Card
from geoplantnet_plugin.engine.services.cache import Cache
from geoplantnet_plugin.engine.where.area import Area, read_area
from geoplantnet_plugin.engine.where.grid import Grid

MARGIN = 100.0
"""Metres around the area that are fetched besides, so that cells at its edge are resampled from all sides."""
MOST_WRITTEN = 400_000_000
"""Pixels of one band of a result."""


def plan_fetch(job: FetchJob, catalogue: Catalogue, remote: Remote, cache: Cache, workers: Workers,
               reporter: Reporter) -> list[Product]:
    """Return what is to be written. Headers of files are read for it, and lists of scenes.

    Warns: ``net_tiles_missing``, ``net_scene_left_out``, ``net_predictors_elsewhere``.

    Raises:
        EngineError: whatever makes the fetch impossible.
    """
    card = model_card(job)
    recipes = asked_recipes(job, card)
    asked = [*_ingredients(recipes, catalogue), *_asked(job, catalogue, card, recipes, reporter)]
    place = _place(read_area(job.area, job.grid_crs, reporter), job.resolution, max(_reach(card), reach_of(recipes)))
    products: list[Product] = []
    for entry in asked:
        reporter.checkpoint()
        if entry.preset.scenes:
            products.append(composite(entry, entry.preset.scenes, job, place, remote, workers, reporter))
        else:
            products += mosaics(entry, place, remote, cache, catalogue.keep_days, workers, reporter)
    for product in products:
        pixels = product.geobox.height * product.geobox.width
        if pixels > MOST_WRITTEN:
            raise EngineError("net_result_too_large", source=product.preset.title, pixels=pixels, limit=MOST_WRITTEN)
    return products


def model_card(job: FetchJob) -> Card | None:
    """Return the card of the model that is fetched for, None without one."""
    from geoplantnet_plugin.engine.models.package import open_package

    return open_package(job.model).card if job.model else None


def asked_recipes(job: FetchJob, card: Card | None) -> list[Recipe]:
    """Return the recipes of a model that are asked for: those named, all where no source is."""
    named = [text.removeprefix(RECIPE) for text in job.sources if text.startswith(RECIPE)]
    return recipes_of(card, named) if card and (named or not job.sources) else []


def _ingredients(recipes: Sequence[Recipe], catalogue: Catalogue) -> Iterator[Asked]:
    if recipes:
        preset = catalogue.preset(ELEVATION)
        yield Asked(preset, preset.chosen(("elevation",)))
    if any(recipe.needs_climate for recipe in recipes):
        preset = catalogue.preset(CLIMATE)
        yield Asked(preset, preset.variables)


def _asked(job: FetchJob, catalogue: Catalogue, card: Card | None, recipes: Sequence[Recipe], reporter: Reporter
           ) -> Iterator[Asked]:
    wanted = [{normalise(name) for name in (entry.name, *entry.synonyms)} for entry in card.predictors] if card else []
    derived = {recipe.predictor for recipe in recipes}
    found = {at for at, entry in enumerate(card.predictors) if entry.name in derived} if card else set()
    yielded = bool(recipes)
    for text in job.sources or tuple(catalogue.presets):
        if text.startswith(RECIPE):
            continue
        name, _, listed = text.partition(":")
        preset = catalogue.preset(name)
        variables = preset.chosen(tuple(filter(None, listed.split(","))))
        if card:
            fitting = {at: entry for entry in variables for at, names in enumerate(wanted)
                       if names & {normalise(word) for word in (entry.name, *entry.synonyms)}}
            found |= set(fitting)
            variables = tuple(dict.fromkeys(entry for entry in variables if entry in fitting.values()))
        if variables:
            yielded = True
            yield Asked(preset, variables)
    if card and not yielded:
        raise EngineError("net_nothing_for_model", model=card.name, predictors=[p.name for p in card.predictors])
    if card and len(found) < len(wanted) and not any(text.startswith(RECIPE) for text in job.sources):
        others = [entry.name for at, entry in enumerate(card.predictors) if at not in found]
        reporter.warning("net_predictors_elsewhere", predictors=others)


def _reach(card: Card | None) -> float:
    """How far a model looks beyond a cell, in metres: half its largest patch."""
    entries = card.inputs if card else ()
    return max((max(entry.size) * entry.pixel / 2 for entry in entries if entry.size and entry.pixel), default=0.0)


def _place(area: Area, resolution: float | None, reach: float) -> Place:
    left, bottom, right, top = area.shape.bounds
    around = MARGIN + reach
    bounds = (left - around, bottom - around, right + around, top + around)
    return Place(area.crs, bounds, Grid.covering(area.crs, resolution, bounds) if resolution else None)
