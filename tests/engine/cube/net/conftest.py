import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

from geoplantnet_plugin.common.jobs import FetchJob
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.reporters import Recorder
from geoplantnet_plugin.engine.cube.net.fetch import prepared, run
from geoplantnet_plugin.engine.services.settings import HttpSettings
from tests.server.fixtures import http, server

__all__ = ["http", "server"]


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the user's cache nor the user's sources."""
    monkeypatch.setenv("GEOPLANTNET_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GEOPLANTNET_SOURCES", str(tmp_path / "sources.json"))


@pytest.fixture
def preset(tmp_path: Path) -> Callable[..., None]:
    """Adds a source to the user's file."""

    def add(name: str, **fields: Any) -> None:
        path = tmp_path / "sources.json"
        document = json.loads(path.read_text()) if path.exists() else {"sources": {}}
        document["sources"][name] = {
            "title": name.title(), "resolution": 100, "attribution": f"© {name}", "licence": "CC0",
            "terms": "https://example.org/terms", "documentation": ["https://example.org/doc"], **fields}
        path.write_text(json.dumps(document))

    return add


@pytest.fixture
def area(tmp_path: Path) -> Callable[..., str]:
    """Writes a box as an area and returns its path."""

    def write(left: float, bottom: float, right: float, top: float, crs: str) -> str:
        path = tmp_path / "area.gpkg"
        geopandas.GeoDataFrame(geometry=[shapely.box(left, bottom, right, top)], crs=crs).to_file(path)
        return str(path)

    return write


class Fetching:
    """Runs fetches with short pauses and keeps what they said."""

    def __init__(self, out: Path, http: HttpSettings) -> None:
        self.out = out
        self.http = http
        self.warnings: list[str] = []

    def __call__(self, area: str, *sources: str, reporter: Reporter | None = None, **fields: Any) -> list[Path]:
        recorder = Recorder(reporter or Reporter())
        job = FetchJob(area, self.out, sources, **{"accepted": True, **fields})
        with prepared(job, recorder, self.http) as ready:
            self.cost = ready.cost
            self.remote = ready.remote
            paths = run(ready, recorder)
        self.warnings = [entry["code"] for entry in recorder.warnings]
        return paths


@pytest.fixture
def fetch(tmp_path: Path, http: HttpSettings) -> Fetching:
    return Fetching(tmp_path / "out", http)
