"""Predictors given by address: bound, read and scored like files, by windows."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from worlds import World, cells_box, make_world

from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.assess.fit import check_fit
from geoplantnet_plugin.engine.assess.planning import plan_assessment
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment.report.make import ReportRequest, make_report
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.line import main
from geoplantnet_plugin.engine.cube.items import item_bands
from geoplantnet_plugin.engine.cube.plan import open_sources
from geoplantnet_plugin.engine.services.cache import open_cache
from tests.server.http_server import Server
from tests.server.rasters import cog, item


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


def served(world: World, change: float = 0.0) -> bytes:
    """The world's raster as a COG, with a note whom to name."""
    with rasterio.open(world.raster) as dataset:
        values = dataset.read()
        values[:, 5, 5] += np.float32(change)
        return cog(values, dataset.transform, "EPSG:3035", dataset.nodata, names=dataset.descriptions,
                   ATTRIBUTION="© Someone", LICENCE="CC BY 4.0", RETRIEVED="2026-01-02T03:04:05+00:00")


@pytest.fixture
def url(server: Server, world: World) -> str:
    server.rasters["/p/env.tif"] = served(world)
    return f"{server.address}/p/env.tif"


def job(world: World, predictors: str, out: str) -> AssessJob:
    area = world.area(cells_box(20, 30, 60, 70))
    return AssessJob(area, world.folder / out, ModelOptions(str(world.model), (predictors,)))


def test_same_scores_as_from_a_file(server: Server, world: World, url: str) -> None:
    assess(job(world, str(world.raster), "local"), Reporter())
    manifest = assess(job(world, url, "remote"), Reporter())
    pictures = []
    for name in ("local", "remote"):
        with rasterio.open(world.folder / name / "species.tif") as dataset:
            pictures.append(dataset.read())
    assert np.array_equal(*pictures)
    assert server.sent < len(server.rasters["/p/env.tif"]) / 2
    html = make_report(ReportRequest(world.folder / "remote"), Reporter())[0]
    told = html.read_text(encoding="utf-8")
    assert "Sources of the predictors" in told and "© Someone" in told and "2026-01-02" in told
    entry = manifest.predictors[0]
    assert (entry["source"], entry["attribution"], entry["licence"]) == (url, "© Someone", "CC BY 4.0")
    assert entry["retrieved"].startswith("2026-01-02")


def test_fetched_folder_gives_the_same_scores(server: Server, world: World, preset, fetch) -> None:
    """From the source on the net to the assessment: every score is that of the local raster."""
    with rasterio.open(world.raster) as dataset:
        names = dataset.descriptions
        for number, name in enumerate(names, 1):
            server.rasters[f"/{name}.tif"] = cog(dataset.read(number), dataset.transform, "EPSG:3035", dataset.nodata)
    preset("environment", kind="file", address=server.address + "/{asset}.tif",
           variables={name: {"title": name, "unit": ""} for name in names})
    fetch(job(world, "", "").area, model=str(world.model))
    assess(job(world, str(world.raster), "local"), Reporter())
    manifest = assess(job(world, str(fetch.out), "fetched"), Reporter())
    local, fetched = (world.folder / name / "species.tif" for name in ("local", "fetched"))
    with rasterio.open(local) as one, rasterio.open(fetched) as other:
        assert np.array_equal(one.read(), other.read())
    assert {entry["attribution"] for entry in manifest.predictors} == {"© environment"}


def test_plan_on_the_command_line(server: Server, world: World, url: str, tmp_path: Path,
                                  capsys: pytest.CaptureFixture[str]) -> None:
    area = world.area(cells_box(20, 30, 60, 70))
    saved = tmp_path / "plan.json"
    arguments = ["cube", "plan", "--area", area, "--model", str(world.model)]
    assert main([*arguments, "--predictors", url, "--save", str(saved)]) == 0
    assert "env.tif" in capsys.readouterr().out
    assert {entry["source"] for entry in json.loads(saved.read_text())["bindings"]} == {url}
    assert main([*arguments, "--predictors", str(saved)]) == 0


def test_version_decides_whether_an_assessment_may_go_on(server: Server, world: World, url: str) -> None:
    asked = job(world, url, "remote")
    first = plan_assessment(asked, Reporter()).digest
    assert plan_assessment(asked, Reporter()).digest == first
    server.rasters["/p/env.tif"] = served(world, change=1.0)
    assert plan_assessment(asked, Reporter()).digest != first


