"""Files, tiles and VRTs over HTTP, against the arrays they were made from."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import Transformer
from worlds import make_world

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.commands.line import main
from geoplantnet_plugin.engine.cube.geobox import GeoBox
from tests.server.http_server import Server
from tests.server.rasters import cog, strips, vrt

IGH = "+proj=igh +lat_0=0 +lon_0=0 +datum=WGS84 +units=m +no_defs"


def noise(height: int, width: int, dtype: str = "uint16", seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 30000, (height, width)).astype(dtype)


@pytest.fixture
def climate(server: Server, preset) -> np.ndarray:
    """A file of 6.7 MB in degrees, 30″ pixels, stored as tenths of kelvin."""
    values = noise(1600, 2000)
    server.rasters["/c/bio1.tif"] = cog(values, Affine(1 / 120, 0, 0, 0, -1 / 120, 50), "EPSG:4326")
    preset("climate", kind="file", address=server.address + "/c/{asset}.tif",
           variables={"bio1": {"title": "temperature", "unit": "°C", "scale": 0.1, "offset": -273.15}})
    return values


def test_window_of_a_file_is_exact_and_small(server: Server, climate, area, fetch) -> None:
    [path] = fetch(area(7.0, 46.0, 7.3, 46.2, "EPSG:4326"), "climate")
    with rasterio.open(path) as dataset:
        stored, transform = dataset.read(1), dataset.transform
        assert dataset.scales == (0.1,) and dataset.offsets == (-273.15,) and dataset.units == ("°C",)
        assert dataset.descriptions == ("bio1",) and dataset.crs.to_epsg() == 4326
        assert dataset.bounds.left < 7.0 and dataset.bounds.right > 7.3
        assert dataset.bounds.bottom < 46.0 and dataset.bounds.top > 46.2
        tags = dataset.tags()
    col, row = round(transform.c * 120), round((50 - transform.f) * 120)
    assert np.array_equal(stored, climate[row:row + stored.shape[0], col:col + stored.shape[1]])
    assert tags["ATTRIBUTION"] == "© climate" and tags["LICENCE"] == "CC0"
    assert tags["SOURCE_URL"] == server.address + "/c/bio1.tif" and tags["RETRIEVED"].startswith("20")
    assert server.sent < len(server.rasters["/c/bio1.tif"]) / 20
    assert all("Range" in request.headers for request in server.requests)


def test_strips_and_resampling(server: Server, preset, area, fetch) -> None:
    ramp = np.add.outer(np.arange(400) * -2.0, np.arange(500) * 3.0).astype("float32")  # a plane: bilinear is exact
    server.rasters["/d.tif"] = strips(ramp, Affine(100, 0, 4_000_000, 0, -100, 2_600_000), "EPSG:3035")
    preset("plane", kind="file", address=server.address + "/{asset}.tif",
           variables={"d": {"title": "plane", "unit": "m"}})
    [path] = fetch(area(4_010_000, 2_580_000, 4_012_000, 2_582_000, "EPSG:3035"), "plane", resolution=40.0)
    with rasterio.open(path) as dataset:
        values, transform = dataset.read(1), dataset.transform
        assert transform.a == 40 and transform.c % 40 == 0
    x = transform.c + (np.arange(values.shape[1]) + 0.5) * 40
    y = transform.f - (np.arange(values.shape[0]) + 0.5) * 40
    truth = ((x[None] - 4_000_000) / 100 - 0.5) * 3 - ((2_600_000 - y[:, None]) / 100 - 0.5) * 2
    assert np.abs(values - truth).max() < 0.01


@pytest.mark.parametrize("ratio", [0.5, 1.0, 7.0, 300.0])
def test_blocks_hold_each_pixel_once_and_not_too_much_of_the_source(ratio: float) -> None:
    frame = GeoBox("EPSG:3035", Affine(10, 0, 0, 0, -10, 0), 1500, 1100 if ratio < 100 else 30)
    seen = np.zeros((frame.height, frame.width), int)
    for block in frame.blocks(ratio):
        seen[block.row:block.row + block.height, block.col:block.col + block.width] += 1
        assert max(block.height, block.width) * ratio <= 2048
    assert (seen == 1).all()


def surface(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Hills in EPSG:3035, with slopes of up to 183 a pixel of 100 m."""
    return 1000 * np.sin((2_600_000 - y) / 1000) + 1000 * np.cos((x - 4_000_000) / 1200)


