"""What a finished job gives: its files one by one or as a zip, and a STAC item that names them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.assessment import SPECIES
from geoplantnet_plugin.engine.assessment.manifest import read_document
from geoplantnet_plugin.engine.models.package import checksum

from .folders import JobFolder
from .jobs import Record

MEDIA_TYPES = {
    ".tif": "image/tiff; application=geotiff; profile=cloud-optimized", ".gpkg": "application/geopackage+sqlite3",
    ".csv": "text/csv", ".json": "application/json", ".png": "image/png", ".qml": "application/xml",
    ".html": "text/html", ".pdf": "application/pdf", ".qgz": "application/vnd.qgis.qgz"}
BAND_INTERLEAVED = "image/tiff; application=geotiff"


def listing(folder: JobFolder, address: str) -> dict[str, Any]:
    """Return the files with sizes and checksums, and where they are."""
    known = read_document(folder.assessment).get("checksums", {})
    entries = []
    for path in folder.files():
        name = path.relative_to(folder.assessment).as_posix()
        entries.append({"name": name, "size": path.stat().st_size, "checksum": known.get(name) or checksum(path),
                        "href": f"{address}/files/{name}"})
    return {"files": entries}


def find_file(folder: JobFolder, name: str) -> Path | None:
    """Return one file of the assessment, None for anything else."""
    return next((path for path in folder.files() if path.relative_to(folder.assessment).as_posix() == name), None)


def zipped(folder: JobFolder) -> tuple[Iterator[bytes], int]:
    """Return the assessment as a zip in pieces, and its size: nothing is compressed twice or written to disk."""
    from zipstream import ZIP_STORED, ZipStream

    stream = ZipStream(compress_type=ZIP_STORED, sized=True)
    for path in folder.files():
        stream.add_path(path, path.relative_to(folder.assessment).as_posix())
    return iter(stream), len(stream)


def media_type(path: Path) -> str:
    """Return what a file is; ``species.tif`` is no COG, since GDAL's COGs interleave by pixel."""
    return BAND_INTERLEAVED if path.name == SPECIES else MEDIA_TYPES.get(path.suffix, "application/octet-stream")


def stac_item(record: Record, folder: JobFolder, address: str, catalogue: str) -> dict[str, Any]:
    """Return the STAC item of an assessment, its area in longitude and latitude."""
    import geopandas
    import pystac

    document = read_document(folder.assessment)
    area = geopandas.read_file(folder.assessment / document["area"]["file"], layer=document["area"]["layer"])
    shape = area.to_crs("EPSG:4326").geometry.make_valid().union_all()
    item = pystac.Item(str(record.id), json.loads(geopandas.GeoSeries([shape]).to_json())["features"][0]["geometry"],
                       list(shape.bounds), datetime.fromisoformat(document["created"]).astimezone(timezone.utc),
                       {"title": document["title"], "proj:code": document["grid"]["crs"],
                        "gsd": document["grid"]["effective_resolution"], "license": "other",
                        "geoplantnet:score_source": document["score_source"],
                        "geoplantnet:set_rule": document["set_rule"], "geoplantnet:simulated": document["simulated"]})
    for path in folder.files():
        name = path.relative_to(folder.assessment).as_posix()
        item.add_asset(name, pystac.Asset(f"{address}/files/{name}", media_type=media_type(path), roles=["data"]))
    item.add_link(pystac.Link("self", f"{address}/item.json", "application/geo+json"))
    item.add_link(pystac.Link("root", catalogue, "application/json"))
    return item.to_dict(include_self_link=True, transform_hrefs=False)