class Vanishing(Reporter):
    """Takes the files away, from the cache too, when the assessment begins."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def message(self, code: str, **params: object) -> None:
        self.server.rasters.clear()
        with open_cache() as cache:
            cache.clear()


def test_file_that_vanishes_names_predictor_and_file(server: Server, world: World, url: str) -> None:
    with pytest.raises(EngineError) as caught:
        assess(job(world, url, "gone"), Vanishing(server))
    assert caught.value.code == "net_read_failed"
    with rasterio.open(world.raster) as dataset:
        assert f"({dataset.descriptions[0]})" in str(caught.value)
    assert "env.tif" in str(caught.value) and "404" in str(caught.value)


class Impatient(Reporter):
    """Asks to stop once the assessment has begun; from then on the server drips."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.begun = False

    def message(self, code: str, **params: object) -> None:
        self.begun = True
        self.server.fail(".tif", "slow-loris")
        with open_cache() as cache:
            cache.clear()

    def cancelled(self) -> bool:
        return self.begun and self.server.faults[0].seen > 0


def is_cancelled(work: Callable[[], object]) -> bool:
    ended = []

    def run() -> None:
        try:
            work()
        except Cancelled:
            ended.append(True)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(300)
    return bool(ended)


def test_cancel_while_a_host_drips(server: Server, world: World, url: str) -> None:
    """The shipped settings wait 20 s for a silence and two minutes in all: only the cancel can end this here."""
    assert is_cancelled(lambda: assess(job(world, url, "stopped"), Impatient(server)))


class Hasty(Impatient):
    """The same while a fit is checked, which says nothing: the host drips from the first look at whether to stop."""

    def cancelled(self) -> bool:
        if not self.begun:
            self.message("")
        return super().cancelled()


def test_cancel_a_check_of_the_fit_while_a_host_drips(server: Server, world: World, url: str) -> None:
    assert is_cancelled(lambda: check_fit(job(world, url, "unused"), Hasty(server)))


@pytest.mark.parametrize(("name", "code"), [("none.tif", "service_not_found"), ("page.tif", "net_not_raster"),
                                            ("none.json", "service_not_found"), ("page.json", "net_not_item")])
def test_addresses_that_are_wrong(server: Server, name: str, code: str) -> None:
    server.extra["/page.json"] = b'{"type": "Catalog"}'
    server.rasters["/page.tif"] = b"<html>" * 10_000
    with pytest.raises(EngineError) as caught:
        open_sources([f"{server.address}/{name}"])
    assert caught.value.code == code


@pytest.fixture
def scene(server: Server) -> dict:
    for name in ("red", "nir"):
        server.rasters[f"/i/{name}.tif"] = cog(np.full((300, 300), 3000, "uint16"), Affine(10, 0, 5e5, 0, -10, 5e6),
                                               "EPSG:32631", scale=0.5)
    assets = {name: f"{server.address}/i/{name}.tif" for name in ("red", "nir")}
    return item("S2", "2024-07-01", assets, "EPSG:32631", (5e5, 5e6 - 3000, 5e5 + 3000, 5e6), -0.1,
                providers=[{"name": "ESA"}], license="proprietary")


@pytest.mark.parametrize("applied", [True, False])
def test_bands_of_an_item(server: Server, scene: dict, tmp_path: Path, applied: bool) -> None:
    """The item's numbers count, not the file's; an offset that was applied is not applied again."""
    scene["properties"]["earthsearch:boa_offset_applied"] = applied
    server.extra["/items/S2"] = json.dumps(scene).encode()
    local = tmp_path / "item.json"
    local.write_text(json.dumps(scene))
    for source in (f"{server.address}/items/S2", str(local)):
        red, nir = open_sources([source]).bands
        assert (red.name, nir.name) == ("red", "nir") and red.modified == "2024-07-01"
        assert red.scale == 0.0001 and red.offset == (0.0 if applied else -0.1) and red.nodata == 0
        assert (red.attribution, red.licence) == ("ESA", "proprietary")


def test_item_beside_its_files(server: Server, scene: dict, tmp_path: Path) -> None:
    """Relative places are looked for below the item's folder, and nowhere else."""
    folder = tmp_path / "stac"
    folder.mkdir()
    (folder / "red.tif").write_bytes(server.rasters["/i/red.tif"])
    (tmp_path / "nir.tif").write_bytes(server.rasters["/i/nir.tif"])
    scene["assets"]["red"]["href"], scene["assets"]["nir"]["href"] = "./red.tif", "../nir.tif"
    (folder / "item.json").write_text(json.dumps(scene))
    assert [band.name for band in item_bands(str(folder / "item.json")) or ()] == ["red"]
    del scene["assets"]["red"]
    (folder / "item.json").write_text(json.dumps(scene))
    with pytest.raises(EngineError) as caught:
        item_bands(str(folder / "item.json"))
    assert caught.value.code == "net_no_assets"
