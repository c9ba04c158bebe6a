"""The meta-tiles of an area and the job of each."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions, ServiceOptions
from geoplantnet_plugin.engine.assessment.describe import software
from geoplantnet_plugin.engine.assessment.gpkg import timeless_gpkg
from geoplantnet_plugin.engine.assessment.tables import GPKG_VERSION
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.opening import identity
from geoplantnet_plugin.engine.models.package import open_package
from geoplantnet_plugin.engine.sources.table import support_of
from geoplantnet_plugin.engine.where.area import Area, read_area
from geoplantnet_plugin.engine.where.blocks import area_blocks
from geoplantnet_plugin.engine.where.grid import Grid

TILES = "tiles"
DEFAULT_RESOLUTION = 50.0
METRES = {"km": 1000, "m": 1}


@dataclass(frozen=True)
class Tile:
    """One meta-tile: its assessment's job, and the digest `key` of all that its result depends on."""

    name: str
    job: AssessJob
    key: str


def tile_size(text: str) -> float:
    """Return metres from ``25km`` or ``2500m``.

    Raises:
        EngineError: ``map_tile_size``.
    """
    unit = "km" if text.endswith("km") else "m"
    try:
        size = float(text.removesuffix(unit)) * METRES[unit]
    except ValueError:
        size = 0
    if not size > 0 or not math.isfinite(size):
        raise EngineError("map_tile_size", size=text)
    return size


def plan_tiles(job: AssessJob, size: float, reporter: Reporter) -> list[Tile]:
    """Cut the area of `job` into squares of `size` metres, aligned as the grid is; write the area of each.

    Every cell of the area belongs to exactly one tile, that in which its centre lies.

    Raises:
        EngineError: the area cannot be used, `size` is no multiple of the resolution, or what is asked cannot be done
            in tiles.
    """
    if isinstance(job.source, ServiceOptions):
        raise EngineError("map_service")
    if job.areas_by:
        raise EngineError("map_areas_by", field=job.areas_by)
    if side := support_of(job.source).side:
        raise EngineError("map_support", side=side / 1000)
    area = read_area(job.area, job.grid_crs, reporter)
    resolution = job.resolution or DEFAULT_RESOLUTION
    if size % resolution:
        raise EngineError("map_tile_size", size=f"{size:g} m")
    common = _common_key(job, reporter)
    tiles = []
    for name, shape in _squares(area, size, resolution, reporter):
        path = job.out / TILES / f"{name}.gpkg"
        _write_area(shape, area.crs, path)
        own = replace(job, area=str(path), out=job.out / TILES / name, grid_crs=area.crs, resolution=resolution)
        digest = hashlib.sha256(json.dumps([common, shape.wkb_hex, area.crs, resolution]).encode())
        tiles.append(Tile(name, own, f"sha256:{digest.hexdigest()}"))
    return tiles


def _squares(area: Area, size: float, resolution: float, reporter: Reporter) -> Iterator[tuple[str, Any]]:
    """Yield name and polygons of each square that holds a cell's centre."""
    from shapely import MultiPolygon, box, get_parts, prepare

    prepare(area.shape)
    whole = Grid.covering(area.crs, size, area.shape.bounds)
    for row in range(whole.height):
        for col in range(whole.width):
            reporter.checkpoint()
            left, top = whole.left + col * size, whole.top - row * size
            square = box(left, top - size, left + size, top)
            if not area.shape.intersects(square):
                continue
            parts = [part for part in get_parts(area.shape.intersection(square)) if part.geom_type == "Polygon"]
            cells = Grid(area.crs, resolution, left, top, round(size / resolution), round(size / resolution))
            if parts and next(area_blocks(area, cells), None) is not None:
                yield f"e{left / 1000:g}n{(top - size) / 1000:g}", MultiPolygon(parts)


def _write_area(shape: Any, crs: str, path: Path) -> None:
    import geopandas

    path.parent.mkdir(parents=True, exist_ok=True)
    with timeless_gpkg(path) as temporary:
        geopandas.GeoDataFrame(geometry=[shape], crs=crs).to_file(temporary, layer="area", driver="GPKG",
                                                                  engine="pyogrio", VERSION=GPKG_VERSION)


def _common_key(job: AssessJob, reporter: Reporter) -> list[Any]:
    """Return what the results of all tiles depend on: model, predictors, rule and software."""
    said = {key: value for key, value in asdict(replace(job, area="", out=Path())).items() if key != "memory"}
    source = job.source
    files: list[Any] = []
    if isinstance(source, ModelOptions):
        files = [open_package(source.model).digest,
                 *(identity(path, reporter.checkpoint) for path in source.predictors)]
    return [json.loads(json.dumps(said, default=str)), json.loads(json.dumps(files, default=str)), software()]

