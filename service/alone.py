"""``make serve``: database, service, worker and QGIS Server for one person on loopback, from a bare computer."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.resources import RESOURCES

from .children import Child
from .cluster import Cluster
from .database import migrate, open_pool
from .tokens import SCOPES, create_token

STARTUP_SECONDS = 60
_SETTINGS = """\
# Written by geoplantnet-service serve; docs/service.md explains every line.
[service]
database = "{database}"
results = "results"
port = {port}
qgis_server = "{qgis_server}"
callback_hosts = {callback_hosts}

[limits]
open_jobs = 1000

[models.western-swiss-alps]
package = "western-swiss-alps"

[cubes.demo]
title = "Simulated valley"
predictors = ["{predictors}"]
models = ["western-swiss-alps"]
licence = "see resources/demo/README.md"
simulated = true
"""


@dataclass(frozen=True)
class Alone:
    """A running service: its address, a token with all scopes, the settings file, and what it is made of."""

    address: str
    token: str
    settings: Path
    qgis_server: str
    cluster: Cluster
    workers: tuple[Child, ...]


@contextmanager
def running_alone(folder: Path, port: int, with_maps: bool = True, workers: int = 1,
                  callback_hosts: tuple[str, ...] = ()) -> Iterator[Alone]:
    """Run all of it, with what it keeps in `folder`, while the block runs; QGIS Server only `with_maps`.

    Raises:
        EngineError: PostgreSQL is not installed, or something does not start.
    """
    folder = folder.absolute()
    (folder / "results").mkdir(parents=True, exist_ok=True)
    cluster = Cluster(folder / "database")
    with ExitStack() as stack:
        database = cluster.start()
        stack.callback(cluster.stop)
        migrate(database)
        qgis_server = _start_qgis_server(stack, folder) if with_maps else ""
        settings = _write_settings(folder, database, port, qgis_server, callback_hosts)
        token = _token(folder, database)
        queues = "jobs,chores,projects" if qgis_server else "jobs,chores"
        program = [sys.executable, "-m", "service.cli", "--settings", str(settings)]
        children = [Child("web", [*program, "web"], folder / "web.log"),
                    *(Child("worker", [*program, "worker", "--queues", queues], folder / "worker.log")
                      for _ in range(workers))]
        for child in children:
            stack.callback(child.start().stop)
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/health", folder / "web.log")
        yield Alone(address, token, settings, qgis_server, cluster, tuple(children[1:]))


def serve_alone(folder: Path, port: int) -> None:
    """Run all of it until Ctrl+C."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    program = os.path.relpath(Path(sys.executable).with_name("geoplantnet"))
    with running_alone(folder, port) as alone:
        print(f"Address: {alone.address}\nToken:   {alone.token}\n\n"
              "In a browser: any user name, and the token as password. On the command line:\n"
              f"  export GEOPLANTNET_SERVICE_TOKEN={alone.token}\n"
              f"  {program} assess --source service --service {alone.address} \\\n"
              f"    --area resources/demo/area.geojson --out build/served\n"
              + ("" if alone.qgis_server else "QGIS Server is not installed: results have no map services.\n")
              + "Ctrl+C stops it; jobs and results are kept.", flush=True)
        stopped.wait()
    print("Stopped.")


def _write_settings(folder: Path, database: str, port: int, qgis_server: str, callback_hosts: tuple[str, ...]) -> Path:
    path = folder / "settings.toml"
    path.write_text(_SETTINGS.format(
        database=database, port=port, qgis_server=qgis_server, callback_hosts=list(callback_hosts),
        predictors=RESOURCES / "demo" / "predictors.tif"), encoding="utf-8")
    return path


def _token(folder: Path, database: str) -> str:
    """Return the token of an earlier run, or a new one; only its owner reads the file."""
    path = folder / "token"
    if not path.is_file():
        path.touch(0o600)
        pool = open_pool(database, 1)
        path.write_text(create_token(pool, "me", SCOPES), encoding="utf-8")
        pool.close()
    return path.read_text(encoding="utf-8")


def _start_qgis_server(stack: ExitStack, folder: Path) -> str:
    program = shutil.which("qgis_mapserver")
    if program is None:
        return ""
    port = free_port()
    command = ["env", "QT_QPA_PLATFORM=offscreen", f"QGIS_OPTIONS_PATH={folder / 'qgis'}", program, f"127.0.0.1:{port}"]
    stack.callback(Child("QGIS Server", command, folder / "qgis.log").start().stop)
    return f"http://127.0.0.1:{port}"


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, log_file: Path) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(requests.RequestException):
            if requests.get(address, timeout=2).ok:
                return
        time.sleep(0.1)
    raise EngineError("served_not_started", log=log_file, seconds=STARTUP_SECONDS)
