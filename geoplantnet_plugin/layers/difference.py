"""The difference of one indicator or species between two assessments on one grid."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from osgeo import gdal

from ..common.apart import on_one_grid
from ..common.assessment import BELOW_FLOOR_TAG, SCORE_BOUNDS
from ..i18n import tr
from .apart import made
from .manifest import Assessment, Indicator, SpeciesBand
from .problem import LayerProblem
from .rasters import open_raster

FOLDER = "comparisons"
"""Where differences lie in the folder of the first assessment."""

ROWS_AT_ONCE = 256


@dataclass(frozen=True)
class Comparable:
    """Something that two assessments both have: a band of a raster of either; `bounds` are those of its values."""

    id: str
    title: str
    what: Indicator | SpeciesBand
    other: Indicator | SpeciesBand
    bounds: tuple[float, float]


def comparables(first: Assessment, second: Assessment) -> list[Comparable]:
    """Return the continuous indicators with one unit, then the species (on one scale) that both know, by name."""
    known = {entry.id: entry for entry in second.indicators}
    found = [Comparable(entry.id, entry.title_with_unit, entry, known[entry.id], entry.bounds)
             for entry in first.indicators if entry.id in known and not entry.is_class
             and known[entry.id].unit == entry.unit]
    if first.scale != second.scale or not first.species_file or not second.species_file:
        return found
    names = {entry.name: entry for entry in second.species}
    return found + sorted((Comparable(f"species-{entry.id}", entry.name, entry, names[entry.name],
                                      SCORE_BOUNDS[first.scale])
                           for entry in first.species if entry.name in names), key=lambda entry: entry.title)


def check_grids(first: Assessment, second: Assessment) -> None:
    """Make sure that cells of both lie on each other.

    Raises:
        LayerProblem: they do not, or no cell is in both.
    """
    if not on_one_grid(made(first), made(second)):
        raise LayerProblem(tr("The two assessments are on different grids ({first} and {second}): run one of them "
                              "again with the resolution and coordinate system of the other.").format(
            first=f"{first.crs}, {first.resolution:g} m", second=f"{second.crs}, {second.resolution:g} m"))
    if _overlap(first, second)[2] <= 0 or _overlap(first, second)[3] <= 0:
        raise LayerProblem(tr("The two assessments have no cell in common."))


def difference_file(first: Assessment, second: Assessment, chosen: Comparable) -> Path:
    """Return where a difference lies; another one when an assessment has been run again."""
    mark = hashlib.sha256(f"{second.folder} {first.created} {second.created}".encode()).hexdigest()[:8]
    safe = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in chosen.id)
    return first.folder / FOLDER / f"{safe}_{mark}.tif"


def write_difference(first: Assessment, second: Assessment, chosen: Comparable,
                     stopped: Callable[[], bool] = lambda: False) -> Path | None:
    """Write first − second where both have a value and return the file, None when it was stopped.

    Raises:
        LayerProblem: the grids differ, a file cannot be read, or the folder cannot be written.
    """
    check_grids(first, second)
    path = difference_file(first, second, chosen)
    if path.is_file():
        return path
    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        finished = _fill(temporary, first, second, chosen, stopped)
        if finished:
            temporary.replace(path)
    except (OSError, RuntimeError) as error:
        raise LayerProblem(tr("The difference could not be written to {folder}: {reason}").format(
            folder=path.parent, reason=error)) from error
    finally:
        if temporary.exists():
            temporary.unlink()
    return path if finished else None


def _fill(path: Path, first: Assessment, second: Assessment, chosen: Comparable, stopped: Callable[[], bool]) -> bool:
    ours, theirs = _Values(first, chosen.what), _Values(second, chosen.other)
    row, col, height, width = _overlap(first, second)
    down = row + round((second.grid.top - first.grid.top) / first.resolution)
    right = col + round((first.grid.left - second.grid.left) / first.resolution)
    out = gdal.GetDriverByName("GTiff").Create(str(path), first.grid.width, first.grid.height, 1, gdal.GDT_Float32,
                                               ["TILED=YES", "COMPRESS=DEFLATE"])
    if out is None:
        raise OSError(gdal.GetLastErrorMsg())
    out.SetGeoTransform(ours.dataset.GetGeoTransform())
    out.SetProjection(ours.dataset.GetProjection())
    band = out.GetRasterBand(1)
    band.SetNoDataValue(float("nan"))
    band.Fill(float("nan"))
    for start in range(0, height, ROWS_AT_ONCE):
        if stopped():
            return False
        rows = min(ROWS_AT_ONCE, height - start)
        band.WriteArray(ours.read(row + start, col, rows, width) - theirs.read(down + start, right, rows, width),
                        col, row + start)
    out.FlushCache()
    return True


def _overlap(first: Assessment, second: Assessment) -> tuple[int, int, int, int]:
    """Return row, column, height and width of the common cells in the grid of `first`."""
    step, ours, theirs = first.resolution, first.grid, second.grid
    row, col = round((ours.top - theirs.top) / step), round((theirs.left - ours.left) / step)
    top, left = max(row, 0), max(col, 0)
    return top, left, min(ours.height, row + theirs.height) - top, min(ours.width, col + theirs.width) - left


class _Values:
    """The values of a band; NaN where there are none, and where a score was too low to be kept."""

    def __init__(self, assessment: Assessment, what: Indicator | SpeciesBand) -> None:
        species = isinstance(what, SpeciesBand)
        self.dataset = open_raster(assessment.species_file if species else what.file)
        self._band = self.dataset.GetRasterBand(what.band if species else 1)
        below = self.dataset.GetMetadataItem(BELOW_FLOOR_TAG) if species else None
        self._missing = [value for value in (self._band.GetNoDataValue(), float(below) if below else None)
                         if value is not None]

    def read(self, row: int, col: int, height: int, width: int) -> np.ndarray:
        """Return a window (height, width) as float32."""
        stored = self._band.ReadAsArray(col, row, width, height).astype(np.float32)
        missing = np.isin(stored, np.array(self._missing, np.float32))
        return np.where(missing, np.nan, stored * np.float32(self._band.GetScale() or 1)).astype(np.float32)
