"""Making a model package from any ONNX file: from flags, from what the file says, from answers."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.engine.errors import EngineError
from geoplantnet_plugin.engine.models.check import Finding
from geoplantnet_plugin.engine.models.deepness import DeepnessHints, read_hints
from geoplantnet_plugin.engine.models.graph import graph_inputs, load_graph, shape_of
from geoplantnet_plugin.engine.models.package import ModelPackage
from geoplantnet_plugin.engine.models.tables import read_table, read_text
from geoplantnet_plugin.engine.models.write import write_package

if TYPE_CHECKING:
    import onnx

Ask = Callable[[str, str, str | None], str]
"""(flag, question, default) → answer."""

ACTIVATIONS = {"Sigmoid": "sigmoid", "Softmax": "softmax"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of ``geoplantnet model package``."""
    parser.description = ("Make a model package from an ONNX file. What no flag says is taken from the file (shapes, "
                          "metadata as Deepness writes them), asked on a terminal, or reported as missing.")
    parser.epilog = ("INPUT= may be left out when the model has one input. PREDICTORS is a list a,b,c in the order of "
                     "the channels, or a CSV file with the columns name, title, unit, min, max, offset, scale, "
                     "categories (1|2|3), synonyms (a|b); all but name may be blank or missing.")
    parser.add_argument("onnx", type=Path, help="the ONNX file; it is not changed")
    parser.add_argument("--out", type=Path, help="new folder for the package (default: the model's name)")
    for name, text in (("name", "short name: lower-case letters, digits, - and _"), ("title", "name for people"),
                       ("version", "default 1"), ("description", "what the model predicts, from what"),
                       ("licence", "default: unknown"), ("attribution", "whom to name on maps"),
                       ("output", "the output that holds the scores (default: the first)"),
                       ("scale", "logit, sigmoid, softmax or relative"), ("rule", "set rule: topk:25, lambda:0.5 …"),
                       ("resolution", "resolution of the training predictors in metres")):
        parser.add_argument(f"--{name}", help=text)
    parser.add_argument("--taxa", type=Path, help="CSV with name (and id, …) or a text file: a taxon an output")
    for name, metavar, text in (
            ("predictors", "[INPUT=]PREDICTORS", "the input's predictors, see below"),
            ("kind", "[INPUT=]KIND", "point, patch or series (default: from the shape)"),
            ("pixel", "[INPUT=]METRES", "side of a patch's pixel (default: the resolution)"),
            ("missing", "[INPUT=]VALUE", "value that stands for no data (default: such cells are left out)"),
            ("time", "[INPUT=]STEP,STEP,…", "names of a series' steps (default: 1, 2 … or 1_1, 1_2 …)")):
        parser.add_argument(f"--{name}", action="append", default=[], metavar=metavar, help=text)


def wrap(args: argparse.Namespace, ask: Ask | None = None) -> tuple[ModelPackage, list[Finding]]:
    """Make the package that `args` (of `add_arguments`) describe; return it with what is weak about it.

    Raises `EngineError` when something is not said and there is nobody to ask, or when graph, card and taxa do
    not agree; then nothing is written.
    """
    if not args.onnx.is_file():
        raise EngineError("model_graph_unreadable", graph=args.onnx)
    model = load_graph(args.onnx)
    said = Said(args, ask or (_ask_person if _somebody_reads(args) else _ask_nobody),
                read_hints({entry.key: entry.value for entry in model.metadata_props}))
    name = said("name", "Short name", re.sub(r"[^a-z0-9_-]+", "-", args.onnx.stem.lower()).strip("-_") or None)
    inputs = [_input(said, value) for value in graph_inputs(model)]
    output = said("output", "Output with the scores", model.graph.output[0].name)
    taxa = _taxa(said, model, output)
    card = {
        "name": name,
        "title": said("title", "Title", name),
        "version": said("version", "Version", "1"),
        "description": said("description", "What it predicts, from what", f"Made from {args.onnx.name}."),
        "licence": said("licence", "Licence", "unknown"),
        "attribution": args.attribution or "",
        "inputs": inputs,
        "output": output,
        "scale": said("scale", "Scale of the scores", _scale(model, output)),
        "default_rule": said("rule", "Set rule", f"topk:{max(1, min(25, (len(taxa) - 1) // 2))}"),
        "resolution": max(entry["resolution"] for entry in inputs),
        "simulated": False,
    }
    return write_package(args.out or Path(name), card, model.SerializeToString(), taxa)


