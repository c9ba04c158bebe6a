"""What can go wrong between here and a host: one sentence each, and nothing is lost."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.common.jobs import FetchJob
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.net.fetch import prepared, run
from geoplantnet_plugin.engine.cube.net.remote import Remote
from geoplantnet_plugin.engine.services.cache import open_cache
from tests.server.fixtures import impatient
from tests.server.http_server import Server
from tests.server.rasters import cog

NAMES = ("a", "b", "c", "d")
TRANSFORM = Affine(0.001, 0, 7, 0, -0.001, 47)


@pytest.fixture
def files(server: Server, preset) -> np.ndarray:
    """Four files of a megabyte, and a source that has them."""
    values = np.random.default_rng(1).integers(1, 30000, (700, 800)).astype("uint16")
    for name in NAMES:
        server.rasters[f"/{name}.tif"] = cog(values, TRANSFORM, "EPSG:4326")
    preset("files", kind="file", address=server.address + "/{asset}.tif",
           variables={name: {"title": name, "unit": ""} for name in NAMES})
    return values


@pytest.fixture
def place(area) -> str:
    return area(7.2, 46.5, 7.5, 46.8, "EPSG:4326")


@pytest.mark.parametrize(("kind", "code"), [
    ("404", "service_not_found"), ("403", "service_forbidden"), ("429", "service_quota"), ("500", "service_down"),
    ("503", "service_down"), ("truncated", "service_broken_answer"), ("short-range", "service_truncated"),
    ("html", "service_no_ranges"), ("no-ranges", "service_no_ranges"), ("garbage", "net_not_raster"),
    ("reset", "service_unreachable"), ("slow-loris", "service_slow"), ("redirect-loop", "service_redirects")])
def test_every_fault_is_a_sentence(server: Server, files, place: str, fetch, kind: str, code: str) -> None:
    server.fail("/a.tif", kind)
    fetch.http = impatient(fetch.http, kind)
    with pytest.raises(EngineError) as caught:
        fetch(place, "files:a")
    assert caught.value.code == code
    assert "127.0.0.1" in str(caught.value) and "{" not in str(caught.value)
    assert not list(fetch.out.glob("*")) if fetch.out.exists() else True


@pytest.mark.parametrize(("kind", "value"), [("429", "1"), ("500", ""), ("503", ""), ("truncated", ""), ("reset", "")])
def test_passing_faults_are_waited_out(server: Server, files, place: str, fetch, kind: str, value: str) -> None:
    server.fail("/a.tif", kind, times=2, value=value)
    [path] = fetch(place, "files:a")
    with rasterio.open(path) as dataset:
        assert dataset.read(1).any()


def test_redirect_to_another_host_is_not_followed(server: Server, files, place: str, fetch) -> None:
    server.fail("/a.tif", "redirect", value="http://elsewhere.invalid/a.tif")
    with pytest.raises(EngineError) as caught:
        fetch(place, "files:a")
    assert caught.value.code == "service_other_host"


def test_requests_go_out_at_the_same_time(server: Server, files, area, fetch) -> None:
    server.latency = 0.02
    values = np.ones((120, 120), "float32")
    for col in range(6):
        at = Affine(1 / 120, 0, col + 1, 0, -1 / 120, 47)
        server.rasters[f"/t/N46E00{col + 1}.tif"] = cog(values, at, "EPSG:4326")
    fetch_all = area(1.2, 46.3, 6.8, 46.6, "EPSG:4326")
    path = Path(os.environ["GEOPLANTNET_SOURCES"])
    document = json.loads(path.read_text())
    document["sources"]["files"].update(kind="tiles", tile_degrees=1,
                                        address=server.address + "/t/{ns}{lat:02d}{ew}{lon:03d}.tif")
    path.write_text(json.dumps(document))
    fetch(fetch_all, "files:a")
    assert server.most_at_once > 2


def test_what_is_no_raster(server: Server, files, place: str, fetch) -> None:
    server.rasters["/a.tif"] = b"hello " * 20_000
    with pytest.raises(EngineError) as caught:
        fetch(place, "files:a")
    assert caught.value.code == "net_not_raster"


def test_damaged_pixels(server: Server, files, place: str, fetch) -> None:
    body = bytearray(server.rasters["/a.tif"])
    body[len(body) // 3:] = bytes(len(body) - len(body) // 3)
    server.rasters["/a.tif"] = bytes(body)
    with pytest.raises(EngineError) as caught:
        fetch(place, "files:a")
    assert caught.value.code == "net_broken_raster" and "a.tif" in str(caught.value)


def test_file_without_crs(server: Server, files, place: str, fetch) -> None:
    server.rasters["/a.tif"] = cog(files, TRANSFORM, None)
    with pytest.raises(EngineError) as caught:
        fetch(place, "files:a")
    assert caught.value.code == "net_no_crs"


def test_size_that_is_a_lie(server: Server, files, http) -> None:
    """A file that claims to go on and does not: what is there is read, what is beyond is told."""
    server.fail("/a.tif", "liar")
    url, size = server.address + "/a.tif", len(server.rasters["/a.tif"])
    with open_cache() as cache:
        remote = Remote(cache, http)
        assert remote.known(url).total == 2 * size
        assert remote.chunk(url, 1) == server.rasters["/a.tif"][32_768:65_536]
        with pytest.raises(EngineError) as caught:
            remote.chunk(url, size // 32_768 + 2)
        assert caught.value.code == "net_size_lied"
        with pytest.raises(EngineError) as caught:
            remote.chunk(url, size // 32_768)
        assert caught.value.code == "service_truncated"
        remote.close()


@pytest.mark.parametrize("change", ["deleted", "replaced"])
def test_file_that_changes_while_it_is_read(server: Server, files, place: str, http, tmp_path: Path,
                                            change: str) -> None:
    job = FetchJob(place, tmp_path / "out", ("files:a",), accepted=True)
    with prepared(job, Reporter(), http) as ready:
        if change == "deleted":
            del server.rasters["/a.tif"]
        else:
            server.rasters["/a.tif"] = cog(files[::-1], TRANSFORM, "EPSG:4326")
        with pytest.raises(EngineError) as caught:
            run(ready, Reporter())
    assert caught.value.code == {"deleted": "service_not_found", "replaced": "net_changed"}[change]
    assert "a.tif" in str(caught.value)
    assert [path.name for path in (tmp_path / "out").iterdir()] == []


def test_host_that_is_away(server: Server, files, place: str, fetch) -> None:
    server.stop()
    with pytest.raises(EngineError) as caught:
        fetch(place, "files:a")
    assert caught.value.code == "service_unreachable" and "cannot be reached" in str(caught.value)


def test_query_is_refused(server: Server, http) -> None:
    with open_cache() as cache:
        remote = Remote(cache, http)
        with pytest.raises(EngineError) as caught:
            remote.known(server.address + "/a.tif?key=secret")
        remote.close()
    assert caught.value.code == "net_query_refused" and "secret" not in str(caught.value)


def test_cache_is_used_and_emptied(server: Server, files, place: str, fetch) -> None:
    fetch(place, "files:a")
    sent = server.sent
    fetch.out = fetch.out.with_name("again")
    fetch(place, "files:a")
    assert server.sent == sent
    with open_cache() as cache:
        assert cache.size().megabytes > 0.1
        cache.clear()
        assert cache.size().megabytes == 0
    fetch.out = fetch.out.with_name("anew")
    fetch(place, "files:a")
    assert server.sent == 2 * sent


def test_proxy_of_the_environment(server: Server, files, place: str, fetch, preset,
                                  monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy is asked for a host that does not exist; it answers itself."""
    monkeypatch.setenv("http_proxy", server.address)
    monkeypatch.setenv("no_proxy", "")
    preset("away", kind="file", address="http://data.invalid/{asset}.tif", variables={"a": {"title": "a", "unit": ""}})
    [path] = fetch(place, "away")
    assert path.is_file() and all(request.headers["Host"] == "data.invalid" for request in server.requests)


