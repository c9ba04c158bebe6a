"""Rasters as people have them: what is missing, which way up, and where they lie."""

import gzip
import tarfile
import zipfile

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from affine import Affine
from cube.cube_helpers import Heard, area_in_degrees, area_of, card_of
from pyproj import Transformer
from rasterio.crs import CRS
from rasterio.enums import ColorInterp
from shapely import box

from geoplantnet_plugin.common.addresses import local_file
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.edits import Edit
from geoplantnet_plugin.engine.cube.opening import identity
from geoplantnet_plugin.engine.cube.plan import make_plan, open_sources
from geoplantnet_plugin.engine.cube.reader import LocalCube
from geoplantnet_plugin.engine.models.card import Predictor

LEFT, TOP, SIDE = 4_000_000.0, 2_600_000.0, 100.0
NORTH_UP = Affine(SIDE, 0, LEFT, 0, -SIDE, TOP)
VALUES = np.arange(1.0, 401.0).reshape(20, 20)
AREA = area_of(box(LEFT, TOP - 2000, LEFT + 2000, TOP), "EPSG:3035")
WARM, WET = Predictor("warm", "warm", ""), Predictor("wet", "wet", "")


def write(path, bands, names=("warm", "wet"), transform=NORTH_UP, dtype="float32", crs="EPSG:3035", **options):
    with rasterio.open(path, "w", driver="GTiff", width=bands[0].shape[1], height=bands[0].shape[0], count=len(bands),
                       dtype=dtype, crs=crs, transform=transform, **options) as file:
        for index, values in enumerate(bands, 1):
            file.write(values.astype(dtype), index)
            if index <= len(names):
                file.set_band_description(index, names[index - 1])
    return str(path)


def values(sources, predictors=(WARM,), edits=(), area=AREA, resolution=SIDE, **options):
    """The cube's values (height, width, predictors), NaN where missing."""
    card, grid = card_of(*predictors), area.grid(resolution)
    cube = LocalCube(make_plan(card, open_sources(sources), grid, area, edits=edits, **options), grid, card)
    (block,) = grid.blocks()
    read = cube.read(block, area.inside(grid))
    cube.close()
    found = np.full((grid.height * grid.width, len(predictors)), np.nan)
    (input_,) = read.inputs.values()
    found[read.cells] = input_
    return found.reshape(grid.height, grid.width, len(predictors))


@pytest.mark.parametrize("extra", [0, 1, 2, 3, 4, 7])
def test_opacity_counts_however_many_bands_there_are(tmp_path, extra):
    opaque = np.full((20, 20), 255)
    opaque[:10] = 0
    bands = [VALUES, *[VALUES * 0] * extra, opaque]
    path = write(tmp_path / "drone.tif", bands, ("warm",), dtype="uint16", photometric="MINISBLACK")
    with rasterio.open(path, "r+") as file:
        file.colorinterp = [*[ColorInterp.gray] * (len(bands) - 1), ColorInterp.alpha]
    expected = np.where(opaque > 0, VALUES, np.nan)
    np.testing.assert_array_equal(values([path])[:, :, 0], expected)


def test_a_band_beside_opacity_is_named_after_its_file(tmp_path):
    path = write(tmp_path / "warm.tif", [VALUES, VALUES * 0 + 255], (), dtype="uint16", photometric="MINISBLACK",
                 alpha="YES")
    assert [band.name for band in open_sources([path]).bands] == ["warm"]


def test_mask_opacity_and_nodata_together(tmp_path):
    opaque, masked, stored = np.full((20, 20), 255), np.full((20, 20), 255, np.uint8), VALUES.copy()
    opaque[:3], masked[3:6], stored[6:9] = 0, 0, 7
    path = write(tmp_path / "all.tif", [stored, stored * 0, stored * 0, stored * 0, opaque], ("warm",), dtype="uint16",
                 photometric="MINISBLACK", nodata=7)
    with rasterio.open(path, "r+") as file:
        file.colorinterp = [*[ColorInterp.gray] * 4, ColorInterp.alpha]
        file.write_mask(masked)
    expected = np.where(np.arange(20)[:, None] >= 9, stored, np.nan)
    np.testing.assert_array_equal(values([path])[:, :, 0], expected)


def test_the_nodata_of_a_plan_replaces_that_of_the_file(tmp_path):
    path = write(tmp_path / "warm.tif", [VALUES], ("warm",), nodata=5)
    found = values([path], edits=[Edit("warm", path, nodata=17)])[:, :, 0]
    np.testing.assert_array_equal(found, np.where(VALUES == 17, np.nan, VALUES))
    np.testing.assert_array_equal(values([path])[:, :, 0], np.where(VALUES == 5, np.nan, VALUES))


