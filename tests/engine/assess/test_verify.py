"""`geoplantnet verify`: equal scores are found equal, and others are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rasterio
from worlds import World, cells_box

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import VerifyJob
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assess.verify import verify
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.line import main


@pytest.fixture
def folder(world: World) -> Path:
    """Return a finished assessment of two blocks, an area with holes in its data and a slanted edge."""
    job = world.job(world.area(cells_box(5, 10, 80, 300).union(cells_box(5, 10, 200, 40)).buffer(-30)))
    assess(job, Reporter())
    return job.out


def test_the_same_machine_gives_the_same_integers(folder: Path) -> None:
    found = verify(VerifyJob(folder, blocks=9), Reporter())
    with rasterio.open(folder / "species.tif") as raster:
        scores = int((raster.read() != raster.nodata).sum())
    assert (found.blocks, found.compared, found.equal, found.missing) == (2, scores, scores, 0)
    assert found.holds and not found.differs


@pytest.mark.parametrize(("change", "holds"), [(1, True), (2, False)])
def test_one_changed_score_is_found(folder: Path, change: int, holds: bool) -> None:
    with rasterio.open(folder / "species.tif", "r+") as raster:
        band = raster.read(2)
        band[20, 20] += change
        raster.write(band, 2)
    found = verify(VerifyJob(folder, blocks=9), Reporter())
    assert found.compared - found.equal == 1 and found.largest == change and found.holds is holds
    assert found.differs == ("species.tif",)  # the manifest's checksum tells that as well
    assert main(["verify", str(folder), "--blocks", "9"]) == (0 if holds else 2)


def test_another_version_of_a_library_is_named(folder: Path) -> None:
    path = folder / "assessment.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["software"]["onnxruntime"] = "0.1"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert any(entry.startswith("onnxruntime 0.1 (") for entry in verify(VerifyJob(folder), Reporter()).differs)


def test_what_was_not_made_by_a_model_is_refused(folder: Path) -> None:
    path = folder / "assessment.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, "state": "unfinished"}), encoding="utf-8")
    with pytest.raises(EngineError) as caught:
        verify(VerifyJob(folder), Reporter())
    assert caught.value.code == "verify_not_by_model"
