"""From a STAC collection to a composite: which scenes, on which pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import FetchJob
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.geobox import GeoBox
from geoplantnet_plugin.engine.cube.geometry import Bounds
from geoplantnet_plugin.engine.cube.net.job import months
from geoplantnet_plugin.engine.cube.net.layer import Layer, layer_crs, native_geobox
from geoplantnet_plugin.engine.cube.net.place import Asked, Place
from geoplantnet_plugin.engine.cube.net.presets import Preset, Scenes
from geoplantnet_plugin.engine.cube.net.products import Composite
from geoplantnet_plugin.engine.cube.net.remote import Remote
from geoplantnet_plugin.engine.cube.net.stac import Period, Scene, find_scenes
from geoplantnet_plugin.engine.cube.net.workers import Workers
from geoplantnet_plugin.engine.where.grid import Grid

FILE_FAULTS = ("service_not_found", "service_forbidden", "net_not_raster", "net_broken_raster", "net_no_crs",
               "net_rotated")
"""Faults of one file: of many scenes the others will do."""


def composite(asked: Asked, rules: Scenes, job: FetchJob, place: Place, remote: Remote, workers: Workers,
               reporter: Reporter) -> Composite:
    """Return the composite of the scenes of a period, on their own pixels where they share a projection.

    Warns: ``net_scene_left_out``.

    Raises:
        EngineError: ``net_no_scenes``, ``net_other_host``, ``net_stac_invalid``, or a host's fault.
    """
    preset, degrees = asked.preset, place.degrees
    period = period_of(job, rules, degrees)
    scenes = workers.one(partial(find_scenes, preset, rules, asked.variables, degrees, period, remote))
    scenes, geoboxes = _usable(scenes, workers.gather([partial(_scene_geobox, scene.bands[0], place, remote)
                                                     for scene in scenes]), reporter)
    if place.grid is not None:
        geobox = GeoBox.of_grid(place.grid)
    elif len({geobox.crs for geobox in geoboxes}) == 1:
        geobox = geoboxes[0]
    else:
        geobox = GeoBox.of_grid(Grid.covering(place.crs, preset.resolution, place.bounds))
    years = sorted({scene.day[:4] for scene in scenes})
    text = f"{period.start}/{period.end}, months {period.first:02d}-{period.last:02d}"
    return Composite(_with_years(preset, years), rules, asked.variables, geobox, tuple(scenes), text)


def _scene_geobox(layer: Layer, place: Place, remote: Remote) -> GeoBox | EngineError:
    """The pixels of a scene, or what is wrong with its file."""
    try:
        with remote.open(layer.url) as dataset:
            return native_geobox(dataset, layer_crs(layer, dataset), place.bounds, place.crs, clip=False)
    except EngineError as error:
        if error.code in FILE_FAULTS:
            return error
        raise


def _usable(scenes: Sequence[Scene], geoboxes: Sequence[GeoBox | EngineError], reporter: Reporter
            ) -> tuple[list[Scene], list[GeoBox]]:
    """Leave out scenes whose file is gone or broken, with a warning each; the fault, where none is left."""
    kept: list[tuple[Scene, GeoBox]] = []
    fault: EngineError | None = None
    for scene, geobox in zip(scenes, geoboxes, strict=True):
        if isinstance(geobox, GeoBox):
            kept.append((scene, geobox))
        else:
            fault = geobox
            reporter.warning("net_scene_left_out", scene=scene.id, reason=str(geobox))
    if fault is not None and not kept:
        raise fault
    return [scene for scene, _ in kept], [geobox for _, geobox in kept]


def _with_years(preset: Preset, years: Sequence[str]) -> Preset:
    return replace(preset, attribution=preset.attribution.replace("{years}", ", ".join(years)))


def period_of(job: FetchJob, rules: Scenes, degrees: Bounds) -> Period:
    """Return the days and months that scenes are taken from; last year's, and half a year later in the south."""
    year = date.today().year - 1
    first, last = months(job.season) if job.season else rules.season
    if not job.season and degrees[1] + degrees[3] < 0:
        first, last = (first + 5) % 12 + 1, (last + 5) % 12 + 1
    return Period(job.start or f"{year}-01-01", job.end or f"{year}-12-31", first, last)