@pytest.mark.parametrize("flip", ["rows", "cols", "both"])
def test_mirrored_and_south_up_rasters_give_the_same_land(tmp_path, flip):
    rows, cols = flip in ("rows", "both"), flip in ("cols", "both")
    transform = Affine(-SIDE if cols else SIDE, 0, LEFT + 20 * SIDE * cols, 0, SIDE if rows else -SIDE,
                       TOP - 20 * SIDE * rows)
    turned = VALUES[::-1 if rows else 1, ::-1 if cols else 1]
    path = write(tmp_path / "warm.tif", [turned], ("warm",), transform)
    np.testing.assert_array_equal(values([path])[:, :, 0], VALUES)


@pytest.mark.parametrize("turn", [
    Affine.rotation(10) @ Affine.scale(100, -100), Affine.rotation(200) @ Affine.scale(250, -250),
    Affine.rotation(90) @ Affine.scale(100, 100), Affine.shear(20, 5) @ Affine.scale(90, -90)])
def test_turned_and_sheared_rasters_give_the_same_land(tmp_path, turn):
    transform = Affine.translation(LEFT + 1000, TOP - 1000) @ turn @ Affine.translation(-40, -40)
    col, row = np.meshgrid(np.arange(80) + 0.5, np.arange(80) + 0.5)
    x, y = transform @ (col, row)
    path = write(tmp_path / "warm.tif", [(x - LEFT) / SIDE + 3 * (TOP - y) / SIDE], ("warm",), transform)
    expected = np.arange(20)[None] + 0.5 + 3 * (np.arange(20)[:, None] + 0.5)
    np.testing.assert_allclose(values([path])[:, :, 0], expected, atol=1e-4)
    with pytest.raises(EngineError) as raised:
        values([path], area=area_of(box(LEFT, TOP + 90_000, LEFT + 2000, TOP + 92_000), "EPSG:3035"))
    assert raised.value.code == "cube_area_outside"


def netcdf(path, lon, lat, steps=0):
    """A NetCDF as climate services give it: hundredths in two bytes, a fill value, time, and axes but no CRS."""
    from scipy.io import netcdf_file

    with netcdf_file(path, "w") as file:
        for name, size in ((("time", None),) if steps else ()) + (("lat", len(lat)), ("lon", len(lon))):
            file.createDimension(name, size)
        for name, axis, unit in (("lat", lat, "degrees_north"), ("lon", lon, "degrees_east")):
            variable = file.createVariable(name, "d", (name,))
            variable[:], variable.units = axis, unit
        if steps:
            time = file.createVariable("time", "d", ("time",))
            time[:], time.units = np.arange(steps), "days since 2000-01-01"
        stored = np.round(np.where(lon > 180, lon - 360, lon)[None] * 100 + lat[:, None] * 10)
        stored[np.abs(lat - 40.25) < 0.01] = -32768
        variable = file.createVariable("warm", "h", (*(("time",) if steps else ()), "lat", "lon"))
        variable.scale_factor, variable.add_offset = np.float32(0.01), np.float32(5)
        variable._FillValue = np.int16(-32768)
        for step in range(max(steps, 1)):
            variable[step if steps else slice(None)] = (stored + step * (stored != -32768)).astype("i2")
    return str(path)


@pytest.mark.parametrize("steps", [0, 3])
@pytest.mark.parametrize("south_up", [False, True])
@pytest.mark.parametrize("west", [0.25, -179.75])
def test_climate_data_in_netcdf(tmp_path, west, south_up, steps):
    lon, lat = np.arange(west, west + 360, 0.5), np.arange(89.75, -90, -0.5)
    path = netcdf(tmp_path / "era.nc", lon, lat[::-1] if south_up else lat, steps)
    area = area_in_degrees(-4.2, 39.1, -3.2, 41.1, "EPSG:32630")
    grid = area.grid(5000)
    x, y = np.meshgrid(*grid.centres())
    there = Transformer.from_crs("EPSG:32630", "EPSG:4326", always_xy=True).transform(x, y)
    at_lon, at_lat = (np.floor(2 * axis) / 2 + 0.25 for axis in there)
    for step in range(max(steps, 1)):
        found = values([path], area=area, resolution=5000,
                       edits=[Edit("warm", path, step + 1, resampling="nearest")])[:, :, 0]
        expected = np.where(np.abs(at_lat - 40.25) < 0.01, np.nan, (at_lon * 100 + at_lat * 10 + step) * 0.01 + 5)
        np.testing.assert_allclose(found, np.where(area.inside(grid), expected, np.nan), atol=0.006)