def test_warped_pixels_lie_where_pyproj_says_and_leave_no_seams(server: Server, preset, area, fetch,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    """The same pixels in one piece and in pieces of 16: 0.05 source pixels apart at most, and so from the truth."""
    row, col = np.indices((900, 900)) + 0.5
    values = surface(4_000_000 + col * 100, 2_600_000 - row * 100).astype("float32")
    server.rasters["/d.tif"] = cog(values, Affine(100, 0, 4_000_000, 0, -100, 2_600_000), "EPSG:3035")
    preset("hills", kind="file", address=server.address + "/{asset}.tif",
           variables={"d": {"title": "hills", "unit": "m"}})
    place = area(6.0, 46.0, 6.1, 46.1, "EPSG:4326")
    pictures = {}
    for side in (1024, 16):
        monkeypatch.setattr("geoplantnet_plugin.engine.cube.geobox.SIDE", side)
        for resolution in (60.0, 390.0):
            fetch.out = fetch.out.with_name(f"{side}-{resolution}")
            [path] = fetch(place, "hills", resolution=resolution, grid_crs="EPSG:32632")
            with rasterio.open(path) as dataset:
                pictures[side, resolution], transform = dataset.read(1), dataset.transform
                if resolution == 60.0:
                    fine = transform
    for resolution in (60.0, 390.0):
        assert np.abs(pictures[1024, resolution] - pictures[16, resolution]).max() < 183 * 0.05
    row, col = np.indices(pictures[16, 60.0].shape) + 0.5
    there = Transformer.from_crs("EPSG:32632", "EPSG:3035", always_xy=True)
    truth = surface(*there.transform(fine.c + col * 60, fine.f - row * 60))
    bent = 100**2 / 8 * 1000 * (1 / 1000**2 + 1 / 1200**2)  # what bilinear interpolation misses of the curvature
    assert np.abs(pictures[16, 60.0] - truth).max() < 183 * 0.05 + bent


@pytest.fixture
def tiles(server: Server, preset) -> None:
    """A source of tiles of one degree below ``/t/``; the test puts them there."""
    preset("tiles", kind="tiles", tile_degrees=1, address=server.address + "/t/{ns}{lat:02d}{ew}{lon:03d}.tif",
           variables={"elevation": {"title": "height", "unit": "m"}})


def test_tiles_are_joined_and_absent_ones_told(server: Server, tiles, area, fetch) -> None:
    whole = noise(120, 240, "float32")
    for name, cols in (("N46E007", slice(0, 120)), ("N46E008", slice(120, 240))):
        left = 7 if name.endswith("7") else 8
        server.rasters[f"/t/{name}.tif"] = cog(whole[:, cols], Affine(1 / 120, 0, left, 0, -1 / 120, 47), "EPSG:4326")
    [path] = fetch(area(7.9, 46.1, 8.1, 46.3, "EPSG:4326"), "tiles")
    with rasterio.open(path) as dataset:
        values, transform = dataset.read(1), dataset.transform
    col, row = round((transform.c - 7) * 120), round((47 - transform.f) * 120)
    assert np.array_equal(values, whole[row:row + values.shape[0], col:col + values.shape[1]])
    assert fetch.warnings == []
    fetch.out = fetch.out.with_name("sea")
    [path] = fetch(area(8.9, 46.1, 9.1, 46.3, "EPSG:4326"), "tiles")
    assert fetch.warnings == ["net_tiles_missing"]
    with rasterio.open(path) as dataset:
        east = dataset.read(1)[:, dataset.index(9.02, 46.2)[1]:]
    assert np.isnan(east).all()


def test_no_tile_at_all_is_refused(tiles, area, fetch) -> None:
    with pytest.raises(EngineError) as caught:
        fetch(area(8.9, 46.1, 9.1, 46.3, "EPSG:4326"), "tiles")
    assert caught.value.code == "net_no_tiles"


def test_store_that_refuses_everything(server: Server, tiles, area, fetch) -> None:
    server.fail("/t/", "403")
    with pytest.raises(EngineError) as caught:
        fetch(area(8.9, 46.1, 9.1, 46.3, "EPSG:4326"), "tiles")
    assert caught.value.code == "service_forbidden"


def test_coarser_tile_between_fine_ones(server: Server, tiles, area, fetch) -> None:
    """Pixels are those of the fine tile, whichever comes first; the coarse one is brought onto them."""
    fine, coarse = noise(120, 120, "float32"), np.full((12, 12), 5.0, "float32")
    server.rasters["/t/N46E007.tif"] = cog(coarse, Affine(1 / 12, 0, 7, 0, -1 / 12, 47), "EPSG:4326")
    server.rasters["/t/N46E008.tif"] = cog(fine, Affine(1 / 120, 0, 8, 0, -1 / 120, 47), "EPSG:4326")
    [path] = fetch(area(7.8, 46.2, 8.2, 46.6, "EPSG:4326"), "tiles")
    with rasterio.open(path) as dataset:
        values, transform = dataset.read(1), dataset.transform
    assert transform.a == pytest.approx(1 / 120)
    border = round((8 - transform.c) * 120)
    row = round((47 - transform.f) * 120)
    assert np.array_equal(values[:, border:], fine[row:row + values.shape[0], :values.shape[1] - border])
    assert (values[:, :border - 6] == 5).all()


def test_vrt_in_homolosine_with_a_factor(server: Server, preset, area, fetch) -> None:
    """Two of three tiles are asked for; pH is stored times ten; a place is found by pyproj alone."""
    transform = Affine(250, 0, 300_000, 0, -250, 4_900_000)
    values = noise(600, 1200, "int16") % 90
    parts = {}
    for number in range(3):
        part = values[:, number * 400:(number + 1) * 400]
        server.rasters[f"/s/ph/tiles/{number}.tif"] = cog(
            part, Affine(250, 0, 300_000 + number * 100_000, 0, -250, 4_900_000), IGH, nodata=-32768)
        parts[f"tiles/{number}.tif"] = (number * 400, 0, 400, 600)
    server.extra["/s/ph/ph.vrt"] = vrt("unused", transform, (600, 1200), parts)
    preset("soil", kind="vrt", address=server.address + "/s/{asset}/{asset}.vrt", crs=IGH,
           variables={"phh2o": {"title": "pH", "unit": "", "asset": "ph", "scale": 0.1}})
    to_igh = Transformer.from_crs("EPSG:4326", IGH, always_xy=True)
    x, y = 400_000.0, 4_830_000.0  # on the border of the first two tiles
    lon, lat = to_igh.transform(x, y, direction="INVERSE")
    [path] = fetch(area(lon - 0.02, lat - 0.02, lon + 0.02, lat + 0.02, "EPSG:4326"), "soil")
    with rasterio.open(path) as dataset:
        for dx, dy in ((-900.0, 300.0), (600.0, -700.0)):
            inside_x, inside_y = to_igh.transform(*to_igh.transform(x + dx, y + dy, direction="INVERSE"))
            row, col = dataset.index(inside_x, inside_y)
            truth = values[int((4_900_000 - inside_y) // 250), int((inside_x - 300_000) // 250)]
            assert dataset.read(1)[row, col] == truth
        assert dataset.scales == (0.1,)
        assert "igh" in dataset.crs.to_proj4() or "Homolosine" in dataset.crs.to_wkt()
    assert not any(request.path.endswith("/2.tif") for request in server.requests)


def test_vrt_that_leads_elsewhere_is_refused(server: Server, preset, area, fetch) -> None:
    for name in ("../../secret.tif", "http://elsewhere.invalid/a.tif", "/etc/passwd"):
        server.extra["/s/a/a.vrt"] = vrt("unused", Affine(1, 0, 0, 0, -1, 60), (60, 60), {name: (0, 0, 60, 60)})
        preset("soil", kind="vrt", address=server.address + "/s/{asset}/{asset}.vrt", crs="EPSG:4326",
               variables={"a": {"title": "a", "unit": ""}})
        with pytest.raises(EngineError) as caught:
            fetch(area(7.9, 46.1, 8.1, 46.3, "EPSG:4326"), "soil")
        assert caught.value.code == "net_vrt_invalid"


def test_classes_stay_classes(server: Server, preset, area, fetch) -> None:
    classes = (noise(300, 300, "uint8") % 3 * 10 + 10).astype("uint8")
    server.rasters["/w/N45E006.tif"] = cog(classes, Affine(0.01, 0, 6, 0, -0.01, 48), "EPSG:4326")
    preset("cover", kind="tiles", tile_degrees=3, nodata=0, resolution=1000,
           address=server.address + "/w/{ns}{lat:02d}{ew}{lon:03d}.tif",
           variables={"landcover": {"title": "class", "unit": "class", "categorical": True}})
    [path] = fetch(area(7.0, 46.1, 7.3, 46.3, "EPSG:4326"), "cover", resolution=400.0)
    with rasterio.open(path) as dataset:
        assert dataset.dtypes == ("uint8",) and dataset.nodata == 0
        assert set(np.unique(dataset.read(1))) <= {10, 20, 30}


def test_second_fetch_finds_the_rasters_finished(server: Server, climate, area, fetch) -> None:
    place = area(7.0, 46.0, 7.3, 46.2, "EPSG:4326")
    [path] = fetch(place, "climate")
    before = path.stat().st_mtime_ns
    server.requests.clear()
    assert fetch(place, "climate") == [path]
    assert path.stat().st_mtime_ns == before and fetch.cost.requests == 0 and not server.requests


def test_another_fetch_is_not_written_over(climate, area, fetch) -> None:
    fetch(area(7.0, 46.0, 7.3, 46.2, "EPSG:4326"), "climate")
    with pytest.raises(EngineError) as caught:
        fetch(area(8.0, 46.0, 8.3, 46.2, "EPSG:4326"), "climate")
    assert caught.value.code == "net_out_taken"


def test_estimate_is_what_is_then_asked_for(server: Server, climate, area, fetch) -> None:
    fetch(area(7.0, 46.0, 8.3, 46.9, "EPSG:4326"), "climate")
    assert fetch.cost.requests == len(server.requests) - 1  # the header was read to know it
    assert abs(fetch.cost.megabytes * 1e6 - (server.sent - 32_768)) < 1


def test_nothing_is_fetched_without_consent(server: Server, climate, area, fetch, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        fetch(area(7.0, 46.0, 7.3, 46.2, "EPSG:4326"), "climate", accepted=False)
    assert caught.value.code == "net_consent_first" and len(server.requests) == 1
    with pytest.raises(EngineError) as caught:
        fetch(area(7.0, 46.0, 7.3, 46.2, "EPSG:4326"), "climate", most_megabytes=0.001)
    assert caught.value.code == "net_too_large" and not (tmp_path / "out").exists()


class Terminal(io.StringIO):
    """What a person types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "code"), [("n\n", 3), ("", 3), ("y\n", 0), ("oui\n", 0)])
def test_question_at_the_terminal(server: Server, climate, area, tmp_path: Path, typed: str, code: int,
                                  monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    out = tmp_path / "asked"
    assert main(["cube", "fetch", "--area", area(7.0, 46.0, 7.3, 46.2, "EPSG:4326"), "--source", "climate",
                 "--out", str(out)]) == code
    assert "© climate" in capsys.readouterr().err
    assert (out / "climate_bio1.tif").exists() is (code == 0)


def test_model_chooses_variables(server: Server, climate, area, fetch, preset, tmp_path: Path) -> None:
    world = make_world(tmp_path)
    card = json.loads((world.model / "card.json").read_text())
    wanted = card["inputs"][0]["predictors"][0]["name"]
    server.rasters["/c/b.tif"] = server.rasters["/c/bio1.tif"]
    preset("two", kind="file", address=server.address + "/c/{asset}.tif",
           variables={"other": {"title": "o", "unit": ""}, wanted.upper(): {"title": "b", "unit": "", "asset": "b"}})
    paths = fetch(area(7.0, 46.0, 7.3, 46.2, "EPSG:4326"), "two", model=str(world.model))
    assert [path.name for path in paths] == [f"two_{wanted.upper()}.tif"]
    assert fetch.warnings == ["net_predictors_elsewhere"]
