"""STAC items among the sources: each GeoTIFF of an item is a band called by the asset's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from geoplantnet_plugin.common.addresses import joined_address, split_address
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.net.file import file_name
from geoplantnet_plugin.engine.cube.net.presets import Variable
from geoplantnet_plugin.engine.cube.net.remote import is_remote
from geoplantnet_plugin.engine.cube.net.stac import band_of, numbers_of, parse_item
from geoplantnet_plugin.engine.cube.opening import remote
from geoplantnet_plugin.engine.cube.sources import Band, read_bands
from geoplantnet_plugin.engine.services.http import JSON_LIMIT

ITEM_SUFFIXES = ("", ".json", ".geojson")
"""Addresses that end so are taken for STAC items, others for GeoTIFFs."""
MOST_ASSETS = 60


def item_bands(path: str, listen: Callable[[], None] | None = None) -> tuple[Band, ...] | None:
    """Return the bands of the STAC item at `path`, a file or an address; None where it is no item.

    Scale and offset are those that the item states, else the file's; the offset of Sentinel-2's processing baseline
    04.00 is left out where the item says that it has been applied.

    Raises:
        EngineError: ``net_no_assets``, ``net_not_item`` (an address that gives something else), or a host's fault.
    """
    item = _read(path, listen)
    if item is None:
        return None
    assets = [(name, href) for name, href in _hrefs(item, path)][:MOST_ASSETS]
    if not assets:
        raise EngineError("net_no_assets", file=path)
    return tuple(_called(band, name, item) for name, href in assets for band in read_bands(href, listen))


def _read(path: str, listen: Callable[[], None] | None) -> dict[str, Any] | None:
    if not is_remote(path):
        file = Path(path)
        if file.suffix.lower() not in ITEM_SUFFIXES[1:] or not file.is_file() or file.stat().st_size > JSON_LIMIT:
            return None
        return parse_item(file.read_bytes())
    if PurePosixPath(split_address(path).path).suffix.lower() not in ITEM_SUFFIXES:
        return None
    with remote(listen) as access:
        item = parse_item(access.small(path, JSON_LIMIT))
    if item is None:
        raise EngineError("net_not_item", file=file_name(path), host=split_address(path).netloc)
    return item


def _hrefs(item: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """Name and place of the item's GeoTIFFs; a place on disk lies beside the item, in its folder or below."""
    for name, asset in item["assets"].items():
        href = str(asset.get("href", "")) if isinstance(asset, dict) else ""
        if not href or not ("tiff" in str(asset.get("type", "")) or href.lower().endswith((".tif", ".tiff"))):
            continue
        if is_remote(href) or is_remote(path):
            href = joined_address(path, href) if is_remote(path) else href
            if is_remote(href):
                yield name, href
            continue
        folder = Path(path).absolute().parent
        file = (folder / href).resolve()
        if file.is_relative_to(folder.resolve()):
            yield name, str(file)


def _called(band: Band, name: str, item: Mapping[str, Any]) -> Band:
    properties, asset = item.get("properties", {}), item["assets"][name]
    stated = band_of(asset)
    common = [str(entry["common_name"]) for entry in asset.get("eo:bands", ()) if entry.get("common_name")]
    names = tuple(dict.fromkeys((name, *common, *band.aliases)))
    if {"scale", "offset", "raster:scale", "raster:offset"} & set(stated):
        scale, offset = numbers_of(properties, asset, Variable(name, "", "", name, scale=band.scale), 0.0)
        band = replace(band, scale=scale, offset=offset)
    providers = [str(entry.get("name", "")) for entry in properties.get("providers", ()) if isinstance(entry, dict)]
    return replace(band, name=name, aliases=names, modified=str(properties.get("datetime") or band.modified)[:10],
                   nodata=band.nodata if band.nodata is not None else stated.get("nodata"),
                   attribution=band.attribution or ", ".join(filter(None, providers)),
                   licence=band.licence or str(properties.get("license", "")))
