"""Bad rasters through the command line: one sentence that names predictor and file, and nothing left behind."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from worlds import HEIGHT, LEFT, RESOLUTION, TOP, WIDTH, World, cells_box

from geoplantnet_plugin.engine.assess import run as main_job
from geoplantnet_plugin.engine.commands.line import main

TRANSFORM = Affine(RESOLUTION, 0, LEFT, 0, -RESOLUTION, TOP)


@pytest.fixture
def warmth(world: World) -> Path:
    """The file of one predictor, which a test spoils; the other predictor's lies beside it."""
    for band, name in enumerate(("warmth", "water")):
        write(world.folder / f"{name}.tif", world.values[band])
    return world.folder / "warmth.tif"


def write(path: Path, values: np.ndarray, transform: Affine = TRANSFORM, crs: str | None = "EPSG:3035",
          unit: str = "") -> None:
    path.unlink(missing_ok=True)
    with rasterio.open(path, "w", driver="GTiff", crs=crs, count=1, dtype="float32", height=HEIGHT, width=WIDTH,
                       nodata=float("nan"), transform=transform) as out:
        out.write(values, 1)
        out.units = [unit]


def run(world: World, *more: str) -> int:
    area = world.area(cells_box(0, 0, 40, 60))
    return main(["assess", "--area", area, "--model", str(world.model), "--predictors",
                 str(world.folder / "warmth.tif"), str(world.folder / "water.tif"), "--out", str(world.folder / "out"),
                 *more])


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """What a person reads last; no traceback."""
    told = capsys.readouterr().err
    assert "Traceback" not in told
    return told.strip().splitlines()[-1]


Spoil = Callable[[Path, np.ndarray], None]
SPOILT: dict[str, tuple[Spoil, str]] = {
    "no CRS": (lambda path, values: write(path, values, crs=None), "has no coordinate reference system"),
    "no geotransform": (lambda path, values: write(path, values, Affine.identity()), "no usable geotransform"),
    "pixels without a height": (
        lambda path, values: write(path, values, Affine(50, 0, LEFT, 0, 0, TOP)), "no usable geotransform"),
    "all nodata": (lambda path, values: write(path, np.full_like(values, np.nan)), "no value anywhere in the area"),
    "another unit": (lambda path, values: write(path, values + 273.15), "cannot be in 1"),
    "elsewhere": (lambda path, values: write(path, values, Affine(50, 0, LEFT + 9e5, 0, -50, TOP)), "wholly outside"),
}


@pytest.mark.parametrize("kind", SPOILT)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_bad_raster_is_refused_in_a_sentence(world: World, warmth: Path, capsys, kind: str) -> None:
    spoil, words = SPOILT[kind]
    spoil(warmth, world.values[0])
    assert run(world) == 2
    told = sentence(capsys)
    assert words in told and "warmth" in told.replace(str(warmth), "") and str(warmth) in told
    assert not (world.folder / "out").exists()


def test_a_stated_unit_that_nobody_knows_is_warned_of(world: World, warmth: Path, capsys) -> None:
    write(warmth, world.values[0], unit="furlong")
    assert run(world) == 0
    assert f"{warmth} states the unit furlong for warmth" in capsys.readouterr().err


def test_a_file_that_goes_while_the_job_runs_is_named_and_the_job_continues_once_it_is_back(
        world: World, warmth: Path, capsys, monkeypatch) -> None:
    kept = shutil.copy2(warmth, world.folder / "kept.tif")
    plan = main_job.plan_assessment

    def gone_afterwards(*arguments):
        planned = plan(*arguments)
        warmth.unlink()
        return planned

    monkeypatch.setattr(main_job, "plan_assessment", gone_afterwards)
    assert run(world) == 2
    told = sentence(capsys)
    assert "can no longer be read" in told and "(warmth)" in told and str(warmth) in told
    monkeypatch.setattr(main_job, "plan_assessment", plan)
    shutil.copy2(kept, warmth)
    assert run(world) == 0
