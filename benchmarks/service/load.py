"""What the service adds to a run here, and many clients at once."""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.service.client import DEMO, Client
from geoplantnet_plugin.engine.models.package import checksum
from service.alone import Alone
from service.database import open_pool
from service.settings import read_settings
from service.tokens import create_token


def overhead(alone: Alone, args: argparse.Namespace) -> Iterator[str]:
    """The demo area here and there in turn: submit, follow and fetch beside the same command without the service."""
    area = json.loads((DEMO / "area.geojson").read_text(encoding="utf-8"))
    client, here, there, fetched, equal = Client(alone.address, alone.token), [], [], [], 0
    for _ in range(args.repeats):
        with tempfile.TemporaryDirectory() as folder:
            begun = time.monotonic()
            subprocess.run([str(Path(sys.executable).with_name("geoplantnet")), "assess", "--area",
                            str(DEMO / "area.geojson"), "--model", "western-swiss-alps", "--predictors",
                            str(DEMO / "predictors.tif"), "--out", str(Path(folder) / "out")],
                           check=True, capture_output=True)
            local = _checksums(Path(folder) / "out")
            here.append(time.monotonic() - begun)
        begun = time.monotonic()
        job = client.submit(area)
        client.wait(job, 0.05)
        there.append(time.monotonic() - begun)
        equal += client.checksums(job) == local
        begun = time.monotonic()
        client.ask("GET", f"{job}/assessment.zip")
        fetched.append(time.monotonic() - begun)
    run, served, download = (statistics.median(times) for times in (here, there, fetched))
    yield (f"14,660 cells, median of {args.repeats}: here {run:.2f} s, by the service {served:.2f} s "
           f"({100 * (served / run - 1):+.0f} %), download {download:.2f} s; "
           f"{equal} of {args.repeats} with the bytes of the run here")


def _checksums(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): checksum(path) for path in folder.rglob("*")
            if path.suffix in (".tif", ".csv", ".qml")}


def crowd(alone: Alone, args: argparse.Namespace) -> Iterator[str]:
    """Many clients at once: none lost, none run twice to completion, quick answers meanwhile."""
    pool = open_pool(read_settings(alone.settings).database, 2)
    clients = [Client(alone.address, create_token(pool, f"client {i}", ("read", "run"))) for i in range(args.clients)]
    begun, answers, finished = time.monotonic(), [], threading.Event()
    deadline = begun + 60 * args.minutes
    with ThreadPoolExecutor(args.clients) as threads:
        jobs = list(threads.map(lambda i: (clients[i % args.clients], clients[i % args.clients].submit(
                _square(i), indicators=["richness"])),
                                range(args.jobs)))
        accepted = time.monotonic() - begun
        watcher = threading.Thread(target=_watch, args=(jobs, answers, finished))
        watcher.start()
        ends = Counter(status["status"] for status in threads.map(lambda job: job[0].wait(job[1], 2, deadline), jobs))
        finished.set()
        watcher.join()
    with pool.connection() as connection:
        twice = connection.execute("SELECT count(*) AS n FROM service.job WHERE attempt <> 1").fetchone()
        first = connection.execute(
            "SELECT max(started - created) AS wait FROM (SELECT DISTINCT ON (owner) owner, started, created "
            "FROM service.job ORDER BY owner, created) AS first").fetchone()
    pool.close()
    p95 = statistics.quantiles(answers, n=20)[18]
    yield (f"{args.jobs} jobs of {args.clients} clients, two workers: {dict(ends)}; "
           f"begun more than once: {twice['n']}; accepted in {accepted:.1f} s, "
           f"counted after {time.monotonic() - begun:.0f} s")
    yield (f"status requests meanwhile: {len(answers)}, p95 {1000 * p95:.0f} ms, "
           f"median {1000 * statistics.median(answers):.0f} ms")
    yield f"longest wait of a client's first job: {first['wait'].total_seconds():.0f} s"


def _watch(jobs: list[tuple[Client, str]], answers: list[float], finished: threading.Event) -> None:
    while not finished.wait(0.1):
        client, job = random.choice(jobs)
        begun = time.monotonic()
        client.ask("GET", job)
        answers.append(time.monotonic() - begun)


def _square(number: int) -> dict[str, Any]:
    x, y = 7.09 + 0.0004 * (number % 50), 46.35 + 0.0004 * (number // 50)
    right, top = x + 0.004, y + 0.003
    return {"type": "Polygon", "coordinates": [[[x, y], [right, y], [right, top], [x, top], [x, y]]]}
