"""The catalogue of published maps: STAC 1.0 catalogue → one collection a country → one item a taxon.

Items are taken from the links of the collections (10,000 of them cost one request and some milliseconds); an
item's own document is read only where something in it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.addresses import joined_address, split_address
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Warner
from geoplantnet_plugin.engine.services.documents import Documents, Read
from geoplantnet_plugin.engine.services.http import ServiceError

if TYPE_CHECKING:
    from shapely import Geometry

_ITEM = re.compile(r"(?P<id>\d{1,18})_(?P<slug>[^/]+)\.json$")

MOST_COUNTRIES = 500


@dataclass(frozen=True)
class PublishedMap:
    """One map: a taxon in a country. `id` is the taxon's, shared by all countries."""

    country: str
    id: str
    slug: str
    item: str


@dataclass(frozen=True)
class Country:
    """One collection: where it lies (boxes of west, south, east, north in degrees) and its maps.

    `footprint` (degrees, EPSG:4326) is the geometry of one of its items, where that has been read.
    """

    name: str
    boxes: tuple[tuple[float, float, float, float], ...]
    licence: str
    maps: tuple[PublishedMap, ...]
    footprint: Geometry | None = None


@dataclass(frozen=True)
class Catalogue:
    """All countries; `version` is what the host says of the catalogue, `fetched` the oldest confirmation."""

    url: str
    version: str
    fetched: float
    countries: tuple[Country, ...]


def read_catalogue(url: str, documents: Documents, connections: int, warner: Warner) -> Catalogue:
    """Read the catalogue and all its collections.

    Raises:
        ServiceError: it cannot be read.
        EngineError: it is no catalogue of collections.
    """
    top = documents.read(url)
    children = [joined_address(url, link["href"]) for link in _links(top.content, "child")]
    if not children or len(children) > MOST_COUNTRIES:
        raise EngineError("published_no_catalogue", url=url, count=len(children))
    with ThreadPoolExecutor(connections) as pool:
        collections = list(pool.map(documents.read, children))
    countries = tuple(_country(child, collection, warner)
                      for child, collection in zip(children, collections, strict=True))
    reads = [top, *collections]
    return Catalogue(url, top.content.get("updated") or top.version, min(read.fetched for read in reads), countries)


def touching(catalogue: Catalogue, area: Geometry, documents: Documents) -> list[Country]:
    """Return the countries that `area` (degrees, EPSG:4326) touches, in the order of the catalogue.

    The boxes of a collection leave candidates; the geometry of one of its items decides.
    """
    from shapely import box

    candidates = [country for country in catalogue.countries if country.maps
                  and (not country.boxes or any(area.intersects(box(*bounds)) for bounds in country.boxes))]
    found = [replace(country, footprint=_footprint(country, documents)) for country in candidates]
    return [country for country in found if country.footprint is None or area.intersects(country.footprint)]


def asset_url(item: Read, url: str) -> str:
    """Return the address of the GeoTIFF of an item.

    Raises:
        EngineError: the item has none.
    """
    assets = item.content.get("assets")
    for asset in assets.values() if isinstance(assets, dict) else ():
        href, kind = str(asset.get("href", "")), str(asset.get("type", ""))
        if kind.startswith("image/tiff") or split_address(href).path.endswith((".tif", ".tiff")):
            return joined_address(url, href)
    raise EngineError("published_no_asset", item=split_address(url).path.rpartition("/")[2])


def _footprint(country: Country, documents: Documents) -> Geometry | None:
    """The geometry of the first item, None where it cannot be had: then only the box speaks for the country."""
    import shapely
    from shapely.geometry import shape

    try:
        item = documents.read(country.maps[0].item)
        footprint = shapely.make_valid(shape(item.content["geometry"]))
    except ServiceError as error:
        if error.code in ("service_not_found", "service_offline", "service_not_json"):
            return None
        raise
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError):
        return None
    return None if footprint.is_empty else footprint


def _country(url: str, collection: Read, warner: Warner) -> Country:
    name = split_address(url).path.split("/")[-2]
    links = list(_links(collection.content, "item"))
    maps = tuple(entry for link in links if (entry := _map(name, joined_address(url, link["href"]))))
    if len(maps) < len(links):
        warner.warning("published_items_unread", country=name, count=len(links) - len(maps))
    return Country(name, tuple(_boxes(collection.content)), str(collection.content.get("license", "")), maps)


def _map(country: str, url: str) -> PublishedMap | None:
    match = _ITEM.match(url.rpartition("/")[2].removeprefix(f"{country}_"))
    return PublishedMap(country, match["id"], match["slug"], url) if match else None


def _links(content: dict[str, Any], relation: str) -> Iterator[dict[str, str]]:
    links = content.get("links")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("rel") == relation and isinstance(link.get("href"), str):
            yield link


def _boxes(content: dict[str, Any]) -> Iterator[tuple[float, float, float, float]]:
    """The boxes of a collection; with several, the first spans the others (STAC 1.0)."""
    try:
        boxes = content["extent"]["spatial"]["bbox"]
        for box in boxes[1:] or boxes:
            half = len(box) // 2  # 4 numbers, or 6 with heights
            west, south, east, north = box[0], box[1], box[half], box[half + 1]
            yield float(west), float(south), float(east), float(north)
    except (KeyError, TypeError, ValueError, IndexError):
        return
