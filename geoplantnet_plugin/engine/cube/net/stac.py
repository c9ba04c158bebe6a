"""STAC: the scenes of a place and time that an API lists, and what their numbers mean.

pystac-client speaks the protocol; every request of it goes through our own fetcher, so that limits, retries,
proxies and cancelling hold for it too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from geoplantnet_plugin.common.addresses import split_address
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.geometry import Bounds
from geoplantnet_plugin.engine.cube.net.layer import Layer
from geoplantnet_plugin.engine.cube.net.presets import Preset, Scenes, Variable
from geoplantnet_plugin.engine.cube.net.remote import Remote
from geoplantnet_plugin.engine.services.http import JSON_LIMIT

PAGE = 100
MOST_ITEMS = 2000
BASELINE_WITH_OFFSET = (4, 0)
"""Sentinel-2 processing baseline from which reflectance is stored with an offset of −1000."""


@dataclass(frozen=True)
class Scene:
    """One image: its bands, the mask that goes with them, and how stored values become reflectance.

    Reflectance = stored × `scales` + `offsets`, one of each a band. `tile` is the collection's own grid square.
    """

    id: str
    day: str
    tile: str
    cloud: float
    bands: tuple[Layer, ...]
    scales: tuple[float, ...]
    offsets: tuple[float, ...]
    mask: Layer


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end` (ISO), and the first and last month of the year within them, either way round."""

    start: str
    end: str
    first: int
    last: int

    def holds(self, day: str) -> bool:
        """Return whether a day (ISO) belongs to the period."""
        month = int(day[5:7])
        inside = self.first <= month <= self.last if self.first <= self.last else not self.last < month < self.first
        return inside and self.start <= day[:10] <= self.end


def find_scenes(preset: Preset, scenes: Scenes, variables: Sequence[Variable], degrees: Bounds, period: Period,
                remote: Remote) -> list[Scene]:
    """Return the scenes to be read: few clouds first within each tile of the collection's grid.

    Raises:
        EngineError: ``net_no_scenes``, ``net_stac_invalid``, or the API cannot be used.
    """
    found = []
    for item in _search(preset.address, scenes.collection, degrees, period, remote):
        scene = _scene(item, preset, scenes, variables)
        if scene and scene.cloud <= scenes.most_cloud and period.holds(scene.day):
            found.append((scene, _freshness(item)))
    chosen = _chosen(found, scenes.most)
    if not chosen:
        raise EngineError("net_no_scenes", source=preset.title, start=period.start, end=period.end,
                          first=period.first, last=period.last, cloud=scenes.most_cloud)
    return chosen


def _search(url: str, collection: str, degrees: Bounds, period: Period, remote: Remote) -> Iterator[dict[str, Any]]:
    from pystac_client import Client
    from pystac_client.exceptions import APIError

    try:
        client = Client.open(url, stac_io=_io(remote))
        search = client.search(method="GET", collections=[collection], bbox=degrees, max_items=MOST_ITEMS, limit=PAGE,
                               datetime=f"{period.start}T00:00:00Z/{period.end}T23:59:59Z")
        yield from search.items_as_dicts()
    except EngineError:
        raise
    except (APIError, ValueError, KeyError, TypeError, AttributeError, NotImplementedError) as error:
        raise EngineError("net_stac_invalid", host=split_address(url).netloc, reason=str(error)[:200]) from error


def _io(remote: Remote) -> Any:
    from pystac_client.stac_api_io import StacApiIO

    class FetcherIO(StacApiIO):
        def request(self, href: str, method: str | None = None, headers: Any = None, parameters: Any = None) -> str:
            plain, _, query = href.partition("?")
            asked = {**dict(parse_qsl(query)), **{key: _text(value) for key, value in (parameters or {}).items()}}
            answer = remote.fetcher(plain).get(plain, JSON_LIMIT, query=asked or None)
            return answer.body.decode("utf-8")

    return FetcherIO(max_retries=None)


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _scene(item: Mapping[str, Any], preset: Preset, scenes: Scenes, variables: Sequence[Variable]) -> Scene | None:
    """The scene of an item; None where it lacks a band."""
    properties, assets = item.get("properties", {}), item.get("assets", {})
    names = [*(variable.asset for variable in variables), scenes.mask]
    if any(not isinstance(assets.get(name), dict) for name in names) or not properties.get("datetime"):
        return None
    hrefs = {name: asset_url(assets[name], preset) for name in names}
    numbers = [numbers_of(properties, assets[variable.asset], variable, scenes.baseline_offset)
               for variable in variables]
    return Scene(str(item["id"]), str(properties["datetime"])[:10], _tile(properties),
                 float(properties.get("eo:cloud_cover") or 0),
                 tuple(Layer(hrefs[variable.asset], nodata=preset.nodata) for variable in variables),
                 tuple(scale for scale, _ in numbers), tuple(offset for _, offset in numbers),
                 Layer(hrefs[scenes.mask], nodata=0))


