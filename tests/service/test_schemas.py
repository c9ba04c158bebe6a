"""Every kind of answer against the schemas of OGC API – Processes – Part 1 (1.0).

They are those of OGC's own OpenAPI document, as the package ogc-api-processes-client has them, generated from it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from served import Client, Finished, Running, assess_inputs, small_area

from geoplantnet_plugin.common.jobs import AssessJob, ServiceOptions
from geoplantnet_plugin.engine.assess.served_request import request_of
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.services.processes import TOKEN, open_processes

models = pytest.importorskip("ogc_api_processes_client.models", reason="the extra [test] is not installed")

NOBODYS = "0d9e2c4c-5b0f-4f0a-9a55-6f3f1f2a7b11"


@pytest.mark.parametrize(("path", "schema"), [
    ("/", "LandingPage"), ("/conformance", "ConfClasses"), ("/processes", "ProcessList"), ("/jobs", "JobList"),
    *((f"/processes/{name}", "Process") for name in ("assess", "estimate", "coverage", "report"))])
def test_descriptions(service: Running, finished: Finished, path: str, schema: str) -> None:
    document = service.me.get(path).json()
    found = getattr(models, schema).from_dict(document)
    if schema == "Process":
        assert found.inputs.keys() == document["inputs"].keys() and found.outputs.keys() == document["outputs"].keys()
        assert found.outputs.keys() and found.job_control_options


def test_a_job_in_each_state(service: Running, finished: Finished) -> None:
    """Accepted, running or waiting, dismissed, failed and successful; each state is one that the standard knows."""
    accepted = service.me.execute("assess", assess_inputs(small_area()), response="document")
    job = accepted.headers["Location"]
    failing = service.doomed()
    states = [accepted.json(), service.me.get(job).json(), service.me.ask("DELETE", job).json(),
              service.me.wait(failing), service.me.get(f"/jobs/{finished.id}").json()]
    for state in states:
        assert models.StatusInfo.from_dict(state).status.value == state["status"]
    assert [state["status"] for state in states[2:]] == ["dismissed", "failed", "successful"]


def test_requests_and_results(service: Running, finished: Finished, tmp_path: Path,
                              monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of the service is a request to execute; each result is a link."""
    area = tmp_path / "area.geojson"
    area.write_text(json.dumps(small_area()), encoding="utf-8")
    monkeypatch.setenv(TOKEN, service.me.token)
    options = ServiceOptions(service.me.address)
    with open_processes(service.me.address) as client:
        request = request_of(client, AssessJob(str(area), tmp_path / "out", options), options, Reporter())
    # Its schema of a plain text fits twice (string and binary), which its own oneOf forbids: only objects are held
    # against it.
    asked = {name: value for name, value in request.inputs.items() if isinstance(value, dict)}
    models.Execute.from_dict({"inputs": asked, "response": "document"})
    assert asked["area"]["mediaType"] == "application/geo+json"
    for result in service.me.get(f"/jobs/{finished.id}/results").json().values():
        assert models.InlineOrRefData.from_dict(result).actual_instance.href == result["href"]
    value = service.me.execute("estimate", assess_inputs(small_area()), response="document").json()
    for result in value.values():
        assert models.QualifiedInputValue.from_dict(result).media_type == "application/json"


@pytest.mark.parametrize(("method", "path", "body"), [
    ("GET", "/jobs/nothing", None), ("GET", f"/jobs/{NOBODYS}/results", None), ("GET", "/processes/nothing", None),
    ("GET", "/nothing", None), ("PUT", "/jobs", {}), ("GET", "/jobs?limit=many", None), ("GET", "/jobs?f=exe", None),
    ("POST", "/processes/assess/execution", {"inputs": {}}), ("POST", "/processes/assess/execution", [])])
def test_exceptions(service: Running, method: str, path: str, body: Any) -> None:
    answer = service.me.ask(method, path, json=body) if body is not None else service.me.ask(method, path)
    assert answer.status_code >= 400 and answer.headers["Content-Type"] == "application/problem+json"
    found = models.Exception.from_json(answer.text)
    assert found.type and found.status == answer.status_code and found.detail


def test_exceptions_to_strangers(service: Running) -> None:
    for client in (Client(service.me.address, "gpn_guessed"), Client(service.me.address, service.token("r", "read"))):
        answer = client.execute("assess", assess_inputs(small_area()))
        assert answer.status_code in (401, 403)
        assert models.Exception.from_dict(json.loads(answer.text)).detail
