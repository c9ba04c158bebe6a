"""The area and the grid, against pyproj, shapely and counting by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
from pyproj import Transformer
from shapely import LineString, MultiPolygon, Polygon, box

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.where.area import read_area
from geoplantnet_plugin.engine.where.blocks import area_blocks
from geoplantnet_plugin.engine.where.grid import Grid

BOWTIE = Polygon([(4_000_000, 2_600_000), (4_001_000, 2_601_000), (4_001_000, 2_600_000), (4_000_000, 2_601_000)])


class Warnings:
    def __init__(self) -> None:
        self.codes: list[str] = []

    def warning(self, code: str, **params: Any) -> None:
        self.codes.append(code)


def write(path: Path, shapes: list[Any], crs: str | None) -> str:
    geopandas.GeoDataFrame(geometry=shapes, crs=crs).to_file(path)
    return str(path)


def test_a_bow_tie_is_repaired_with_a_warning(tmp_path: Path) -> None:
    warnings = Warnings()
    area = read_area(write(tmp_path / "a.gpkg", [BOWTIE], "EPSG:3035"), None, warnings)
    assert warnings.codes == ["area_repaired"]
    assert area.shape.area == pytest.approx(500_000)


def test_overlapping_and_multipart_polygons_count_once(tmp_path: Path) -> None:
    left, bottom = 4_000_000, 2_600_000
    east = box(left + 1000, bottom, left + 1500, bottom + 500)
    one = MultiPolygon([box(left, bottom, left + 500, bottom + 500), east])
    two = box(left + 250, bottom, left + 500, bottom + 500)
    area = read_area(write(tmp_path / "a.gpkg", [one, two], "EPSG:3035"), None, Warnings())
    assert len(area.polygons) == 2
    assert area.inside(area.grid(50)).sum() == 200


def test_hectares_are_those_of_the_ellipsoid(tmp_path: Path) -> None:
    area = read_area(write(tmp_path / "a.gpkg", [box(10, 0, 11, 1).segmentize(0.01)], "EPSG:4326"), None, Warnings())
    # Closed form of a quadrangle from the equator to latitude φ (Snyder 1987, USGS PP 1395, eq. 3-12 for q).
    a, f = 6_378_137.0, 1 / 298.257223563
    e = np.sqrt(f * (2 - f))
    s = np.sin(np.radians(1))
    q = (1 - e**2) * (s / (1 - (e * s) ** 2) - np.log((1 - e * s) / (1 + e * s)) / (2 * e))
    assert area.hectares == pytest.approx(np.radians(1) * a**2 * q / 2 / 1e4, rel=1e-6)


def test_outside_europe_the_local_utm_zone_is_taken(tmp_path: Path) -> None:
    area = read_area(write(tmp_path / "a.gpkg", [box(-84.2, 9.8, -84.1, 9.9)], "EPSG:4326"), None, Warnings())
    assert area.crs == "EPSG:32616"


def test_a_straight_edge_stays_straight_in_its_own_crs(tmp_path: Path) -> None:
    area = read_area(write(tmp_path / "a.gpkg", [box(5, 45, 15, 46)], "EPSG:4326"), None, Warnings())
    middle = Transformer.from_crs("EPSG:4326", "EPSG:3035", always_xy=True).transform(10, 45)
    assert area.shape.exterior.distance(geopandas.points_from_xy([middle[0]], [middle[1]])[0]) < 5


@pytest.mark.parametrize("crs, sentence", [
    ("EPSG:4326", "not a projected CRS in metres"), ("EPSG:2263", "not a projected"), ("nonsense", "not known")])
def test_a_grid_needs_metres(tmp_path: Path, crs: str, sentence: str) -> None:
    path = write(tmp_path / "a.gpkg", [box(7, 46, 7.1, 46.1)], "EPSG:4326")
    with pytest.raises(EngineError, match=sentence):
        read_area(path, crs, Warnings())


def test_bad_areas_get_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="does not exist"):
        read_area(str(tmp_path / "no.gpkg"), None, Warnings())
    (tmp_path / "text.gpkg").write_text("not a layer")
    with pytest.raises(EngineError, match="cannot be read"):
        read_area(str(tmp_path / "text.gpkg"), None, Warnings())
    lines = write(tmp_path / "lines.gpkg", [LineString([(0, 0), (1, 1)])], "EPSG:3035")
    with pytest.raises(EngineError, match="holds no polygon"):
        read_area(lines, None, Warnings())
    with pytest.raises(EngineError, match="no coordinate reference system"):
        read_area(write(tmp_path / "bare.shp", [box(0, 0, 1, 1)], None), None, Warnings())
    with pytest.raises(EngineError, match="antimeridian"):
        read_area(write(tmp_path / "fiji.gpkg", [box(-179.9, -18, 179.9, -17)], "EPSG:4326"), None, Warnings())
    empty = write(tmp_path / "empty.gpkg", [Polygon()], "EPSG:3035")
    with pytest.raises(EngineError, match="holds no polygon"):
        read_area(empty, None, Warnings())


def test_the_grid_is_aligned_on_multiples_of_the_resolution() -> None:
    grid = Grid.covering("EPSG:3035", 50, (4_000_012.0, 2_600_001.0, 4_000_170.0, 2_600_049.0))
    assert grid.bounds == (4_000_000, 2_600_000, 4_000_200, 2_600_050)
    x, y = grid.centres()
    assert x.tolist() == [4_000_025, 4_000_075, 4_000_125, 4_000_175] and y.tolist() == [2_600_025]


def test_blocks_cover_the_grid_once_and_masks_agree_with_the_whole(tmp_path: Path) -> None:
    shape = box(4_000_000, 2_600_000, 4_000_000 + 50 * 300, 2_600_000 + 50 * 520).difference(
        box(4_003_010, 2_603_020, 4_008_000, 2_620_000))
    area = read_area(write(tmp_path / "a.gpkg", [shape], "EPSG:3035"), None, Warnings())
    grid = area.grid(50)
    seen = np.zeros((grid.height, grid.width), int)
    for entry in area_blocks(area, grid):
        block = entry.block
        seen[block.row:block.row + block.height, block.col:block.col + block.width] += entry.inside
    np.testing.assert_array_equal(seen, area.inside(grid))
    assert sum(block.height * block.width for block in grid.blocks()) == grid.height * grid.width


def test_a_thin_strip_between_centres_still_gets_its_cell(tmp_path: Path) -> None:
    strip = box(4_000_030, 2_600_030, 4_000_045, 2_600_400)
    area = read_area(write(tmp_path / "a.gpkg", [strip], "EPSG:3035"), None, Warnings())
    assert area.inside(area.grid(50)).sum() == 1
