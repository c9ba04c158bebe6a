"""What a fetch will write: which variables of which sources, on which pixels, from which files."""

from __future__ import annotations

from collections.abc import Iterator

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import FetchJob
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.matching import normalise
from geoplantnet_plugin.engine.cube.net.place import Asked, Place
from geoplantnet_plugin.engine.cube.net.plan_mosaics import mosaics
from geoplantnet_plugin.engine.cube.net.plan_scenes import composite
from geoplantnet_plugin.engine.cube.net.presets import Catalogue
from geoplantnet_plugin.engine.cube.net.products import Product
from geoplantnet_plugin.engine.cube.net.remote import Remote
from geoplantnet_plugin.engine.cube.net.workers import Workers
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
    card = _card(job.model)
    asked = list(_asked(job, catalogue, card, reporter))
    place = _place(read_area(job.area, job.grid_crs, reporter), job.resolution, _reach(card))
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


def _card(model: str) -> Card | None:
    from geoplantnet_plugin.engine.models.package import open_package

    return open_package(model).card if model else None


def _asked(job: FetchJob, catalogue: Catalogue, card: Card | None, reporter: Reporter) -> Iterator[Asked]:
    wanted = [{normalise(name) for name in (entry.name, *entry.synonyms)} for entry in card.predictors] if card else []
    found: set[int] = set()
    yielded = False
    for text in job.sources or tuple(catalogue.presets):
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
    if card and len(found) < len(wanted):
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
