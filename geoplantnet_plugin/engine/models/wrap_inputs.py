"""What the card of a new model package says of each input of the graph."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.models.asking import Said, one_of
from geoplantnet_plugin.engine.models.graph import shape_of
from geoplantnet_plugin.engine.models.tables import read_named

if TYPE_CHECKING:
    import onnx

OF_INPUT: Mapping[str, tuple[str, str]] = {
    "predictors": ("PREDICTORS", "the input's predictors, see below"),
    "kind": ("KIND", "point, patch or series (default: from the shape)"),
    "units": ("UNIT,UNIT,…", "units of predictors given as a list, - for none (default: none)"),
    "resolution": ("METRES", "resolution of the training predictors in metres"),
    "size": ("NxN", "pixels of a patch (height x width), or steps of a series, the file leaves open"),
    "pixel": ("METRES", "side of a patch's pixel (default: the resolution)"),
    "missing": ("VALUE", "value that stands for no data (default: such cells are left out)"),
    "time": ("STEP,STEP,…", "names of a series' steps (default: 1, 2 … or 1_1, 1_2 …)")}
"""Flags that are said of one input, as ``[INPUT=]VALUE``: what the value is, and what it says."""


def refuse_unknown(args: argparse.Namespace, inputs: Sequence[str]) -> None:
    """Raise `EngineError` where a flag is said of an input that is not among `inputs`."""
    for flag in OF_INPUT:
        for value in getattr(args, flag):
            name, equals, _ = value.partition("=")
            if equals and not any(value.startswith(f"{known}=") for known in inputs):
                raise EngineError("model_package_input", flag=f"--{flag}", input=name, known=list(inputs))


def describe_input(said: Said, value: onnx.ValueInfoProto) -> dict[str, Any]:
    """Return the card's entry for one input of a graph."""
    name, shape = value.name, shape_of(value)
    channels, *sizes = [axis if isinstance(axis, int) else 0 for axis in shape[1:]] or [0]
    kind = _kind(said, name, len(sizes))
    hint = f"{said.hints.resolution:g}" if said.hints.resolution else None
    entry: dict[str, Any] = {"name": name, "kind": kind, **_predictors(said, name, channels, sizes)}
    resolution = said.of_input("resolution", name, f"Resolution of {name}'s predictors in metres", hint,
                               partial(_metres, "resolution"))
    entry["resolution"] = resolution
    if not all(sizes):
        what = "height x width of its patch in pixels" if kind == "patch" else "steps along each time axis"
        sizes = said.of_input("size", name, f"{name}: {what}, such as {'x'.join('8' for _ in sizes)}", None,
                              partial(_sizes, sizes))
    if kind == "patch":
        pixels = " × ".join(str(size) for size in sizes)
        pixel = said.of_input("pixel", name, f"{name} is a patch of {pixels} pixels. Side of one pixel in metres",
                              f"{resolution:g}", partial(_metres, "pixel"))
        entry |= {"size": sizes, "pixel": pixel}
    elif kind == "series":
        count, first = math.prod(sizes), entry["predictors"][0]["name"]
        question = (f"{name} is a series of {count} steps, earliest first. Their names (a,b,c; bands are called "
                    f"{first}_STEP)")
        time = said.of_input("time", name, question, ",".join(_steps(sizes)), partial(_times, name, count))
        entry |= {"time_shape": sizes, "time": time}
    question = f"Value that stands for no data in {name} (blank: such cells are left out)"
    missing = said.of_input("missing", name, question, "", lambda text: _number("missing", text) if text else None)
    return {**entry, "missing": missing}


def _kind(said: Said, name: str, axes: int) -> str:
    """Return the kind that the number of axes beyond cells and predictors allows; two may be an image or times."""
    if axes == 2 or said.args.kind:
        return said.of_input("kind", name, f"{name}: an image around the cell (patch) or steps in time (series)?",
                             {0: "point", 2: "patch"}.get(axes, "series"),
                             partial(one_of, "kind", ("point", "patch", "series")))
    return "point" if axes == 0 else "series"


