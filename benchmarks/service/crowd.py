"""Many clients at once: none lost, none run twice to completion, quick answers meanwhile."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from benchmarks.service.client import Client
from service.alone import Alone, free_port
from service.database import open_pool
from service.settings import read_settings
from service.tokens import create_token

Submitted = tuple[Client, str]


def crowd(alone: Alone, args: argparse.Namespace) -> Iterator[str]:
    """Have every client send its jobs at once, follow all to their end and tell what became of each."""
    pool = open_pool(read_settings(alone.settings).database, 2)
    clients = [Client(alone.address, create_token(pool, f"client {i}", ("read", "run"))) for i in range(args.clients)]
    begun = time.monotonic()
    with ThreadPoolExecutor(args.clients) as threads:
        jobs = list(threads.map(lambda i: _submitted(clients[i % args.clients], i), range(args.jobs)))
        accepted = time.monotonic() - begun
        with _watched(jobs) as times:
            ends = list(threads.map(lambda job: job[0].wait(job[1], 2, begun + 60 * args.minutes), jobs))
    taken = time.monotonic() - begun
    with pool.connection() as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM service.job WHERE attempt > 1) AS again, "
            "(SELECT max(started - created) FROM "
            "(SELECT DISTINCT ON (owner) owner, started, created FROM service.job ORDER BY owner, created) AS first"
            ") AS wait").fetchone()
    pool.close()
    yield (f"{args.jobs} jobs of {args.clients} clients, two workers: {dict(Counter(end['status'] for end in ends))}; "
           f"begun more than once: {row['again']}; accepted in {accepted:.1f} s, counted after {taken:.0f} s")
    yield from _latencies(times)
    yield f"longest wait of a client's first job: {row['wait'].total_seconds():.0f} s"
    yield from _troubles(alone, jobs, ends)


def _submitted(client: Client, number: int) -> Submitted:
    return client, client.submit(_square(number), indicators=["richness"])


def _square(number: int) -> dict[str, Any]:
    x, y = 7.09 + 0.0004 * (number % 50), 46.35 + 0.0004 * (number // 50)
    right, top = x + 0.004, y + 0.003
    return {"type": "Polygon", "coordinates": [[[x, y], [right, y], [right, top], [x, top], [x, y]]]}


@contextmanager
def _watched(jobs: list[Submitted]) -> Iterator[list[tuple[float, float]]]:
    """Give a list that holds, after the block, the seconds of status and of a bare hello asked during it."""
    port, times = free_port(), []
    with tempfile.TemporaryDirectory() as folder:
        bare = subprocess.Popen([sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"], cwd=folder,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        watch = subprocess.Popen([sys.executable, "-m", "benchmarks.service.watch"], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, text=True)
        try:
            _wait_for(f"http://127.0.0.1:{port}")
            asked = {"jobs": [(job, client.token) for client, job in jobs], "bare": f"http://127.0.0.1:{port}"}
            watch.stdin.write(json.dumps(asked) + "\n")
            watch.stdin.flush()
            reader = ThreadPoolExecutor(1)
            told = reader.submit(watch.stdout.readlines)
            yield times
            watch.stdin.close()
            times += [tuple(map(float, line.split())) for line in told.result()]
        finally:
            watch.kill()
            bare.kill()


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            requests.get(address, timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.1)


def _latencies(times: list[tuple[float, float]]) -> Iterator[str]:
    for name, seconds in zip(("status requests", "a bare server's hello beside each"), zip(*times, strict=True),
                             strict=True):
        yield (f"{name}: {len(seconds)}, median {1000 * statistics.median(seconds):.1f} ms, "
               f"p95 {1000 * statistics.quantiles(seconds, n=20)[18]:.1f} ms, longest {1000 * max(seconds):.0f} ms")


def _troubles(alone: Alone, jobs: list[Submitted], ends: list[dict[str, Any]]) -> Iterator[str]:
    """Tell the sentence and the log of every job that failed, and what the workers warned of."""
    for (client, job), end in zip(jobs, ends, strict=True):
        if end["status"] == "failed":
            yield f"{end['status']}: {job} {end.get('code')}: {end['message']}"
            yield f"  its log: {client.ask('GET', f'{job}/log').text}"
    log = Path(alone.settings).with_name("worker.log").read_text(encoding="utf-8", errors="replace")
    for line in log.splitlines():
        if '"level": "INFO"' not in line:
            yield f"workers' log: {line[:1500]}"
