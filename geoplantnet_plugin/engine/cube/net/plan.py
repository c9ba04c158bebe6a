"""What a fetch will write: which variables of which sources, on which pixels, from which files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from geoplantnet_plugin.engine.area import Area, read_area
from geoplantnet_plugin.engine.cube.geometry import Bounds, project_bounds
from geoplantnet_plugin.engine.cube.matching import normalise
from geoplantnet_plugin.engine.cube.net.file import file_name
from geoplantnet_plugin.engine.cube.net.frame import Frame, Layer, layer_crs, native_frame
from geoplantnet_plugin.engine.cube.net.job import FetchJob, months
from geoplantnet_plugin.engine.cube.net.places import addresses
from geoplantnet_plugin.engine.cube.net.presets import Catalogue, Preset, Scenes, Variable
from geoplantnet_plugin.engine.cube.net.products import Composite, Mosaic, Product, exists
from geoplantnet_plugin.engine.cube.net.remote import Remote
from geoplantnet_plugin.engine.cube.net.stac import Period, Scene, find_scenes
from geoplantnet_plugin.engine.cube.net.workers import Workers
from geoplantnet_plugin.engine.cube.sampling import COARSENING, Resampling
from geoplantnet_plugin.engine.errors import EngineError
from geoplantnet_plugin.engine.events import Reporter
from geoplantnet_plugin.engine.grid import Grid
from geoplantnet_plugin.engine.models.card import Card
from geoplantnet_plugin.engine.services.cache import Cache

MARGIN = 100.0
"""Metres around the area that are fetched besides, so that cells at its edge are resampled from all sides."""
FILE_FAULTS = ("service_not_found", "service_forbidden", "net_not_raster", "net_broken_raster", "net_no_crs",
               "net_rotated")
"""Faults of one file: of many scenes the others will do."""
MOST_WRITTEN = 400_000_000
"""Pixels of one band of a result."""


@dataclass(frozen=True)
class Asked:
    """Variables of one source."""

    preset: Preset
    variables: tuple[Variable, ...]


@dataclass(frozen=True)
class Place:
    """Where: the bounds to be covered, in the CRS of the area's grid, and the grid when one was asked for."""

    crs: str
    bounds: Bounds
    grid: Grid | None

    @property
    def degrees(self) -> Bounds:
        """West, south, east, north."""
        return project_bounds(self.crs, "EPSG:4326", self.bounds)


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
            products.append(_composite(entry, entry.preset.scenes, job, place, remote, workers, reporter))
        else:
            products += _mosaics(entry, place, remote, cache, catalogue.keep_days, workers, reporter)
    for product in products:
        pixels = product.frame.height * product.frame.width
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


def _mosaics(asked: Asked, place: Place, remote: Remote, cache: Cache, keep_days: float, workers: Workers,
             reporter: Reporter) -> list[Mosaic]:
    preset = asked.preset
    work = []
    for variable in asked.variables:
        urls = addresses(preset, variable, place.bounds, place.crs, remote, cache, keep_days)
        layers = [Layer(url, crs=preset.crs, nodata=preset.nodata) for url in urls]
        if preset.kind == "tiles":
            layers = _there(preset, layers, remote, workers, reporter)
        if not layers:
            raise EngineError("net_no_tiles", source=preset.title)
        work.append(partial(_mosaic, preset, variable, tuple(layers), place, remote))
    return workers.gather(work)


def _there(preset: Preset, layers: list[Layer], remote: Remote, workers: Workers, reporter: Reporter) -> list[Layer]:
    """The tiles that exist; a warning tells of the others."""
    found = workers.gather([partial(exists, remote, layer) for layer in layers])
    lacking = [file_name(layer.url) for layer, there in zip(layers, found, strict=True) if not there]
    if 0 < len(lacking) < len(layers):
        reporter.warning("net_tiles_missing", source=preset.title, count=len(lacking), files=lacking[:5])
    return [layer for layer, there in zip(layers, found, strict=True) if there]


