"""The short path: estimate, submit, follow, fetch, coverage, dismiss."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from served import Running, assess_inputs, small_area, whole_area

from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.commands.line import main


@pytest.fixture(scope="module")
def finished(service: Running) -> dict[str, Any]:
    """Return the status of a finished job on the small area."""
    status = service.me.wait(service.me.submit(small_area(), language="fr"))
    assert status["status"] == "successful", status
    return status


def address(service: Running, status: dict[str, Any]) -> str:
    return f"{service.me.address}/jobs/{status['jobID']}"


def test_an_estimate_counts_the_cells_and_makes_no_job(service: Running, finished: dict[str, Any]) -> None:
    before = service.me.get("/jobs").json()["numberMatched"]
    answer = service.me.execute("estimate", assess_inputs(small_area())).json()
    manifest = service.me.get(f"{address(service, finished)}/files/assessment.json").json()
    assert answer["cells"] == manifest["area"]["cells"]
    assert answer["measuredJobs"] >= 1 and answer["megabytes"] > 0 and answer["insideCube"] == 100
    assert service.me.get("/jobs").json()["numberMatched"] == before


def test_a_served_assessment_is_the_local_one(service: Running, finished: dict[str, Any], tmp_path: Path) -> None:
    area = tmp_path / "area.geojson"
    area.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": small_area()}]}), encoding="utf-8")
    assert main(["assess", "--area", str(area), "--out", str(tmp_path / "local"), "--model", "western-swiss-alps",
                 "--predictors", str(RESOURCES / "demo" / "predictors.tif")]) == 0
    local = json.loads((tmp_path / "local" / "assessment.json").read_text(encoding="utf-8"))
    served = service.me.get(f"{address(service, finished)}/files/assessment.json").json()
    for name in ("area", "grid", "score_source", "set_rule", "species", "coverage", "indicators", "software",
                 "warnings"):
        assert served[name] == local[name], name
    for entry in service.me.get(f"{address(service, finished)}/files").json()["files"]:
        if entry["name"].endswith((".csv", ".tif", ".qml")):
            content = (tmp_path / "local" / entry["name"]).read_bytes()
            assert entry["checksum"] == f"sha256:{hashlib.sha256(content).hexdigest()}", entry["name"]


def test_files_come_in_parts_and_as_a_zip(service: Running, finished: dict[str, Any]) -> None:
    job = address(service, finished)
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


def test_the_results_are_links_and_a_stac_item(service: Running, finished: dict[str, Any]) -> None:
    import pystac

    results = service.me.get(f"{address(service, finished)}/results").json()
    assert set(results) == {"assessment", "files", "manifest", "item"}  # no map services: no QGIS Server runs here
    item = pystac.Item.from_dict(service.me.get(results["item"]["href"]).json())
    assert item.assets["indicators/richness.tif"].href.endswith("/files/indicators/richness.tif")
    assert 7.0 < item.bbox[0] < 7.2


def test_warnings_come_in_the_language_of_the_job(finished: dict[str, Any]) -> None:
    assert finished["message"] == "Terminé."
    assert any("mailles" in sentence for sentence in finished["warnings"])


def test_coverage_from_the_tables_is_that_of_the_folder(service: Running, finished: dict[str, Any]) -> None:
    name = finished["jobID"]
    answer = service.me.execute("coverage", {"area": small_area(), "map": name}).json()
    text = service.me.get(f"{address(service, finished)}/files/coverage.csv").content.decode("utf-8-sig")
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
