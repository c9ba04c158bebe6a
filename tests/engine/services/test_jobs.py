"""The services as jobs of the engine's process: what QGIS sends and hears, and where the key is not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.server.api import FLORA, KEY
from tests.server.http_server import Server


def run(job: dict[str, Any], folder: Path, key: str = KEY) -> tuple[int, dict[str, Any], str]:
    """Return exit code, last event and everything that was written anywhere."""
    environment = {"PATH": "/usr/bin:/bin", "GEOPLANTNET_CACHE": str(folder / "cache"), "PLANTNET_API_KEY": key}
    done = subprocess.run([sys.executable, "-m", "geoplantnet_plugin.engine"], input=json.dumps(job) + "\n", text=True,
                          capture_output=True, check=False, env=environment, timeout=300)
    return done.returncode, json.loads(done.stdout.splitlines()[-1]), done.stdout + done.stderr


def test_a_flora_and_the_quota_are_asked_without_showing_the_key(server: Server, tmp_path: Path) -> None:
    url = server.address + "/v2"
    code, answer, said = run({"job": "flora", "ask": "species", "project": FLORA, "api_url": url}, tmp_path)
    assert (code, len(answer["species"])) == (0, 200)
    assert answer["date"]
    assert "Pl@ntNet" in answer["attribution"]
    code, answer, also = run({"job": "flora", "ask": "quota", "api_url": url}, tmp_path)
    assert answer["quota"]["remaining"] == 480
    assert KEY not in said + also
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


@pytest.mark.parametrize(("fault", "key", "expected"), [
    ("429", KEY, "service_quota"), ("413", KEY, "service_too_much"), ("html", KEY, "service_not_json"),
    ("", "wrong", "service_forbidden"), ("", "", "plantnet_no_key")])
def test_what_the_api_refuses_is_a_code_of_the_catalogue(
        server: Server, tmp_path: Path, fault: str, key: str, expected: str) -> None:
    if fault:
        server.fail("/v2/", fault, value="3600")
    code, event, said = run({"job": "flora", "ask": "quota", "api_url": server.address + "/v2"}, tmp_path, key)
    assert (code, event["event"], event["code"]) == (2, "error", expected)
    assert "api-key" not in said


@pytest.mark.parametrize("job", [{"ask": "nonsense"}, {"ask": "quota", "key": "x"}, {}])
def test_a_question_of_another_form_is_refused(job: dict[str, str], tmp_path: Path) -> None:
    code, event, _ = run({"job": "flora", **job}, tmp_path)
    assert (code, event["code"]) == (2, "job_invalid")


def test_terms_are_told_without_a_network_and_accepted_once(tmp_path: Path) -> None:
    catalogue = "http://127.0.0.1:9/catalog.json"
    code, told, _ = run({"job": "published_terms", "source_url": catalogue}, tmp_path)
    assert (code, told["accepted"]) == (0, "")
    assert told["params"]["home"] in told["terms"]
    first = run({"job": "published_terms", "source_url": catalogue, "accept": True}, tmp_path)[1]["accepted"]
    assert first
    assert run({"job": "published_terms", "source_url": catalogue, "accept": True}, tmp_path)[1]["accepted"] == first
    assert run({"job": "published_terms", "source_url": catalogue + "?2"}, tmp_path)[1]["accepted"] == ""
