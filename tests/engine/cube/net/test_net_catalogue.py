"""The catalogue of sources: what ships is whole, a user's file goes before it, real files are read by it."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import rasterio

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import FetchJob
from geoplantnet_plugin.engine.commands.line import main
from geoplantnet_plugin.engine.cube.net.job import checked, fetch_job, months
from geoplantnet_plugin.engine.cube.net.plan_scenes import period_of
from geoplantnet_plugin.engine.cube.net.presets import read_catalogue, user_file
from tests.server.http_server import Server
from tests.server.rasters import cog

CHELSA = Path(__file__).resolve().parents[5] / "shared" / "data" / "chelsa_costa_rica"


def test_every_source_says_whom_to_name_and_where_that_stands() -> None:
    presets = read_catalogue().presets
    assert set(presets) == {"sentinel2", "copernicus_dem", "chelsa", "chelsa_monthly", "soilgrids", "worldcover"}
    for preset in presets.values():
        assert preset.attribution and preset.licence and preset.terms.startswith("https://")
        assert all(address.startswith("https://") for address in (preset.address, *preset.documentation))
        assert preset.resolution > 0 and all(variable.title for variable in preset.variables)


def test_stored_numbers_of_the_documentation() -> None:
    """Values that the documents give as examples, or that follow from their tables."""
    presets = read_catalogue().presets
    chelsa = {entry.name: entry for entry in presets["chelsa"].variables}
    assert chelsa["bio1"].scale * 2950 + chelsa["bio1"].offset == pytest.approx(21.85)
    assert chelsa["bio7"].offset == 0 and chelsa["bio12"].offset == 0 and len(chelsa) == 19
    warm = {name for name, entry in chelsa.items() if entry.offset == -273.15}
    assert warm == {f"bio{number}" for number in (1, 5, 6, 8, 9, 10, 11)}
    soil = {entry.name: 1 / entry.scale for entry in presets["soilgrids"].variables}
    assert soil == pytest.approx({"bdod": 100, "cec": 10, "clay": 10, "nitrogen": 100, "ocd": 10, "phh2o": 10,
                                  "sand": 10, "silt": 10, "soc": 10})


def write(content: object) -> None:
    user_file().write_text(json.dumps(content))


def test_users_file_goes_first() -> None:
    shipped = read_catalogue().presets["chelsa"]
    write({"keep_days": 1, "sources": {
        "chelsa": {"address": "https://mirror.example/{asset}.tif"},
        "mine": {"title": "Mine", "kind": "file", "address": "http://localhost/{asset}.tif", "resolution": 5,
                 "variables": {"a": {"title": "a", "unit": "m"}}, "attribution": "me", "licence": "mine",
                 "terms": "https://example.org", "documentation": ["https://example.org"]}}})
    catalogue = read_catalogue()
    chelsa = catalogue.presets["chelsa"]
    assert chelsa.address == "https://mirror.example/{asset}.tif" and chelsa.variables == shipped.variables
    assert catalogue.presets["mine"].variables[0].asset == "a" and catalogue.keep_days == 1
    assert user_file() in catalogue.files


@pytest.mark.parametrize(("content", "place"), [
    ({"sources": {"chelsa": {"address": "ftp://x/{asset}"}}}, "sources/chelsa/address"),
    ({"sources": {"chelsa": {"address": "https://x/a.tif?key=1"}}}, "sources/chelsa/address"),
    ({"sources": {"chelsa": {"nonsense": 1}}}, "sources/chelsa"),
    ({"sources": {"new": {"title": "x"}}}, "sources/new"),
    ({"keep_days": "long"}, "keep_days"), ([], ""), ({"sources": []}, "")])
def test_mistakes_in_the_users_file_are_named(content: object, place: str) -> None:
    write(content)
    with pytest.raises(EngineError) as caught:
        read_catalogue()
    assert caught.value.code == "net_sources_invalid" and caught.value.params["place"] == place
    assert str(user_file()) in str(caught.value)


def test_list_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cube", "sources"]) == 0
    text = capsys.readouterr().out
    assert "© DLR e.V. 2010-2014" in text and "bio19" in text and str(user_file()) in text and "{" not in text
    assert main(["--json", "cube", "sources"]) == 0
    event = json.loads(capsys.readouterr().out)
    assert {entry["name"] for entry in event["sources"]} >= {"chelsa", "sentinel2"}


@pytest.mark.parametrize(("fields", "code"), [
    ({}, "net_nothing_asked"), ({"sources": ("a",), "start": "2024-13-01"}, "net_bad_day"),
    ({"sources": ("a",), "start": "2024-02-01", "end": "2024-01-01"}, "net_bad_day"),
    ({"sources": ("a",), "season": "summer"}, "net_bad_season"),
    ({"sources": ("a",), "season": "06-13"}, "net_bad_season")])
def test_words_that_are_not_understood(fields: dict, code: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        checked(FetchJob("a.gpkg", tmp_path, **fields))
    assert caught.value.code == code


def test_job_of_a_document(tmp_path: Path) -> None:
    job = fetch_job({"area": "a.gpkg", "out": str(tmp_path), "sources": ["chelsa"], "accepted": True})
    assert job == FetchJob("a.gpkg", tmp_path, ("chelsa",), accepted=True)
    assert months("11-02") == (11, 2)
    with pytest.raises(EngineError) as caught:
        fetch_job({"out": str(tmp_path), "sources": ["chelsa"], "colour": 1})
    assert caught.value.code == "job_invalid"


@pytest.mark.parametrize(("latitude", "season", "expected"), [
    (45.0, "", (6, 8)), (-20.0, "", (12, 2)), (-20.0, "03-05", (3, 5))])
def test_season_of_a_place(latitude: float, season: str, expected: tuple[int, int], tmp_path: Path) -> None:
    rules = read_catalogue().presets["sentinel2"].scenes
    job = FetchJob("a.gpkg", tmp_path, ("sentinel2",), season=season)
    period = period_of(job, rules, (5.0, latitude, 6.0, latitude + 1))
    assert (period.first, period.last) == expected and period.start[4:] == "-01-01" and period.end[4:] == "-12-31"


@pytest.mark.parametrize(("sources", "code"), [(("nowhere",), "net_source_unknown"),
                                               (("chelsa:bio20",), "net_variable_unknown")])
def test_unknown_source_or_variable(sources: tuple[str, ...], code: str, area, fetch) -> None:
    with pytest.raises(EngineError) as caught:
        fetch(area(7.0, 46.0, 7.3, 46.2, "EPSG:4326"), *sources)
    assert caught.value.code == code


@pytest.mark.skipif(not CHELSA.exists(), reason="the data folder ../shared/data is not there")
def test_real_chelsa_files_by_the_shipped_entry(server: Server, area, fetch) -> None:
    """The 19 files of Costa Rica under the shipped file names: bound by variable, to the stored number."""
    shipped = read_catalogue().presets["chelsa"].address
    name = shipped.rpartition("/")[2]
    write({"sources": {"chelsa": {"address": f"{server.address}/{name}"}}})
    truth = {}
    for path in CHELSA.glob("*.tif"):
        with rasterio.open(path) as dataset:
            values = dataset.read(1)
            server.rasters[f"/{path.name}"] = cog(values, dataset.transform, "EPSG:4326", dataset.nodata)
            variable = re.match(r"CHELSA_(bio\d+)_", path.name)[1]
            truth[variable] = (values, dataset.transform)
    server.latency = 0.02
    paths = fetch(area(-84.2, 9.8, -83.8, 10.1, "EPSG:4326"), "chelsa")
    assert len(paths) == 19
    for path in paths:
        with rasterio.open(path) as dataset:
            values, transform = truth[dataset.descriptions[0]]
            col = round((dataset.transform.c - transform.c) / transform.a)
            row = round((dataset.transform.f - transform.f) / transform.e)
            stored = dataset.read(1)
            assert np.array_equal(stored, values[row:row + stored.shape[0], col:col + stored.shape[1]])
            if dataset.descriptions == ("bio1",):
                degrees = stored * dataset.scales[0] + dataset.offsets[0]
                assert 5 < degrees.min() < degrees.max() < 30
    assert server.most_at_once > 2
