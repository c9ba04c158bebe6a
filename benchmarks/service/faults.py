"""Things that die, a disk that is full, requests that nobody would send."""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.service.client import DEMO, Client
from service.alone import Alone
from service.settings import read_settings


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


def fuzz(alone: Alone, args: argparse.Namespace) -> Iterator[str]:
    """Requests made up from the OpenAPI document: no fault of the service, and no answer that it does not describe."""
    program = Path(sys.executable).with_name("schemathesis")
    if not program.exists():
        yield "skipped: schemathesis is not installed (pip install schemathesis)"
        return
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "openapi.json"
        document.write_bytes(Client(alone.address, alone.token).ask("GET", "/openapi").content)
        done = subprocess.run(
            [str(program), "run", str(document), "--url", alone.address,
             "--header", f"Authorization: Bearer {alone.token}",
             "--checks", "not_a_server_error,response_schema_conformance,content_type_conformance",
             "--max-examples", str(args.examples), "--phases", "coverage,fuzzing"],
            capture_output=True, text=True, check=False)
    told = re.search(r"\d+ generated.*", done.stdout)
    end = "no fault (5xx), every answer as the document says" if done.returncode == 0 else done.stdout[-6000:]
    yield f"requests: {told[0].strip() if told else done.stdout[-500:]}; {end}"
