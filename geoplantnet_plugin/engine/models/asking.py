"""What the maker of a model package says: in flags, or in answers at a terminal."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.models.deepness import DeepnessHints

Ask = Callable[[str, str, str | None], str]
"""(flag, question, default) → answer. Without a default something must be said; a blank default lets it be unsaid."""

Meaning = TypeVar("Meaning")
SHOWN_DEFAULT = 60


@dataclass(frozen=True)
class Said:
    """What the flags say; for the rest the answers of whoever is asked.

    `read` turns a text into what it means and raises `EngineError` where it means nothing: a person is told and
    asked again, a flag is refused.
    """

    args: argparse.Namespace
    ask: Ask
    hints: DeepnessHints
    reporter: Reporter

    def __call__(self, flag: str, question: str, default: str | None, read: Callable[[str], Meaning]) -> Meaning:
        """Return what the flag says, or the answer to `question`."""
        return self._answer(flag, getattr(self.args, flag), question, default, read)

    def of_input(self, flag: str, entry: str, question: str, default: str | None,
                 read: Callable[[str], Meaning]) -> Meaning:
        """Return what a flag ``[INPUT=]VALUE`` says for the input `entry`, or the answer to `question`."""
        values: Sequence[str] = getattr(self.args, flag)
        own = [value.removeprefix(f"{entry}=") for value in values if value.startswith(f"{entry}=")]
        general = [value for value in values if "=" not in value]
        return self._answer(flag, next(iter([*own, *general]), None), question, default, read)

    def _answer(self, flag: str, given: str | None, question: str, default: str | None,
                read: Callable[[str], Meaning]) -> Meaning:
        if given is not None:
            return read(str(given))
        while True:
            answer = self.ask(f"--{flag}", question, default)
            try:
                return read(answer)
            except EngineError as error:
                if self.ask is not ask_person:
                    raise
                print(f"  {error}")


def one_of(flag: str, known: Sequence[str], text: str) -> str:
    """Return `text` where it is among `known`; raise `EngineError` otherwise."""
    if text not in known:
        raise EngineError("model_package_choice", flag=f"--{flag}", value=text, known=list(known))
    return text


def whom_to_ask(args: argparse.Namespace) -> Ask:
    """Return `ask_person` on a terminal, `ask_nobody` in a script."""
    return ask_person if sys.stdin.isatty() and not getattr(args, "json", False) else ask_nobody


def ask_person(flag: str, question: str, default: str | None) -> str:
    """Ask on the terminal until there is an answer; Ctrl-C and the end of the input stop."""
    shown = f" [{default if len(default) <= SHOWN_DEFAULT else default[:SHOWN_DEFAULT] + '…'}]" if default else ""
    # The command line's own handler only marks the job as cancelled, and a waiting question would not see it
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        while True:
            answer = input(f"{question}{shown}: ").strip() or default
            if answer is not None:
                return answer
    except (KeyboardInterrupt, EOFError) as end:
        print()
        raise EngineError("model_package_stopped") from end
    finally:
        signal.signal(signal.SIGINT, before)


def ask_nobody(flag: str, question: str, default: str | None) -> str:
    """Return the default; raise `EngineError` where there is none."""
    if default is None:
        raise EngineError("model_package_needs", flag=flag, question=question)
    return default