def _mosaic(preset: Preset, variable: Variable, layers: tuple[Layer, ...], place: Place, remote: Remote) -> Mosaic:
    with remote.open(layers[0].url) as dataset:
        crs, dtype = layer_crs(layers[0], dataset), str(dataset.dtypes[0])
        nodata = dataset.nodatavals[0] if dataset.nodatavals[0] is not None else preset.nodata
        native = native_frame(dataset, crs, place.bounds, place.crs, clip=preset.kind == "file")
    if place.grid is None:
        frame, method = native, _method(variable, 1.0)
    else:
        frame = Frame.of_grid(place.grid)
        method = _method(variable, place.grid.resolution / preset.resolution)
    aligned = place.grid is None and _aligned(native, layers[1:], remote)
    return Mosaic(preset, variable, frame, layers, method, dtype, nodata, aligned)


def _aligned(frame: Frame, layers: Sequence[Layer], remote: Remote) -> bool:
    """Whether the pixels of all files lie on one lattice, so that none is resampled."""
    for layer in layers:
        with remote.open(layer.url) as dataset:
            if layer_crs(layer, dataset) != frame.crs or frame.pixels_of(dataset.transform) is None:
                return False
    return True


def _method(variable: Variable, ratio: float) -> Resampling:
    if variable.categorical:
        return "mode" if ratio > COARSENING else "nearest"
    return "average" if ratio > COARSENING else "bilinear"


def _composite(asked: Asked, rules: Scenes, job: FetchJob, place: Place, remote: Remote, workers: Workers,
               reporter: Reporter) -> Composite:
    preset, degrees = asked.preset, place.degrees
    period = period_of(job, rules, degrees)
    scenes = workers.one(partial(find_scenes, preset, rules, asked.variables, degrees, period, remote))
    scenes, frames = _usable(scenes, workers.gather([partial(_scene_frame, scene.bands[0], place, remote)
                                                     for scene in scenes]), reporter)
    if place.grid is not None:
        frame = Frame.of_grid(place.grid)
    elif len({frame.crs for frame in frames}) == 1:
        frame = frames[0]
    else:
        frame = Frame.of_grid(Grid.covering(place.crs, preset.resolution, place.bounds))
    years = sorted({scene.day[:4] for scene in scenes})
    text = f"{period.start}/{period.end}, months {period.first:02d}-{period.last:02d}"
    return Composite(_with_years(preset, years), rules, asked.variables, frame, tuple(scenes), text)


def _scene_frame(layer: Layer, place: Place, remote: Remote) -> Frame | EngineError:
    """The pixels of a scene, or what is wrong with its file."""
    try:
        with remote.open(layer.url) as dataset:
            return native_frame(dataset, layer_crs(layer, dataset), place.bounds, place.crs, clip=False)
    except EngineError as error:
        if error.code in FILE_FAULTS:
            return error
        raise


def _usable(scenes: Sequence[Scene], frames: Sequence[Frame | EngineError], reporter: Reporter
            ) -> tuple[list[Scene], list[Frame]]:
    """Leave out scenes whose file is gone or broken, with a warning each; the fault, where none is left."""
    kept: list[tuple[Scene, Frame]] = []
    fault: EngineError | None = None
    for scene, frame in zip(scenes, frames, strict=True):
        if isinstance(frame, Frame):
            kept.append((scene, frame))
        else:
            fault = frame
            reporter.warning("net_scene_left_out", scene=scene.id, reason=str(frame))
    if fault is not None and not kept:
        raise fault
    return [scene for scene, _ in kept], [frame for _, frame in kept]


def _with_years(preset: Preset, years: Sequence[str]) -> Preset:
    return replace(preset, attribution=preset.attribution.replace("{years}", ", ".join(years)))


def period_of(job: FetchJob, rules: Scenes, degrees: Bounds) -> Period:
    """Return the days and months that scenes are taken from; last year's, and half a year later in the south."""
    year = date.today().year - 1
    first, last = months(job.season) if job.season else rules.season
    if not job.season and degrees[1] + degrees[3] < 0:
        first, last = (first + 5) % 12 + 1, (last + 5) % 12 + 1
    return Period(job.start or f"{year}-01-01", job.end or f"{year}-12-31", first, last)
