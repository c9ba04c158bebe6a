"""The polygons of a vector file: which layer they are in, and what is one."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Warner
from geoplantnet_plugin.engine.where.surfaces import with_surfaces

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from shapely import Geometry

ARCHIVES = ("/vsizip/", "/vsitar/", "/vsigzip/", "/vsi7z/", "/vsirar/")
"""Beginnings of GDAL addresses of files inside archives; those of the net are no areas."""
FARTHEST = 1e12
"""Coordinates beyond are no place on earth in any unit, and too large to reckon with."""
ZIPPED = (".shp", ".gpkg", ".geojson", ".json", ".kml", ".fgb", ".gml", ".tab")
"""Vector files that are looked for in a zip."""
FLAT = ("Point", "Line", "Curve", "None")
"""Layers whose geometry type says so hold no polygons; those of any type may."""


def read_polygons(source: str, warner: Warner) -> GeoDataFrame:
    """Return the polygons of ``FILE`` or ``FILE|layername=NAME`` as valid polygons, each row its land and nothing else.

    Without a name the file may have one layer of polygons only.

    Raises:
        EngineError: the file cannot be read, has no CRS, no polygon or several layers of them.
    """
    file, options = _parsed(source)
    file = _unpacked(file)
    if not Path(file).exists() and not file.startswith(ARCHIVES):
        raise EngineError("area_missing", area=file)
    if name := _named(source, file, options):
        return _polygonal(_read(source, file, name, options), source, warner)
    names = [name for name, kind in _layers(source, file) if not str(kind).startswith(FLAT) or "Polygon" in str(kind)]
    found = {name: frame for name in names if _holds_polygons(frame := _read(source, file, name, options))}
    if len(found) > 1:
        raise EngineError("area_layers", area=source, layers=list(found), first=next(iter(found)))
    if not found:
        raise EngineError("area_no_polygon", area=source)
    return _polygonal(next(iter(found.values())), source, warner)


def _named(source: str, file: str, options: dict[str, str]) -> str:
    """Return the layer that the options name, by itself or by its number from 0; blank for none."""
    number = options.get("layerid", "")
    if options.get("layername") or not number.isdecimal():
        return options.get("layername", "")
    names = [name for name, _ in _layers(source, file)]
    if int(number) >= len(names):
        raise EngineError("area_layers", area=source, layers=names, first=names[0] if names else "–")
    return names[int(number)]


def _parsed(source: str) -> tuple[str, dict[str, str]]:
    """Return the file and the options of a source as QGIS writes it: ``FILE|layername=NAME|subset=…``.

    A subset goes on to the end, whatever is in it.
    """
    place, _, subset = re.sub(r"\|(?:geometrytype|uniqueGeometryType)=\w*", "", source).partition("|subset=")
    file, *options = place.split("|")
    return file, {**dict(option.split("=", 1) for option in options if "=" in option), "subset": subset}


def _unpacked(file: str) -> str:
    """Return GDAL's address of the one vector file in a zip, wherever it lies in it; what is else as it is."""
    if not file.lower().endswith(".zip") or not zipfile.is_zipfile(file):
        return file
    with zipfile.ZipFile(file) as archive:
        found = [name for name in archive.namelist() if Path(name).suffix.lower() in ZIPPED]
    return f"/vsizip/{file}/{found[0]}" if len(found) == 1 else file


def _layers(source: str, file: str) -> list[tuple[str, Any]]:
    import pyogrio

    try:
        return [(str(name), kind) for name, kind in pyogrio.list_layers(file)]
    except Exception as error:
        raise _unreadable(source, error) from error


def _read(source: str, file: str, layer: str, options: dict[str, str]) -> GeoDataFrame:
    import geopandas
    import pyogrio

    asked = {"layer": layer, "where": options.get("subset") or None}
    try:
        # "fix" closes rings that are left open
        frame = geopandas.read_file(file, **asked, on_invalid="fix")
        if not isinstance(frame, geopandas.GeoDataFrame):
            return geopandas.GeoDataFrame(frame, geometry=[])
        if frame.geometry.isna().any():
            written = pyogrio.raw.read(file, **asked, columns=[])[2]
            frame = frame.set_geometry(with_surfaces(frame.geometry.to_numpy(), written), crs=frame.crs)
    except Exception as error:
        raise _unreadable(source, error) from error
    return frame


def _unreadable(source: str, error: Exception) -> EngineError:
    return EngineError("area_unreadable", area=source, reason=str(error).partition("\n")[0])


def _holds_polygons(frame: GeoDataFrame) -> bool:
    return any(_parts(geometry) for geometry in frame.geometry if geometry is not None)


def _polygonal(frame: GeoDataFrame, source: str, warner: Warner) -> GeoDataFrame:
    """Return the rows that hold land, each with the union of its polygons; the others are told where there are any."""
    if frame.crs is None or frame.crs.name.startswith("Undefined"):  # what QGIS and GDAL write for an unknown one
        raise EngineError("area_no_crs", area=source)
    frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    bounds = frame.geometry.bounds.to_numpy()
    if not np.isfinite(bounds).all():
        raise EngineError("area_not_finite", area=source)
    if np.abs(bounds).max(initial=0) > FARTHEST:
        raise EngineError("area_not_on_earth", area=source, x=float(bounds[0, 0]), y=float(bounds[0, 1]),
                          crs=frame.crs.name)
    invalid = ~frame.geometry.is_valid
    if invalid.any():
        warner.warning("area_repaired", area=source, count=int(invalid.sum()))
    land = frame.geometry.map(_land)
    if (bare := int(land.is_empty.sum())):
        if bare == len(land):
            raise EngineError("area_no_polygon", area=source)
        warner.warning("area_no_land", area=source, count=bare)
    kept = ~land.is_empty
    return frame[kept].set_geometry(land[kept].set_crs(frame.crs, allow_override=True))


def _land(geometry: Geometry) -> Geometry:
    """Return what the outer rings enclose, once where they do so twice, too; a hole outside of them is no land."""
    from shapely import Polygon, make_valid, union_all

    def enclosed(shape: Geometry) -> Geometry:
        return union_all(_parts(make_valid(shape, method="structure", keep_collapsed=False)))

    land = enclosed(geometry)
    if geometry.is_valid:
        return land
    return union_all(_parts(land.intersection(union_all(
        [enclosed(Polygon(part.exterior)) for part in _parts(geometry)]))))


def _parts(geometry: Geometry) -> list[Geometry]:
    """Return the polygons of a geometry, however deep in its collections."""
    if geometry.geom_type == "Polygon":
        return [] if geometry.is_empty else [geometry]
    return [part for piece in getattr(geometry, "geoms", ()) for part in _parts(piece)]
