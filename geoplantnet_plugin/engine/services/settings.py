"""Every address and limit of the services, from ``resources/services.json``: nothing is fixed in code."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from geoplantnet_plugin.common.addresses import joined_address, split_address
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.resources import RESOURCES

SHIPPED = "services.json"
Meaning = Literal["missing", "below_floor"]


@dataclass(frozen=True)
class HttpSettings:
    """How a host is asked. Times are in seconds; `deadline` bounds one request from first to last byte.

    `attempts` counts the first one; `backoff` doubles from attempt to attempt; a host that asks for a longer
    pause than `longest_wait` is left alone.
    """

    user_agent: str
    connections: int
    connect_timeout: float
    read_timeout: float
    deadline: float
    attempts: int
    backoff: float
    longest_wait: float
    redirects: int


@dataclass(frozen=True)
class MapSettings:
    """One publisher of maps in GeoPl@ntNet's form.

    `map_path` holds ``{country}``, ``{id}`` and ``{slug}`` and is resolved against the catalogue's address;
    empty, every item is asked for its own asset. `nan_means` and `nodata_means` say what the two kinds of empty
    pixel stand for inside a map's extent. `keep_days` is the age at which a cached header is checked again.
    """

    title: str
    catalogue: str
    map_path: str
    other_hosts: tuple[str, ...]
    crs: str
    scale: str
    nan_means: Meaning
    nodata_means: Meaning
    keep_days: float
    most_megabytes: float
    home: str
    attribution: str

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that may be asked: the catalogue's own and those named beside it."""
        return allowed_hosts(self.catalogue, self.other_hosts)

    def map_url(self, country: str, number: str, slug: str) -> str:
        """Return the address of the map of a taxon in a country, "" without a `map_path`."""
        if not self.map_path:
            return ""
        return joined_address(self.catalogue, self.map_path.format(country=country, id=number, slug=slug))


@dataclass(frozen=True)
class ApiSettings:
    """Where an API is: that of Pl@ntNet, that of GBIF."""

    title: str
    url: str
    other_hosts: tuple[str, ...]
    home: str
    attribution: str

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that may be asked."""
        return allowed_hosts(self.url, self.other_hosts)


@dataclass(frozen=True)
class Services:
    """All services; `cache_megabytes` bounds what is kept of their answers on disk."""

    http: HttpSettings
    maps: MapSettings
    api: ApiSettings
    gbif: ApiSettings
    cache_megabytes: float


def allowed_hosts(url: str, others: tuple[str, ...]) -> frozenset[str]:
    """Return ``host:port`` names as they stand in addresses.

    Raises:
        EngineError: `url` is not an http(s) address.
    """
    parts = split_address(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EngineError("service_bad_address", address=url.partition("?")[0])
    return frozenset((parts.netloc.rpartition("@")[2].lower(), *others))


def services_file() -> Path:
    """Return the file with the services' addresses: ``$GEOPLANTNET_SERVICES``, else the shipped one."""
    chosen = os.environ.get("GEOPLANTNET_SERVICES")
    return Path(chosen) if chosen else RESOURCES / SHIPPED


def read_services(path: Path | None = None) -> Services:
    """Read the settings of all services.

    Raises:
        EngineError: the file is missing or is no such file.
    """
    return _read_services(path or services_file())


@lru_cache
def _read_services(path: Path) -> Services:
    try:
        entries: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        shipped = entries if "gbif" in entries else json.loads((RESOURCES / SHIPPED).read_text(encoding="utf-8"))
        maps, api, gbif = dict(entries["geoplantnet"]), dict(entries["plantnet"]), dict(shipped["gbif"])
        for group in (maps, api, gbif):
            group["other_hosts"] = tuple(group["other_hosts"])
        return Services(HttpSettings(**entries["http"]), MapSettings(**maps), ApiSettings(**api), ApiSettings(**gbif),
                        float(entries["cache"]["megabytes"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineError("service_settings_unreadable", path=path, reason=f"{type(error).__name__} {error}") from error


def chosen_services(catalogue: str | None = None, api_url: str | None = None) -> Services:
    """Return the settings of all services, with another catalogue of maps or another API where these are given."""
    services = read_services()
    maps, api = services.maps, services.api
    return replace(services, maps=replace(maps, catalogue=catalogue) if catalogue else maps,
                   api=replace(api, url=api_url) if api_url else api)


def cache_folder() -> Path:
    """Return the user's cache folder for answers of services (``GEOPLANTNET_CACHE`` overrides it)."""
    chosen = os.environ.get("GEOPLANTNET_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "geoplantnet"
