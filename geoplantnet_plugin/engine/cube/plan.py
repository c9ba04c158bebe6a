"""The plan: which band gives each predictor, and how; shown, edited and saved before anything runs."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from geoplantnet_plugin.common.addresses import is_address, local_file
from geoplantnet_plugin.engine.base.events import SILENT, Reporter, Warner
from geoplantnet_plugin.engine.cube.edits import BUILT, Edit, read_edits, write_edits
from geoplantnet_plugin.engine.cube.encodings import encoding
from geoplantnet_plugin.engine.cube.geometry import pixel_metres, project
from geoplantnet_plugin.engine.cube.items import item_bands
from geoplantnet_plugin.engine.cube.matching import How, Slot, bands_of, slots
from geoplantnet_plugin.engine.cube.raster_crs import usable_crs
from geoplantnet_plugin.engine.cube.rasters import Rasters
from geoplantnet_plugin.engine.cube.sampling import Resampling, choose_resampling
from geoplantnet_plugin.engine.cube.sources import Band, find_bands
from geoplantnet_plugin.engine.cube.survey import Points, area_points, check_units, survey
from geoplantnet_plugin.engine.models.card import Card
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Grid


@dataclass(frozen=True)
class Sources:
    """What the user has: bands, and the bindings of saved plans."""

    bands: tuple[Band, ...]
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Binding:
    """One predictor of an `input` (one `step` of it in a series) and the band that gives it.

    `band` carries the nodata, scale and offset that are applied; `crs` is the band's or the one given for
    rasters without. `resolution` is the pixel's longer side in metres on the ground, `ratio` the width of a
    cell (of a patch's pixel) in pixels, `coverage` the share of the area that has values, in %; `edit` is what
    a person asked for.
    """

    input: str
    predictor: str
    step: str
    band: Band
    crs: str
    resolution: float
    ratio: float
    resampling: Resampling
    unit: str
    coverage: float
    how: How
    edit: Edit | None

    @property
    def label(self) -> str:
        """The predictor, with its time step."""
        return f"{self.predictor} {self.step}".strip()


@dataclass(frozen=True)
class CubePlan:
    """The bindings of all predictors of a model over an area, in the card's order."""

    bindings: tuple[Binding, ...]

    @property
    def effective_resolution(self) -> float:
        """The resolution of the coarsest predictor in metres: finer output shows no more than this."""
        return max(binding.resolution for binding in self.bindings)

    def save(self, path: Path) -> None:
        """Write the plan as JSON; among the sources of a later job it is obeyed."""
        write_edits(path, {_as_edit(binding): _found(binding) for binding in self.bindings})


def open_sources(paths: Iterable[str], reporter: Reporter = SILENT) -> Sources:
    """Return the bands of rasters, folders and STAC items, and the bindings of saved plans with their bands.

    A saved plan is a ``*.json`` file, or the ``cube.json`` in the folder of a built cube.

    Raises:
        EngineError: a source is missing, empty, unreadable or no plan.
    """
    given = [built if not is_address(path) and local_file(built := str(Path(path) / BUILT)) else path for path in paths]
    items = {path: found for path in given if (found := item_bands(path, reporter.checkpoint)) is not None}
    plans = [path for path in given if path.lower().endswith(".json") and path not in items]
    edits = tuple(edit for path in plans for edit in read_edits(Path(path)))
    bands = find_bands((path for path in given if path not in plans and path not in items), reporter)
    bands += tuple(band for found in items.values() for band in found)
    known = {band.path for band in bands}
    named = dict.fromkeys(edit.source for edit in edits if edit.source not in known)
    return Sources(bands + find_bands(named, reporter), edits)


def make_plan(card: Card, sources: Sources, grid: Grid, area: Area, predictor_crs: str | None = None,
              edits: Iterable[Edit] = (), warner: Warner = SILENT, accept_units: Collection[str] = ()) -> CubePlan:
    """Bind every predictor of `card` to a band and check it over the area.

    `edits` go before the saved plans among the sources, these before names. `predictor_crs` is for rasters
    without a CRS only. Units are not judged for the predictors named in `accept_units`.

    Warns: ``cube_partly_covered``, ``cube_units_suspect``, ``cube_unit_differs``.

    Raises:
        EngineError: a predictor without a band or with several (see `match`), ``cube_edit_unknown``,
            ``cube_no_crs``, ``cube_crs_unknown``, ``cube_not_georeferenced``; over the area
            ``cube_area_outside``, ``cube_all_nodata``, ``base_cube_no_land``, ``cube_units_implausible``,
            ``cube_classes_unknown``.
    """
    obeyed = {edit.key: edit for edit in (*sources.edits, *edits)}
    wanted = slots(card)
    found = bands_of(wanted, obeyed, sources.bands)
    points = area_points(area, grid)
    bindings = []
    with closing(Rasters(warner.checkpoint if isinstance(warner, Reporter) else None)) as rasters:
        for slot in wanted:
            edit = obeyed.get(slot.key)
            band, how = found[slot.key]
            if slot.predictor.name in accept_units:
                edit = replace(edit or Edit(slot.predictor.name, band.path, band.index, slot.step), accept_units=True)
            crs = usable_crs(slot.label, band, predictor_crs)
            values, coverage = survey(rasters, slot.label, band, crs, points, slot.input.missing is None)
            if not band.base and (edit is None or not edit.accept_units):  # the card says which unit a base cube has
                check_units(slot.predictor, slot.label, band, encoding(slot.input.encoding)(values), warner)
            bindings.append(bind(slot, band, crs, how, edit, grid, points, coverage))
    _warn_of_gaps(bindings, warner)
    return CubePlan(tuple(bindings))


def bind(slot: Slot, band: Band, crs: str, how: How, edit: Edit | None, grid: Grid, points: Points,
         coverage: float) -> Binding:
    """Return `band` bound to `slot`: how it is resampled onto `grid` is decided in the middle of `points`."""
    x, y = points.x[len(points.x) // 2:][:1], points.y[len(points.y) // 2:][:1]
    cell = pixel_metres(grid.crs, grid.transform, float(x[0]), float(y[0]))
    there_x, there_y = project(grid.crs, crs, x, y)
    pixel = pixel_metres(crs, band.transform, float(there_x[0]), float(there_y[0]))
    side = (slot.input.pixel or grid.resolution) / grid.resolution
    ratio = side * math.sqrt(cell[0] * cell[1] / (pixel[0] * pixel[1]))
    asked = edit or Edit(slot.predictor.name, band.path)
    return Binding(slot.input.name, slot.predictor.name, slot.step, band, crs,
                   max(round(max(pixel), 1), band.detail, asked.resolution or 0), ratio,
                   asked.resampling or slot.predictor.resampling
                   or choose_resampling(slot.predictor.categorical, ratio), slot.predictor.unit,
                   coverage, how, edit)


def _warn_of_gaps(bindings: Iterable[Binding], warner: Warner) -> None:
    """One warning for all predictors of a file that have the same gaps."""
    gaps: dict[tuple[str, float], list[str]] = {}
    for binding in bindings:
        if binding.coverage < 100:
            gaps.setdefault((binding.band.path, round(binding.coverage, 1)), []).append(binding.label)
    for (file, share), predictors in gaps.items():
        warner.warning("cube_partly_covered", predictors=predictors, file=file, share=share)


def _as_edit(binding: Binding) -> Edit:
    """What is obeyed when the plan is read again: the band, and no more of the rest than was asked for."""
    edit = binding.edit or Edit(binding.predictor, binding.band.path, binding.band.index, binding.step)
    return replace(edit, source=binding.band.path, band=binding.band.index, name="",
                   crs=edit.crs if binding.band.crs else binding.crs)


def bindings_as_found(plan: CubePlan) -> list[dict[str, str | float]]:
    """Return what a plan found out, one entry a binding, for machines."""
    return [{"predictor": binding.predictor, "step": binding.step, "source": binding.band.path,
             "band": binding.band.index, **_found(binding)} for binding in plan.bindings]


def _found(binding: Binding) -> dict[str, str | float]:
    band = binding.band
    return {"name": band.name, "crs": binding.crs, "resolution": binding.resolution,
            "resampling": binding.resampling, "unit": binding.unit, "coverage": round(binding.coverage, 2),
            "modified": band.modified, "how": binding.how}
