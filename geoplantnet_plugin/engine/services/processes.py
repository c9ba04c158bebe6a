"""A client of OGC API – Processes – Part 1 (1.0): what a service offers, its jobs, and the files they made.

Specification: https://docs.ogc.org/is/18-062r2/18-062r2.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from geoplantnet_plugin.common.addresses import joined_address, split_address
from geoplantnet_plugin.engine.services.http import JSON_LIMIT, Answer, Fetcher, ServiceError
from geoplantnet_plugin.engine.services.settings import allowed_hosts, read_services
from geoplantnet_plugin.engine.services.shapes import ESTIMATE, FILES, JOBS, OFFERS, RESULTS, STATUS, shaped

TOKEN = "GEOPLANTNET_SERVICE_TOKEN"  # nosec B105
"""The environment variable with the token."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")
RESULTS_LINK = "http://www.opengis.net/def/rel/ogc/1.0/results"
MOST_JOBS = 1000
KEY = "Idempotency-Key"
"""The header with this client's own name for a request."""
AWAY = ("service_unreachable", "service_down", "service_slow", "service_broken_answer", "service_proxy")
"""Faults after which nobody knows whether the service has heard, and which pass."""


@dataclass(frozen=True)
class Offers:
    """The models and cubes of a service: GeoJSON features, their properties as `docs/service.md` says."""

    models: list[dict[str, Any]]
    cubes: list[dict[str, Any]]


@dataclass(frozen=True)
class Processes:
    """The service at `address` (no slash at its end), asked through `fetcher` with `headers` (the token)."""

    address: str
    fetcher: Fetcher
    headers: Mapping[str, str]

    @property
    def host(self) -> str:
        """The host as sentences name it."""
        return split_address(self.address).netloc

    def offers(self) -> Offers:
        """Return what is offered; nothing by a service that does not say so in our way."""
        return Offers(self._features("models"), self._features("cubes"))

    def estimate(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return what an assessment would take there."""
        return self._shaped(self._document(self._execute("estimate", inputs, {})), ESTIMATE, "estimate")

    def submit(self, process: str, inputs: Mapping[str, Any], key: str) -> str:
        """Have a job made and return its address; where `takes_keys`, the job of that `key` if there is one already."""
        answer = self._execute(process, inputs, {"Prefer": "respond-async", KEY: key})
        if answer.location:
            return joined_address(f"{self.address}/", answer.location)
        job = self._document(answer).get("jobID")
        if not job:
            raise ServiceError("service_no_job", host=self.host)
        return self.job_address(str(job))

    def takes_keys(self, process: str) -> bool:
        """Whether a request that is sent again with its key makes no second job: the service's own document says so."""
        try:
            document = self.read(f"{self.address}/openapi", {"f": "json"})
            execute = document["paths"][f"/processes/{process}/execution"]["post"]
            return any(entry.get("name") == KEY for entry in execute["parameters"])
        except (ServiceError, KeyError, TypeError, AttributeError):
            return False

    def job_address(self, job: str) -> str:
        """Return the address of a job that is named by its id or by its address."""
        return job if "://" in job else f"{self.address}/jobs/{job}"

    def status(self, job: str) -> dict[str, Any]:
        """Return the statusInfo of a job."""
        return self._shaped(self.read(self.job_address(job)), STATUS, "status")

    def jobs(self) -> list[dict[str, Any]]:
        """Return the caller's jobs, newest first."""
        return list(self._shaped(self.read(f"{self.address}/jobs", {"limit": str(MOST_JOBS)}), JOBS, "jobs")["jobs"])

    def dismiss(self, job: str) -> dict[str, Any]:
        """Stop a job and return its status."""
        answer = self.fetcher.send("DELETE", self.job_address(job), JSON_LIMIT, headers=self.headers)
        return self._shaped(self._document(answer), STATUS, "status")

    def files(self, status: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the files of a successful job: name, size, checksum and address of each.

        Raises:
            ServiceError: its results are gone, or it does not give its files one by one.
        """
        # Others link to a page for people as well.
        links = [link["href"] for link in status.get("links", []) if link.get("rel") == RESULTS_LINK
                 and "json" in link.get("type", "json")]
        results = self.read(links[0] if links else f"{self.job_address(str(status['jobID']))}/results")
        if "files" not in results:
            raise ServiceError("service_no_files", host=self.host)
        place = self._shaped(results, RESULTS, "results")["files"]["href"]
        return list(self._shaped(self.read(place), FILES, "files")["files"])

    def read(self, url: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return a JSON object of the service."""
        return self._document(self.fetcher.get(url, JSON_LIMIT, headers={**self.headers, "Accept": "application/json"},
                                               query=query))

    def _execute(self, process: str, inputs: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        return self.fetcher.send("POST", f"{self.address}/processes/{process}/execution", JSON_LIMIT,
                                 {"inputs": inputs}, {**self.headers, **headers, "Accept": "application/json"})

    def _features(self, collection: str) -> list[dict[str, Any]]:
        try:
            document = self.read(f"{self.address}/collections/{collection}/items",
                                 {"f": "json", "limit": str(MOST_JOBS)})
        except ServiceError as error:
            if error.params.get("status") == 404:
                return []
            raise
        return list(self._shaped(document, OFFERS, collection)["features"])

    def _shaped(self, document: dict[str, Any], schema: dict[str, Any], what: str) -> dict[str, Any]:
        return shaped(document, schema, self.host, what)

    def _document(self, answer: Answer) -> dict[str, Any]:
        try:
            document = json.loads(answer.body)
        except ValueError as error:
            raise ServiceError("service_not_json", host=self.host, file=split_address(answer.url).path) from error
        if not isinstance(document, dict):
            raise ServiceError("service_not_json", host=self.host, file=split_address(answer.url).path)
        return document


@contextmanager
def open_processes(address: str, language: str = "en") -> Iterator[Processes]:
    """Give the client of the service at `address`, with the token of the environment, if any.

    Raises:
        ServiceError: a token would travel unencrypted to another computer.
        EngineError: it is no address.
    """
    address = address.strip().rstrip("/")
    hosts = allowed_hosts(address, ())
    token = os.environ.get(TOKEN, "").strip()
    parts = split_address(address)
    if token and parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ServiceError("service_unencrypted", host=parts.netloc)
    headers = {"Accept-Language": language, **({"Authorization": f"Bearer {token}"} if token else {})}
    with closing(Fetcher(read_services().http, hosts)) as fetcher:
        yield Processes(address, fetcher, headers)
