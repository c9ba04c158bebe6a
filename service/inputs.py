"""The body of a request to execute, held against the standard's form and the process's own description."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from flask import request
from jsonschema import Draft202012Validator, FormatChecker

from .problems import Problem
from .settings import Settings

KEY = "Idempotency-Key"
"""The header with a client's own name for a request: sent again, it makes no second job
(https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/)."""
LONGEST_KEY = 100
_TEXT = {"type": "string", "minLength": 1, "maxLength": 2000}
EXECUTE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "inputs": {"type": "object"},
        "outputs": {"type": "object"},
        "response": {"enum": ["raw", "document"]},
        "subscriber": {"type": "object", "required": ["successUri"], "additionalProperties": False,
                       "properties": {"successUri": _TEXT, "inProgressUri": _TEXT, "failedUri": _TEXT}}}}


def read_body(body: bytes) -> dict[str, Any]:
    """Return the request as an object.

    Raises:
        Problem: 400, it is no JSON, or not of the form of a request to execute.
    """
    try:
        document = json.loads(body, parse_constant=_refuse, parse_int=_whole, parse_float=_finite)
        said = json.dumps(document, ensure_ascii=False).encode()  # half a character is no text
    except (ValueError, RecursionError) as error:
        raise Problem(400, "served_not_json") from error
    _check(EXECUTE, document, "")
    if b"\\u0000" in said:  # in whatever encoding it came
        raise Problem(400, "served_input", input="inputs", reason="\\u0000")
    result: dict[str, Any] = document
    return result


def checked_inputs(description: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the plain values of a process's inputs.

    Raises:
        Problem: 400, one is unknown, missing, a reference or of the wrong type.
    """
    known = description["inputs"]
    if unknown := sorted(set(inputs) - set(known)):
        raise Problem(400, "served_unknown_input", input=unknown[0][:60], known=sorted(known))
    values = {name: _plain(name, value) for name, value in inputs.items()}
    for name, entry in known.items():
        if name in values:
            _check(entry["schema"], values[name], name)
        elif entry["minOccurs"]:
            raise Problem(400, "served_missing_input", input=name)
    return values


def check_offered(settings: Settings, model: str, cube: str) -> None:
    """Refuse a cube that a model may not run on here.

    Raises:
        Problem: 400.
    """
    cubes = settings.cubes_of(model) if model in settings.models else ()
    if cube not in cubes:
        raise Problem(400, "served_not_on_cube", model=model, cube=cube, cubes=list(cubes) or "–")


def request_key() -> str | None:
    """Return the key of the request in hand, None where it has none.

    Raises:
        Problem: 400, it is too long or no plain text.
    """
    key = request.headers.get(KEY)
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Problem(400, "served_input", input=KEY, reason=f"1–{LONGEST_KEY} ASCII")
    return key


def _plain(name: str, value: Any) -> Any:
    """Return the value of an input that is given with its media type; one that lies elsewhere is not fetched."""
    if isinstance(value, dict) and "href" in value:
        raise Problem(400, "served_reference", input=name)
    return value["value"] if isinstance(value, dict) and "value" in value and "type" not in value else value


def _check(schema: dict[str, Any], value: Any, name: str) -> None:
    for error in Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(value):
        where = ".".join([name, *(str(step) for step in error.absolute_path)]).strip(".")
        raise Problem(400, "served_input", input=where or "body", reason=error.message[:200])


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError(text[:20])
    return value


def _whole(text: str) -> int:
    """Return a whole number that is also one with a point."""
    _finite(text)
    return int(text)
