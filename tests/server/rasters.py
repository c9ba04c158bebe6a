"""Rasters and a STAC API to be served: small, generated, their values known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from affine import Affine
from rasterio.io import MemoryFile
from rasterio.shutil import copy
from rasterio.warp import transform_bounds

PAGE = 2


def cog(values: np.ndarray, transform: Affine, crs: str | None, nodata: float | None = None, block: int = 128,
        scale: float | None = None, names: Sequence[str] = (), **tags: str) -> bytes:
    """A cloud-optimised GeoTIFF of (height, width) or (bands, height, width)."""
    values = values if values.ndim == 3 else values[None]
    count, height, width = values.shape
    with MemoryFile() as plain, MemoryFile() as made:
        with plain.open(driver="GTiff", count=count, height=height, width=width, dtype=values.dtype, crs=crs,
                        transform=transform, nodata=nodata) as dataset:
            dataset.write(values)
            if scale is not None:
                dataset.scales = [scale] * count
            if names:
                dataset.descriptions = names
            dataset.update_tags(**tags)
        with plain.open() as dataset:
            copy(dataset, made.name, driver="COG", compress="DEFLATE", level=1, blocksize=block,
                 overview_resampling="nearest")
        return made.read()


def strips(values: np.ndarray, transform: Affine, crs: str, nodata: float | None = None) -> bytes:
    """A plain GeoTIFF in compressed strips, as many published files still are."""
    with MemoryFile() as made:
        with made.open(driver="GTiff", count=1, height=values.shape[0], width=values.shape[1], dtype=values.dtype,
                       crs=crs, transform=transform, nodata=nodata, compress="DEFLATE", blockysize=4) as dataset:
            dataset.write(values, 1)
        return made.read()


def vrt(crs: str, transform: Affine, size: tuple[int, int], parts: Mapping[str, tuple[int, int, int, int]]) -> bytes:
    """A VRT over files: name → column, row, width, height in its pixels; `size` is height, width."""
    sources = "".join(
        f'<ComplexSource><SourceFilename relativeToVRT="1">{name}</SourceFilename><SourceBand>1</SourceBand>'
        f'<DstRect xOff="{col}" yOff="{row}" xSize="{width}" ySize="{height}"/></ComplexSource>'
        for name, (col, row, width, height) in parts.items())
    numbers = ", ".join(str(value) for value in transform.to_gdal())
    return (f'<VRTDataset rasterXSize="{size[1]}" rasterYSize="{size[0]}"><SRS>{crs}</SRS>'
            f'<GeoTransform>{numbers}</GeoTransform><VRTRasterBand dataType="Int16" band="1">{sources}'
            "</VRTRasterBand></VRTDataset>").encode()


def item(name: str, day: str, assets: Mapping[str, str], crs: str, bounds: tuple[float, float, float, float],
         offset: float | None = None, **properties: Any) -> dict[str, Any]:
    """A STAC item whose bands state scale and, where given, offset."""
    west, south, east, north = transform_bounds(crs, "EPSG:4326", *bounds)
    band = {"scale": 0.0001, "nodata": 0, **({} if offset is None else {"offset": offset})}
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "stac_version": "1.0.0", "id": name, "bbox": [west, south, east, north], "links": [],
            "geometry": {"type": "Polygon", "coordinates": [ring]}, "collection": "images",
            "properties": {"datetime": f"{day}T10:50:00Z", "eo:cloud_cover": 10, **properties},
            "assets": {key: {"href": href, "type": "image/tiff; application=geotiff",
                             **({} if key == "scl" else {"raster:bands": [band]})} for key, href in assets.items()}}


def stac_api(origin: str, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The paths of an API: its landing page, and a search that filters by box and time and answers in pages."""

    def landing(_: Mapping[str, str]) -> dict[str, Any]:
        base = "https://api.stacspec.org/v1.0.0"
        return {"type": "Catalog", "stac_version": "1.0.0", "id": "images", "description": "Generated images",
                "conformsTo": [f"{base}/core", f"{base}/item-search"],
                "links": [{"rel": "self", "href": f"{origin}/stac"}, {"rel": "root", "href": f"{origin}/stac"},
                          {"rel": "search", "href": f"{origin}/stac/search", "method": "GET",
                           "type": "application/geo+json"}]}

    def search(query: Mapping[str, str]) -> dict[str, Any]:
        west, south, east, north = (float(part) for part in query["bbox"].split(","))
        start, end = (part[:10] for part in query["datetime"].split("/"))
        found = [entry for entry in items if start <= entry["properties"]["datetime"][:10] <= end
                 and entry["bbox"][0] < east and entry["bbox"][2] > west and entry["bbox"][1] < north
                 and entry["bbox"][3] > south and entry["collection"] in query["collections"].split(",")]
        first = int(query.get("token", "0"))
        more = {**query, "token": str(first + PAGE)}
        link = f"{origin}/stac/search?" + "&".join(f"{key}={value}" for key, value in more.items())
        links = [{"rel": "next", "method": "GET", "href": link}] if first + PAGE < len(found) else []
        return {"type": "FeatureCollection", "features": found[first:first + PAGE], "links": links}

    return {"/stac": landing, "/stac/search": search}
