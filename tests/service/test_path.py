"""The short path: estimate, submit, follow, fetch, coverage, dismiss."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import sqlite3
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import rasterio
from served import Finished, Running, assess_inputs, small_area, whole_area

from geoplantnet_plugin.common.jobs import VerifyJob
from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.assess.verify import verify
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.line import main

PREDICTORS = RESOURCES / "demo" / "predictors.tif"


def test_an_estimate_counts_the_cells_and_makes_no_job(service: Running, finished: Finished) -> None:
    before = service.me.get("/jobs").json()["numberMatched"]
    answer = service.me.execute("estimate", assess_inputs(small_area())).json()
    manifest = service.me.get(f"/jobs/{finished.id}/files/assessment.json").json()
    assert answer["cells"] == manifest["area"]["cells"]
    assert answer["measuredJobs"] >= 1 and answer["megabytes"] > 0 and answer["insideCube"] == 100
    assert service.me.get("/jobs").json()["numberMatched"] == before


def test_the_folder_is_the_services_and_its_scores_are_the_models(service: Running, finished: Finished) -> None:
    """The same bytes as there, and the same integers as computed here."""
    listed = service.me.get(f"/jobs/{finished.id}/files").json()["files"]
    assert {entry["name"] for entry in listed} == {
        path.relative_to(finished.out).as_posix() for path in finished.out.rglob("*") if path.is_file()}
    for entry in listed:
        content = (finished.out / entry["name"]).read_bytes()
        assert entry["checksum"] == f"sha256:{hashlib.sha256(content).hexdigest()}", entry["name"]
    found = verify(VerifyJob(finished.out, model="western-swiss-alps",
                             predictors=(str(PREDICTORS),)), Reporter())
    assert found.compared == found.equal > 0 and found.holds and not found.differs


def test_a_served_folder_is_the_local_one(finished: Finished, tmp_path: Path) -> None:
    """Byte for byte; of the tables and the manifest all but times, places and what a service adds."""
    here = tmp_path / "out"
    assert main(["assess", "--area", str(finished.out.parent / "area.geojson"), "--model", "western-swiss-alps",
                 "--predictors", str(PREDICTORS), "--out", str(here)]) == 0
    names = {path.relative_to(here).as_posix() for path in here.rglob("*") if path.is_file()}
    assert names == {path.relative_to(finished.out).as_posix() for path in finished.out.rglob("*") if path.is_file()}
    for name in names - {"assessment.json", "assemblage.gpkg", "map.png"}:
        assert (here / name).read_bytes() == (finished.out / name).read_bytes(), name
    assert rows_of(here / "assemblage.gpkg") == rows_of(finished.out / "assemblage.gpkg")
    local, remote = (json.loads((folder / "assessment.json").read_text(encoding="utf-8")) for folder in
                     (here, finished.out))
    for key in set(local) - {"title", "created", "job", "predictors", "cube", "timings", "checksums"}:
        assert local[key] == remote[key], key
    assert [{**entry, "source": ""} for entry in local["predictors"]] == [
        {**entry, "source": ""} for entry in remote["predictors"]]


def rows_of(path: Path) -> dict[str, list[Any]]:
    with sqlite3.connect(path) as connection:
        tables = [name for name, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: list(connection.execute(f"SELECT * FROM [{name}]")) for name in tables}
    rows["gpkg_contents"] = [(row[0], *row[5:]) for row in rows["gpkg_contents"]]
    return rows


def test_the_folder_names_model_data_and_software_and_no_place_on_the_server(
        service: Running, finished: Finished, tmp_path: Path) -> None:
    document = json.loads((finished.out / "assessment.json").read_text(encoding="utf-8"))
    assert document["cube"]["files"] == [{"name": "demo/predictors.tif", "size": PREDICTORS.stat().st_size,
                                          "checksum": f"sha256:{hashlib.sha256(PREDICTORS.read_bytes()).hexdigest()}"}]
    assert {entry["source"] for entry in document["predictors"]} == {"demo/predictors.tif"}
    assert document["score_source"]["digest"].startswith("sha256:") and document["software"]["onnxruntime"]
    log = service.me.get(f"/jobs/{finished.id}/log").text
    for place in (str(service.folder), str(RESOURCES), finished.id):
        assert place not in log
        for path in finished.out.rglob("*"):
            assert path.is_dir() or place.encode() not in path.read_bytes(), path
    other = tmp_path / "predictors.tif"
    shutil.copy(PREDICTORS, other)
    with rasterio.open(other, "r+") as raster:
        raster.update_tags(edition="2")
    found = verify(VerifyJob(finished.out, model="western-swiss-alps", predictors=(str(other),)), Reporter())
    assert found.holds and found.differs == ("predictors demo/predictors.tif",)


def test_files_come_in_parts_and_as_a_zip(service: Running, finished: Finished) -> None:
    job = f"/jobs/{finished.id}"
    entries = {entry["name"]: entry for entry in service.me.get(f"{job}/files").json()["files"]}
    part = service.me.get(entries["species.tif"]["href"], headers={"Range": "bytes=100-199"})
    whole = service.me.get(entries["species.tif"]["href"])
    assert part.status_code == 206 and part.content == whole.content[100:200]
    assert len(whole.content) == entries["species.tif"]["size"]
    answer = service.me.get(f"{job}/assessment.zip")
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert set(archive.namelist()) == set(entries)
    assert archive.read("species.tif") == whole.content


def test_the_results_are_links_and_a_stac_item(service: Running, finished: Finished) -> None:
    import pystac

    results = service.me.get(f"/jobs/{finished.id}/results").json()
    assert set(results) == {"assessment", "files", "manifest", "item"}  # no map services: no QGIS Server runs here
    item = pystac.Item.from_dict(service.me.get(results["item"]["href"]).json())
    assert re.fullmatch(r"46\.365° N, 7\.110° E, 171 ha, \d{4}-\d\d-\d\d \(.+\)", item.properties["title"])
    assert item.properties["title"].startswith(service.me.get(f"/jobs/{finished.id}").json()["title"])
    assert item.assets["indicators/richness.tif"].href.endswith("/files/indicators/richness.tif")
    assert 7.0 < item.bbox[0] < 7.2


def test_coverage_from_the_tables_is_that_of_the_folder(service: Running, finished: Finished) -> None:
    name = finished.id
    answer = service.me.execute("coverage", {"area": small_area(), "map": name}).json()
    text = service.me.get(f"/jobs/{finished.id}/files/coverage.csv").content.decode("utf-8-sig")
    expected = {row["Name"]: float(row["Coverage %"]) for row in csv.DictReader(io.StringIO(text))}
    found = {taxon["name"]: taxon["coverage"] for taxon in answer["taxa"]}
    assert found == pytest.approx(expected, abs=0.01)
    assert service.other.execute("coverage", {"area": small_area(), "map": name}).status_code == 404


def test_a_dismissed_job_is_stopped_and_gone(service: Running) -> None:
    """It runs when it is dismissed: the child must be dead and its folder deleted soon after."""
    job = service.me.submit(whole_area(), resolution=10)
    folder = service.folder / "results" / job.rsplit("/", 1)[1]
    deadline = time.monotonic() + 120
    while service.me.get(job).json()["status"] != "running" or not folder.is_dir():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    answers = [service.me.ask("DELETE", job) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 410]
    assert answers[0].json()["status"] == "dismissed"
    assert service.me.get(f"{job}/results").status_code == 410
    while folder.exists() or children_on(folder):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def children_on(folder: Path) -> list[str]:
    """Return the processes that hold a file of `folder` open."""
    found = []
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(folder) in str(link.readlink()):
                found.append(str(link))
        except OSError:
            continue
    return found
