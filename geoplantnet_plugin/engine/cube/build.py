"""Building: the assembled cube of a model over an area, kept for use without its sources.

``cube.json`` is a plan over the files beside it (one COG an input of the model), with the grid, what the values
were made from and checksums. Given as predictors, the folder gives the same inputs to the bit, on the same grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import scratch, writing
from geoplantnet_plugin.engine.base.holding import new_folder
from geoplantnet_plugin.engine.cube.bands import BandReader
from geoplantnet_plugin.engine.cube.edits import BUILT, Edit, write_edits
from geoplantnet_plugin.engine.cube.geometry import Locator
from geoplantnet_plugin.engine.cube.opening import open_raster
from geoplantnet_plugin.engine.cube.patches import lattice_of
from geoplantnet_plugin.engine.cube.plan import Binding, CubePlan, bindings_as_found
from geoplantnet_plugin.engine.cube.sampling import windows
from geoplantnet_plugin.engine.models.card import Card, ModelInput
from geoplantnet_plugin.engine.models.package import checksum
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Grid, raster_window

if TYPE_CHECKING:
    from rasterio.io import DatasetWriter

TILE, SMALL_TILE = 256, 128
"""Cells along the sides of a COG's tiles: each holds all bands, and so much is in memory at once."""
MANY = 64
"""Bands from which tiles are small."""
KEPT_TAGS = ("SIMULATED", "ATTRIBUTION", "COPYRIGHT", "LICENCE", "LICENSE", "TIFFTAG_COPYRIGHT")
"""Tags of the sources that the built rasters carry on."""


@dataclass(frozen=True)
class _Raster:
    """The raster of one input: its grid, and how wide a place is in its pixels."""

    entry: ModelInput
    grid: Grid
    side: float
    bindings: list[Binding]
    path: Path

    @property
    def tile(self) -> int:
        """Cells along the side of a tile."""
        return TILE if len(self.bindings) < MANY else SMALL_TILE


def build_cube(card: Card, plan: CubePlan, grid: Grid, area: Area, out: Path, reporter: Reporter) -> dict[str, object]:
    """Write the cube of a plan over the area's whole grid into the new folder `out` and return its manifest.

    Raises:
        EngineError: ``out_not_empty``, ``out_in_use``, ``cube_build_patch`` (patches that share no lattice with the
            cells), ``cube_read_failed``, ``disk_full``.
        Cancelled: nothing is left behind.
    """
    with new_folder(out) as unfinished:
        rasters = [_raster(entry, number, plan, grid, unfinished) for number, entry in enumerate(card.inputs, 1)]
        return _build(card, plan, grid, area, rasters, reporter)


def _build(card: Card, plan: CubePlan, grid: Grid, area: Area, rasters: list[_Raster],
           reporter: Reporter) -> dict[str, object]:
    tags = _tags(plan, reporter)
    with closing(BandReader(reporter.checkpoint)) as bands:
        for raster in rasters:
            _write(raster, bands, tags, reporter)
    manifest: dict[str, object] = {
        "model": {"name": card.name, "version": card.version}, "grid": asdict(grid),
        "hectares": round(area.hectares, 2), "effective_resolution": plan.effective_resolution,
        "sources": bindings_as_found(plan), "tags": tags,
        "checksums": {raster.path.name: checksum(raster.path) for raster in rasters}}
    write_edits(rasters[0].path.with_name(BUILT), {_edit(raster, number, binding): {} for raster in rasters
                              for number, binding in enumerate(raster.bindings, 1)}, manifest)
    return manifest


def _edit(raster: _Raster, number: int, binding: Binding) -> Edit:
    """What is obeyed when the built cube is read: places wider than their spacing are not averaged again."""
    return Edit(binding.predictor, str(raster.path.absolute()), number, binding.step,
                resampling="nearest" if raster.side > 1 else None, resolution=binding.resolution,
                accept_units=bool(binding.edit and binding.edit.accept_units))


def _tags(plan: CubePlan, reporter: Reporter) -> dict[str, str]:
    """Return the tags of the sources: who made them, under which licence, whether they are simulated."""
    tags: dict[str, dict[str, None]] = {}
    for path in dict.fromkeys(binding.band.path for binding in plan.bindings):
        with open_raster(path, reporter.checkpoint) as dataset:
            for key, value in dataset.tags().items():
                if key.upper() in KEPT_TAGS:
                    tags.setdefault(key.upper(), {})[value] = None
    return {key: "; ".join(values) for key, values in tags.items()}


def _raster(entry: ModelInput, number: int, plan: CubePlan, grid: Grid, out: Path) -> _Raster:
    path = out / f"{number}_{entry.kind}.tif"
    bindings = [binding for binding in plan.bindings if binding.input == entry.name]
    if entry.kind != "patch":
        return _Raster(entry, grid, 1.0, bindings, path)
    lattice = lattice_of(grid, entry)
    if lattice is None:
        raise EngineError("cube_build_patch", input=entry.name, pixel=entry.pixel, resolution=grid.resolution)
    return _Raster(entry, lattice.grid, float(lattice.dilation), bindings, path)


def _write(raster: _Raster, bands: BandReader, tags: dict[str, str], reporter: Reporter) -> None:
    grid = raster.grid
    with _cog(raster, tags) as dataset:
        tiles = list(windows(grid.height, grid.width, raster.tile))
        for number, tile in enumerate(tiles, 1):
            reporter.checkpoint()
            rows, cols = np.mgrid[tile.row:tile.row + tile.height, tile.col:tile.col + tile.width] + 0.5
            values = bands.read(raster.bindings, Locator(grid, cols.ravel(), rows.ravel(), raster.side))
            dataset.write(values.reshape(-1, tile.height, tile.width), window=raster_window(tile))
            reporter.progress("cube", number, len(tiles))


@contextmanager
def _cog(raster: _Raster, tags: dict[str, str]) -> Iterator[DatasetWriter]:
    """Open a GeoTIFF for writing; it becomes a COG when the block ends well."""
    import rasterio
    from rasterio.shutil import copy

    grid = raster.grid
    with scratch(raster.path.with_name(f".{raster.path.stem}.blocks.tif")) as blocks:
        with rasterio.open(blocks, "w", driver="GTiff", crs=grid.crs, transform=grid.transform, height=grid.height,
                           width=grid.width, count=len(raster.bindings), dtype="float32", nodata=float("nan"),
                           tiled=True, blockxsize=raster.tile, blockysize=raster.tile, interleave="pixel",
                           compress="DEFLATE", zlevel=1, bigtiff="IF_SAFER") as dataset:
            dataset.descriptions = [binding.label for binding in raster.bindings]
            dataset.units = [binding.unit for binding in raster.bindings]
            dataset.update_tags(**tags)
            yield dataset
        with writing(raster.path) as cog:
            copy(blocks, cog, driver="COG", compress="DEFLATE", predictor="FLOATING_POINT", bigtiff="IF_SAFER",
                 overview_resampling="nearest", blocksize=raster.tile)
