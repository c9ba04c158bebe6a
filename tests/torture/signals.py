"""Stops commands by SIGINT and SIGTERM wherever they are: each in a fork that stands still at some call for ever."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from types import FrameType

from geoplantnet_plugin.engine.commands import line
from tests.torture.patience import patient

SECONDS = 240
"""Of processor time, after which a command counts as one that hangs."""
LAST = 5
"""Power of ten."""
COMMANDS = (
    "assess --area {area} --model {model} --predictors {raster} --out {out} --resolution 500",
    "map --area {area} --model {model} --predictors {raster} --out {out} --tiles {tiles} --workers 2",
    "cube plan --area {area} --model {model} --predictors {raster} --save {out}",
    "cube build --area {area} --model {model} --predictors {raster} --out {out} --resolution 500",
    "verify {made} --model {model} --predictors {raster} --blocks 1", "sites {made} {other} --out {out}",
    "compare {made} {other} --out {out}", "report {made}", "pack {made} --out {out} --points 3",
    "field read {made} {package}", "model list --area {area}", "model check {model}", "parquet {made} {out}.parquet",
    "species profile {made} --taxon 1 --dem {dem}", "terrain {dem} --out {out} --variables slope",
    "taxa import {table} --id a --model {model}")
"""Those that may take long."""


def torture(good: Mapping[str, str], calls: Callable[[], int], commands: tuple[str, ...] = COMMANDS
            ) -> tuple[list[str], list[str]]:
    """Stop each command, at its `calls()`-th call of a function.

    Returns the commands that were stopped (the others had ended by then), and what did not end as it should.
    """
    started = [_fork(command.format(**{**good, "out": f"{good['out']}-{number}"}).split(), calls())
               for number, command in enumerate(commands)]
    still = [_sent(child, heard, (signal.SIGINT, signal.SIGTERM)[number % 2])
             for number, (child, heard, _) in enumerate(started)]
    faults = [f"{command}: {fault}" for command, stood, (child, _, says) in zip(commands, still, started, strict=True)
              for fault in _end(child, says, stood)]
    return [command for command, stood in zip(commands, still, strict=True) if stood], faults


def at_any(rng: random.Random) -> int:
    """Return a call up to `LAST`: as often one of the first ten as one of the last nine tenths."""
    return round(10 ** rng.uniform(0, LAST))


def _fork(typed: list[str], call: int) -> tuple[int, int, int]:
    """Start a command; return its process, what it writes to when it stands still, and what it says."""
    heard, told = os.pipe()
    says, output = os.pipe()
    child = os.fork()
    if not child:
        os.close(heard)
        os.close(says)
        os.setsid()
        os.dup2(output, 1)
        os.dup2(output, 2)
        _run(typed, call, told)
    os.close(told)
    os.close(output)
    return child, heard, says


def _run(typed: list[str], call: int, told: int) -> None:
    """Run a command in this process, a fork, until it stands still at a call of its main thread, listening."""
    count, listening = 0, threading.Event()
    listen = line.listen_for_signals

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call" and listening.is_set()
        if count == call:
            sys.setprofile(None)
            os.write(told, b".")
            while True:
                time.sleep(3600)

    def listened(*given: object) -> None:
        listen(*given)  # type: ignore[arg-type]
        listening.set()

    line.listen_for_signals = listened  # type: ignore[assignment]
    patient(SECONDS)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1) for number in (1, 2))
    sys.setprofile(counted)
    try:
        code = line.main(typed)
    except BaseException as error:
        code = 99
        print(f"{type(error).__name__}: {error}")
    os._exit(code)


def _sent(child: int, heard: int, number: int) -> bool:
    """Wait until a child stands still and send it a signal; return whether it stood still before it ended."""
    with os.fdopen(heard, "rb") as pipe:
        still = bool(pipe.read(1))
    if still:
        os.kill(child, number)
    return still


def _end(child: int, says: int, still: bool) -> Iterator[str]:
    """Wait for the end of a child; yield what is wrong with it."""
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with os.fdopen(says, encoding="utf-8", errors="replace") as pipe:
        text = pipe.read()  # which ends when the last process that could write has ended
    if code not in ((line.STOPPED,) if still else (line.DONE, line.BAD_INPUT)):
        yield f"exit code {code}: {text[-1500:]}"
    if "Traceback" in text:
        yield f"traceback: {text[-1500:]}"
