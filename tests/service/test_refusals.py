"""What the service refuses: with a status and a sentence, and nothing half-made."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from served import PATIENCE, Client, Running, assess_inputs, is_problem, small_area

NOBODYS = "0d9e2c4c-5b0f-4f0a-9a55-6f3f1f2a7b11"
"""A job that there is not."""
SQUARE = small_area()


@pytest.mark.parametrize(("method", "path", "body", "status"), [
    ("GET", "/nothing", None, 404),
    ("GET", "/processes/nothing", None, 404),
    ("POST", "/processes/nothing/execution", b"{}", 404),
    ("GET", "/processes?f=exe", None, 400),
    ("GET", "/jobs?limit=many", None, 400),
    ("GET", "/jobs?status=lost", None, 400),
    ("GET", f"/jobs/{NOBODYS}", None, 404),
    ("DELETE", f"/jobs/{NOBODYS}", None, 404),
    ("GET", f"/jobs/{NOBODYS}/results", None, 404),
    ("PUT", "/jobs", b"{}", 405),
    ("POST", "/processes/assess/execution", b"no json", 400),
    ("POST", "/processes/assess/execution", b"[" * 100_000, 400),
    ("POST", "/processes/assess/execution", b"[]", 400),
    ("POST", "/processes/assess/execution", b'{"inputs": {}, "outputs": {"nothing": {}}}', 400),
    ("POST", "/processes/assess/execution", b'{"inputs": {}, "outputs": ["wms"]}', 400),
    ("POST", "/processes/assess/execution", b'{"inputs": {"resolution": NaN}}', 400),
    ("POST", "/processes/assess/execution", b'{"inputs": {"resolution": 1e400}}', 400),
    ("POST", "/processes/assess/execution", '{"inputs": {"crs": "\\u0000"}}'.encode("utf-16"), 400),
    ("POST", "/processes/assess/execution", b'{"inputs": {}, "subscriber": {}}', 400),
    ("POST", "/processes/assess/execution", b" " * 20_000_001, 413),
])
def test_requests_out_of_the_way(service: Running, method: str, path: str, body: bytes | None, status: int) -> None:
    answer = service.me.ask(method, path, data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["Content-Type"] == "application/problem+json" and is_problem(answer.json(), status)


def test_a_gigabyte_in_pieces_is_not_taken(service: Running) -> None:
    """Refused before it is read, whether it says how long it is or not, and whoever sends it."""
    sent = []

    def pieces() -> Iterator[bytes]:
        for _ in range(1000):
            sent.append(1)
            yield b" " * 1_000_000

    for client in (service.me, Client(service.me.address, "gpn_guessed")):
        answer = client.ask("POST", "/processes/assess/execution", data=pieces(),
                            headers={"Content-Type": "application/json"})
        assert answer.status_code == 413 and is_problem(answer.json(), 413)
    assert len(sent) < 200


def test_sentences_name_no_place_on_the_server(service: Running) -> None:
    for ring in ([[7.1, 95], [7.12, 96], [7.12, 95], [7.1, 95]], [[7.1, 46.36]] * 4,
                 [[1e308, 46], [7, 46], [7, 47], [1e308, 46]]):
        answer = service.me.execute("assess", assess_inputs({"type": "Polygon", "coordinates": [ring]}))
        assert answer.status_code == 400 and "/" not in answer.json()["detail"].replace("https://", ""), answer.text


@pytest.mark.parametrize("path", ["/", "/processes", "/processes/assess", "/conformance", "/jobs", "/collections"])
def test_other_formats_are_answers_or_refusals(service: Running, path: str) -> None:
    for name in ("jsonld", "html", "exe"):
        assert service.me.get(f"{path}?f={name}").status_code in (200, 400), name


def test_who_is_silent_keeps_nobody_waiting(service: Running) -> None:
    host, port = service.me.address.removeprefix("http://").split(":")
    silent = [socket.create_connection((host, int(port))) for _ in range(150)]
    try:
        for connection in silent:
            connection.sendall(b"GET /health HTTP/1.1\r\nX: ")
        assert requests.get(f"{service.me.address}/health", timeout=20).status_code == 200  # sooner than they are cut
    finally:
        for connection in silent:
            connection.close()


def test_of_many_who_dismiss_at_once_one_does(service: Running) -> None:
    job = service.me.submit(SQUARE)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: service.me.ask("DELETE", job).status_code, range(6)))
    assert sorted(answers) == [200, 410, 410, 410, 410, 410]


def test_a_request_that_comes_again_makes_no_second_job(service: Running) -> None:
    """Not even at once; another request, and somebody else's, is another."""
    def send(client: Client, key: str, **more: Any) -> requests.Response:
        return client.ask("POST", "/processes/assess/execution", headers={"Idempotency-Key": key},
                          json={"inputs": assess_inputs(SQUARE, **more)})

    before = service.me.get("/jobs?limit=1").json()["numberMatched"]
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: send(service.me, "same"), range(6)))
    assert {answer.status_code for answer in answers} == {201}
    job, = {answer.headers["Location"] for answer in answers}
    assert service.me.get("/jobs?limit=1").json()["numberMatched"] == before + 1
    other, refused = send(service.other, "same"), send(service.me, "same", resolution=25)
    too_long, no_text = send(service.me, "x" * 101), send(service.me, "\xc3\xa9")
    assert other.headers["Location"] != job
    assert (refused.status_code, refused.json()["code"]) == (422, "served_key")
    assert too_long.status_code == no_text.status_code == 400
    assert service.me.ask("DELETE", job).json() and send(service.me, "same").json()["status"] == "dismissed"
    service.other.ask("DELETE", other.headers["Location"])


