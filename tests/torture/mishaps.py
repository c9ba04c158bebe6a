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

    `folder` is where a disk can be mounted, in memory and every other time ext4 in a file: by root, on Linux.
    """
    job, rng, faults, full, out = JOBS[name], random.Random(seed), list[str](), 0, folder / "out"
    with disk(InMemory(folder), ROOM):
        code, text = forked(job, world, out)
        if code:
            return 0, [f"{name}: alone: {text}"]
        wanted, size = digest(out), shutil.disk_usage(folder).used
    for number in range(sizes):
        kind = InFile(folder) if number % 2 else InMemory(folder)
        small = rng.randrange(kind.least, size + FULL + kind.least)
        with disk(kind, small):
            code, text = forked(job, world, out)
            full += code == BAD_INPUT
            if code != DONE and not (code == BAD_INPUT and "disk_full" in text):
                faults.append(f"{name}: {kind.name} of {small} bytes: exit code {code}: {text}")
            kind.grow(ROOM)
            faults += [f"{name}: after {kind.name} of {small} bytes: {fault}"
                       for fault in ends(*forked(job, world, out), out, wanted)]
    return full, faults


class InMemory:
    """A disk in memory."""

    name, least = "tmpfs", 8192

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mount(self, size: int) -> None:
        run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.folder))

    def grow(self, size: int) -> None:
        run("mount", "-o", f"remount,size={size}", str(self.folder))


class InFile(InMemory):
    """A file that is mounted as a disk; it grows while it is not."""

    name, least = "ext4", 400 * 1024

    @property
    def image(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.ext4")

    def mount(self, size: int) -> None:
        self._resize(size)
        run("mkfs.ext4", "-q", "-F", "-m", "0", "-O", "^has_journal", str(self.image))
        self._mount()

    def grow(self, size: int) -> None:
        run("umount", str(self.folder))
        self._resize(size)
        subprocess.run(("e2fsck", "-fy", str(self.image)), capture_output=True)  # which tells with its code what it did
        run("resize2fs", str(self.image))
        self._mount()

    def _resize(self, size: int) -> None:
        with self.image.open("ab") as file:
            file.truncate(size)

    def _mount(self) -> None:
        run("mount", "-o", "loop", str(self.image), str(self.folder))
        (self.folder / "lost+found").rmdir()


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def disk(kind: InMemory, size: int) -> Iterator[None]:
    """Mount a disk of so many bytes."""
    kind.mount(size)
    try:
        yield
    finally:
        run("umount", str(kind.folder))
