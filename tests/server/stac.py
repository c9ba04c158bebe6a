"""The STAC documents of the miniature, in the form that GeoPl@ntNet publishes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pyproj import Transformer

from tests.server.miniature import COUNTRIES, MAP_CRS, Country, Species

CATALOGUE = "/stac-catalogs/geoplantnet/v1/species/catalog.json"
MAPS = "/stacs-download/geoplantnet/species/"


def catalogue() -> dict[str, Any]:
    """``catalog.json``."""
    links = [{"rel": "child", "href": f"./{country.name}/collection.json", "type": "application/json"}
             for country in COUNTRIES]
    return {"type": "Catalog", "stac_version": "1.0.0", "id": "species", "description": "Invented species maps",
            "links": [{"rel": "self", "href": CATALOGUE}, *links]}


def collection(country: Country, copies: int) -> dict[str, Any]:
    """``COUNTRY/collection.json``."""
    links = [{"rel": "item", "href": f"./{item_name(country, species)}.json", "type": "application/json"}
             for species in with_copies(country, copies)]
    return {"type": "Collection", "stac_version": "1.0.0", "id": country.name, "license": "CC-BY-4.0",
            "description": f"Invented species of {country.name}",
            "extent": {"spatial": {"bbox": [list(_box(country))]},
                       "temporal": {"interval": [["2024-01-01T00:00:00Z", None]]}},
            "links": [{"rel": "root", "href": "../catalog.json"}, *links]}


def item(country: Country, species: Species, origin: str) -> dict[str, Any]:
    """``COUNTRY/COUNTRY_ID_SLUG.json``."""
    ring = [list(_degrees(x, y)) for x, y in country.ring]
    return {"type": "Feature", "stac_version": "1.0.0", "id": item_name(country, species),
            "geometry": {"type": "Polygon", "coordinates": [ring]}, "bbox": list(_box(country)),
            "properties": {"datetime": "2024-01-01T00:00:00Z"}, "links": [], "collection": country.name,
            "assets": {"species": {"href": origin + MAPS + map_name(country, species),
                                   "type": "image/tiff; application=geotiff; profile=cloud-optimized",
                                   "roles": ["data"]}}}


def with_copies(country: Country, copies: int) -> Iterator[Species]:
    """The species of a country, `copies` times."""
    for copy in range(copies):
        yield from (replace(species, copy=copy) for species in country.species)


def item_name(country: Country, species: Species) -> str:
    return f"{country.name}_{species.id}_{species.slug}"


def map_name(country: Country, species: Species) -> str:
    return f"gpn_v1_50m_{item_name(country, species)}.tif"


def _box(country: Country) -> tuple[float, float, float, float]:
    west, south = _degrees(country.left, country.bottom)
    east, north = _degrees(country.right, country.top)
    return west, south, east, north


def _degrees(x: float, y: float) -> tuple[float, float]:
    lon, lat = Transformer.from_crs(MAP_CRS, "EPSG:4326", always_xy=True).transform(x, y)
    return float(lon), float(lat)
