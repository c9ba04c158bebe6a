"""Sources: which raster bands the user has, and what each is called.

A source is a raster file (anything GDAL opens, also inside an archive or container, by GDAL's address), the address
of a GeoTIFF on the net, a folder or zip with one raster a variable, a STAC item (see `items`), or a saved plan
(``*.json``, see `plan`), whose bindings are then obeyed. Nothing is read but headers.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affine import Affine

from geoplantnet_plugin.common.addresses import is_address, part_name
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import SILENT, Reporter
from geoplantnet_plugin.engine.cube.folders import members
from geoplantnet_plugin.engine.cube.naming import band_names, says_nothing
from geoplantnet_plugin.engine.cube.net.remote import is_remote
from geoplantnet_plugin.engine.cube.opening import open_dated
from geoplantnet_plugin.engine.cube.stored import alpha_bands

SIMULATED_TAG = "SIMULATED"
RECIPE_TAG = "RECIPE"
"""Tag of rasters that a model card's recipe made (`cube.recipes`)."""
"""A raster with this tag set to ``yes`` is made up, and so is everything made of it."""

ATTRIBUTION_TAGS = ("ATTRIBUTION", "COPYRIGHT", "TIFFTAG_COPYRIGHT")
"""Tags that say whom to name, the first that is there."""

LATITUDE = {"degrees_north", "degree_north", "degree_n", "degrees_n", "degreen", "degreesn"}
LONGITUDE = {"degrees_east", "degree_east", "degree_e", "degrees_e", "degreee", "degreese"}
"""The units of axes in degrees (CF conventions), in lower case."""


@dataclass(frozen=True)
class Band:
    """One band of one raster.

    `name` is the band's description, else the file's (single-band files only), stripped of known wrappings;
    it is empty where the file says nothing. `aliases` are all names it may be bound by. `crs` is ``EPSG:N``
    or WKT, None where the raster has none. `transform` maps (column, row) to `crs` coordinates, `shape` is
    (height, width). Stored values become ``value × scale + offset``; stored `nodata` means missing.
    `modified` is the file's date (ISO). `attribution`, `licence` and `retrieved` are what the file says of whom to
    name, under which terms, and when it was taken from them; `simulated` ones are made up. `detail` (m) is the
    resolution of what the raster was made from, where its pixels are finer (0: they are not); `base` names the base
    cube that a band belongs to, blank for the user's own; `recipe` what it was derived by (`cube.recipes`).
    """

    path: str
    index: int
    name: str
    aliases: tuple[str, ...]
    crs: str | None
    transform: Affine
    shape: tuple[int, int]
    dtype: str
    nodata: float | None
    scale: float
    offset: float
    unit: str
    description: str
    modified: str
    attribution: str = ""
    licence: str = ""
    retrieved: str = ""
    simulated: bool = False
    detail: float = 0.0
    base: str = ""
    recipe: str = ""

    @property
    def label(self) -> str:
        """How a person finds the band: file name and band number, with its name."""
        name = f" ({self.name})" if self.name else ""
        return f"{Path(self.path).name}:{self.index}{name}"


def find_bands(paths: Iterable[str], reporter: Reporter = SILENT) -> tuple[Band, ...]:
    """Return all bands of the rasters at `paths` (files, folders, zips or GDAL's addresses), in order, each file once.

    Warns: ``cube_source_skipped``, a file among others in a folder or zip that is no raster.

    Raises `EngineError`: ``cube_source_missing``, ``cube_source_empty`` (a folder without rasters),
    ``cube_source_unreadable``, each of all paths at once, ``cube_sources`` (several of these), or a host's fault.
    """
    found: dict[str, tuple[Band, ...]] = {}
    problems: list[EngineError] = []
    for path in dict.fromkeys(paths):
        try:
            _find(path, found, reporter)
        except EngineError as problem:
            if is_remote(path):  # the next address may take as long to fail
                raise
            problems.append(problem)
    _refuse(problems)
    return tuple(band for bands in found.values() for band in bands)


