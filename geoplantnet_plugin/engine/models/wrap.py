"""Making a model package from any ONNX file: from flags, from what the file says, from answers."""

from __future__ import annotations

import argparse
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.models.asking import Ask, Said, one_of, whom_to_ask
from geoplantnet_plugin.engine.models.deepness import read_hints
from geoplantnet_plugin.engine.models.graph import graph_inputs, load_graph, shape_of, type_of
from geoplantnet_plugin.engine.models.tables import read_named
from geoplantnet_plugin.engine.models.wrap_inputs import OF_INPUT, describe_input, refuse_unknown
from geoplantnet_plugin.engine.scores.ranked import Scale

if TYPE_CHECKING:
    import onnx

FLOATS = ("float32", "float64", "float16")
HANDED_ON = ("Identity", "Cast", "Squeeze", "Unsqueeze", "Reshape", "Flatten")
"""Steps that leave scores on their scale."""
ACTIVATIONS = {"Sigmoid": "sigmoid", "Softmax": "softmax"}
POST_TRANSFORMS = {"LOGISTIC": "sigmoid", "SOFTMAX": "softmax"}
"""The last step of classifiers of ``ai.onnx.ml``."""


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
                       ("output", "the output that holds the scores (default: the first that can)"),
                       ("scale", "logit, sigmoid, softmax or relative"), ("rule", "set rule: topk:25, lambda:0.5 …")):
        parser.add_argument(f"--{name}", help=text)
    parser.add_argument("--taxa", type=Path, help="CSV with name (and id, …) or a text file: a taxon an output")
    for name, (value, text) in OF_INPUT.items():
        parser.add_argument(f"--{name}", action="append", default=[], metavar=f"[INPUT=]{value}", help=text)


Described = tuple[Path, dict[str, Any], bytes, list[dict[str, str]]]
"""What `write.write_package` takes: the new folder, the card, the graph, rows of the taxa table."""


def describe(args: argparse.Namespace, reporter: Reporter, ask: Ask | None = None) -> Described:
    """Return the package that `args` (of `add_arguments`) describe.

    Raises `EngineError` when something is not said and there is nobody to ask.
    """
    if not args.onnx.is_file():
        raise EngineError("model_graph_unreadable", graph=args.onnx)
    model = load_graph(args.onnx)
    if not graph_inputs(model):
        raise EngineError("model_no_inputs", graph=args.onnx)
    refuse_unknown(args, [value.name for value in graph_inputs(model)])
    said = Said(args, ask or whom_to_ask(args),
                read_hints({entry.key: entry.value for entry in model.metadata_props}), reporter)
    default = re.sub(r"[^a-z0-9_-]+", "-", args.onnx.stem.lower()).strip("-_")
    name = said("name", "Short name (lower-case letters, digits, - and _)", default or None, partial(_name, args.out))
    inputs = [describe_input(said, value) for value in graph_inputs(model)]
    output = said("output", "Output with the scores", _likely_output(model), partial(_output, model))
    scale = said("scale", "Scale of the scores (logit, sigmoid, softmax or relative)", _scale(model, output),
                 partial(one_of, "scale", [known.value for known in Scale]))
    taxa = _taxa(said, model, output)
    card = {
        "name": name,
        "title": said("title", "Title", name, str),
        "version": said("version", "Version", "1", str),
        "description": said("description", "What it predicts, from what", f"Made from {args.onnx.name}.", str),
        "licence": said("licence", "Licence", "unknown", str),
        "attribution": said("attribution", "Whom to name on maps (blank: nobody)", "", str),
        "inputs": inputs,
        "output": output,
        "scale": scale,
        "default_rule": said("rule", "Set rule", _usual_rule(len(taxa), scale), str),
        "resolution": max(entry["resolution"] for entry in inputs),
        "simulated": False,
    }
    return args.out or Path(name), card, model.SerializeToString(), taxa


def _likely_output(model: onnx.ModelProto) -> str:
    """Return the output that is most like scores, a float for each cell and taxon: classifiers give labels first.

    Those of a known activation come before embeddings, those of many columns before labels as floats.
    """
    def likeness(value: onnx.ValueInfoProto) -> tuple[bool, ...]:
        kind, shape = type_of(value), shape_of(value)
        if value.type.WhichOneof("value") == "sequence_type":  # the scores as dictionaries, which is told
            return (False, True)
        return (kind in FLOATS and len(shape) in (0, 2), kind in FLOATS, kind == "float32",
                _scale(model, value.name) is not None, shape[1:] != [1])
    return str(max(model.graph.output, key=likeness).name)


def _output(model: onnx.ModelProto, text: str) -> str:
    values = {value.name: value for value in model.graph.output}
    name = one_of("output", list(values), text)
    if values[name].type.WhichOneof("value") == "sequence_type":
        raise EngineError("model_output_zipmap", output=name)
    return name


def _usual_rule(taxa: int, scale: str) -> str:
    """Return top-K below half of the taxa; a threshold where there are too few for one."""
    most = min(25, (taxa - 1) // 2)
    if most >= 1:
        return f"topk:{most}"
    return "lambda:0" if scale == Scale.LOGIT.value else "lambda:0.5"


def _name(out: Path | None, text: str) -> str:
    """Return a short name whose folder is free: told before all the other questions, not after them."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", text):
        raise EngineError("model_package_name", name=text)
    if (out or Path(text)).exists():
        raise EngineError("model_exists", folder=out or text)
    return text


def _scale(model: onnx.ModelProto, output: str) -> str | None:
    """Return the scale that the graph's last step gives; what is neither sigmoid nor softmax must be said."""
    makers = {made: node for node in model.graph.node for made in node.output}
    node = makers.get(output)
    while node is not None and node.op_type in HANDED_ON:
        node = makers.get(node.input[0])
    if node is None:
        return None
    last = {entry.name: entry.s.decode(errors="replace") for entry in node.attribute}.get("post_transform", "")
    return ACTIVATIONS.get(node.op_type) or POST_TRANSFORMS.get(last)


def _taxa(said: Said, model: onnx.ModelProto, output: str) -> list[dict[str, str]]:
    if said.args.taxa is None and said.hints.names:
        return [{"id": str(number), "name": name} for number, name in enumerate(said.hints.names)]
    shape = next(shape_of(value) for value in model.graph.output if value.name == output)
    outputs = shape[1] if len(shape) == 2 and isinstance(shape[1], int) else None
    question = f"File with the {outputs or ''} taxa, one an output, in their order (CSV with name, or text)"
    return said("taxa", question.replace("  ", " "), None, partial(_taxa_rows, outputs, said.reporter))


def _taxa_rows(outputs: int | None, reporter: Reporter, text: str) -> list[dict[str, str]]:
    rows = read_named(Path(text).expanduser(), reporter)
    if outputs and len(rows) != outputs:
        raise EngineError("model_taxa_count", outputs=outputs, taxa=len(rows))
    return [{**row, "id": row.get("id") or str(number)} for number, row in enumerate(rows)]
