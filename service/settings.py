"""What the person who runs the service decides: one TOML file (docs/service.md explains every line)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tomllib

from geoplantnet_plugin.common.convert import from_document
from geoplantnet_plugin.common.errors import EngineError

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Limits:
    """What one request, and one owner, may ask for; `cells_a_day` counts the last 24 hours."""

    area_km2: float = 5_000
    vertices: int = 100_000
    areas: int = 1_000
    least_resolution: float = 1.0
    cells: int = 2_000_000
    body_bytes: int = 20_000_000
    open_jobs: int = 20
    cells_a_day: int = 20_000_000
    keep_days: float = 30


@dataclass(frozen=True)
class Model:
    """An offered model: the name or path of its package."""

    package: str


@dataclass(frozen=True)
class Cube:
    """An offered cube: its rasters, the models that may run on it (all where none is named) and what it is."""

    predictors: tuple[str, ...]
    title: str = ""
    models: tuple[str, ...] = ()
    date: str = ""
    licence: str = ""
    simulated: bool = False


@dataclass(frozen=True)
class Settings:
    """Where the service keeps and offers what; `database` is a libpq connection string.

    `url` is the address that clients use (a proxy's, where there is one); `attempts` how often a job that dies is begun
    again; `qgis_server` the address of a QGIS Server that sees `results`, blank for none.
    """

    database: str
    results: Path
    host: str = "127.0.0.1"
    port: int = 5080
    url: str = ""
    attempts: int = 3
    qgis_server: str = ""
    callback_hosts: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    models: Mapping[str, Model] = field(default_factory=dict)
    cubes: Mapping[str, Cube] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The address that clients use, without a slash at its end."""
        return (self.url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def is_local(self) -> bool:
        """Whether only this computer reaches the service."""
        return self.host in LOOPBACK

    def cubes_of(self, model: str) -> tuple[str, ...]:
        """Return the ids of the cubes that an offered model may run on."""
        return tuple(id for id, cube in self.cubes.items() if not cube.models or model in cube.models)


def read_settings(path: Path) -> Settings:
    """Read the settings; relative paths count from the file's folder.

    Raises:
        EngineError: the file cannot be read, or says something that is not known.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        settings = from_document(Settings, document.pop("service", {}))
        limits = from_document(Limits, document.pop("limits", {}))
        models = {id: from_document(Model, entry) for id, entry in document.pop("models", {}).items()}
        cubes = {id: _cube(path, entry) for id, entry in document.pop("cubes", {}).items()}
        if document:
            raise EngineError("job_invalid", reason=f"unknown: {', '.join(document)}")
    except (OSError, ValueError, EngineError) as error:
        raise EngineError("served_settings", path=path, reason=error) from error
    return replace(settings, results=_absolute(path, settings.results), limits=limits, models=models, cubes=cubes)


def _cube(path: Path, entry: Mapping[str, Any]) -> Cube:
    cube = from_document(Cube, entry)
    return replace(cube, predictors=tuple(str(_absolute(path, name)) for name in cube.predictors))


def _absolute(settings: Path, name: str | Path) -> Path:
    return (settings.absolute().parent / name).resolve()