def asset_url(asset: Mapping[str, Any], preset: Preset) -> str:
    """Return where an asset's pixels are.

    Raises:
        EngineError: ``net_other_host``, a host that the preset does not name.
    """
    href = str(asset.get("href", ""))
    parts = split_address(href)
    allowed = {split_address(preset.address).netloc, *preset.hosts}
    if parts.scheme not in ("http", "https") or parts.netloc not in allowed:
        raise EngineError("net_other_host", source=preset.name, host=parts.netloc or href[:80], allowed=sorted(allowed))
    return href


def numbers_of(properties: Mapping[str, Any], asset: Mapping[str, Any], variable: Variable,
               baseline_offset: float) -> tuple[float, float]:
    """Return scale and offset of an asset's stored values: reflectance = stored × scale + offset.

    The offset of processing baseline 04.00 is applied once: not at all where the item says that it has been applied
    to the file (``earthsearch:boa_offset_applied``); else as the item's band states it; else, where it states
    nothing, from the baseline.
    """
    band = band_of(asset)
    scale = float(band.get("scale", band.get("raster:scale", variable.scale)))
    if properties.get("earthsearch:boa_offset_applied", properties.get("sentinel:boa_offset_applied")) is True:
        return scale, 0.0
    stated = band.get("offset", band.get("raster:offset"))
    if stated is not None:
        return scale, float(stated)
    return scale, baseline_offset * scale if _baseline(properties) >= BASELINE_WITH_OFFSET else 0.0


def band_of(asset: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is said of the first band of an asset, as the raster extension or STAC 1.1 describes it."""
    for key in ("raster:bands", "bands"):
        bands = asset.get(key)
        if isinstance(bands, list) and bands and isinstance(bands[0], dict):
            return bands[0]
    return asset


def _baseline(properties: Mapping[str, Any]) -> tuple[int, int]:
    text = str(properties.get("s2:processing_baseline") or properties.get("processing:version") or "")
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})", text)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _tile(properties: Mapping[str, Any]) -> str:
    parts = [properties.get(key) for key in ("grid:code", "s2:mgrs_tile")]
    return str(next((part for part in parts if part), ""))


def _freshness(item: Mapping[str, Any]) -> tuple[tuple[int, int], str]:
    properties = item.get("properties", {})
    return _baseline(properties), str(properties.get("updated") or properties.get("created") or "")


def _chosen(found: Sequence[tuple[Scene, Any]], most: int) -> list[Scene]:
    """Of images of one tile and day the one processed last, of each tile those with the fewest clouds."""
    latest: dict[tuple[str, str], tuple[Scene, Any]] = {}
    for scene, freshness in found:
        known = latest.get((scene.tile, scene.day))
        if known is None or freshness > known[1]:
            latest[scene.tile, scene.day] = (scene, freshness)
    tiles: dict[str, list[Scene]] = {}
    for scene, _ in sorted(latest.values(), key=lambda entry: (entry[0].cloud, entry[0].day, entry[0].id)):
        tiles.setdefault(scene.tile, []).append(scene)
    return [scene for name in sorted(tiles) for scene in tiles[name][:most]]


def parse_item(body: bytes) -> dict[str, Any] | None:
    """Return the STAC item in `body`, None where it is something else."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    item = isinstance(content, dict) and content.get("type") == "Feature" and isinstance(content.get("assets"), dict)
    return content if item else None
