"""The tiles as a STAC 1.1 catalogue, so that other software finds their rasters."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.engine.tiles.result import TileResult

if TYPE_CHECKING:
    import pystac

PROJECTION = "https://stac-extensions.github.io/projection/v2.0.0/schema.json"
COLLECTION = "collection.json"


def write_catalogue(out: Path, title: str, results: Sequence[TileResult]) -> Path:
    """Write ``stac/collection.json`` with an item a tile; return its path."""
    import pystac

    folder = out / "stac"
    items = [_item(result, folder) for result in results]
    boxes = [item.bbox for item in items if item.bbox]
    bbox = [min(box[0] for box in boxes), min(box[1] for box in boxes), max(box[2] for box in boxes),
            max(box[3] for box in boxes)]
    times = [_moment(result.document) for result in results]
    licence = results[0].document["score_source"]["licence"] or "other"
    collection = pystac.Collection(
        "geoplantnet", title or "GeoPl@ntNet", title=title,
        extent=pystac.Extent(pystac.SpatialExtent([bbox]), pystac.TemporalExtent([[min(times), max(times)]])),
        license=licence if " " not in licence else "other")
    collection.add_items(items)
    collection.normalize_hrefs(str(folder))
    collection.save(pystac.CatalogType.SELF_CONTAINED)
    return folder / COLLECTION


def _item(result: TileResult, folder: Path) -> pystac.Item:
    import pystac
    from pyproj import Transformer
    from shapely import box, transform
    from shapely.geometry import mapping

    grid, name = result.document["grid"], result.folder.name
    step, left, top = grid["resolution"], grid["left"], grid["top"]
    square = box(left, top - grid["height"] * step, left + grid["width"] * step, top).segmentize(10 * step)
    degrees = Transformer.from_crs(grid["crs"], "EPSG:4326", always_xy=True)
    shape = transform(square, lambda points: _degrees(degrees, points))
    item = pystac.Item(name, mapping(shape), list(shape.bounds), _moment(result.document), {
        "proj:code": grid["crs"], "proj:shape": [grid["height"], grid["width"]],
        "proj:transform": [step, 0, left, 0, -step, top], "title": result.document["title"]},
        stac_extensions=[PROJECTION])
    for key in ("indicators", "uncertainty", "quality"):
        for entry in result.document.get(key) or ():
            item.add_asset(entry["id"], _asset(result, entry, folder / name))
    return item


def _asset(result: TileResult, entry: dict[str, Any], base: Path) -> pystac.Asset:
    import pystac

    is_class = entry["kind"] == "class"
    band = {"name": entry["id"], "description": entry["title"], "data_type": "uint8" if is_class else "float32",
            "nodata": 255 if is_class else "nan", **({"unit": entry["unit"]} if entry["unit"] else {})}
    href = Path(os.path.relpath(result.folder / entry["file"], base)).as_posix()
    return pystac.Asset(href, entry["title"], entry["definition"], pystac.MediaType.COG, ["data"],
                        extra_fields={"bands": [band]})


def _degrees(transformer: Any, points: Any) -> Any:
    import numpy as np

    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))


def _moment(document: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(document["created"]).astimezone(timezone.utc)
