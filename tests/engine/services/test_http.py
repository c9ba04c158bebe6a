"""Every fault of a host ends in its own sentence, and a busy host is treated politely."""

from __future__ import annotations

import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.common.messages import catalogue
from geoplantnet_plugin.engine.services.http import Fetcher, ServiceError
from geoplantnet_plugin.engine.services.settings import HttpSettings, allowed_hosts
from tests.server.fixtures import impatient
from tests.server.http_server import Server
from tests.server.miniature import COUNTRIES
from tests.server.stac import MAPS, map_name

MAP = MAPS + map_name(COUNTRIES[2], COUNTRIES[2].species[1])


def fetcher_of(server: Server, http: HttpSettings) -> Fetcher:
    return Fetcher(http, allowed_hosts(server.address, ()))


@pytest.mark.parametrize(("fault", "code", "requests"), [
    ("401", "service_key", 1), ("403", "service_forbidden", 1), ("404", "service_not_found", 1),
    ("413", "service_too_much", 1), ("500", "service_down", 3), ("503", "service_down", 3), ("429", "service_quota", 3),
    ("truncated", "service_broken_answer", 3), ("redirect-loop", "service_redirects", 4),
    ("slow-loris", "service_slow", 3), ("slow-header", "service_slow", 3), ("huge", "service_too_large", 1),
    ("reset", "service_unreachable", 3)])
def test_each_fault_has_its_code_and_number_of_attempts(
        server: Server, http: HttpSettings, fault: str, code: str, requests: int) -> None:
    server.fail("catalog.json", fault)
    with pytest.raises(ServiceError) as caught:
        fetcher_of(server, impatient(http, fault)).get(server.catalogue, 1_000_000)
    assert caught.value.code == code
    assert len(server.requests) == requests


@pytest.mark.parametrize(("fault", "code"), [
    ("short-range", "service_truncated"), ("no-ranges", "service_no_ranges"), ("truncated", "service_broken_answer"),
    ("html", "service_no_ranges")])
def test_faults_of_parts_of_files(server: Server, http: HttpSettings, fault: str, code: str) -> None:
    server.fail("far_island", fault)
    with pytest.raises(ServiceError) as caught:
        fetcher_of(server, http).get(server.address + MAP, 1000, span=(0, 1000))
    assert caught.value.code == code


def test_every_code_has_a_sentence_in_both_languages_with_the_same_parameters() -> None:
    import re

    for code, text in catalogue("en").items():
        if code.startswith(("service_", "published_", "plantnet_", "compare_")):
            fields = re.compile(r"\{(\w+)")
            assert sorted(fields.findall(text)) == sorted(fields.findall(catalogue("fr")[code])), code


def test_a_part_of_a_file_is_that_part(server: Server, http: HttpSettings) -> None:
    fetcher = fetcher_of(server, http)
    whole = fetcher.get(server.address + MAP, 10_000_000)
    part = fetcher.get(server.address + MAP, 300, span=(200, 500))
    end = fetcher.get(server.address + MAP, 10_000, span=(len(whole.body) - 10, len(whole.body) + 5000))
    assert part.body == whole.body[200:500]
    assert part.total == len(whole.body)
    assert end.body == whole.body[-10:]


def test_a_redirect_to_another_host_is_not_followed(server: Server, http: HttpSettings) -> None:
    other = Server()
    server.fail("catalog.json", "redirect", value=other.catalogue)
    with pytest.raises(ServiceError) as caught:
        fetcher_of(server, http).get(server.catalogue, 1_000_000)
    assert caught.value.code == "service_other_host"
    assert not other.requests
    allowed = Fetcher(http, allowed_hosts(server.address, ()) | allowed_hosts(other.address, ()))
    assert allowed.get(server.catalogue, 1_000_000).status == 200
    assert len(other.requests) == 1
    other.stop()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://geo.plantnet.org/x", "http://169.254.169.254/latest"])
def test_only_the_hosts_of_the_service_are_asked(server: Server, http: HttpSettings, address: str) -> None:
    with pytest.raises(ServiceError) as caught:
        fetcher_of(server, http).get(address, 1000)
    assert caught.value.code == "service_other_host"


