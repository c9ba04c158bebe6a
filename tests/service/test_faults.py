"""What goes wrong between the client and a real service: one sentence each, and nothing half-made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from faulty import Change, Proxy, answers, cut, lost, other, proxied, says, short, slow, spoilt
from served import Finished, Running, small_area

from geoplantnet_plugin.engine.assess import served
from geoplantnet_plugin.engine.commands.line import main
from geoplantnet_plugin.engine.services import processes
from geoplantnet_plugin.engine.services.settings import read_services

EXECUTE, STATUS, FILE = "POST .*/execution", r"GET /jobs/[\w-]+", r"GET /jobs/[\w-]+/files/.*"
ALWAYS = 10**6


@pytest.fixture
def proxy(service: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Run a proxy before the service, and let the client lose patience early."""
    known = read_services()
    quick = replace(known, http=replace(known.http, attempts=2, backoff=0.01, read_timeout=2.0, deadline=4.0))
    monkeypatch.setattr(processes, "read_services", lambda: quick)
    monkeypatch.setattr(served, "LATER", 0.1)
    monkeypatch.setenv(processes.TOKEN, service.me.token)
    with proxied(service.me.address) as made:
        yield made


@pytest.fixture
def assess(proxy: Proxy, tmp_path: Path) -> list[str]:
    """Return the command that has the small area assessed behind the proxy."""
    area = tmp_path / "area.geojson"
    area.write_text(json.dumps(small_area()), encoding="utf-8")
    return ["assess", "--source", "service", "--service", proxy.address, "--area", str(area), "--out",
            str(tmp_path / "out")]


