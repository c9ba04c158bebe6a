"""What the tests of the service share: clients of a service that runs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import requests

from geoplantnet_plugin.common.resources import RESOURCES
from service.database import Pool, open_pool
from service.settings import read_settings
from service.tokens import create_token

PATIENCE = 300
"""Seconds: more than any computer takes, so that a job that hangs fails the test."""
OVER = ("successful", "failed", "dismissed")


def small_area() -> dict[str, Any]:
    """Return a rectangle inside the demo valley (longitude and latitude)."""
    return {"type": "Polygon", "coordinates": [[[7.10, 46.36], [7.12, 46.36], [7.12, 46.37], [7.10, 46.37],
                                                [7.10, 46.36]]]}


def whole_area() -> dict[str, Any]:
    """Return the demo area."""
    document: dict[str, Any] = json.loads((RESOURCES / "demo" / "area.geojson").read_text(encoding="utf-8"))
    return document


@dataclass(frozen=True)
class Client:
    """A client that holds a token."""

    address: str
    token: str

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request; `path` may be a whole address."""
        url = path if path.startswith("http") else self.address + path
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return requests.request(method, url, headers=headers, timeout=PATIENCE, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        """Send a GET."""
        return self.ask("GET", path, **options)

    def execute(self, process: str, inputs: dict[str, Any], **more: Any) -> requests.Response:
        """Execute a process."""
        return self.ask("POST", f"/processes/{process}/execution", json={"inputs": inputs, **more})

    def submit(self, area: dict[str, Any], **more: Any) -> str:
        """Submit an assessment on the demo cube and return the job's address."""
        answer = self.execute("assess", assess_inputs(area, **more))
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def wait(self, job: str) -> dict[str, Any]:
        """Return a job's status once it is over."""
        deadline = time.monotonic() + PATIENCE
        while (status := self.get(job).json())["status"] not in OVER:
            assert time.monotonic() < deadline, status
            time.sleep(0.1)
        return dict(status)


    def wait_for_map(self, map: str) -> requests.Response:
        """Return the coverage of the small area in a map, once its tables are filled."""
        deadline = time.monotonic() + PATIENCE
        while (answer := self.execute("coverage", {"area": small_area(), "map": map})).headers.get("Retry-After"):
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.1)
        return answer


def assess_inputs(area: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the inputs of an assessment on the demo cube."""
    return {"area": area, "model": "western-swiss-alps", "cube": "demo", **more}


def is_problem(document: dict[str, Any], status: int) -> bool:
    """Whether a document is an exception of the standard, with a sentence for people."""
    return (isinstance(document["type"], str) and document["status"] == status and len(document["detail"]) > 10
            and "Traceback" not in document["detail"])


@dataclass(frozen=True)
class Finished:
    """An assessment of the small area that the command line had computed: its id and the fetched folder."""

    id: str
    out: Path


@dataclass(frozen=True)
class Running:
    """The service and two clients of it, `me` with all scopes and `other` with read and run.

    It may call back one port of loopback.
    """

    folder: Path
    me: Client
    other: Client
    callback_port: int

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        """Give a connection to its database."""
        with self._pool() as pool, pool.connection() as connection:
            yield connection

    def doomed(self, **more: Any) -> str:
        """Return the address of a job that fails: no attempt is left when it is begun."""
        with self.database() as connection:
            connection.execute("CREATE OR REPLACE FUNCTION service.doom() RETURNS trigger LANGUAGE plpgsql AS "
                               "$$ BEGIN NEW.attempt := 99; RETURN NEW; END $$")
            connection.execute("CREATE OR REPLACE TRIGGER doom BEFORE INSERT ON service.job FOR EACH ROW "
                               "WHEN (NEW.key LIKE 'doomed%') EXECUTE FUNCTION service.doom()")
        answer = self.me.ask("POST", "/processes/assess/execution", headers={"Idempotency-Key": f"doomed {uuid4()}"},
                             json={"inputs": assess_inputs(small_area()), **more})
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def token(self, owner: str, *scopes: str) -> str:
        """Return a new token."""
        with self._pool() as pool:
            return create_token(pool, owner, scopes)

    def _pool(self) -> Pool:
        return open_pool(read_settings(self.folder / "settings.toml").database, 1)
