"""``make bench-service``: what a service adds to a run here, many clients at once, coverage, and things that die.

Everything runs on this computer: PostgreSQL, web process, two workers. Smaller numbers:
``--jobs 40 --clients 8 --kills 4``.
"""

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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from psycopg.types.json import Jsonb

from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.models.package import checksum
from service.alone import Alone, free_port, running_alone
from service.database import open_pool
from service.settings import read_settings
from service.tokens import create_token

DEMO = RESOURCES / "demo"
SQUARE_KM = 5
MAP_CELLS, TAXA, TAXA_A_CELL = 500, 11_255, 60
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

    def wait(self, job: str, pause: float = 0.2) -> dict[str, Any]:
        while (status := self.ask("GET", job).json())["status"] not in OVER:
            time.sleep(pause)
        return dict(status)

    def checksums(self, job: str) -> dict[str, str]:
        """Return the checksums of what a job made, those aside that hold times or paths."""
        files = self.ask("GET", f"{job}/files").json()["files"]
        return {entry["name"]: entry["checksum"] for entry in files if entry["name"].endswith((".tif", ".csv", ".qml"))}


def main() -> int:
    """Run the chosen parts and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gpn-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        with running_alone(Path(folder), free_port(), with_maps=False, workers=2) as alone:
            for part in args.only:
                print(f"\n{part}", flush=True)
                for line in PARTS[part](alone, args):
                    print(f"  {line}", flush=True)
    return 0


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
    with ThreadPoolExecutor(args.clients) as threads:
        jobs = list(threads.map(lambda i: (clients[i % args.clients], clients[i % args.clients].submit(_square(i))),
                                range(args.jobs)))
        accepted = time.monotonic() - begun
        watcher = threading.Thread(target=_watch, args=(jobs, answers, finished))
        watcher.start()
        ends = Counter(status["status"] for status in threads.map(lambda job: job[0].wait(job[1], 2), jobs))
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
           f"all finished in {time.monotonic() - begun:.0f} s")
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


def coverage(alone: Alone, args: argparse.Namespace) -> Iterator[str]:
    """25 km² of a map of 250,000 cells with 60 of 11,255 taxa each, made up; the same answer as counting in numpy."""
    import numpy as np
    import shapely

    pool = open_pool(read_settings(alone.settings).database, 1)
    rng = np.random.default_rng(1)
    taxa = rng.integers(0, TAXA, (MAP_CELLS**2, TAXA_A_CELL))
    left, bottom = 4_000_000, 2_500_000
    x, y = np.meshgrid(left + 50 * np.arange(MAP_CELLS) + 25, bottom + 50 * np.arange(MAP_CELLS) + 25)
    points = shapely.to_wkb(shapely.set_srid(shapely.points(x.ravel(), y.ravel()), 3035), hex=True, include_srid=True)
    frame = shapely.box(left, bottom, left + 25_000, bottom + 25_000)
    with pool.connection() as connection:
        connection.execute(
            "INSERT INTO maps.area (assessment, title, crs, srid, resolution, step, simulated, source, set_rule, "
            "cells, geom) VALUES ('bench', 'bench', 'EPSG:3035', 3035, 50, 2e-5, true, %s, '', %s, %s::geometry)",
            [Jsonb({}), MAP_CELLS**2, shapely.to_wkb(shapely.set_srid(frame, 3035), hex=True, include_srid=True)])
        columns = "assessment, taxon, id, accepted_name, family"
        with connection.cursor().copy(f"COPY maps.taxa ({columns}) FROM STDIN") as copy:
            for number in range(TAXA):
                copy.write_row(("bench", number, str(number), f"Taxon {number}", ""))
        with connection.cursor().copy("COPY maps.cells (assessment, cell, geom, taxa, scores) FROM STDIN") as copy:
            for number, (point, row) in enumerate(zip(points, taxa, strict=True)):
                copy.write_row(("bench", number, point, row.tolist(), row.tolist()))
    with pool.connection() as connection:
        connection.execute("ANALYZE maps.cells")
    pool.close()
    corner = (left + 7_000, bottom + 9_000)
    square = shapely.box(*corner, corner[0] + 1000 * SQUARE_KM, corner[1] + 1000 * SQUARE_KM)
    client, times = Client(alone.address, alone.token), []
    for _ in range(args.repeats):
        begun = time.monotonic()
        answer = client.ask("POST", "/processes/coverage/execution", json={
            "inputs": {"map": "bench", "crs": "EPSG:3035", "area": json.loads(shapely.to_geojson(square))}})
        times.append(time.monotonic() - begun)
    found = answer.json()
    inside = ((x.ravel() > corner[0]) & (x.ravel() < corner[0] + 1000 * SQUARE_KM)
              & (y.ravel() > corner[1]) & (y.ravel() < corner[1] + 1000 * SQUARE_KM))
    counts = np.bincount(taxa[inside].ravel(), minlength=TAXA)
    right = (found["cells"] == inside.sum()
             and all(counts[int(entry["id"])] == entry["cells"] for entry in found["taxa"]))
    yield (f"25 km² ({found['cells']} cells, {len(found['taxa'])} taxa found of {TAXA}): "
           f"median {statistics.median(times):.2f} s, longest {max(times):.2f} s; "
           f"{'as counted' if right else 'NOT as counted'} in numpy")


def deaths(alone: Alone, args: argparse.Namespace) -> Iterator[str]:
    """Workers killed in the middle of jobs, and the database restarted: every job ends with the undisturbed bytes."""
    area = json.loads((DEMO / "area.geojson").read_text(encoding="utf-8"))
    client = Client(alone.address, alone.token)
    first = client.submit(area, resolution=25)
    client.wait(first)
    expected, ends, equal = client.checksums(first), Counter(), 0
    for number in range(args.kills):
        job = client.submit(area, resolution=25)
        while client.ask("GET", job).json()["status"] == "accepted":
            time.sleep(0.1)
        time.sleep(random.uniform(0, 6))
        for worker in alone.workers:
            worker.kill()
        if number == args.kills // 2:
            alone.cluster.restart()
        status = client.wait(job)
        ends[status["status"]] += 1
        equal += status["status"] == "successful" and client.checksums(job) == expected
    yield (f"{args.kills} jobs, both workers killed (SIGKILL) in each, the database restarted once: {dict(ends)}; "
           f"{equal} with the undisturbed bytes")


@contextmanager
def _small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def full_disk(alone: Alone, args: argparse.Namespace) -> Iterator[str]:
    """The disk of results full (needs root and mount): the job fails with a sentence, and the next one succeeds."""
    area = json.loads((DEMO / "area.geojson").read_text(encoding="utf-8"))
    client, results = Client(alone.address, alone.token), read_settings(alone.settings).results
    try:
        with _small_disk(results, 3):
            status = client.wait(client.submit(area))
    except subprocess.CalledProcessError:
        yield "skipped: no small disk could be mounted here"
        return
    yield f"full: {status['status']}, “{status['message']}”; after it: {client.wait(client.submit(area))['status']}"


PARTS = {"overhead": overhead, "coverage": coverage, "crowd": crowd, "deaths": deaths, "full_disk": full_disk}

if __name__ == "__main__":
    sys.exit(main())
