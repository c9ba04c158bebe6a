"""Writes the real areas of the demo, ``resources/demo/real``: ``real_demo_areas.py [world_map.gpkg]``.

Run it with the Python of the system, which has QGIS's GDAL. The province is that of Natural Earth (admin 1, public
domain), as QGIS ships it in ``world_map.gpkg``; the site is a rectangle drawn by hand on the southern slope of the
Sierra Nevada.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from osgeo import ogr

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "demo" / "real"
WORLD = "/usr/share/qgis/resources/data/world_map.gpkg"
SITE = [[-3.38, 37.07], [-3.36, 37.07], [-3.36, 37.085], [-3.38, 37.085], [-3.38, 37.07]]
DECIMALS = 5


def main() -> int:
    """Write both areas."""
    world = ogr.Open(sys.argv[1] if len(sys.argv) > 1 else WORLD)
    provinces = world.GetLayerByName("states_provinces")
    provinces.SetAttributeFilter("admin = 'Spain' AND name = 'Granada'")
    province = provinces.GetNextFeature()  # kept while its geometry is read
    shape = json.loads(province.GetGeometryRef().ExportToJson([f"COORDINATE_PRECISION={DECIMALS}"]))
    FOLDER.mkdir(parents=True, exist_ok=True)
    _write("granada", "Granada (Natural Earth, public domain)", shape)
    _write("site", "A site in the Sierra Nevada (drawn by hand)", {"type": "Polygon", "coordinates": [SITE]})
    return 0


def _write(file: str, name: str, geometry: dict) -> None:
    feature = {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
    (FOLDER / f"{file}.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
