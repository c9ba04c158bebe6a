"""The engine as a child process: real processes, real pipes, real signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rasterio
from shapely import box
from worlds import HEIGHT, LEFT, RESOLUTION, TOP, WIDTH, World

ROOT = Path(__file__).resolve().parents[3]
EVERYTHING = box(LEFT, TOP - HEIGHT * RESOLUTION, LEFT + WIDTH * RESOLUTION, TOP)


class Engine:
    """A running engine."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "geoplantnet_plugin.engine"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self.process.stdin
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()

    def events(self) -> Iterator[dict[str, Any]]:
        assert self.process.stdout
        for line in self.process.stdout:
            yield json.loads(line)

    def until_scored(self, strips: int = 1) -> None:
        """Read events until so many strips are scored."""
        for event in self.events():
            strips -= event.get("stage") == "scores"
            if not strips:
                return
        raise AssertionError("the engine ended before")


def job(world: World, resolution: float, out: str = "out") -> dict[str, Any]:
    return {"job": "assess", "area": world.area(EVERYTHING), "model": str(world.model),
            "predictors": [str(world.raster)], "out": str(world.folder / out), "resolution": resolution,
            "indicators": ["richness"]}


def test_a_job_ends_with_its_result(world: World) -> None:
    engine = Engine(job(world, 50))
    events = list(engine.events())
    assert engine.process.wait(300) == 0
    assert events[-1]["event"] == "result" and events[-1]["summary"]["area_cells"] == HEIGHT * WIDTH
    progress = [event for event in events if event["event"] == "progress" and event["stage"] == "scores"]
    assert progress[-1]["done"] == progress[-1]["total"] == HEIGHT * WIDTH
    told = [event for event in events if event["event"] == "progress"]
    assert told[0]["stage"] == "prepare" and told[-1]["stage"] == "finish" and told[-1]["left"] == 0
    shares = [event["share"] for event in told]
    assert shares == sorted(shares) and shares[-1] < 1


def test_cancel_stops_at_the_next_strip(world: World) -> None:
    engine = Engine(job(world, 5))
    engine.until_scored()
    assert engine.process.stdin
    engine.process.stdin.write("cancel\n")
    engine.process.stdin.flush()
    events = list(engine.events())
    assert engine.process.wait(300) == 3
    assert events[-1]["event"] == "error" and events[-1]["code"] == "cancelled"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes (no Windows)")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("words", [("taxa", "import"),
                                   ("assess", "--model", "western-swiss-alps", "--out", "out", "--area")])
def test_a_signal_stops_whatever_waits(tmp_path: Path, words: tuple[str, ...], number: signal.Signals) -> None:
    """A file that never ends: Python waits for it, or GDAL does, which calls the interruption a fault of the file."""
    os.mkfifo(tmp_path / "endless.csv")
    process = subprocess.Popen([sys.executable, "-c", "import sys; from geoplantnet_plugin.engine.commands.line import "
                                "main; sys.exit(main())", *words, str(tmp_path / "endless.csv")], cwd=tmp_path,
                               text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE)
    with (tmp_path / "endless.csv").open("wb"):  # opens when the engine reads
        process.send_signal(number)
        _, told = process.communicate(timeout=300)
    assert process.returncode == 3 and told.splitlines()[-1].startswith("Stopped"), told
    assert "Traceback" not in told


def test_the_engine_ends_with_its_parent(world: World) -> None:
    engine = Engine(job(world, 5))
    engine.until_scored()
    assert engine.process.stdin
    engine.process.stdin.close()
    assert engine.process.wait(300) == 3


def test_a_hard_kill_loses_the_strip_in_hand_only(world: World) -> None:
    whole = Engine(job(world, 40, "whole"))
    assert list(whole.events())[-1]["event"] == "result"
    killed = Engine(job(world, 40))
    killed.until_scored(3)
    killed.process.send_signal(signal.SIGKILL)
    killed.process.wait(300)
    parts = {path.name: path.stat().st_mtime_ns for path in (world.folder / "out" / "parts").glob("[0-9]*.npz")}
    assert len(parts) >= 3
    resumed = Engine(job(world, 40))
    resumed.until_scored()
    now = {path.name: path.stat().st_mtime_ns for path in (world.folder / "out" / "parts").glob("[0-9]*.npz")}
    assert parts.items() <= now.items(), "what was finished is not scored again"
    events = list(resumed.events())
    last = [event for event in events if event.get("stage") == "scores"][-1]
    assert last["done"] == last["total"], "what was finished before counts"
    assert events[-1]["event"] == "result"
    for name in ("species.tif", "indicators/richness.tif"):
        with rasterio.open(world.folder / "out" / name) as one, rasterio.open(world.folder / "whole" / name) as other:
            assert (one.checksum(1), one.shape) == (other.checksum(1), other.shape)


def test_two_jobs_never_share_a_folder(world: World) -> None:
    first = Engine(job(world, 5))
    first.until_scored()
    second = Engine(job(world, 5))
    error = list(second.events())[-1]
    assert (error["event"], error["code"]) == ("error", "out_in_use")
    first.process.kill()
    first.process.wait(300)


@pytest.mark.parametrize("line", ["not json", "[1]", '{"job": "assess"}', '{"job": "format the disk"}'])
def test_nonsense_is_refused_in_a_sentence(line: str) -> None:
    process = subprocess.run([sys.executable, "-m", "geoplantnet_plugin.engine"], cwd=ROOT, text=True,
                             input=line + "\n", capture_output=True, timeout=300)
    event = json.loads(process.stdout)
    assert (process.returncode, event["event"], event["code"]) == (2, "error", "job_invalid")
    assert "Traceback" not in process.stdout


def test_the_command_line_gives_text_exit_codes_and_json(world: World) -> None:
    command = [str(Path(sys.executable).with_name("geoplantnet"))]
    arguments = ["assess", "--area", world.area(EVERYTHING), "--model", str(world.model), "--predictors",
                 str(world.raster), "--out", str(world.folder / "cli"), "--indicators", "shannon"]
    for_people = subprocess.run(command + arguments, capture_output=True, text=True, timeout=120)
    assert for_people.returncode == 0, for_people.stderr
    assert "126000 cells of 50 m" in for_people.stderr
    again = subprocess.run([*command, "--json", *arguments], capture_output=True, text=True, timeout=120)
    assert again.returncode == 2
    assert json.loads(again.stdout.splitlines()[-1])["code"] == "out_complete"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told(world: World) -> None:
    (world.folder / "locked").mkdir(mode=0o500)
    engine = Engine(job(world, 50, "locked/out"))
    assert list(engine.events())[-1]["code"] == "out_not_writable"
