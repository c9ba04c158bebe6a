"""Whole processes, timed and weighed by the operating system."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Run:
    """One finished process: seconds, processor seconds, peak resident memory in MB, its last JSON event."""

    seconds: float
    processor: float
    peak_mb: float
    result: dict[str, Any]


def geoplantnet(*arguments: str) -> Run:
    """Run ``geoplantnet --json ARGUMENTS`` and return what it took."""
    return measured(str(Path(sys.executable).with_name("geoplantnet")), "--json", *arguments)


WEIGH = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:])
status, usage = os.wait4(process.pid, 0)[1:]
print("\\n", usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Weighs from a process as small as can be: Linux counts what the one that starts a process has resident as the new
one's (``ru_maxrss`` outlives ``exec``)."""


def measured(*command: str) -> Run:
    """Run a command whose last line of output is JSON and return what it took."""
    start = time.perf_counter()
    run = subprocess.run((sys.executable, "-I", "-S", "-c", WEIGH, *command), stdout=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - start
    *lines, weights = run.stdout.splitlines()
    last = next((line for line in reversed(lines) if line), "")
    if run.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {last}")
    processor, peak = weights.split()
    return Run(seconds, float(processor), float(peak), json.loads(last))


def quickest(work: Callable[[], object]) -> float:
    """Return the seconds of the quickest of three runs."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def falling_noise(rng: np.random.Generator, bands: int, height: int, width: int) -> np.ndarray:
    """Return bands (mean 0, spread 1) whose neighbours are alike, as land is: noise with a falling spectrum."""
    down, along = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    falling = 1 / np.maximum(np.hypot(down, along), 1 / max(height, width)) ** 1.2
    found = np.stack([np.fft.irfft2(np.fft.rfft2(rng.normal(size=(height, width))) * falling, s=(height, width))
                      for _ in range(bands)])
    found -= found.mean(axis=(1, 2), keepdims=True)
    return found / found.std(axis=(1, 2), keepdims=True)


def table(title: str, rows: list[tuple[str, str]]) -> None:
    """Print figures as a small Markdown table."""
    print(f"\n### {title}\n\n| figure | value |\n|---|---|")
    for name, value in rows:
        print(f"| {name} | {value} |", flush=True)


def bare_loop(graph: Path, cells: int, batch: int) -> tuple[float, float]:
    """Return the seconds, and processor seconds, that ONNX Runtime alone takes for so many cells of random input."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting is no work
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    entry = session.get_inputs()[0]
    values = np.random.default_rng(0).normal(size=(batch, entry.shape[1])).astype(np.float32)
    session.run(None, {entry.name: values})
    start, processor = time.perf_counter(), time.process_time()
    for first in range(0, cells, batch):
        session.run(None, {entry.name: values[:cells - first]})
    return time.perf_counter() - start, time.process_time() - processor


def report(title: str, run: Run, bare: tuple[float, float]) -> None:
    """Print one run beside its bare loop."""
    summary = run.result["summary"]
    timings = summary["timings"]
    table(title, [
        ("cells scored", f"{summary['cells']:,}"), ("whole job", f"{run.seconds:.1f} s"),
        ("cells a second, whole job", f"{summary['cells'] / run.seconds:,.0f}"),
        ("start-up (until the first cell)", f"{timings['startup']:.1f} s"), ("reading", f"{timings['read']:.1f} s"),
        ("inference", f"{timings['infer']:.1f} s"), ("reading and inference, overlapped", f"{timings['scores']:.1f} s"),
        ("writing", f"{timings['write']:.1f} s"), ("bare ONNX Runtime loop", f"{bare[0]:.1f} s"),
        ("whole job ÷ bare loop", f"{run.seconds / bare[0]:.1f}"),
        ("the same in processor seconds", f"{run.processor:.1f} ÷ {bare[1]:.1f} = {run.processor / bare[1]:.1f}"),
        ("peak resident memory", f"{run.peak_mb:,.0f} MB")])
