"""What the service adds to a run here."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.service.client import DEMO, Client
from geoplantnet_plugin.engine.models.package import checksum
from service.alone import Alone


def overhead(alone: Alone, args: argparse.Namespace) -> Iterator[str]:
    """A short and a longer job here and there in turn: the demo area in cells of 50 m, and of 25 m."""
    for resolution in (50, 25):
        yield _overhead(alone, args, resolution)


def _overhead(alone: Alone, args: argparse.Namespace, resolution: int) -> str:
    """Submit, follow and fetch beside the same command without the service."""
    area = json.loads((DEMO / "area.geojson").read_text(encoding="utf-8"))
    client, here, there, fetched, equal = Client(alone.address, alone.token), [], [], [], 0
    for _ in range(args.repeats):
        with tempfile.TemporaryDirectory() as folder:
            begun = time.monotonic()
            subprocess.run([str(Path(sys.executable).with_name("geoplantnet")), "assess", "--area",
                            str(DEMO / "area.geojson"), "--model", "western-swiss-alps", "--predictors",
                            str(DEMO / "predictors.tif"), "--resolution", str(resolution), "--out",
                            str(Path(folder) / "out")], check=True, capture_output=True)
            here.append(time.monotonic() - begun)
            local, cells = _checksums(Path(folder) / "out"), _cells(Path(folder) / "out")
        begun = time.monotonic()
        job = client.submit(area, resolution=resolution)
        client.wait(job, 0.05)
        there.append(time.monotonic() - begun)
        equal += client.checksums(job) == local
        begun = time.monotonic()
        client.ask("GET", f"{job}/assessment.zip")
        fetched.append(time.monotonic() - begun)
    run, served, download = (statistics.median(times) for times in (here, there, fetched))
    return (f"{cells:,} cells, median of {args.repeats}: here {run:.2f} s, by the service {served:.2f} s "
            f"({100 * (served / run - 1):+.0f} %), download {download:.2f} s; least {min(here):.2f} and "
            f"{min(there):.2f} s ({100 * (min(there) / min(here) - 1):+.0f} %); pair by pair "
            f"{', '.join(f'{100 * (b / a - 1):+.0f} %' for a, b in zip(here, there, strict=True))}; "
            f"{equal} of {args.repeats} with the bytes of the run here")


def _cells(folder: Path) -> int:
    return int(json.loads((folder / "assessment.json").read_text(encoding="utf-8"))["area"]["cells"])


def _checksums(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): checksum(path) for path in folder.rglob("*")
            if path.suffix in (".tif", ".csv", ".qml")}