class Impatient(Reporter):
    """Asks to stop as soon as the server has been asked."""

    def __init__(self, server: Server, requests: int) -> None:
        self.server = server
        self.requests = requests

    def cancelled(self) -> bool:
        return len(self.server.requests) >= self.requests


def test_cancel_while_a_host_drips(server: Server, files, place: str, fetch) -> None:
    """Silence and deadline are ten minutes: only the cancel can end this within the test's patience."""
    server.fail("/a.tif", "slow-loris")
    ended = []

    def work() -> None:
        try:
            fetch(place, "files:a", reporter=Impatient(server, 1))
        except Cancelled:
            ended.append("cancelled")

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(300)
    assert ended == ["cancelled"]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[4])}


def test_kill_and_resume(server: Server, files, place: str, preset, tmp_path: Path) -> None:
    """Killed when pixels of some of twelve files are there: what is there is not asked for again."""
    urls = {f"/f{number}.tif": f"{server.address}/f{number}.tif" for number in range(12)}
    server.rasters.update(dict.fromkeys(urls, server.rasters["/a.tif"]))
    preset("many", kind="file", address=server.address + "/{asset}.tif",
           variables={f"f{number}": {"title": "f", "unit": ""} for number in range(12)})
    server.latency = 0.1
    command = [sys.executable, "-c",
               "from geoplantnet_plugin.engine.commands.line import main; raise SystemExit(main())",
               "--json", "cube", "fetch", "--area", place, "--source", "many", "--yes", "--out", str(tmp_path / "many")]
    first = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL)
    with open_cache() as cache:
        while sum(len(cache.spans(url)) > 1 for url in urls.values()) < 3 and first.poll() is None:
            time.sleep(0.03)
        first.kill()
        first.wait()
        kept = {path: cache.spans(url) for path, url in urls.items()}
    assert all(kept.values()) and sum(len(spans) > 1 for spans in kept.values()) >= 3
    server.requests.clear()
    server.latency = 0
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    for request in server.requests:
        start = int(request.headers["Range"].removeprefix("bytes=").partition("-")[0])
        assert start not in {first for first, _ in kept[request.path]}
    assert len(server.requests) <= 12 - 3
    assert json.loads(done.stdout.splitlines()[-1])["event"] == "result"
    for number in range(12):
        with rasterio.open(tmp_path / "many" / f"many_f{number}.tif") as dataset:
            row, col = round((47 - dataset.transform.f) * 1000), round((dataset.transform.c - 7) * 1000)
            stored = dataset.read(1)
            assert np.array_equal(stored, files[row:row + stored.shape[0], col:col + stored.shape[1]])


