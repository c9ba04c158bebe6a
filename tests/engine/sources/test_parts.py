"""The small parts: names, TIFF directories, pixels, running top – each against an independent answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from rasterio.shutil import copy
from rasterio.warp import transform

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.sources.published.names import name_of, slug_of
from geoplantnet_plugin.engine.sources.published.pixels import Cells, Pixels, ground_metres
from geoplantnet_plugin.engine.sources.published.tiff import (
    MoreHeader,
    Piece,
    read_directory,
    read_georeference,
    read_window,
)
from geoplantnet_plugin.engine.sources.published.top import RunningTop
from geoplantnet_plugin.engine.where.grid import Grid

TRANSFORM = Affine(50, 0, 700_000, 0, -50, 5_900_000)


@pytest.mark.parametrize(("slug", "name"), [
    ("pinus_sylvestris_l", "Pinus sylvestris"), ("fraxinus_ornus_l", "Fraxinus ornus"),
    ("mentha_x_piperita_l", "Mentha × piperita"), ("linum_usitatissimum_subsp_angustifolium_huds_thell",
                                                   "Linum usitatissimum subsp. angustifolium"),
    ("luzula_campestris_l_dc", "Luzula campestris"), ("salix", "Salix"),
    ("aira_caryophyllea_l_f", "Aira caryophyllea")])
def test_names_from_slugs(slug: str, name: str) -> None:
    assert name_of(slug) == name


def test_slugs_of_names_compare_whatever_the_accents() -> None:
    assert slug_of("Pinus sylvestris L.") == "pinus_sylvestris_l"
    assert slug_of("Mentha × piperita L.") == slug_of("mentha_x_piperita_l")
    assert slug_of("Carex davalliana Séném. & D.Don") == "carex_davalliana_senem_d_don"


def write(path: Path, values: np.ndarray, **options: object) -> bytes:
    profile = {"driver": "GTiff", "dtype": values.dtype, "count": 1, "height": values.shape[0],
               "width": values.shape[1], "crs": "EPSG:3857", "transform": TRANSFORM, "nodata": -1.0}
    with rasterio.open(path, "w", **{**profile, **options}) as dataset:
        dataset.write(values, 1)
    return path.read_bytes()


VALUES = np.random.default_rng(5).normal(size=(300, 430)).astype(np.float32)
LAYOUTS = {
    "plain": {"tiled": True, "blockxsize": 128, "blockysize": 64},
    "big": {"tiled": True, "blockxsize": 128, "blockysize": 128, "BIGTIFF": "YES", "compress": "ZSTD"},
    "big-endian": {"tiled": True, "blockxsize": 64, "blockysize": 64, "ENDIANNESS": "BIG", "compress": "LZW"},
    "one tile": {"tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "DEFLATE", "predictor": 3},
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_tiles_are_where_gdal_says_and_decode_to_the_same_pixels(layout: str, tmp_path: Path) -> None:
    file = write(tmp_path / "a.tif", VALUES, **LAYOUTS[layout])
    directory = read_directory(file, "a.tif")
    with rasterio.open(tmp_path / "a.tif") as dataset:
        for row in range(-(-300 // directory.tile_height)):
            for col in range(directory.tiles_across):
                tile = row * directory.tiles_across + col
                assert directory.offsets[tile] == int(dataset.get_tag_item(f"BLOCK_OFFSET_{col}_{row}", "TIFF", bidx=1))
                assert directory.lengths[tile] == int(dataset.get_tag_item(f"BLOCK_SIZE_{col}_{row}", "TIFF", bidx=1))
    rows, cols = (100, 180), (200, 310)
    tiles = [row // directory.tile_height * directory.tiles_across + col // directory.tile_width
             for row in range(*rows) for col in range(*cols)]
    spans = directory.spans(sorted(set(tiles)), gap=10)
    pieces = [Piece(0, file[:directory.header]), *(Piece(start, file[start:stop]) for start, stop in spans)]
    frame = read_georeference(pieces[:1], len(file), "a.tif")
    window, nodata = read_window(pieces, len(file), "a.tif", rows, cols)
    assert (frame.crs, Affine(*frame.transform), frame.nodata, frame.dtype) == ("EPSG:3857", TRANSFORM, -1.0, "float32")
    np.testing.assert_array_equal(window, VALUES[slice(*rows), slice(*cols)])
    assert nodata == -1.0


def test_the_header_of_a_published_file_is_enough_without_its_overviews(tmp_path: Path) -> None:
    write(tmp_path / "a.tif", np.tile(VALUES, (4, 4)))
    copy(tmp_path / "a.tif", tmp_path / "cog.tif", driver="COG", compress="DEFLATE", blocksize=128)
    file = (tmp_path / "cog.tif").read_bytes()
    head = file[:200]
    with pytest.raises(MoreHeader) as more:
        read_directory(head, "cog.tif")
    while True:
        try:
            directory = read_directory(file[:more.value.size], "cog.tif")
            break
        except MoreHeader as again:
            more.value.size = again.size
    assert directory.header < 4000 < len(file)
    (span,) = directory.spans([0], gap=0)
    pieces = [Piece(0, file[:directory.header]), Piece(span[0], file[slice(*span)])]
    window, _ = read_window(pieces, len(file), "cog.tif", (0, 128), (0, 128))
    np.testing.assert_array_equal(window, VALUES[:128, :128])


def test_files_that_cannot_be_read_by_pieces_are_refused(tmp_path: Path) -> None:
    striped = write(tmp_path / "a.tif", VALUES)
    with pytest.raises(EngineError) as caught:
        read_directory(striped, "a.tif")
    assert caught.value.code == "published_not_tiled"
    with pytest.raises(EngineError) as caught:
        read_directory(b"<!DOCTYPE html>", "a.tif")
    assert caught.value.code == "published_not_tiff"


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_damaged_header_ends_in_our_errors_only(data: st.DataObject) -> None:
    file = bytearray(_file())
    for _ in range(data.draw(st.integers(1, 8))):
        file[data.draw(st.integers(0, 700))] = data.draw(st.integers(0, 255))
    try:
        directory = read_directory(bytes(file), "a.tif")
        directory.spans(range(min(4, len(directory.offsets))), 10)
    except (EngineError, MoreHeader):
        pass


def _file() -> bytes:
    from rasterio.io import MemoryFile

    with MemoryFile() as memory:
        with memory.open(driver="GTiff", dtype="float32", count=1, height=200, width=200, crs="EPSG:3857",
                         transform=TRANSFORM, tiled=True, blockxsize=64, blockysize=64) as dataset:
            dataset.write(VALUES[:200, :200], 1)
        return bytes(memory.read())


def test_a_cell_takes_the_pixel_that_gdal_finds_at_its_centre(tmp_path: Path) -> None:
    grid = Grid("EPSG:3035", 50.0, 4_050_000.0, 2_640_000.0, 120, 150)
    file = write(tmp_path / "a.tif", np.arange(1000 * 1000, dtype=np.float32).reshape(1000, 1000),
                 transform=Affine(50, 0, 705_000, 0, -50, 5_950_000), tiled=True)
    directory = read_directory(file, "a.tif")
    frame = read_georeference([Piece(0, file)], len(file), "a.tif")
    pixels = Pixels.of(Cells.of(grid, np.ones((120, 150), bool), "EPSG:3857"), directory, frame)
    x, y = np.meshgrid(*grid.centres())
    with rasterio.open(tmp_path / "a.tif") as dataset:
        values = dataset.read(1)
        places = transform("EPSG:3035", "EPSG:3857", x.ravel(), y.ravel())
        wanted = np.array([sample[0] for sample in dataset.sample(zip(*places, strict=True))])
    assert pixels.covered.all()
    found = values[slice(*pixels.rows), slice(*pixels.cols)][pixels.row, pixels.col]
    # GDAL's and pyproj's PROJ differ by less than a millimetre: leave out the cells that close to a pixel's edge
    east, north = (np.abs(np.array(place) / 50 % 1 - 0.5) < 0.4999 for place in places)
    assert (east & north).mean() > 0.999
    np.testing.assert_array_equal(found[east & north], wanted[east & north])


def test_cells_beyond_the_map_are_not_covered() -> None:
    from geoplantnet_plugin.engine.sources.published.tiff import Directory, Georeference

    directory = Directory(100, 100, 64, 64, np.zeros(4, np.uint64), np.zeros(4, np.uint64), 0, b"")
    frame = Georeference("EPSG:3857", (50.0, 0.0, 0.0, 0.0, -50.0, 5000.0), None, "float32", 1)
    cells = Cells(np.array([25.0, 4999.0, 5000.0, -0.1, np.inf]), np.array([4975.0, 1.0, 100.0, 100.0, np.nan]))
    pixels = Pixels.of(cells, directory, frame)
    assert pixels.covered.tolist() == [True, True, False, False, False]
    assert pixels.tiles == (0, 3)
    assert (pixels.rows, pixels.cols) == ((0, 100), (0, 100))


def test_a_mercator_pixel_shrinks_towards_the_pole() -> None:
    # On the sphere of Web Mercator the scale is 1/cos(latitude); the ellipsoid differs by less than 0.7 %.
    for latitude in (0.0, 46.0, 60.0):
        assert ground_metres("EPSG:3857", 50.0, 7.0, latitude) == pytest.approx(
            50 * np.cos(np.radians(latitude)), rel=0.007)
    assert round(ground_metres("EPSG:3857", 50.0, 7.0, 46.0)) == 35


@settings(deadline=None, max_examples=60)
@given(hnp.arrays(np.float32, st.tuples(st.integers(1, 5), st.integers(1, 40)),
                  elements=st.one_of(st.sampled_from([np.nan, -np.inf, 0.0, -0.0, 1.5, -1.5, 3.0, np.inf]),
                                     st.floats(-100, 100, width=32))),
       st.integers(1, 45), st.randoms(use_true_random=False))
def test_the_running_top_is_the_stable_sort_of_everything(scores: np.ndarray, keep: int, random: object) -> None:
    cells, taxa = scores.shape
    top = RunningTop(cells, taxa, keep)
    order = list(range(taxa))
    random.shuffle(order)  # type: ignore[attr-defined]
    for taxon in order:
        top.add(taxon, scores[:, taxon])
    ids, values = top.result()
    rank = np.where(np.isnan(scores), np.inf, -scores)  # NaN last, also behind −inf, by the second key
    wanted = np.lexsort((np.broadcast_to(np.arange(taxa), scores.shape), np.isnan(scores), rank), axis=1)[:, :keep]
    np.testing.assert_array_equal(ids, wanted)
    np.testing.assert_array_equal(values, np.take_along_axis(scores, wanted, axis=1))


def test_the_running_top_selects_over_many_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    from geoplantnet_plugin.engine.sources.published import top as module

    monkeypatch.setattr(module, "_BATCH", 7)
    scores = np.random.default_rng(2).integers(-20, 20, (50, 200)).astype(np.float32)
    top = RunningTop(50, 200, 9)
    for taxon in range(200):
        top.add(taxon, scores[:, taxon])
    ids, values = top.result()
    wanted = np.argsort(-scores, axis=1, kind="stable")[:, :9]
    np.testing.assert_array_equal(ids, wanted)
    np.testing.assert_array_equal(values, np.take_along_axis(scores, wanted, axis=1))
