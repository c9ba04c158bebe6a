"""The answers of the Pl@ntNet API for the invented species."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyproj import Transformer

from tests.server.miniature import ALL, COUNTRIES, MAP_CRS, Species

KEY = "invented-key-1234"
QUOTA = 500
FLORA = "northland-flora"
CATEGORIES = ("LC", "NT", "VU", None)


class ApiError(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__()
        self.status = status
        self.content = {"statusCode": status, "error": error, "message": message}


def answer(path: str, query: Mapping[str, str]) -> Any:
    """Return the JSON content for a path below ``/v2``."""
    if "api-key" not in query:
        raise ApiError(401, "Unauthorized", "Missing authentication")
    if query["api-key"] != KEY:
        raise ApiError(403, "Forbidden", "Invalid key")
    if path == "/quota/daily":
        return {"day": "2026-11-24", "quota": {"identify": {"count": 20, "total": QUOTA, "remaining": 480}}}
    if path == "/projects":
        return [{"id": FLORA, "title": "Northland", "description": "Invented flora", "speciesCount": 200},
                {"id": "k-world-flora", "title": "World", "description": "Everything", "speciesCount": 320}]
    if path == f"/projects/{FLORA}/species":
        return _species(query)
    if path == "/prediction/geo/species":
        return _prediction(query)
    raise ApiError(404, "Not Found", "Project not found" if path.startswith("/projects/") else "No such service")


def _species(query: Mapping[str, str]) -> list[dict[str, Any]]:
    page, size = int(query.get("page", "1")), int(query.get("pageSize", "100"))
    if size > 1000:
        raise ApiError(413, "Payload Too Large", "Page too large")
    found = [species for species in ALL[:200] if species.name.startswith(query.get("prefix", ""))]
    return [{"id": species.slug, "commonNames": [f"invented {species.number}"],
             "scientificNameWithoutAuthor": species.name, "scientificNameAuthorship": species.author,
             "gbifId": 9_000_000 + species.number, "powoId": f"{species.number}-1",
             "iucnCategory": CATEGORIES[species.number % len(CATEGORIES)]}
            for species in found[(page - 1) * size:page * size]]


def _prediction(query: Mapping[str, str]) -> list[dict[str, Any]]:
    west, east = float(query["topLeftLon"]), float(query["bottomRightLon"])
    south, north = float(query["bottomRightLat"]), float(query["topLeftLat"])
    to_map = Transformer.from_crs("EPSG:4326", MAP_CRS, always_xy=True)
    left, bottom = to_map.transform(west, south)
    right, top = to_map.transform(east, north)
    if not any(country.left < right and left < country.right and country.bottom < top and bottom < country.top
               for country in COUNTRIES):
        raise ApiError(404, "Not Found", "Species Not Found")
    return [_predicted(species, rank) for rank, species in enumerate(ALL[:40])]


def _predicted(species: Species, rank: int) -> dict[str, Any]:
    return {"scientificNameWithoutAuthor": species.name, "scientificNameAuthorship": species.author,
            "commonNames": [f"invented {species.number}"], "genus": species.name.split()[0],
            "family": "Inventaceae", "gbif": {"id": str(9_000_000 + species.number)},
            "images": [{"organ": "leaf", "url": {"o": "http://images.invalid/o", "m": "", "s": ""}}],
            "score": round(0.9 / (rank + 1), 5), "observationCount": 1000 - rank}
