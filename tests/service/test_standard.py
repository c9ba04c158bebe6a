"""OGC API – Processes – Part 1 (1.0): what the standard's conformance classes ask, and a stranger's client.

Checked by hand against the requirements of https://docs.ogc.org/is/18-062r2/18-062r2.html, and every answer against the
service's own OpenAPI document.
"""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from served import PATIENCE, Client, Finished, Running, assess_inputs, small_area

PROCESSES = ("assess", "estimate", "coverage", "report")
CLASSES = ("core", "ogc-process-description", "json", "oas30", "job-list", "dismiss", "callback")


@pytest.fixture(scope="module")
def document(service: Running) -> dict[str, Any]:
    """Return the OpenAPI document."""
    found: dict[str, Any] = service.me.get("/openapi").json()
    return found


def check(document: dict[str, Any], path: str, method: str, status: str, body: dict[str, Any]) -> None:
    """Hold an answer against the document."""
    responses = document["paths"][path][method]["responses"]
    content = responses.get(status, responses["default"])["content"]
    schema = next(entry["schema"] for entry in content.values() if "schema" in entry)
    whole = {**schema, "components": document["components"]}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(body)


def test_the_openapi_document_is_one(document: dict[str, Any]) -> None:
    from pygeoapi.openapi import validate_openapi_document

    assert validate_openapi_document(document)
    assert "http" not in json.dumps(_references(document))  # complete in itself


def _references(entry: Any) -> list[str]:
    if isinstance(entry, dict):
        own = [entry["$ref"]] if isinstance(entry.get("$ref"), str) else []
        return own + [found for value in entry.values() for found in _references(value)]
    return [found for value in entry for found in _references(value)] if isinstance(entry, list) else []


def test_core_landing_page_and_conformance(service: Running, document: dict[str, Any]) -> None:
    links = {link["rel"] for link in service.me.get("/").json()["links"]}
    assert {"service-desc", "service-doc", "conformance", "http://www.opengis.net/def/rel/ogc/1.0/processes"} <= links
    declared = service.me.get("/conformance").json()["conformsTo"]
    for name in CLASSES:
        assert f"http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/{name}" in declared


def test_processes_are_described_completely(service: Running) -> None:
    listed = service.me.get("/processes").json()["processes"]
    assert {entry["id"] for entry in listed} == set(PROCESSES)
    for name in PROCESSES:
        entry = service.me.get(f"/processes/{name}").json()
        assert entry["id"] == name and entry["version"] and entry["title"] and entry["description"]
        assert set(entry["jobControlOptions"]) <= {"sync-execute", "async-execute", "dismiss"}
        assert set(entry["outputTransmission"]) <= {"value", "reference"}
        for part in (*entry["inputs"].values(), *entry["outputs"].values()):
            assert part["title"] and part["schema"].get("type")
            Draft202012Validator.check_schema(part["schema"])
        assert any(link["rel"].endswith("/execute") for link in entry["links"])
    assert service.me.get("/processes/assess").json()["inputs"]["model"]["schema"]["enum"] == ["western-swiss-alps"]


def test_offers_are_features(service: Running) -> None:
    model, = service.me.get("/collections/models/items?f=json").json()["features"]
    assert model["id"] == "western-swiss-alps" and model["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert model["properties"]["evaluation"] and model["properties"]["cubes"] == ["demo"]
    cube, = service.me.get("/collections/cubes/items?f=json").json()["features"]
    assert cube["properties"]["simulated"] is True and "ddeg0" in cube["properties"]["predictors"]
    for text in (json.dumps(model), json.dumps(cube), service.me.get("/openapi").text):
        assert "predictors.tif" not in text and "/resources/" not in text  # no paths of the server


def test_people_get_pages(service: Running, finished: Finished) -> None:
    """Which load nothing from elsewhere and run no script: the browser holds the token."""
    for path in ("/", "/processes", "/processes/assess", "/collections", "/collections/models/items", "/conformance",
                 "/collections/models/items/western-swiss-alps", "/jobs", f"/jobs/{finished.id}"):
        answer = service.me.get(f"{path}?f=html")
        assert answer.status_code == 200 and "<html" in answer.text.lower(), path
        assert not re.search(r"<script[^>]*src|<link[^>]*stylesheet", answer.text), path
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Vascular plants of the Western Swiss Alps" in service.me.get("/collections/models/items?f=html").text
    page = service.me.get(f"/jobs/{finished.id}?f=html").text
    assert "successful" in page and f"{finished.id}/assessment.zip" in page


def test_pages_speak_the_readers_language(service: Running, finished: Finished) -> None:
    """What goes wrong is a page as well, where a browser asks; for anybody else it is the standard's exception."""
    reader = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "fr-CH,fr;q=0.9,en;q=0.5"}
    for path, words in (("/", "Accueil"), ("/processes/assess", "Une demande crée un travail"),
                        ("/processes/estimate", "La réponse vient aussitôt"), ("/jobs", "terminé"),
                        (f"/jobs/{finished.id}", "Résultats"),
                        ("/collections/models/items", "Plantes vasculaires"), ("/collections", "Modèles")):
        page = service.me.get(path, headers=reader)
        assert page.status_code == 200 and words in page.text and '<html lang="fr">' in page.text, path
    assert "refresh" not in service.me.get(f"/jobs/{finished.id}", headers=reader).text
    for client, path, status in ((service.me, "/jobs/none", 404), (Client(service.me.address, "x"), "/jobs", 401)):
        page, document = client.get(path, headers=reader), client.get(path, headers={"Accept-Language": "fr"})
        assert page.status_code == document.status_code == status
        assert document.headers["Content-Type"] == "application/problem+json"
        assert document.json()["detail"] in html.unescape(page.text)


