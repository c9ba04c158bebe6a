"""What a command is: an entry of the one table that the command line and the child process read."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, get_args, get_origin, get_type_hints

from geoplantnet_plugin.common.convert import from_document
from geoplantnet_plugin.engine.base.events import Reporter

Asked = TypeVar("Asked")
Result = dict[str, object]
"""What a command answers; ``text`` is for a person at a terminal and no part of the answer to a program."""
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Nothing:
    """The request of a command that needs to know nothing."""


class Arguments(Protocol):
    """What can be added to a command's parser; what is typed is found under the names of the request's fields."""

    def add(self, parser: argparse.ArgumentParser, request: type[Any]) -> None:
        """Add it."""
        ...


@dataclass(frozen=True)
class Argument:
    """How a field of the request is typed: after a `flag`, or by its place where that is blank.

    Type, default and whether it must be there are the field's own; `options` are argparse's.
    """

    field: str
    help: str
    flag: str
    options: Mapping[str, Any]

    def add(self, parser: argparse.ArgumentParser, request: type[Any]) -> None:
        """Add it."""
        known = {entry.name: entry for entry in fields(request)}[self.field]
        settings = {**_settings(_hints(request)[self.field], bool(self.flag)), **self.options}  # type: ignore[arg-type]
        if not self.flag:
            parser.add_argument(self.field, help=self.help, **settings)
            return
        if known.default is MISSING and known.default_factory is MISSING:
            settings.setdefault("required", True)
        parser.add_argument(self.flag, dest=self.field, help=self.help, **settings)


def typed(field: str, help: str = "", flag: str = "", **options: Any) -> Argument:
    """Return a field that is typed after its name (``--grid-crs``) or another `flag`."""
    return Argument(field, help, flag or f"--{field.replace('_', '-')}", options)


def placed(field: str, help: str = "", **options: Any) -> Argument:
    """Return a field that is typed at its place."""
    return Argument(field, help, "", options)


@cache
def _hints(request: type[Any]) -> Mapping[str, Any]:
    return get_type_hints(request)


def _settings(hint: Any, flagged: bool) -> dict[str, Any]:
    """Return argparse's settings for a field of that type; what is not typed keeps the field's default."""
    if hint is bool:
        return {"action": "store_true", "default": None}
    if get_origin(hint) is tuple:
        return {**_settings(get_args(hint)[0], flagged), "nargs": "+"}
    kinds = [kind for kind in (int, float, Path) if kind is hint or kind in get_args(hint)]
    return {"type": kinds[0]} if kinds else {}


@dataclass(frozen=True)
class Titled:
    """Arguments below a title of their own."""

    title: str
    arguments: Sequence[Arguments]

    def add(self, parser: argparse.ArgumentParser, request: type[Any]) -> None:
        """Add them."""
        group = parser.add_argument_group(self.title)
        for argument in self.arguments:
            argument.add(group, request)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Added:
    """Arguments of a command that adds them itself and takes them as argparse gives them."""

    function: Callable[[argparse.ArgumentParser], None]

    def add(self, parser: argparse.ArgumentParser, request: type[Any]) -> None:
        """Add them."""
        self.function(parser)


@dataclass(frozen=True)
class Command(Generic[Asked]):
    """One thing the engine can be asked for.

    On the command line it is called `words` (``cube plan``), as a job of the child process `job`; either may be blank.
    `run` does what the `request` asks. `read` makes the request of a job's JSON object, `read_typed` that of what was
    typed, `preset` being what the words say already. `opens` names the field of the request that holds assessments,
    which may come from elsewhere.
    """

    run: Callable[[Asked, Reporter], Result]
    request: type[Asked]
    words: str = ""
    help: str = ""
    arguments: Sequence[Arguments] = ()
    preset: Mapping[str, Any] = field(default_factory=dict)
    job: str = ""
    read: Callable[[Document], Asked] | None = None
    read_typed: Callable[[Document], Asked] | None = None
    opens: str = ""

    def of_job(self, document: Document, reporter: Reporter) -> Result:
        """Run the job that a JSON object describes.

        Raises:
            EngineError: the object is no such request, and what `run` raises.
        """
        return self._run((self.read or self._convert)(document), reporter)

    def of_line(self, typed: argparse.Namespace, reporter: Reporter) -> Result:
        """Run what was typed.

        Raises:
            EngineError: as `of_job`.
        """
        if isinstance(typed, self.request):
            return self._run(typed, reporter)
        given = {**{name: value for name, value in vars(typed).items() if value is not None}, **self.preset}
        return self._run((self.read_typed or self.read or self._convert)(given), reporter)

    def _run(self, asked: Asked, reporter: Reporter) -> Result:
        if not self.opens:
            return self.run(asked, reporter)
        from geoplantnet_plugin.engine.assessment.opening import reading_foreign

        with reading_foreign(getattr(asked, self.opens)):
            return self.run(asked, reporter)

    def _convert(self, document: Document) -> Asked:
        return from_document(self.request, document)  # type: ignore[type-var]