def test_the_lowest_float_is_missing_where_nobody_says_so(tmp_path):
    path = write(tmp_path / "warm.tif", [np.where(VALUES == 7, -3.4028235e38, VALUES)], ("warm",), nodata=-9999)
    np.testing.assert_array_equal(values([path])[:, :, 0], np.where(VALUES == 7, np.nan, VALUES))


@pytest.mark.parametrize("flip", [False, True])
def test_mirrored_rasters_in_degrees(tmp_path, flip):
    lon = np.arange(0.5, 360) if not flip else np.arange(359.5, 0, -1)
    world = np.tile(np.where(lon > 180, lon - 360, lon), (180, 1))
    path = write(tmp_path / "warm.tif", [world], ("warm",), Affine(-1 if flip else 1, 0, 360 * flip, 0, -1, 90),
                 crs="EPSG:4326")
    area = area_in_degrees(-70.2, -10.2, -70.1, -10.1, "EPSG:32719")
    near = values([path], area=area, resolution=5000, edits=[Edit("warm", path, resampling="nearest")])
    np.testing.assert_array_equal(near[np.isfinite(near)], -70.5)


def test_pixels_that_are_no_squares(tmp_path):
    path = write(tmp_path / "warm.tif", [VALUES], ("warm",), Affine(SIDE, 0, LEFT, 0, -SIDE / 4, TOP))
    found = values([path], edits=[Edit("warm", path, resampling="nearest")])[:5, :, 0]
    np.testing.assert_array_equal(found, VALUES[[2, 6, 10, 14, 18]])


def test_across_the_antimeridian(tmp_path):
    lon = np.arange(-179.95, 180, 0.1)
    path = write(tmp_path / "warm.tif", [np.tile(np.abs(lon), (400, 1))], ("warm",),
                 Affine(0.1, 0, -180, 0, -0.1, 10), crs="EPSG:4326")
    area = area_in_degrees(179.5, -17.1, 180.5, -17, "EPSG:32760")
    found = values([path], area=area, resolution=5000)[:, :, 0]
    inside = area.inside(area.grid(5000))
    assert np.isfinite(found[inside]).all() and found[inside].min() > 179.4


def containers(folder):
    """The same two rasters, in every container that holds several."""
    for number, (name, data) in enumerate((("warm", VALUES), ("wet", VALUES.T))):
        bare = {"width": 20, "height": 20, "count": 1, "crs": "EPSG:3035", "transform": NORTH_UP}
        with rasterio.open(folder / "both.gpkg", "w", driver="GPKG", dtype="uint8", RASTER_TABLE=name,
                           TILE_FORMAT="PNG", **({"APPEND_SUBDATASET": "YES"} if number else {}), **bare) as file:
            file.write((data % 200).astype("uint8"), 1)
        write(folder / f"{name}.tif", [data], ())
    with zipfile.ZipFile(folder / "env.zip", "w") as archive:
        archive.write(folder / "warm.tif", "maps/warm.tif")
        archive.write(folder / "wet.tif", "maps/wet.tif")
        archive.writestr("readme.txt", "no raster")
    for name in ("env.tar", "env.tar.gz"):
        with tarfile.open(folder / name, "w:gz" if name.endswith("gz") else "w") as tar:
            for raster in ("warm.tif", "wet.tif"):
                tar.add(folder / raster, f"./maps/{raster}")
    for name in ("warm", "wet"):
        (folder / f"{name}.tif.gz").write_bytes(gzip.compress((folder / f"{name}.tif").read_bytes()))


@pytest.mark.parametrize("sources, divisor", [
    (["both.gpkg"], 200), (["GPKG:{}/both.gpkg:warm", "GPKG:{}/both.gpkg:wet"], 200), (["env.zip"], 1000),
    (["/vsizip/{}/env.zip/maps/warm.tif", "/vsizip/{}/env.zip/maps/wet.tif"], 1000),
    (["/vsizip/{{{}/env.zip}}/maps/warm.tif", "wet.tif"], 1000), (["env.tar"], 1000), (["env.tar.gz"], 1000),
    (["warm.tif.gz", "wet.tif.gz"], 1000)])
def test_subdatasets_and_archives(tmp_path, monkeypatch, sources, divisor):
    containers(tmp_path)
    monkeypatch.chdir(tmp_path)
    found = values([source.format(tmp_path) for source in sources], (WARM, WET))
    np.testing.assert_array_equal(found, np.stack([VALUES, VALUES.T], 2) % divisor)