def entries(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize(("request_", "fault", "sentence"), [
    (EXECUTE, says(401, "This token has expired."), "This token has expired."),
    (EXECUTE, says(403, "This token may not run jobs."), "may not run jobs"),
    (EXECUTE, says(404, "There is no such process."), "no such process"),
    (EXECUTE, says(409, "Another job holds this."), "Another job holds this."),
    (EXECUTE, says(413, "The area is too large."), "The area is too large."),
    (EXECUTE, says(429, "Enough for today.", 80_000), "Enough for today."),
    (EXECUTE, says(500, "Something went wrong."), "Something went wrong."),
    (EXECUTE, says(401), "401"), (EXECUTE, says(403), "403"), (EXECUTE, says(404), "404"), (EXECUTE, says(409), "409"),
    (EXECUTE, says(413), "413"),
    (EXECUTE, answers(200, "text/html", b"<html>"), "no JSON"),
    (EXECUTE, answers(201, "application/json", b"{}"), "without a job"),
    ("GET /collections/models/.*", other(lambda found: {"features": [{"id": 1}]}), "properties"),
    ("GET /collections/models/.*", other(lambda found: [1]), "no JSON"),
])
def test_a_refused_job_leaves_nothing(proxy: Proxy, assess: list[str], request_: str, fault: Change, sentence: str,
                                      tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proxy.faults = [(request_, fault, ALWAYS)]
    assert main(assess) == 2
    said = capsys.readouterr().err
    assert sentence in said and "Traceback" not in said
    assert not entries(tmp_path / "out")


def count(service: Running) -> int:
    number: int = service.me.get("/jobs?limit=1").json()["numberMatched"]
    return number


@pytest.mark.parametrize("fault", [cut, slow, says(502)])
def test_a_request_that_nobody_answers_is_known_again(
        proxy: Proxy, service: Running, assess: list[str], fault: Change, tmp_path: Path,
        capsys: pytest.CaptureFixture[str]) -> None:
    before = count(service)
    proxy.faults = [(EXECUTE, fault, ALWAYS)]
    assert main(assess) == 2
    said = capsys.readouterr().err
    assert "The job is sent again in" in said and "127.0.0.1" in said and "Traceback" not in said
    assert entries(tmp_path / "out") == [".service.json"]
    assert count(service) == before


def test_an_answer_that_is_lost_makes_no_second_job(proxy: Proxy, service: Running, assess: list[str]) -> None:
    """Sent again at once, and once more by the same command later: it is the job that the first request had made."""
    before = count(service)
    proxy.faults = [(EXECUTE, lost, ALWAYS)]
    assert main(assess) == 2
    proxy.faults = []
    assert main(assess) == 0
    assert sum(request.startswith("POST") for request in proxy.asked) == 3 and count(service) == before + 1


def test_a_service_without_keys_is_not_asked_twice(proxy: Proxy, service: Running, assess: list[str]) -> None:
    before = count(service)
    proxy.faults = [(EXECUTE, lost, ALWAYS), ("GET /openapi.*", says(404), ALWAYS)]
    assert main(assess) == 2
    assert sum(request.startswith("POST") for request in proxy.asked) == 1 and count(service) == before + 1


@pytest.mark.parametrize(("request_", "fault", "sentence"), [
    (STATUS, says(404, "There is no such job."), "no such job"),
    (STATUS, other(lambda found: {"status": "successful"}), "jobID"),
    (STATUS, other(lambda found: found.update(progress="half")), "progress"),
    (STATUS, other(lambda found: found.update(status="paused")), "not finished"),
    (STATUS + "/results", says(410, "The results were kept for 30 days."), "kept for 30 days"),
    (STATUS + "/results", other(lambda found: found.pop("files") and None), "one by one"),
    (STATUS + "/results", other(lambda found: {"files": "here"}), "another"),
    (STATUS + "/files", other(lambda found: found["files"][0].pop("size") and None), "size"),
    (STATUS + "/files", other(lambda found: found["files"][0].update(name="../../evil")), "no place"),
    (FILE + "species.tif", says(410, "The results were kept for 30 days."), "kept for 30 days"),
])
def test_results_that_cannot_be_had_leave_nothing(
        proxy: Proxy, finished: Finished, request_: str, fault: Change, sentence: str, tmp_path: Path,
        capsys: pytest.CaptureFixture[str]) -> None:
    proxy.faults = [(request_, fault, ALWAYS)]
    assert main(["service", "fetch", finished.id, "--service", proxy.address, "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert sentence in said and "Traceback" not in said
    assert not entries(tmp_path / "out")


def test_a_job_that_fails_there_leaves_nothing_here(proxy: Proxy, assess: list[str], tmp_path: Path,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    failed = other(lambda found: found.update(status="failed", message="The service's disk is full."))
    proxy.faults = [(STATUS, failed, ALWAYS)]
    assert main(assess) == 2
    said = capsys.readouterr().err
    assert "did not succeed" in said and "The service's disk is full." in said
    assert not entries(tmp_path / "out")


@pytest.mark.parametrize(("fault", "sentence"), [(short, "broke off"), (spoilt, "species.tif"),
                                                 (says(403, "Not today."), "Not today.")])
def test_a_broken_download_goes_on_later(proxy: Proxy, finished: Finished, fault: Change, sentence: str, tmp_path: Path,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    """No manifest comes before everything else has; the same command later brings the rest and nothing twice."""
    fetch = ["service", "fetch", finished.id, "--service", proxy.address, "--out", str(tmp_path / "out")]
    proxy.faults = [(FILE + "species.tif", fault, ALWAYS)]
    assert main(fetch) == 2
    assert sentence in capsys.readouterr().err
    there = {name for name in entries(tmp_path / "out") if not name.startswith(".")}
    assert "assessment.json" not in there and "species.tif" not in there and "coverage.csv" in there
    proxy.faults, proxy.asked = [], []
    assert main(fetch) == 0
    assert not any(request.endswith("/coverage.csv") for request in proxy.asked)
    assert contents(tmp_path / "out") == contents(finished.out)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_bad_day_ends_with_the_same_folder(proxy: Proxy, assess: list[str], finished: Finished, tmp_path: Path,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    """Too many requests, a restart in the middle, answers that are slow or break off, results that expire too early.

    What was downloaded of these is removed, and the same command sends the job anew.
    """
    proxy.faults = [(EXECUTE, says(429, "You have too many open jobs.", 1), 2), (STATUS, cut, 4), (STATUS, slow, 1),
                    (STATUS, says(503, "The database is away.", 1), 2), (STATUS + "/files", cut, 1),
                    (FILE + "species.tif", says(410, "The results were kept for 30 days."), 1), (FILE, short, 1)]
    assert main(assess) == 2
    said = capsys.readouterr().err
    assert "You have too many open jobs. The job is sent again in 1 s." in said and "kept for 30 days" in said
    assert sum(request.startswith("POST") for request in proxy.asked) == 3
    assert not entries(tmp_path / "out")
    assert main(assess) == 0
    made, known = contents(tmp_path / "out"), contents(finished.out)
    assert set(made) == set(known)
    for name in ("species.tif", "coverage.csv", "indicators/richness.tif"):
        assert made[name] == known[name]
