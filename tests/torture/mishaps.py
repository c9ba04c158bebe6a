"""Several jobs at once in one folder, and disks that are too small: the same command ends with the same bytes."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from geoplantnet_plugin.engine.base.files import FULL
from tests.torture.kills import BAD_INPUT, DONE, FINISHED, JOBS, clear, digest, ends, forked

ROOM = 64 * 1024**2
"""Bytes that any of the jobs has enough with."""


def together(name: str, world: Path, folder: Path, jobs: int) -> list[str]:
    """Start a job so many times at once in one folder, then once more; return what was not as it should be."""
    job, out = JOBS[name], folder / "out"
    code, text = forked(job, world, out)
    if code:
        return [f"{name}: alone: {text}"]
    wanted = digest(out)
    clear(folder)
    with ThreadPoolExecutor(jobs) as pool:
        found = list(pool.map(lambda _: forked(job, world, out), range(jobs)))
    faults = [f"{name}: at once: exit code {code}: {text}" for code, text in found
              if code != DONE and not (code == BAD_INPUT and any(said in text for said in (*FINISHED, "out_in_use")))]
    faults += [f"{name}: after {jobs} at once: {fault}" for fault in ends(*forked(job, world, out), out, wanted)]
    clear(folder)
    return faults


def full_disk(name: str, world: Path, folder: Path, sizes: int, seed: int = 0) -> tuple[int, list[str]]:
    """Run a job on disks too small for it, then give them room; return how many were full, and what was wrong.

    `folder` is where a disk in memory can be mounted: by root, on Linux.
    """
    job, rng, faults, full, out = JOBS[name], random.Random(seed), list[str](), 0, folder / "out"
    with disk(folder, ROOM):
        code, text = forked(job, world, out)
        if code:
            return 0, [f"{name}: alone: {text}"]
        wanted, size = digest(out), shutil.disk_usage(folder).used
    for _ in range(sizes):
        small = rng.randrange(8192, size + FULL)
        with disk(folder, small):
            code, text = forked(job, world, out)
            full += code == BAD_INPUT
            if code != DONE and not (code == BAD_INPUT and "disk_full" in text):
                faults.append(f"{name}: disk of {small} bytes: exit code {code}: {text}")
            subprocess.run(("mount", "-o", f"remount,size={ROOM}", str(folder)), check=True)
            faults += [f"{name}: after a disk of {small} bytes: {fault}"
                       for fault in ends(*forked(job, world, out), out, wanted)]
    return full, faults


@contextmanager
def disk(folder: Path, size: int) -> Iterator[None]:
    """Mount a disk of so many bytes at `folder`."""
    subprocess.run(("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)), check=True)
    try:
        yield
    finally:
        subprocess.run(("umount", str(folder)), check=True)