def _number(flag: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise EngineError("model_package_number", flag=f"--{flag}", value=text) from error
    if not math.isfinite(number):
        raise EngineError("model_package_number", flag=f"--{flag}", value=text)
    return number


def _metres(flag: str, text: str) -> float:
    if (metres := _number(flag, text)) > 0:
        return metres
    raise EngineError("model_package_metres", flag=f"--{flag}", value=text)


def _sizes(known: Sequence[int], text: str) -> list[int]:
    """Return the lengths of all axes; those that the graph fixes (not 0 in `known`) must stay as they are."""
    sizes = [int(part) for part in re.split(r"[x×,]", text.replace(" ", "")) if part.isdigit()]
    if len(sizes) != len(known) or any(size < 1 or fixed not in (0, size)
                                       for size, fixed in zip(sizes, known, strict=True)):
        raise EngineError("model_package_size", value=text, axes="x".join(str(size or "?") for size in known))
    return sizes


def _times(name: str, count: int, text: str) -> list[str]:
    times = [part.strip() for part in text.split(",")]
    if len(times) != count or len(set(times)) < count or not all(times):
        raise EngineError("model_package_steps", input=name, steps=count, found=len(times))
    return times


def _steps(sizes: Sequence[int]) -> list[str]:
    steps = [""]
    for size in sizes:
        steps = [f"{step}_{number}".lstrip("_") for step in steps for number in range(1, size + 1)]
    return steps


def _predictors(said: Said, name: str, channels: int, sizes: Sequence[int]) -> dict[str, Any]:
    count = f", {channels} in all" if channels else ""
    question = f"Predictors of {name}, in order{count} (a,b,c or a CSV file)"
    rows = said.of_input("predictors", name, question, None, partial(_rows, said, name, channels, sizes))
    if "unit" not in rows[0]:
        names = ",".join(row["name"] for row in rows)
        units = said.of_input("units", name, f"Units of {names}, in order (m,°C; - for none; blank: not known)", "",
                              partial(_units, name, len(rows)))
        rows = [{**row, "unit": unit} for row, unit in zip(rows, units, strict=True)]
    entry: dict[str, Any] = {"predictors": [_predictor(row) for row in rows]}
    for key, neutral, hint in (("offset", 0.0, said.hints.offset), ("scale", 1.0, said.hints.scale)):
        if any(row.get(key) for row in rows):
            entry[key] = [_number(key, row.get(key) or str(neutral)) for row in rows]
        elif hint and (len(hint) in (1, len(rows))):
            entry[key] = list(hint) if len(hint) == len(rows) else list(hint) * len(rows)
    return entry


def _rows(said: Said, name: str, channels: int, sizes: Sequence[int], text: str) -> list[dict[str, str]]:
    rows = (read_named(Path(text).expanduser(), said.reporter) if text.lower().endswith(".csv")
            else [{"name": part.strip()} for part in text.split(",")])
    if len(sizes) == 2 and sizes[-1] == len(rows) != channels:
        raise EngineError("model_package_channels_last", input=name, predictors=len(rows))
    if channels and len(rows) != channels:
        raise EngineError("model_package_channels", input=name, channels=channels, predictors=len(rows))
    return rows


def _units(name: str, count: int, text: str) -> list[str]:
    units = ["" if part.strip() == "-" else part.strip() for part in text.split(",")] if text else [""] * count
    if len(units) != count:
        raise EngineError("model_package_units", input=name, predictors=count, units=len(units))
    return units


def _predictor(row: Mapping[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": row["name"].strip(), "title": row.get("title") or row["name"].strip(),
                             "unit": row.get("unit") or ""}
    if row.get("min") and row.get("max"):
        entry["range"] = [_number("min", row["min"]), _number("max", row["max"])]
    if row.get("categories"):
        entry |= {"categorical": True,
                  "categories": [int(_number("categories", code)) for code in row["categories"].split("|")]}
    if row.get("synonyms"):
        entry["synonyms"] = row["synonyms"].split("|")
    return entry
