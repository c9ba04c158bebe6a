"""From variables of a source to mosaics: which files, on which pixels."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.geobox import GeoBox
from geoplantnet_plugin.engine.cube.net.file import file_name
from geoplantnet_plugin.engine.cube.net.layer import Layer, layer_crs, native_geobox
from geoplantnet_plugin.engine.cube.net.place import Asked, Place
from geoplantnet_plugin.engine.cube.net.places import addresses
from geoplantnet_plugin.engine.cube.net.presets import Preset, Variable
from geoplantnet_plugin.engine.cube.net.products import Mosaic
from geoplantnet_plugin.engine.cube.net.remote import Remote
from geoplantnet_plugin.engine.cube.net.workers import Workers
from geoplantnet_plugin.engine.services.cache import Cache


def mosaics(asked: Asked, place: Place, remote: Remote, cache: Cache, keep_days: float, workers: Workers,
             reporter: Reporter) -> list[Mosaic]:
    """Return one mosaic a variable.

    Warns: ``net_tiles_missing``.

    Raises:
        EngineError: ``net_no_tiles``, ``net_outside``, or whatever keeps headers from being read.
    """
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
    """The tiles that exist; a warning tells of the others.

    A host that refuses (403) an absent tile, as some stores do, has others; one that has none refuses us.
    """
    faults = workers.gather([partial(_absence, remote, layer) for layer in layers])
    found = [layer for layer, fault in zip(layers, faults, strict=True) if fault is None]
    if not found and (refused := [fault for fault in faults if fault and fault.code == "service_forbidden"]):
        raise refused[0]
    lacking = [file_name(layer.url) for layer in layers if layer not in found]
    if found and lacking:
        reporter.warning("net_tiles_missing", source=preset.title, count=len(lacking), files=lacking[:5])
    return found


def _absence(remote: Remote, layer: Layer) -> EngineError | None:
    """What a host says of a tile that it does not have."""
    try:
        remote.known(layer.url)
    except EngineError as error:
        if error.code in ("service_not_found", "service_forbidden"):
            return error
        raise
    return None


def _mosaic(preset: Preset, variable: Variable, layers: tuple[Layer, ...], place: Place, remote: Remote) -> Mosaic:
    layers = tuple(sorted(layers, key=partial(_pixel, remote)))  # the finest first: some publish coarser tiles between
    with remote.open(layers[0].url) as dataset:
        crs, dtype = layer_crs(layers[0], dataset), str(dataset.dtypes[0])
        nodata = dataset.nodatavals[0] if dataset.nodatavals[0] is not None else preset.nodata
        native = native_geobox(dataset, crs, place.bounds, place.crs, clip=preset.kind == "file")
    if place.grid is None:
        geobox, ratio = native, 1.0
    else:
        geobox, ratio = GeoBox.of_grid(place.grid), place.grid.resolution / preset.resolution
    aligned = place.grid is None and _aligned(native, layers[1:], remote)
    return Mosaic(preset, variable, geobox, layers, ratio, dtype, nodata, aligned)


def _pixel(remote: Remote, layer: Layer) -> float:
    with remote.open(layer.url) as dataset:
        return float(abs(dataset.transform.a))


def _aligned(geobox: GeoBox, layers: Sequence[Layer], remote: Remote) -> bool:
    """Whether the pixels of all files lie on one lattice, so that none is resampled."""
    for layer in layers:
        with remote.open(layer.url) as dataset:
            if layer_crs(layer, dataset) != geobox.crs or geobox.pixels_of(dataset.transform) is None:
                return False
    return True
