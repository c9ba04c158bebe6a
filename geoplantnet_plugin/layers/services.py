"""Layers of map services (WMS, WMTS, XYZ): what a service offers, and a QGIS layer of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from qgis.core import QgsBlockingNetworkRequest, QgsRasterLayer
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkRequest
from qgis.PyQt.QtXml import QDomDocument, QDomElement, QDomNode

from ..bridge.settings import PluginSettings
from ..common.resources import RESOURCES
from ..i18n import tr
from .problem import LayerProblem

WMS, WMTS, XYZ = "wms", "wmts", "xyz"
MOST_BYTES = 20_000_000


@dataclass(frozen=True)
class Preset:
    """A service that is known by name; a blank `url` is not known and has to be entered."""

    title: str
    kind: str
    url: str


@dataclass(frozen=True)
class ServiceLayer:
    """One layer that a service offers; `grid` is the tile matrix set of a WMTS."""

    kind: str
    url: str
    name: str
    title: str
    crs: str
    format: str
    style: str = ""
    grid: str = ""

    def layer(self) -> QgsRasterLayer:
        """Return the QGIS layer.

        Raises:
            LayerProblem: the service does not give it.
        """
        made = QgsRasterLayer(self.source(), self.title, "wms")
        if not made.isValid():
            raise LayerProblem(tr("The layer {name} could not be opened: {reason}").format(
                name=self.title, reason=made.error().summary() or tr("the service gave no reason")))
        return made

    def source(self) -> str:
        """Return the layer's source as QGIS's provider for WMS wants it."""
        if self.kind == XYZ:
            return f"type=xyz&zmin=0&zmax=18&url={quote(self.url, safe='')}"
        grid = f"&tileMatrixSet={quote(self.grid)}" if self.kind == WMTS else ""
        return (f"contextualWMSLegend=0&crs={self.crs}&dpiMode=7&format={quote(self.format, safe='/')}&layers="
                f"{quote(self.name)}&styles={quote(self.style)}{grid}&url={quote(self._address(), safe='')}")

    def _address(self) -> str:
        return capabilities_url(self.kind, self.url) if self.kind == WMTS else self.url


def presets() -> list[Preset]:
    """Return the services of the settings' file; none where it names none."""
    path = Path(PluginSettings.load().services or RESOURCES / "services.json")
    try:
        entries = json.loads(path.read_text(encoding="utf-8")).get("layers", [])
        return [Preset(str(entry["title"]), str(entry["kind"]), str(entry["url"])) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def capabilities_url(kind: str, url: str) -> str:
    """Return the address of a service's own description."""
    return with_query(url, SERVICE=kind.upper(), REQUEST="GetCapabilities")


def with_query(url: str, **query: str) -> str:
    """Return `url` with parameters set, whatever the case of those it has."""
    parts = urlsplit(url)
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key.upper() not in query]
    return urlunsplit(parts._replace(query=urlencode([*kept, *query.items()]), fragment=""))


def _is_web(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:  # such as http://[::1
        return False


def offered(kind: str, url: str) -> list[ServiceLayer]:
    """Return what the service at `url` offers; it asks the network: call it in a worker thread.

    Raises:
        LayerProblem: the address is none, nobody answers, or the answer is no description of a service.
    """
    if not _is_web(url):
        raise LayerProblem(tr("Enter the address of the service, beginning with https://."))
    if kind == XYZ:
        if not all(part in url for part in ("{z}", "{x}")) or not ("{y}" in url or "{-y}" in url):
            raise LayerProblem(tr("The address of tiles holds {z}, {x} and {y}; this one does not."))
        return [ServiceLayer(XYZ, url, "", urlsplit(url).hostname or "XYZ", "EPSG:3857", "")]
    content = fetch(capabilities_url(kind, url))
    document = QDomDocument()
    if b"<!ENTITY" in content or not _parsed(document, content):
        raise LayerProblem(tr("{host} sent no description of a map service; check address and kind.").format(
            host=urlsplit(url).hostname))
    found = list((_wms_layers if kind == WMS else _wmts_layers)(document.documentElement(), url))
    if not found:
        raise LayerProblem(tr("{host} offers no layer; check address and kind.").format(host=urlsplit(url).hostname))
    return found


def fetch(url: str) -> bytes:
    """Return what is at `url`, through QGIS's network settings.

    Raises:
        LayerProblem: nobody answers, or too much is sent; the text shows the host alone, not the address.
    """
    request = QgsBlockingNetworkRequest()
    request.downloadProgress.connect(lambda done, _: request.abort() if done > MOST_BYTES else None)
    state = request.get(QNetworkRequest(QUrl(url)))
    if state != QgsBlockingNetworkRequest.ErrorCode.NoError:
        raise LayerProblem(tr("{host} did not answer as a map service does: check the address and the network.").format(
            host=urlsplit(url).hostname))
    return bytes(request.reply().content())


def _parsed(document: QDomDocument, content: bytes) -> bool:
    result = document.setContent(content)
    return bool(result[0] if isinstance(result, tuple) else result)


def _wms_layers(root: QDomElement, url: str) -> Iterator[ServiceLayer]:
    formats = [entry.text() for node in _nodes(root, "GetMap") for entry in _children(node, "Format")]
    kind = "image/png" if "image/png" in formats or not formats else formats[0]
    for element in _nodes(root, "Layer"):
        if name := _text(element, "Name"):
            yield ServiceLayer(WMS, url, name, _text(element, "Title") or name, _crs(element), kind)


def _wmts_layers(root: QDomElement, url: str) -> Iterator[ServiceLayer]:
    for contents in _children(root, "Contents"):
        crs = {_text(grid, "Identifier"): _epsg(_text(grid, "SupportedCRS"))
               for grid in _children(contents, "TileMatrixSet")}
        for element in _children(contents, "Layer"):
            grids = [_text(link, "TileMatrixSet") for link in _children(element, "TileMatrixSetLink")]
            styles = [_text(style, "Identifier") for style in _children(element, "Style")]
            name = _text(element, "Identifier")
            if name and grids:
                yield ServiceLayer(WMTS, url, name, _text(element, "Title") or name, crs.get(grids[0], "EPSG:3857"),
                                   _text(element, "Format") or "image/png", styles[0] if styles else "", grids[0])


def _crs(element: QDomElement) -> str:
    """The CRS to ask for: Web Mercator where the layer, or one that holds it, offers it, else the first."""
    offers: list[str] = []
    node: QDomNode = element
    while node.isElement():
        offers += [child.text() for tag in ("CRS", "SRS") for child in _children(node.toElement(), tag)]
        node = node.parentNode()
    return "EPSG:3857" if "EPSG:3857" in offers or not offers else offers[0]


def _epsg(name: str) -> str:
    """``urn:ogc:def:crs:EPSG::3857`` as ``EPSG:3857``."""
    return f"EPSG:{name.rpartition(':')[2]}"


def _children(element: QDomElement, tag: str) -> Iterator[QDomElement]:
    child = element.firstChildElement()
    while not child.isNull():
        if child.tagName().rpartition(":")[2] == tag:
            yield child
        child = child.nextSiblingElement()


def _nodes(root: QDomElement, tag: str) -> Iterator[QDomElement]:
    found = root.elementsByTagName(tag)
    return (found.at(index).toElement() for index in range(found.count()))


def _text(element: QDomElement, tag: str) -> str:
    return next((child.text().strip() for child in _children(element, tag)), "")