def test_jobs_of_the_engine(server: Server, files, place: str, tmp_path: Path) -> None:
    """As QGIS runs it: first an estimate, then the fetch; a cancel ends a host that drips."""

    def job(name: str, **fields: object) -> tuple[int, list[dict]]:
        document = {"job": name, "area": place, "out": str(tmp_path / "job"), "sources": ["files:a,b"], **fields}
        process = subprocess.Popen([sys.executable, "-m", "geoplantnet_plugin.engine"], env=environment(), text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        process.stdin.write(json.dumps(document) + "\n")
        process.stdin.flush()
        if server.faults:
            while not server.requests:
                time.sleep(0.01)
            process.stdin.write("cancel\n")
            process.stdin.flush()
        events = [json.loads(line) for line in process.stdout]
        process.stdin.close()
        return process.wait(300), events

    code, events = job("fetch_estimate")
    result = events[-1]
    assert code == 0 and result["event"] == "result" and result["estimate"]["requests"] > 0
    assert result["terms"] == [{"source": "files", "title": "Files", "attribution": "© files", "licence": "CC0",
                                "terms": "https://example.org/terms"}]
    assert not (tmp_path / "job").exists()
    code, events = job("fetch")
    assert code == 2 and events[-1]["code"] == "net_consent_first"
    code, events = job("fetch", accepted=True)
    assert code == 0 and [Path(path).name for path in events[-1]["files"]] == ["files_a.tif", "files_b.tif"]
    server.requests.clear()
    server.fail("/c.tif", "slow-loris")
    code, events = job("fetch", accepted=True, sources=["files:c"])
    assert code == 3 and events[-1]["code"] == "cancelled"