@dataclass(frozen=True)
class Said:
    """What the flags say; for the rest the answers of whoever is asked."""

    args: argparse.Namespace
    ask: Ask
    hints: DeepnessHints

    def __call__(self, flag: str, question: str, default: str | None = None) -> str:
        """Return the flag's value, or the answer to `question`."""
        given = getattr(self.args, flag)
        return str(given) if given is not None else self.ask(f"--{flag}", question, default)

    def of_input(self, flag: str, entry: str) -> str | None:
        """Return what a flag ``[INPUT=]VALUE`` says for the input `entry`."""
        values: Sequence[str] = getattr(self.args, flag)
        own = [value.removeprefix(f"{entry}=") for value in values if value.startswith(f"{entry}=")]
        general = [value for value in values if "=" not in value]
        return next(iter([*own, *general]), None)


def _somebody_reads(args: argparse.Namespace) -> bool:
    return sys.stdin.isatty() and not getattr(args, "json", False)


def _ask_person(flag: str, question: str, default: str | None) -> str:
    while True:
        answer = input(f"{question}{f' [{default}]' if default else ''}: ").strip() or default
        if answer:
            return answer


def _ask_nobody(flag: str, question: str, default: str | None) -> str:
    if default is None:
        raise EngineError("model_package_needs", flag=flag, question=question)
    return default


def _input(said: Said, value: onnx.ValueInfoProto) -> dict[str, Any]:
    name, shape = value.name, shape_of(value)
    sizes = [axis if isinstance(axis, int) else 0 for axis in shape[1:]]
    kind = said.of_input("kind", name) or {1: "point", 3: "patch"}.get(len(sizes), "series")
    resolution = _metres(said, name)
    entry: dict[str, Any] = {"name": name, "kind": kind, "resolution": resolution,
                             **_predictors(said, name, sizes[0] if sizes else 0)}
    if kind == "patch":
        pixel = said.of_input("pixel", name)
        entry |= {"size": sizes[1:], "pixel": _number("pixel", pixel) if pixel else resolution}
    elif kind == "series":
        time = said.of_input("time", name)
        entry |= {"time_shape": sizes[1:], "time": time.split(",") if time else _steps(sizes[1:])}
    missing = said.of_input("missing", name)
    return {**entry, "missing": _number("missing", missing) if missing else None}


def _metres(said: Said, name: str) -> float:
    hint = f"{said.hints.resolution:g}" if said.hints.resolution else None
    return _number("resolution", said("resolution", f"Resolution of {name}'s predictors in metres", hint))


def _number(flag: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise EngineError("model_package_number", flag=f"--{flag}", value=text) from error


def _steps(sizes: Sequence[int]) -> list[str]:
    steps = [""]
    for size in sizes:
        steps = [f"{step}_{number}".lstrip("_") for step in steps for number in range(1, size + 1)]
    return steps


def _predictors(said: Said, name: str, channels: int) -> dict[str, Any]:
    given = said.of_input("predictors", name)
    text = given or said.ask("--predictors", f"The {channels} predictors of {name}, in order (a,b,c or a CSV)", None)
    rows = read_table(Path(text)) if text.lower().endswith(".csv") else [{"name": part} for part in text.split(",")]
    if len(rows) != channels:
        raise EngineError("model_package_channels", input=name, channels=channels, predictors=len(rows))
    entry: dict[str, Any] = {"predictors": [_predictor(row) for row in rows]}
    for key, neutral, hint in (("offset", 0.0, said.hints.offset), ("scale", 1.0, said.hints.scale)):
        if any(row.get(key) for row in rows):
            entry[key] = [_number(key, row.get(key) or str(neutral)) for row in rows]
        elif hint and (len(hint) in (1, channels)):
            entry[key] = list(hint) if len(hint) == channels else list(hint) * channels
    return entry


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


def _scale(model: onnx.ModelProto, output: str) -> str | None:
    """Return the scale that the graph's last step gives; what is neither sigmoid nor softmax must be said."""
    makers = {made: node for node in model.graph.node for made in node.output}
    node = makers.get(output)
    while node is not None and node.op_type == "Identity":
        node = makers.get(node.input[0])
    return ACTIVATIONS.get(node.op_type) if node is not None else None


def _taxa(said: Said, model: onnx.ModelProto, output: str) -> list[dict[str, str]]:
    if said.args.taxa is None and said.hints.names:
        return [{"id": str(number), "name": name} for number, name in enumerate(said.hints.names)]
    path = Path(said("taxa", "File with the taxa, one an output, in their order (CSV with name, or text)"))
    if path.suffix.lower() == ".csv":
        return [{**row, "id": row.get("id") or str(number)} for number, row in enumerate(read_table(path))]
    return [{"id": str(number), "name": line} for number, line in enumerate(read_text(path).splitlines())]
