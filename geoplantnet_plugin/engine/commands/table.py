"""The one table of commands: those of every module of this room, and of packages that bring their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import Any

from geoplantnet_plugin.engine import commands as room
from geoplantnet_plugin.engine.commands.command import Command

ENTRY_POINTS = "geoplantnet.commands"
"""Group of entry points: modules with `COMMANDS` that packages beside the plugin bring, such as the workshop's."""


@lru_cache
def commands() -> tuple[Command[Any], ...]:
    """Return every command, by module."""
    return tuple(command for module in _modules() for command in getattr(module, "COMMANDS", ()))


@lru_cache
def groups() -> Mapping[str, str]:
    """Return what the first words of commands of two words stand for: word → help."""
    return {word: text for module in _modules() for word, text in getattr(module, "GROUPS", {}).items()}


def jobs() -> Mapping[str, Command[Any]]:
    """Return the commands that run as jobs, by name."""
    return {command.job: command for command in commands() if command.job}


def _modules() -> Iterator[Any]:
    for found in iter_modules(room.__path__):
        yield import_module(f"{room.__name__}.{found.name}")
    for entry in entry_points(group=ENTRY_POINTS):
        try:
            yield entry.load()
        except ImportError:  # the package is no longer where it was when it was installed
            continue