def test_a_redirect_of_a_subscriber_is_not_followed(service: Running) -> None:
    """It leads to what the service alone could reach."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(307)
            self.send_header("Location", "/inside")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", service.callback_port), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        job = service.doomed(subscriber={
            "successUri": f"http://127.0.0.1:{service.callback_port}/told",
            "failedUri": f"http://127.0.0.1:{service.callback_port}/failed"})
        assert service.me.wait(job)["status"] == "failed"
        deadline = time.monotonic() + PATIENCE
        while not asked and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        server.shutdown()
        server.server_close()
    assert asked and set(asked) == {"/failed"}


def test_the_next_page_is_of_the_same_list(service: Running) -> None:
    jobs = [service.me.submit(SQUARE) for _ in range(3)]
    for job in jobs:
        service.me.ask("DELETE", job)
    page, seen = service.me.get("/jobs?limit=2&status=dismissed").json(), []
    while True:
        seen += page["jobs"]
        further = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not further:
            break
        page = service.me.get(further[0]).json()
    assert {entry["status"] for entry in seen} == {"dismissed"}
    assert len(seen) == len({entry["jobID"] for entry in seen}) == page["numberMatched"] >= 3


def test_callbacks_go_to_allowed_hosts_only(service: Running) -> None:
    for address in ("http://10.0.0.1/told", "file:///etc/passwd", "http://[::1"):
        answer = service.me.execute("assess", assess_inputs(SQUARE), subscriber={"successUri": address})
        assert (answer.status_code, answer.json()["code"]) == (400, "served_callback_host")


def test_no_token_no_answer(service: Running) -> None:
    assert Client(service.me.address, "gpn_guessed").get("/jobs").status_code == 401
    nobody = Client(service.me.address, "x")
    assert nobody.get("/processes", headers={"Authorization": ""}).status_code == 200
    assert nobody.get("/health", headers={"Authorization": ""}).status_code == 200


def test_a_token_is_also_a_password(service: Running) -> None:
    answer = requests.get(f"{service.me.address}/jobs", auth=("anyone", service.me.token), timeout=60)
    assert answer.status_code == 200


def test_scopes_and_owners_are_kept_apart(service: Running) -> None:
    reader = Client(service.me.address, service.token("reader", "read"))
    assert reader.execute("assess", assess_inputs(SQUARE)).status_code == 403
    assert reader.get("/metrics").status_code == 403
    assert "geoplantnet_jobs" in service.me.get("/metrics").text
    job = service.other.submit(SQUARE)
    path = job.removeprefix(service.me.address)
    for end in ("", "/results", "/files", "/assessment.zip", "/item.json", "/log", "/ows", "/files/coverage.csv"):
        assert reader.get(path + end).status_code == 404, end
    assert service.other.ask("DELETE", path).status_code == 200


def test_a_form_of_a_foreign_page_is_not_taken(service: Running) -> None:
    answer = service.me.ask("POST", "/processes/assess/execution", data=b"{}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


def test_the_log_has_neither_tokens_nor_places(service: Running) -> None:
    text = (service.folder / "web.log").read_text(encoding="utf-8")
    text = re.sub(r'"(at|ms)": [^,}]+', "", text)  # a second, or a time, may look like a place
    assert "/processes/<id>/execution" in text
    for secret in (service.me.token, service.other.token, "46.36", "coordinates"):
        assert secret not in text
