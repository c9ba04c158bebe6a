"""The client of the engine and the command line, against the real service and against one that lies."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from served import Finished, Running, small_area

from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.line import main
from geoplantnet_plugin.engine.services.download import RemoteFile, download
from geoplantnet_plugin.engine.services.http import ServiceError
from geoplantnet_plugin.engine.services.processes import TOKEN, open_processes


@pytest.fixture
def area(tmp_path: Path) -> str:
    """Return a file with the small area."""
    path = tmp_path / "area.geojson"
    path.write_text(json.dumps({"type": "Feature", "properties": {"owner": "secret"}, "geometry": small_area()}),
                    encoding="utf-8")
    return str(path)


@pytest.fixture
def address(service: Running, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the service's address, its token being in the environment."""
    monkeypatch.setenv(TOKEN, service.me.token)
    return service.me.address


def test_only_the_outline_has_left_this_computer(service: Running, finished: Finished) -> None:
    assert "secret" not in json.dumps(request_of(service, finished.id))


def test_a_fetch_goes_on_where_it_stopped(finished: Finished, address: str, tmp_path: Path,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    """Half a file is continued; a folder that is finished, or waits for another job, is left alone."""
    again, place = tmp_path / "again", f"{address}/jobs/{finished.id}"
    again.mkdir()
    (again / ".service.json").write_text(json.dumps({"job": place, "digest": place}), encoding="utf-8")
    (again / ".species.tif.download").write_bytes((finished.out / "species.tif").read_bytes()[:1000])
    fetch = ["service", "fetch", finished.id, "--service", address, "--out"]
    assert main([*fetch, str(again)]) == 0
    assert (again / "species.tif").read_bytes() == (finished.out / "species.tif").read_bytes()
    assert not list(again.rglob(".*"))
    assert main([*fetch, str(again)]) == 2 and "already holds a finished assessment" in capsys.readouterr().err
    (again / "assessment.json").unlink()
    (again / ".service.json").write_text(json.dumps({"job": place, "digest": "other"}), encoding="utf-8")
    assert main([*fetch, str(again)]) == 2


def test_a_cancelled_job_cannot_be_fetched(service: Running, address: str, tmp_path: Path,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    job = service.me.submit(small_area())
    assert main(["service", "cancel", job, "--service", address]) == 0
    assert main(["service", "fetch", job, "--service", address, "--out", str(tmp_path / "gone")]) == 2
    assert "not finished" in capsys.readouterr().err


def request_of(service: Running, job: str) -> Any:
    with service.database() as connection:
        return connection.execute("SELECT inputs FROM service.job WHERE id = %s", [job]).fetchone()


def test_offers_and_estimate_are_told_before_anything_is_sent(address: str, area: str,
                                                              capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["service", "offers", "--service", address]) == 0
    assert "western-swiss-alps" in capsys.readouterr().out
    assert main(["service", "estimate", "--service", address, "--area", area]) == 0
    assert "the outline of the area (5 vertices)" in capsys.readouterr().out
    west = [[[6.9, 46.36], [7.12, 46.36], [7.12, 46.37], [6.9, 46.37], [6.9, 46.36]]]
    Path(area).write_text(json.dumps({"type": "Polygon", "coordinates": west}), encoding="utf-8")
    assert main(["service", "estimate", "--service", address, "--area", area]) == 0
    assert "% of the area lies inside the predictors" in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "sentence"), [
    (["--model", "nothing"], "has no model “nothing”"),
    (["--cube", "nothing"], "has no cube “nothing”"),
    (["--set-rule", "nonsense"], "no set rule called “nonsense”"),
    (["--grid-crs", "EPSG:2056"], "decides on the grid CRS itself"),
])
def test_what_the_service_has_not_is_said(address: str, area: str, tmp_path: Path, arguments: list[str], sentence: str,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "--source", "service", "--service", address, "--area", area, "--out",
                 str(tmp_path / "out"), *arguments]) == 2
    assert sentence in capsys.readouterr().err
    assert not list((tmp_path / "out").iterdir())


def test_a_wrong_token_gets_the_services_own_sentence(service: Running, monkeypatch: pytest.MonkeyPatch,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(TOKEN, "gpn_wrong")
    assert main(["service", "jobs", "--service", service.me.address]) == 2
    assert "This token is not known here" in capsys.readouterr().err


def test_a_token_does_not_travel_unencrypted(monkeypatch: pytest.MonkeyPatch,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(TOKEN, "gpn_secret")
    assert main(["service", "jobs", "--service", "http://plants.example.org"]) == 2
    said = capsys.readouterr().err
    assert "https://" in said and "gpn_secret" not in said


@contextmanager
def lying(body: bytes) -> Iterator[str]:
    """Run a host that answers every range of every file out of `body`."""
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            start, end = (int(part) for part in self.headers["Range"].removeprefix("bytes=").split("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{end}/{len(body)}")
            self.send_header("Content-Length", str(end + 1 - start))
            self.end_headers()
            self.wfile.write(body[start:end + 1])

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_wrong_bytes_are_not_kept(tmp_path: Path) -> None:
    with lying(b"other bytes") as host, open_processes(host) as client:
        file = RemoteFile("a.tif", 11, "sha256:0", f"{host}/a.tif")
        with pytest.raises(ServiceError) as caught:
            download(client, file, tmp_path, lambda _: Reporter().checkpoint())
    assert caught.value.code == "service_wrong_bytes"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "a\\b", ".hidden", "", "a//b", "C:evil"])
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str) -> None:
    with open_processes("http://127.0.0.1:1") as client, pytest.raises(ServiceError) as caught:
        RemoteFile.of(client, {"name": name, "size": 1, "checksum": "sha256:0", "href": "http://127.0.0.1:1/x"})
    assert caught.value.code == "service_bad_file"