def test_folders_that_are_rasters(tmp_path):
    source = write(tmp_path / "warm.tif", [VALUES], ("warm",))
    (tmp_path / "maps").mkdir()
    rasterio.shutil.copy(source, tmp_path / "maps" / "warm.zarr", driver="Zarr")
    np.testing.assert_array_equal(values([str(tmp_path / "maps" / "warm.zarr")])[:, :, 0], VALUES)
    np.testing.assert_array_equal(values([str(tmp_path / "maps")])[:, :, 0], VALUES)


def test_a_stray_file_in_a_folder_is_told_and_a_lone_one_refused(tmp_path):
    write(tmp_path / "warm.tif", [VALUES], ("warm",))
    (tmp_path / "broken.tif").write_bytes(b"II*\0nothing")
    heard = Heard()
    assert [band.name for band in open_sources([str(tmp_path)], heard).bands] == ["warm"]
    assert heard.codes == ["cube_source_skipped"]
    with pytest.raises(EngineError) as raised:
        open_sources([str(tmp_path / "broken.tif")], heard)
    assert raised.value.code == "cube_source_unreadable"


@pytest.mark.parametrize("wkt", ['LOCAL_CS["unnamed",UNIT["metre",1]]',
                                 'ENGCRS["plan",EDATUM["x"],CS[Cartesian,2],AXIS["e",east],AXIS["n",north],'
                                 'LENGTHUNIT["metre",1]]'])
def test_a_local_crs_is_replaced_or_refused(tmp_path, wkt):
    path = write(tmp_path / "warm.tif", [VALUES], ("warm",), crs=CRS.from_wkt(wkt))
    with pytest.raises(EngineError) as raised:
        values([path])
    assert raised.value.code == "cube_crs_local"
    np.testing.assert_array_equal(values([path], predictor_crs="EPSG:3035")[:, :, 0], VALUES)


@pytest.mark.parametrize("address", [
    "/vsicurl/http://127.0.0.1:9/a.tif", "/vsizip//vsicurl/http://127.0.0.1:9/a.zip/a.tif", "WMS:http://127.0.0.1:9",
    "NETCDF:\"http://127.0.0.1:9/a.nc\":x", "x" * 100_000, "a\0b", "GPKG:", "NETCDF:\"\":x", "/vsizip/", "ZARR:a:b",
    "", " "])
def test_addresses_of_nothing_on_disk(address):
    assert local_file(address) is None
    with pytest.raises(EngineError) as raised:
        open_sources([address])
    assert raised.value.code == "cube_source_missing"


@pytest.mark.parametrize("address", ['NETCDF:"{}/a.nc":v', "NETCDF:{}/a.nc:v", 'GTIFF_DIR:2:{}/a.nc',
                                     "{}/a.nc", 'ZARR:"{}/z.zarr":/v', 'NETCDF:"/vsizip/{}/a.nc/x.nc":v',
                                     "GTIFF_DIR:off:8:{}/a.nc"])
def test_addresses_of_files(tmp_path, address):
    (tmp_path / "a.nc").write_bytes(b"x")
    (tmp_path / "z.zarr").mkdir()
    (tmp_path / "z.zarr" / ".zgroup").write_text("{}")
    assert local_file(address.format(tmp_path)) in (tmp_path / "a.nc", tmp_path / "z.zarr")


def test_a_band_of_values_that_is_marked_as_opacity_stays_one(tmp_path):
    """GDAL's ALPHA=YES marks the second band; here it is a predictor, and the last one, by its name, the opacity."""
    opaque = np.full((20, 20), 255)
    opaque[:10] = 0
    bands = [VALUES, VALUES.T - 1, VALUES * 0, opaque]
    path = write(tmp_path / "drone.tif", bands, ("warm", "wet", "red", "alpha"), dtype="uint16",
                 photometric="MINISBLACK", alpha="YES")
    expected = np.where(opaque[:, :, None] > 0, np.stack([VALUES, VALUES.T - 1], 2), np.nan)
    np.testing.assert_array_equal(values([path], (WARM, WET)), expected)
    two = write(tmp_path / "two.tif", [VALUES, VALUES - 1], dtype="uint16", photometric="MINISBLACK", alpha="YES")
    np.testing.assert_array_equal(values([two], (WARM, WET)), np.stack([VALUES, VALUES - 1], 2))


def test_an_empty_folder_is_told_and_not_a_fault(tmp_path):
    assert identity(str(tmp_path)) == (str(tmp_path), 0, 0)
    with pytest.raises(EngineError, match="no raster"):
        open_sources([str(tmp_path)])


def test_complex_numbers_are_no_values(tmp_path):
    path = write(tmp_path / "radar.tif", [VALUES], ("warm",), dtype="complex64")
    with pytest.raises(EngineError) as raised:
        values([path])
    assert raised.value.code == "cube_complex"
