"""Names of bands, and which rasters a source holds."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
from affine import Affine
from cube.cube_helpers import write

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.naming import band_names, strip_name
from geoplantnet_plugin.engine.cube.plan import open_sources
from geoplantnet_plugin.engine.cube.sources import find_bands

ONE = np.ones((1, 2, 2), np.float32)
HERE = Affine(100, 0, 4_000_000, 0, -100, 2_500_000)


@pytest.mark.parametrize(("text", "name"), [
    ("CHELSA_bio10_1981-2010_V.2.1", "bio10"), ("CHELSA_pr_01_1981-2010_V.2.1", "pr_01"),
    ("wc2.1_30s_bio_7", "bio_7"), ("wc2.1_10m_elev", "elev"), ("bio_1_crop_sample", "bio_1"),
    ("slope25", "slope25"), ("microbiology1", "microbiology1")])
def test_known_wrappings_are_stripped_from_names(text: str, name: str) -> None:
    assert strip_name(text) == name


def test_a_description_goes_before_the_file_name_and_a_generic_one_counts_as_none() -> None:
    assert band_names("ddeg0", "file", 5) == ("ddeg0",)
    assert band_names("Annual mean", "bio1", 1) == ("Annual mean", "bio1")
    assert band_names("Band 1", "bio1", 1) == ("bio1",)
    assert band_names("lyr.3", "stack", 3) == ()


def test_a_folder_gives_its_rasters_once_and_in_order(tmp_path) -> None:
    for name in ("b", "a"):
        write(tmp_path / f"{name}.tif", ONE, HERE)
    (tmp_path / "notes.txt").write_text("no raster")
    (tmp_path / ".b.blocks.tif").write_bytes(b"in the making")
    bands = find_bands([str(tmp_path / "b.tif"), str(tmp_path)])
    assert [band.name for band in bands] == ["b", "a"]


def test_headers_are_read_as_they_are(tmp_path) -> None:
    path = write(tmp_path / "s.tif", np.ones((2, 3, 4), np.int16), HERE, None, names=("p", "q"), nodata=-9,
                 scale=0.1, offset=-5, unit="K")
    band = find_bands([path])[1]
    assert (band.name, band.index, band.shape, band.crs, band.dtype) == ("q", 2, (3, 4), None, "int16")
    assert (band.nodata, band.scale, band.offset, band.unit, band.transform) == (-9, 0.1, -5, "K", HERE)


def test_what_is_no_source_is_named(tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.tif").write_bytes(b"II*\0 no tiff at all")
    for path, code in (("nowhere", "missing"), ("empty", "empty"), ("bad.tif", "unreadable")):
        with pytest.raises(EngineError, match=path) as caught:
            find_bands([str(tmp_path / path)])
        assert caught.value.code == f"cube_source_{code}"


def test_a_saved_plan_whose_raster_is_gone_says_so(tmp_path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(
        {"schema": 1, "bindings": [{"predictor": "slope", "source": "gone.tif", "band": 1}]}))
    with pytest.raises(EngineError, match=r"gone\.tif") as caught:
        open_sources([str(tmp_path / "plan.json")])
    assert caught.value.code == "cube_source_missing"


def test_a_raster_says_that_it_is_simulated(tmp_path) -> None:
    real, made_up = (write(tmp_path / f"{name}.tif", ONE, HERE) for name in ("real", "made_up"))
    with rasterio.open(made_up, "r+") as dataset:
        dataset.update_tags(SIMULATED="yes")
    assert [band.simulated for band in find_bands([real, made_up])] == [False, True]
