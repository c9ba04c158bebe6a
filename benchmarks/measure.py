"""Whole processes, timed and weighed by the operating system."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Run:
    """One finished process: wall seconds, peak resident memory in MB, its last JSON event."""

    seconds: float
    peak_mb: float
    result: dict[str, Any]


def geoplantnet(*arguments: str) -> Run:
    """Run ``geoplantnet --json ARGUMENTS`` and return what it took."""
    return measured(str(Path(sys.executable).with_name("geoplantnet")), "--json", *arguments)


def measured(*command: str) -> Run:
    """Run a command whose last line of output is JSON and return what it took."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    last = ""
    for line in process.stdout:
        last = line
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit(f"{' '.join(command)} failed: {last}")
    return Run(seconds, usage.ru_maxrss / 1024, json.loads(last))


def table(title: str, rows: list[tuple[str, str]]) -> None:
    """Print figures as a small Markdown table."""
    print(f"\n### {title}\n\n| figure | value |\n|---|---|")
    for name, value in rows:
        print(f"| {name} | {value} |", flush=True)
