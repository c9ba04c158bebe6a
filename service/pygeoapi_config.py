"""pygeoapi's configuration, made from the service's own settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .settings import Settings

_ABOUT = "https://ogcapi.ogc.org/processes/"
_COLLECTIONS = {"models": ("Models", "Offered models: card, evaluation, limits, and where they are offered."),
                "cubes": ("Cubes", "Offered cubes of predictors: extent, predictors, date and licence.")}


def pygeoapi_config(settings: Settings, catalogue: Path, processes: list[str]) -> dict[str, Any]:
    """Return the configuration of a service whose offered models and cubes lie as GeoJSON in `catalogue`."""
    host = urlsplit(settings.address)
    return {
        "server": {"bind": {"host": settings.host, "port": settings.port}, "url": settings.address,
                   "mimetype": "application/json; charset=UTF-8", "encoding": "utf-8", "languages": ["en-US", "fr-FR"],
                   "gzip": False, "cors": False, "pretty_print": False,
                   "limits": {"default_items": 100, "max_items": 1000, "on_exceed": "throttle"},
                   "map": {"url": "", "attribution": ""}},
        "logging": {"level": "CRITICAL"},
        "metadata": {
            "identification": {
                "title": {"en": "GeoPl@ntNet service", "fr": "Service GeoPl@ntNet"},
                "description": {"en": "Which plants are likely to grow on a piece of land.",
                                "fr": "Quelles plantes poussent probablement sur un terrain."},
                "keywords": ["plants", "biodiversity"], "keywords_type": "theme", "terms_of_service": "",
                "url": _ABOUT},
            "license": {"name": "GPL-2.0-or-later", "url": "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html"},
            "provider": {"name": host.hostname or "", "url": settings.address},
            "contact": {"name": "", "position": "", "email": ""}},
        "resources": {**{id: _collection(id, catalogue) for id in _COLLECTIONS},
                      **{id: {"type": "process", "processor": {"name": id}} for id in processes}}}


def _collection(id: str, catalogue: Path) -> dict[str, Any]:
    title, description = _COLLECTIONS[id]
    return {"type": "collection", "title": title, "description": description, "keywords": ["GeoPl@ntNet"], "links": [],
            "extents": {"spatial": {"bbox": [-180, -90, 180, 90],
                                    "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
            "providers": [{"type": "feature", "name": "GeoJSON", "data": str(catalogue / f"{id}.geojson"),
                           "id_field": "id", "title_field": "title"}]}
