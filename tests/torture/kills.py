"""Kills jobs with SIGKILL, at their writes and at any time, and starts them again: the end must be the same bytes.

Every run is a fork of a process that has imported everything, which takes a tenth of the time of a new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ImportRequest, ModelOptions
from geoplantnet_plugin.engine.base.events import Reporter
from tests.torture.patience import patient

WRITES = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "sqlite3.connect", "shutil.rmtree")
"""Events of Python's audit hooks at which files change (PEP 578)."""
TIMES = ("created", "timings")
"""What differs between two runs, in the manifest alone."""
FINISHED = ("out_complete", "out_not_empty")
"""What a job says of a folder that was finished before."""
DONE, BAD_INPUT, TRACEBACK = 0, 2, 1
SECONDS = 120
"""Of processor time, after which a run counts as hanging."""

Job = Callable[[Path, Path], None]
"""Does something with a world, into a folder."""


def assess(world: Path, out: Path, **options: object) -> None:
    from geoplantnet_plugin.engine.assess.run import assess as run

    source = ModelOptions(model=str(world / "model"), predictors=(str(world / "env.tif"),))
    options = {"indicators": ("richness",), **options}
    run(AssessJob(area=str(world / "site.gpkg"), out=out, source=source, resolution=SIDE, **options), Reporter())


def assess_otherwise(world: Path, out: Path) -> None:
    """The same scores, another set rule and other indicators."""
    assess(world, out, set_rule="topk:2", indicators=("shannon", "richness"))


def assess_on_one(world: Path, out: Path) -> None:
    """The same on one processor."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    assess(world, out)


def build(world: Path, out: Path) -> None:
    from geoplantnet_plugin.engine.commands.cube import build_job

    source = ModelOptions(model=str(world / "model"), predictors=(str(world / "env.tif"),))
    build_job(AssessJob(area=str(world / "site.gpkg"), out=out, source=source, resolution=SIDE), Reporter())


def import_list(world: Path, out: Path) -> None:
    from geoplantnet_plugin.engine.commands.taxa import import_list as run

    os.environ["GEOPLANTNET_LISTS"] = str(out)
    run(ImportRequest(list=world / "list.csv", id="mine", date="2020-01-01"), Reporter())


SIDE = 100.0
JOBS: dict[str, Job] = {"assess": assess, "cube build": build, "taxa import": import_list}


@dataclass
class Count:
    """What happened to one kind of job."""

    writes: int = 0
    at_writes: int = 0
    at_times: int = 0
    resumed: int = 0
    faults: list[str] = field(default_factory=list)


def forked(job: Job, world: Path, out: Path, kill_at: int = 0, kill_after: float = 0.0) -> tuple[int, str]:
    """Run a job in a fork; return its exit code (negative: killed by that signal) and what it said."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _run(job, world, out, kill_at, writing)
    os.close(writing)
    if kill_after:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        text = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text


def _run(job: Job, world: Path, out: Path, kill_at: int, writing: int) -> None:
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event in WRITES and (event != "open" or _for_writing(arguments)):
            count += 1
            if count == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    patient(SECONDS)
    sys.addaudithook(hook)
    try:
        job(world, out)
        code, text = DONE, ""
    except EngineError as error:
        code, text = BAD_INPUT, error.code
    except BaseException:
        code, text = TRACEBACK, traceback.format_exc()
    os.write(writing, json.dumps([count, text]).encode()[:60_000])
    os._exit(code)


def _for_writing(arguments: tuple[object, ...]) -> bool:
    mode, flags = arguments[1], arguments[2]
    return (isinstance(mode, str) and any(letter in mode for letter in "wax+")) or (
        isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR)))


def digest(out: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder; of the manifest without the times in it."""
    found = {}
    for path in sorted(out.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.name == "assessment.json":
                manifest = {key: value for key, value in json.loads(data).items() if key not in TIMES}
                data = json.dumps(manifest, sort_keys=True).encode()
            found[path.relative_to(out).as_posix()] = hashlib.sha256(data).hexdigest()
    return found


def torture(name: str, world: Path, folder: Path, moments: int, seed: int = 0) -> Count:
    """Kill the job `name` at so many moments, half of them twice, and compare the end with an undisturbed run.

    Half of the moments are writes of Python's, half any time: also within a call of GDAL, SQLite or ONNX Runtime.
    """
    job, count, rng, out = JOBS[name], Count(), random.Random(seed), folder / "out"
    start = time.monotonic()
    code, text = forked(job, world, out)
    seconds = time.monotonic() - start
    if code:
        return Count(faults=[f"{name}: undisturbed: {text}"])
    count.writes, wanted = json.loads(text)[0], digest(out)
    clear(folder)
    for moment in _moments(count.writes, seconds, moments, rng):
        for _ in range(rng.choice((1, 2))):
            killed = forked(job, world, out, **moment)[0] == -signal.SIGKILL
            count.at_writes += killed and "kill_at" in moment
            count.at_times += killed and "kill_after" in moment
        count.resumed += 1
        count.faults += [f"{name}: {moment}: {fault}" for fault in ends(*forked(job, world, out), out, wanted)]
        clear(folder)
    return count


def ends(code: int, text: str, out: Path, wanted: dict[str, str]) -> list[str]:
    """Return what is wrong with the end of a job that was started again: how it ended, other bytes, what it left."""
    if code != DONE and not (code == BAD_INPUT and any(said in text for said in FINISHED)):
        return [f"exit code {code}: {text}"]
    if digest(out) != wanted:
        return [_difference(digest(out), wanted)]
    left = [path.name for path in out.parent.iterdir() if path.name != "out"]
    return [f"left {left}"] if left else []


def clear(folder: Path) -> None:
    """Delete what is in a folder."""
    for path in folder.iterdir():
        shutil.rmtree(path, ignore_errors=True)


def _moments(writes: int, seconds: float, count: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    """Yield writes, each in turn where they are few enough, and then as many times."""
    half = min(-(-count // 2), writes)
    for write in sorted(rng.sample(range(1, writes + 1), half)):
        yield {"kill_at": write}
    for _ in range(count - half):
        yield {"kill_after": rng.uniform(0.01, seconds)}


def _difference(found: dict[str, str], wanted: dict[str, str]) -> str:
    names = [name for name in {**found, **wanted} if found.get(name) != wanted.get(name)]
    return f"other bytes in {', '.join(names)}"