def _find(path: str, found: dict[str, tuple[Band, ...]], reporter: Reporter) -> None:
    inside = members(path)
    for file in [path] if inside is None else inside:
        try:
            found[file] = found.get(file) or read_bands(file, reporter.checkpoint)
        except EngineError:
            if inside is None or len(inside) == 1:
                raise
            reporter.warning("cube_source_skipped", path=file)


def _refuse(problems: Sequence[EngineError]) -> None:
    """Tell at once of all paths that are wrong."""
    kinds: dict[str, list[str]] = {}
    for problem in problems:
        kinds.setdefault(problem.code, []).append(str(problem.params["path"]))
    told = [EngineError(code, path=", ".join(paths)) for code, paths in kinds.items()]
    if len(told) == 1:
        raise told[0]
    if told:
        raise EngineError("cube_sources", count=len(problems), sentences=" ".join(map(str, told)))


def read_bands(path: str, listen: Callable[[], None] | None = None) -> tuple[Band, ...]:
    """Return the bands of one raster, a file or on the net; those of its variables or tables where it has several.

    `listen` is called while a host is waited for, and may raise `Cancelled`.

    Raises:
        EngineError: ``cube_source_unreadable``, or a host's fault.
    """
    from rasterio.errors import NotGeoreferencedWarning, RasterioIOError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # told in a sentence when it is bound
            with open_dated(path, listen) as (dataset, modified):
                parts = [] if dataset.count else dataset.subdatasets
                opaque = alpha_bands(dataset)
                bands = [_band(dataset, path, index, modified) for index in dataset.indexes if index not in opaque]
        return tuple(bands) + tuple(band for part in parts for band in read_bands(part, listen))
    except RasterioIOError as error:
        raise EngineError("cube_source_unreadable", path=path) from error


def _band(dataset: Any, path: str, index: int, modified: str) -> Band:
    at = index - 1
    tags = {key.upper(): value for key, value in dataset.tags().items()}
    description = (dataset.descriptions[at] or "").strip()
    variable = dataset.tags(index).get("NETCDF_VARNAME", "")
    variable = "" if says_nothing(variable) else variable
    names = band_names(description, variable or part_name(path), dataset.count - len(alpha_bands(dataset)))
    if not names and (variable or is_address(path)):
        names = (f"{variable or part_name(path)}_{index}",)
        if index == 1 and dataset.driver == "GPKG":  # which gives every table of bytes as red, green and blue
            names = (part_name(path), *names)
    return Band(path=path, index=index, name=names[0] if names else "", aliases=names,
                crs=crs_text(dataset.crs) or _degrees(dataset.tags()), transform=dataset.transform, shape=dataset.shape,
                dtype=dataset.dtypes[at], nodata=dataset.nodatavals[at], scale=dataset.scales[at],
                offset=dataset.offsets[at], unit=(dataset.units[at] or "").strip(), description=description,
                modified=modified, licence=tags.get("LICENCE") or tags.get("LICENSE") or "",
                attribution=next((tags[key] for key in ATTRIBUTION_TAGS if tags.get(key)), ""),
                retrieved=tags.get("RETRIEVED", ""), simulated=is_simulated(tags),
                recipe=tags.get(RECIPE_TAG, ""))


def _degrees(tags: Mapping[str, str]) -> str | None:
    """Return WGS 84 where the axes of a NetCDF file that names no CRS are longitude and latitude in degrees.

    CF conventions 1.8, sections 4.1 and 4.2: such axes are told by their units.
    """
    units = {value.lower() for key, value in tags.items() if key.lower().endswith("#units")}
    return "EPSG:4326" if units & LATITUDE and units & LONGITUDE else None


def is_simulated(tags: Mapping[str, str]) -> bool:
    """Return whether the tags of a raster say that it is made up."""
    return tags.get(SIMULATED_TAG, "").lower() == "yes"


def crs_text(crs: Any) -> str | None:
    """Return a raster's CRS as ``EPSG:N`` where it is one, else as WKT; None without."""
    if not crs:
        return None
    code = crs.to_epsg(confidence_threshold=100)
    return f"EPSG:{code}" if code else str(crs.to_wkt())
