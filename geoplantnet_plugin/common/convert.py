"""JSON objects become data classes, checked against their type hints."""

from __future__ import annotations

import sys
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from .errors import EngineError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Kind = TypeVar("Kind", bound="DataclassInstance")

MOST = sys.float_info.max
WORDS = {str: "a text", bool: "true or false", int: "a whole number", float: "a number", Path: "a path"}


def from_document(kind: type[Kind], document: Mapping[str, Any]) -> Kind:
    """Return the data class `kind` that a JSON object describes; what is missing or null has the field's default.

    Fields may be texts, paths (given as text), numbers, whole numbers, answers (true, false), each of them or None,
    and tuples of one of them (given as lists). Nothing is turned into another type: ``"no"`` is no answer.

    Raises:
        EngineError: a field is unknown, missing or of the wrong type.
    """
    if unknown := sorted(set(document) - {field.name for field in fields(kind)}):
        raise EngineError("job_invalid", reason=f"unknown: {', '.join(unknown)}")
    hints = get_type_hints(kind)
    values = {name: _checked(name, value, hints[name]) for name, value in document.items() if value is not None}
    missing = [field.name for field in fields(kind)
               if field.name not in values and field.default is MISSING and field.default_factory is MISSING]
    if missing:
        raise EngineError("job_invalid", reason=f"missing: {', '.join(missing)}")
    return kind(**values)


def _checked(name: str, value: Any, hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        if not isinstance(value, (list, tuple)):
            raise _wrong(name, value, f"a list, each entry {WORDS[get_args(hint)[0]]}")
        return tuple(_checked(name, entry, get_args(hint)[0]) for entry in value)
    return _one(name, value, hint)


def _one(name: str, value: Any, hint: type) -> Any:
    if hint is Path and isinstance(value, (str, Path)) and str(value):
        return Path(value)
    if hint is float and isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= MOST:
        return float(value)
    if hint in (str, bool, int) and type(value) is hint:
        return value
    raise _wrong(name, value, WORDS[hint])


def _wrong(name: str, value: Any, wanted: str) -> EngineError:
    return EngineError("job_invalid", reason=f"{name} is {value!r:.80}, not {wanted}")
