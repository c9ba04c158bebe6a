"""Types every command with something unusable in each place: a result or one sentence, and nothing else."""

from __future__ import annotations

import io
import logging
import os
import re
import shutil
import string
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from geoplantnet_plugin.engine.base.reporters import JsonReporter
from geoplantnet_plugin.engine.commands import line
from tests.torture.patience import patience

SECONDS = 120
"""Of processor time, after which a command counts as one that hangs."""
OFFLINE = "http://127.0.0.1:9"
"""Where nobody answers."""
COMMANDS = (
    "assess --area {area} --model {model} --predictors {raster} --out {out} --resolution 500 --habitats {table} "
    "--elevation {dem} --months {months} --present {word} --country {country} --areas-by {field} --set-rule {rule} "
    "--bind {bind} --memory {memory} --device {device}",
    "assess --area {area} --out {out} --source service --service {url} --model {word} --cube {cube}",
    "assess --area {area} --out {out} --source published --source-url {url} --species {species}",
    "assess --area {area} --model {model} --predictors {url} --out {out}",
    "map --area {area} --model {model} --predictors {raster} --out {out} --tiles {tiles} --scheduler {url}",
    "map --area {area} --model {model} --predictors {raster} --out {out} --tiles {tiles} --workers {workers}",
    "report {made} --observations {records} --lang en --title {word}", "parts {made} --polygons {area} --name {word}",
    "parts {made} --remove {word}", "compare {made} {other} --out {out}", "sites {made} {other} --out {out}",
    "pack {made} --out {out} --access {area} --species {word} --points {points} --seed 1 --strata {word} "
    "--weight {word}",
    "field read {made} {package}", "field archive {made} --creator me --taxon-ids {table}", "field validate {archive}",
    "verify {made} --model {model} --predictors {raster} --blocks 1", "parquet {made} {out}",
    "species profile {made} --taxon {word} --dem {dem} --records {records} --model {model} --predictors {raster}",
    "species profile {made} --taxon 1 --dem {dem} --records {records}",
    "cube plan --area {area} --model {model} --predictors {raster} --save {out} --bind {bind}",
    "cube build --area {area} --model {model} --predictors {plan} --predictor-crs {crs} --grid-crs {crs} --out {out}",
    "model check {model}", "model info {model}", "model list --area {area}", "model import {model}",
    "model import {word} {checkpoint}", "model remove {word}",
    "model package {onnx} --out {out} --taxa {table} --predictors {names} --scale sigmoid --licence CC0",
    "taxa import {table} --id a --model {model}", "taxa remove {word}",
    "terrain {dem} --out {out} --variables slope ddeg:5 --climate {plan}",
    "published species --area {area} --source-url {url}", "published estimate --area {area} --source-url {url}",
    "service offers --service {url}", "service jobs --service {url}",
    "service fetch {word} --service {url} --out {out}", "flora near --area {area} --api-url {url}",
    "flora expected --area {area} --api-url {url}")
"""What is typed, with the names of the places."""
SLOW = re.compile("^map|^model (check|import|list|package)|^assess|^cube|^report|^pack|url")
"""Commands that ask somebody, start processes or do much."""
FILES = ("missing/file.tif", "empty.csv", "folder", "noise.bin", "noise.tif", "noise.gpkg", "noise.zip", "n" * 300,
         "deep/" * 1000, "noise.csv", "noise.json", "noise.onnx", "noise.geojson", "empty.gpkg", "empty.zip",
         "null.json")
WORDS = ("", "-1", "nan", "1e400", "\udcff", "x" * 70_000, "http://[::1", "http://", "file:///etc/passwd", "EPSG:0",
         "{}", "[% 1 %]", "../..", "http://127.0.0.1:9/\x07", "0", "99999999999999999999", "a=b:c", "ftp://a/b",
         "http://127.0.0.1:99999", "tcp://", "=", "topk:-1", "lambda:nan", "a|layername=")


def write_bad(folder: Path) -> list[str]:
    """Write unusable files and return their paths, with names of none."""
    noise = bytes((i * 7919 + i // 3) % 256 for i in range(4096))
    (folder / "folder").mkdir(parents=True, exist_ok=True)
    for name in FILES:
        if name.startswith("noise"):
            (folder / name).write_bytes(noise)
        elif name.startswith("empty"):
            (folder / name).touch()
    (folder / "null.json").write_text("null")
    return [str(folder / name) for name in FILES]


def good_words(world: Path, made: Path, out: Path) -> dict[str, str]:
    """Return a usable word for each place, of a world and an assessment of it."""
    table, raster, model = str(world / "list.csv"), str(world / "env.tif"), str(world / "model")
    return {
        "area": str(world / "site.gpkg"), "model": model, "raster": raster, "out": str(out), "table": table,
        "dem": raster, "months": table, "word": "a", "country": "CH", "field": "part", "rule": "lambda",
        "bind": f"warm={raster}:1", "memory": "2GB", "device": "cpu", "url": OFFLINE, "cube": "a", "species": table,
        "tiles": "25km", "workers": "1", "records": str(world / "records.csv"), "made": str(made), "other": str(made),
        "points": "3", "package": str(world), "archive": table, "plan": str(world / "plan.json"), "crs": "EPSG:3035",
        "checkpoint": table, "onnx": f"{model}/model.onnx", "names": "warm,wet"}


def lines(good: Mapping[str, str], bad: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each command with something unusable in one place: what it says for a person, and what is typed."""
    for command in COMMANDS:
        for place in dict.fromkeys(re.findall(r"{(\w+)}", command)):
            for wrong in (*bad, *WORDS):
                typed = [string.Formatter().vformat(word, (), {**good, place: wrong}) for word in command.split()]
                yield f"{command} with {place} = {wrong[:60]!r}", typed


def torture(world: Path, made: Path, folder: Path, share: int = 1, seed: int = 0, quick: bool = False
            ) -> tuple[int, list[str]]:
    """Type every `share`-th line from the `seed`-th, or of those alone that ask nobody and start no process.

    Returns how many, and the faults.

    All is written below `folder`, whatever is relative too.
    """
    faults, count = [], 0
    bad = write_bad(folder / "bad")
    (folder / "here").mkdir()
    with _inside(folder / "here"):
        for number, (said, typed) in enumerate(lines(good_words(world, made, folder / "out"), bad)):
            if (number - seed) % share or (quick and SLOW.search(said)):
                continue
            shutil.rmtree(folder / "out", ignore_errors=True)
            (folder / "out").unlink(missing_ok=True)
            count += 1
            if fault := fault_of(typed):
                faults.append(f"{said}: {fault}")
    return count, faults


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def fault_of(typed: list[str]) -> str:
    """Run what is typed in this process; return the fault that ended it, blank where there is a result or sentence."""
    told, trace = io.StringIO(), io.StringIO()
    log, heard = logging.getLogger(line.__name__), logging.StreamHandler(trace)
    log.addHandler(heard)
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(trace), patience(SECONDS):
            command, asked, _ = line.parse(typed)
            code = line.run(lambda: command.of_line(asked, reporter), reporter := JsonReporter(told), lambda: "")
    except SystemExit as left:  # argparse, which says why
        return "" if left.code == line.BAD_INPUT else f"exit code {left.code}"
    except BaseException:  # nothing else may leave
        return traceback.format_exc()
    finally:
        log.removeHandler(heard)
    return "" if code in (line.DONE, line.BAD_INPUT) else f"exit code {code}: {trace.getvalue() or told.getvalue()}"
