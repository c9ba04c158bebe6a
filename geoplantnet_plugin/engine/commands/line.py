"""The command ``geoplantnet``."""

from __future__ import annotations

import argparse
import atexit
import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.reporters import JsonReporter, TerminalReporter
from geoplantnet_plugin.engine.commands.command import Command

PATIENCE = 1.5
"""Seconds that a job may take to stop where it likes."""
MOST_PATH = 300
"""Characters of a path in a sentence: some are refused for being too long."""
DONE, UNEXPECTED, BAD_INPUT, STOPPED = 0, 1, 2, 3
"""Exit codes: finished; a fault of ours (see the log); input that cannot be used; stopped, can be resumed."""
SELDOM = 100_000
"""New objects after which the garbage collector looks for dead ones; Python's own 700 cost a fifth of a short job."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until it is heard: nothing has begun
    command, typed, as_json = parse(arguments)
    reporter = JsonReporter(sys.stdout) if as_json else TerminalReporter()
    listen_for_signals(reporter, lambda: getattr(typed, "out", ""))
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    return run(lambda: command.of_line(typed, reporter), reporter, lambda: getattr(typed, "out", ""))


def collect_seldom() -> None:
    """Have the garbage collector look through what is loaded, and stays, seldom, and not once more at the end."""
    gc.set_threshold(SELDOM)
    atexit.register(gc.freeze)


def listen_for_signals(reporter: JsonReporter | TerminalReporter, out: Callable[[], object]) -> None:
    """Ask the job to stop at SIGINT and SIGTERM, and end the process when it has not within `PATIENCE` seconds.

    A thread hears them: Python's own handlers wait for what the main thread does in a library, which may be for ever.
    Whatever is half written then is what a kill leaves behind, and the next start clears it away.
    """
    ending, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: reporter.cancel())

    def wait() -> None:
        os.read(ending, 1)
        reporter.cancel()
        time.sleep(PATIENCE)
        os._exit(_stopped(reporter, out()))

    threading.Thread(target=wait, daemon=True).start()


def parse(arguments: Sequence[str] | None = None) -> tuple[Command[Any], argparse.Namespace, bool]:
    """Return the command that `arguments` ask for, what was typed for it, and whether events are wanted as JSON."""
    typed = _parser().parse_args(arguments)
    own = vars(typed)
    return own.pop("command"), typed, own.pop("json")


def run(work: Callable[[], dict[str, object]], reporter: JsonReporter | TerminalReporter,
        out: Callable[[], object]) -> int:
    """Do `work`, tell its result or what went wrong, and return the exit code."""
    try:
        result = work()
    except EngineError as error:
        if reporter.cancelled() and not reporter.left():  # what a signal interrupts, libraries call a fault
            return _stopped(reporter, out())
        return _failed(reporter, error.code, error.params, BAD_INPUT)
    except Cancelled:
        return _stopped(reporter, out())
    except MemoryError:
        return _failed(reporter, "memory_exhausted", {}, BAD_INPUT)
    except OSError as error:
        if error.errno is None:  # a library's, not the system's
            return _unexpected(reporter, error)
        told = {"file": _names(error), "reason": error.strerror or str(error)}
        return _failed(reporter, "system_refused", told, BAD_INPUT)
    except Exception as error:
        return _unexpected(reporter, error)
    _finished(reporter, result)
    return DONE


def _unexpected(reporter: JsonReporter | TerminalReporter, error: Exception) -> int:
    logging.getLogger(__name__).exception("unexpected")
    return _failed(reporter, "unexpected", {"reason": f"{type(error).__name__}: {error}"}, UNEXPECTED)


def _names(error: OSError) -> str:
    """Return the files that a fault of the system is about."""
    return " → ".join(str(name)[:MOST_PATH] for name in (error.filename, error.filename2) if name) or "–"


def _stopped(reporter: JsonReporter | TerminalReporter, out: object) -> int:
    if out and Path(str(out)).is_dir():  # finished blocks are in it; whatever else was in the making is not
        return _failed(reporter, "cancelled", {"out": str(out)}, STOPPED)
    return _failed(reporter, "stopped", {}, STOPPED)


def _failed(reporter: JsonReporter | TerminalReporter, code: str, params: dict[str, Any], exit_code: int) -> int:
    if isinstance(reporter, JsonReporter):
        reporter.emit("error", code=code, params=params)
    else:
        reporter.close()
        print(render(code, params, typed=True), file=sys.stderr)
    return exit_code


def _finished(reporter: JsonReporter | TerminalReporter, result: dict[str, object]) -> None:
    if isinstance(reporter, JsonReporter):
        reporter.emit("result", **{key: value for key, value in result.items() if key != "text"})
        return
    reporter.close()
    if text := result.get("text"):
        print(text)


def _parser() -> argparse.ArgumentParser:
    from geoplantnet_plugin.engine.commands.table import commands, groups

    parser = argparse.ArgumentParser(
        prog="geoplantnet", description="Which plants are likely to grow on a piece of land, and what that means.",
        epilog="Exit codes: 0 done, 1 unexpected fault, 2 unusable input, 3 stopped (start again to resume).")
    parser.add_argument("--json", action="store_true", help="write events as JSON lines instead of text")
    rooms = {"": parser.add_subparsers(required=True, metavar="COMMAND")}
    for command in (entry for entry in commands() if entry.words):
        first, _, name = command.words.rpartition(" ")
        if first not in rooms:
            rooms[first] = rooms[""].add_parser(first, help=groups()[first]).add_subparsers(
                required=True, metavar="ACTION")
        own = rooms[first].add_parser(name, help=command.help, description=command.help)
        for argument in command.arguments:
            argument.add(own, command.request)
        own.set_defaults(command=command)
    return parser