def test_a_failed_secure_connection_says_so(server: Server, http: HttpSettings) -> None:
    secure = server.address.replace("http:", "https:")
    with pytest.raises(ServiceError) as caught:
        Fetcher(http, allowed_hosts(secure, ())).get(secure + MAP, 1000)
    assert caught.value.code == "service_tls"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_certificate_that_nobody_vouches_for_is_refused(http: HttpSettings, tmp_path: Path) -> None:
    pem = tmp_path / "own.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-addext",
                    "subjectAltName=IP:127.0.0.1", "-days", "2", "-keyout", str(pem), "-out", str(tmp_path / "cert")],
                   check=True, capture_output=True)
    pem.write_text(pem.read_text() + (tmp_path / "cert").read_text())
    server = Server(certificate=pem)
    with pytest.raises(ServiceError) as caught:
        fetcher_of(server, http).get(server.catalogue, 1_000_000)
    assert caught.value.code == "service_tls"
    assert not server.requests
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "cert"))
        assert fetcher_of(server, http).get(server.catalogue, 1_000_000).status == 200
    server.stop()


def test_a_host_that_is_away_says_so(server: Server, http: HttpSettings) -> None:
    server.stop()
    with pytest.raises(ServiceError) as caught:
        fetcher_of(server, http).get(server.catalogue, 1000)
    assert caught.value.code == "service_unreachable"


def test_retry_after_is_waited_for_by_all_threads(server: Server, http: HttpSettings) -> None:
    server.fail("catalog.json", "429", times=1, value="1")
    fetcher = fetcher_of(server, http)
    assert fetcher.get(server.catalogue, 1_000_000).status == 200
    first, second = server.requests
    assert second.time - first.time >= 0.95


def test_a_pause_longer_than_we_wait_is_told_at_once(server: Server, http: HttpSettings) -> None:
    server.fail("catalog.json", "429", value="3600")
    with pytest.raises(ServiceError) as caught:
        fetcher_of(server, http).get(server.catalogue, 1_000_000)
    assert (caught.value.code, caught.value.params["wait"]) == ("service_quota", 3600)
    assert len(server.requests) == 1


def test_a_host_that_recovers_is_no_fault(server: Server, http: HttpSettings) -> None:
    server.fail("catalog.json", "503", times=2)
    assert fetcher_of(server, http).get(server.catalogue, 1_000_000).status == 200
    assert len(server.requests) == 3


def test_connections_are_few_reused_and_named(server: Server, http: HttpSettings) -> None:
    server.latency = 0.02
    fetcher = fetcher_of(server, replace(http, connections=3))
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda i: fetcher.get(server.address + MAP, 100, span=(i, i + 100)), range(40)))
    assert server.most_at_once <= 3
    assert len({request.connection for request in server.requests}) <= 3
    assert {request.headers["User-Agent"] for request in server.requests} == {http.user_agent}
    assert "unofficial" in http.user_agent


def test_stopping_ends_a_wait(server: Server, http: HttpSettings) -> None:
    server.fail("catalog.json", "503", value="60")
    fetcher = fetcher_of(server, replace(http, longest_wait=120))
    threading.Timer(0.2, fetcher.stop).start()
    with pytest.raises(Cancelled):
        fetcher.get(server.catalogue, 1_000_000)


def test_an_address_without_host_is_refused() -> None:
    with pytest.raises(EngineError) as caught:
        allowed_hosts("geo.plantnet.org/catalog.json?api-key=secret", ())
    assert caught.value.code == "service_bad_address"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("fault", ["slow-loris", "slow-header"])
def test_stop_is_heard_while_an_answer_drips(server: Server, http: HttpSettings, fault: str) -> None:
    """Silence and deadline are ten minutes: only `stop` can end the request within the test's patience."""
    server.fail("catalog.json", fault)
    asking = fetcher_of(server, http)
    ended = []

    def ask() -> None:
        try:
            asking.get(server.catalogue, 1_000_000)
        except Cancelled:
            ended.append("cancelled")

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    while not server.requests:
        thread.join(0.01)
    asking.stop()
    thread.join(300)
    assert ended == ["cancelled"]
