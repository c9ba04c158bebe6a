"""QGIS Server behind the service's own address: a finished job's project as WMS, WMTS, WFS and OGC API – Features."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import requests

from geoplantnet_plugin.common.assessment import PROJECT

from .folders import JobFolder
from .problems import Problem
from .settings import Settings

PASSED = frozenset((
    "bbox", "bgcolor", "boxspace", "count", "crs", "dpi", "exceptions", "f", "feature_count", "featureid", "format",
    "height", "i", "info_format", "itemfontsize", "j", "layer", "layerfontsize", "layers", "layerspace", "layertitle",
    "limit", "maxfeatures", "offset", "outputformat", "propertyname", "query_layers", "request", "rule", "scale",
    "service", "sld_version", "srs", "srsname", "startindex", "style", "styles", "symbolheight", "symbolwidth",
    "tilecol", "tilematrix", "tilematrixset", "tilerow", "transparent", "typename", "typenames", "version", "width",
    "x", "y"))
"""Parameters that are passed on: none that names a file, an address or a style from elsewhere."""
LARGEST = 4096
"""Pixels of a picture's side."""
SECONDS = 60
_KEPT = ("Content-Type", "Content-Disposition")
_PIECE = 64 * 1024


def ask(settings: Settings, folder: JobFolder, address: str, path: str,
        given: Iterable[tuple[str, str]]) -> tuple[int, dict[str, str], Iterator[bytes]]:
    """Return status, headers and body of QGIS Server's answer.

    Raises:
        Problem: there is no QGIS Server, no project yet, or a picture is too large.
    """
    project = folder.assessment / PROJECT
    if not settings.qgis_server or not project.is_file():
        raise Problem(404, "served_no_map_service")
    query = {name.lower(): value for name, value in given if name.lower() in PASSED}
    for side in ("width", "height"):
        if query.get(side, "1").isdigit() and int(query.get(side, "1")) > LARGEST:
            raise Problem(400, "served_input", input=side, reason=f"> {LARGEST}")
    try:
        asked = urlencode({"MAP": str(project), **{name.upper(): value for name, value in query.items()}})
        answer = requests.get(f"{settings.qgis_server.rstrip('/')}/{path}", params=asked, stream=True, timeout=SECONDS,
                              headers={f"X-Qgis-{name}-Service-Url": address for name in ("WMS", "WMTS", "WFS", "WCS")}
                              | {"X-Qgis-Service-Url": address})
    except requests.RequestException as error:
        raise Problem(502, "served_map_service_down") from error
    headers = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
    if headers.get("Content-Type", "").startswith("image/"):
        return answer.status_code, headers, answer.iter_content(_PIECE)
    return answer.status_code, headers, iter([_readdressed(answer.content, settings, address, path, project)])


def _readdressed(body: bytes, settings: Settings, address: str, path: str, project: Path) -> bytes:
    """Return a document whose links lead to `address`: QGIS Server puts its own and the project's path into some."""
    for name in {quote(str(project), safe=""), str(project)}:
        for parameter in (f"&amp;MAP={name}", f"&MAP={name}", f"MAP={name}&amp;", f"MAP={name}&", f"?MAP={name}"):
            body = body.replace(parameter.encode(), b"")
    own = f"{settings.qgis_server.rstrip('/')}/{path.partition('/')[0]}".rstrip("/")
    return body.replace(own.encode(), address.encode())
