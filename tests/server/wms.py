"""A small WMS and XYZ tiles of an invented layer: the scores of one species as grey values."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from pyproj import Transformer
from rasterio.io import MemoryFile

from tests.server.miniature import COUNTRIES, GRID_CRS, truth

WMS, TILES = "/wms", "/tiles/"
SPECIES = COUNTRIES[0].species[2]
LAYER = "species_score"
HALF = 20037508.342789244

CAPABILITIES = """<?xml version="1.0" encoding="UTF-8"?>
<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink">
<Service><Name>WMS</Name><Title>Miniature</Title><OnlineResource xlink:href="{url}"/></Service>
<Capability><Request>
<GetCapabilities><Format>text/xml</Format>{dcp}</GetCapabilities>
<GetMap><Format>image/png</Format>{dcp}</GetMap>
<GetFeatureInfo><Format>text/plain</Format>{dcp}</GetFeatureInfo>
</Request><Exception><Format>XML</Format></Exception>
<Layer><Title>All layers</Title><CRS>EPSG:3857</CRS>
<EX_GeographicBoundingBox><westBoundLongitude>6</westBoundLongitude><eastBoundLongitude>9</eastBoundLongitude>
<southBoundLatitude>45</southBoundLatitude><northBoundLatitude>48</northBoundLatitude></EX_GeographicBoundingBox>
<BoundingBox CRS="EPSG:3857" minx="667917" miny="5621521" maxx="1001875" maxy="6106855"/>
<Layer queryable="1"><Name>{name}</Name><Title>Score of {title}</Title><CRS>EPSG:3857</CRS>
<Style><Name>default</Name><Title>Grey</Title><LegendURL width="20" height="20"><Format>image/png</Format>
<OnlineResource xlink:type="simple" xlink:href="{url}?REQUEST=GetLegendGraphic"/></LegendURL></Style>
</Layer></Layer></Capability></WMS_Capabilities>"""


def scores(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The true scores at places in EPSG:3857; NaN outside the country."""
    to_grid = Transformer.from_crs("EPSG:3857", GRID_CRS, always_xy=True).transform
    return np.where(COUNTRIES[0].holds(x, y), truth(SPECIES, *to_grid(x, y)), np.nan)


def answer(path: str, query: Mapping[str, str], origin: str) -> tuple[int, bytes, str]:
    """Return status, body and type for a path below ``/wms`` or ``/tiles/``."""
    if path.startswith(TILES):
        return _tile(path)
    asked = {key.upper(): value for key, value in query.items()}
    request = asked.get("REQUEST", "")
    if request == "GetCapabilities":
        url = origin + WMS
        dcp = f'<DCPType><HTTP><Get><OnlineResource xlink:href="{url}?"/></Get></HTTP></DCPType>'
        return 200, CAPABILITIES.format(url=url, dcp=dcp, name=LAYER, title=SPECIES.name).encode(), "text/xml"
    if request == "GetMap":
        box = [float(part) for part in asked["BBOX"].split(",")]
        return 200, _png(box, int(asked["WIDTH"]), int(asked["HEIGHT"])), "image/png"
    if request == "GetFeatureInfo":
        left, bottom, right, top = (float(part) for part in asked["BBOX"].split(","))
        column, row = int(asked.get("X", asked.get("I", "0"))), int(asked.get("Y", asked.get("J", "0")))
        x = left + (column + 0.5) * (right - left) / int(asked["WIDTH"])
        y = top - (row + 0.5) * (top - bottom) / int(asked["HEIGHT"])
        value = scores(np.array([x]), np.array([y]))[0]
        return 200, f"score = {value:.3f}\n".encode(), "text/plain"
    if request == "GetLegendGraphic":
        return 200, _png([0, 0, 1, 1], 20, 20), "image/png"
    return 400, b"unknown request", "text/plain"


def _tile(path: str) -> tuple[int, bytes, str]:
    zoom, column, row = (int(part) for part in path.removeprefix(TILES).removesuffix(".png").split("/"))
    size = 2 * HALF / 2**zoom
    left, top = column * size - HALF, HALF - row * size
    north = COUNTRIES[0]
    if left > north.right or left + size < north.left or top < north.bottom or top - size > north.top:
        return 204, b"", "image/png"
    return 200, _png([left, top - size, left + size, top], 256, 256), "image/png"


def _png(box: list[float], width: int, height: int) -> bytes:
    x, y = np.meshgrid(box[0] + (np.arange(width) + 0.5) * (box[2] - box[0]) / width,
                       box[3] - (np.arange(height) + 0.5) * (box[3] - box[1]) / height)
    values = scores(x.ravel(), y.ravel()).reshape(height, width)
    grey = np.nan_to_num(np.clip(128 + 16 * values, 1, 255)).astype(np.uint8)
    with MemoryFile() as made:
        with made.open(driver="PNG", width=width, height=height, count=2, dtype="uint8") as dataset:
            dataset.write(np.stack([grey, np.where(np.isnan(values), 0, 255).astype(np.uint8)]))
        return made.read()
