"""One owner's access to a service."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import requests

from geoplantnet_plugin.common.resources import RESOURCES

DEMO = RESOURCES / "demo"
OVER = ("successful", "failed", "dismissed")


@dataclass(frozen=True)
class Client:
    """One owner's access to the service."""

    address: str
    token: str

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        url = path if path.startswith("http") else self.address + path
        return requests.request(method, url, headers={"Authorization": f"Bearer {self.token}"}, timeout=600, **options)

    def submit(self, area: dict[str, Any], **more: Any) -> str:
        answer = self.ask("POST", "/processes/assess/execution", json={
            "inputs": {"area": area, "model": "western-swiss-alps", "cube": "demo", **more}})
        answer.raise_for_status()
        return answer.headers["Location"]

    def wait(self, job: str, pause: float = 0.2, deadline: float = math.inf) -> dict[str, Any]:
        """Return a job's status once it is over, or at the `deadline` (monotonic seconds)."""
        while (status := self.ask("GET", job).json())["status"] not in OVER and time.monotonic() < deadline:
            time.sleep(pause)
        return dict(status)

    def checksums(self, job: str) -> dict[str, str]:
        """Return the checksums of what a job made, those aside that hold times or paths."""
        files = self.ask("GET", f"{job}/files").json()["files"]
        return {entry["name"]: entry["checksum"] for entry in files if entry["name"].endswith((".tif", ".csv", ".qml"))}