def test_the_page_of_a_job_that_is_not_over_looks_again_by_itself(service: Running) -> None:
    job = service.other.submit(small_area())
    page = service.other.get(f"{job}?f=html").text
    service.other.ask("DELETE", job)
    assert '<meta http-equiv="refresh"' in page


class _Subscriber(BaseHTTPRequestHandler):
    told: list[tuple[str, dict[str, Any]]]
    heard: threading.Event

    def do_POST(self) -> None:
        self.told.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
        self.send_response(204)
        self.end_headers()
        if self.path == "/success":
            self.heard.set()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def subscribing(port: int) -> Iterator[tuple[dict[str, str], list[tuple[str, dict[str, Any]]], threading.Event]]:
    """Give a subscriber's addresses, what they are told, and what is set once they hear of a success."""
    told: list[tuple[str, dict[str, Any]]] = []
    heard = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Subscriber,), {"told": told, "heard": heard}))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    base = f"http://127.0.0.1:{port}"
    try:
        yield {"successUri": f"{base}/success", "inProgressUri": f"{base}/running",
               "failedUri": f"{base}/failed"}, told, heard
    finally:
        server.shutdown()
        server.server_close()


def test_a_job_from_acceptance_to_dismissal(service: Running, finished: Finished, document: dict[str, Any]) -> None:
    with subscribing(service.callback_port) as (subscriber, told, heard):
        answer = service.me.execute("assess", assess_inputs(small_area(), language="fr"), response="document",
                                    subscriber=subscriber)
        job = answer.headers["Location"]
        check(document, "/processes/assess/execution", "post", "201", answer.json())
        assert answer.json()["status"] in ("accepted", "running") and job.endswith(f"/jobs/{answer.json()['jobID']}")
        assert service.me.get(f"{job}/results").json()["type"].endswith("/result-not-ready")
        status = service.me.wait(job)
        assert heard.wait(PATIENCE)
    bodies = dict(told)
    assert set(bodies) == {"/running", "/success"} and bodies["/running"]["status"] == "running"
    assert bodies["/success"] == service.me.get(f"{job}/results").json()
    check(document, "/jobs/{jobID}", "get", "200", status)
    assert (status["type"], status["processID"], status["progress"]) == ("process", "assess", 100)
    assert status["message"] == "Terminé." and any("mailles" in sentence for sentence in status["warnings"])
    times = [datetime.fromisoformat(status[name]) for name in ("created", "started", "finished")]
    assert times == sorted(times) and datetime.fromisoformat(status["updated"]) >= times[-1]
    listed = service.me.get("/jobs?limit=1").json()
    check(document, "/jobs", "get", "200", listed)
    assert listed["jobs"][0]["jobID"] == status["jobID"] and any(link["rel"] == "next" for link in listed["links"])
    for output in service.me.get(f"{job}/results").json().values():
        assert output["href"].startswith(job) and output["type"]
    check(document, "/jobs/{jobID}", "delete", "200", service.me.ask("DELETE", job).json())
    assert service.me.get(job).json()["status"] == "dismissed"


def test_a_failed_job_says_why(service: Running, document: dict[str, Any]) -> None:
    job = service.doomed()
    status = service.me.wait(job)
    assert status["status"] == "failed" and "3 times" in status["message"]
    answer = service.me.get(f"{job}/results")
    check(document, "/jobs/{jobID}/results", "get", str(answer.status_code), answer.json())
    assert answer.status_code >= 400 and status["message"] in answer.json()["detail"]


def test_unknown_things_have_the_types_of_the_standard(service: Running) -> None:
    assert service.me.get("/processes/nothing").json()["type"].endswith("/no-such-process")
    assert service.me.get("/jobs/nothing").json()["type"].endswith("/no-such-job")


def test_a_strangers_client_drives_it(service: Running) -> None:
    processes = pytest.importorskip("owslib.ogcapi.processes")
    client = processes.Processes(service.me.address, headers={"Authorization": f"Bearer {service.me.token}"})
    assert {entry["id"] for entry in client.processes()} == set(PROCESSES)
    found = client.execute("estimate", inputs=assess_inputs(small_area()))
    assert found["estimate"]["value"]["cells"] > 0
    accepted = client.execute("assess", inputs=assess_inputs(small_area()), async_=True)
    assert service.me.ask("DELETE", f"/jobs/{accepted['jobID']}").json()["status"] == "dismissed"
