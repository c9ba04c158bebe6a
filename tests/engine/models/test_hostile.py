"""Models made to hang or to fill memory: checked with limits, and a signal is heard whatever they do."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.resources import ROOT
from geoplantnet_plugin.engine.base.limited import STATM
from geoplantnet_plugin.engine.models.graph import graph_problems
from geoplantnet_plugin.engine.models.package import checksum, open_package
from geoplantnet_plugin.engine.models.running import Running, provider_of
from geoplantnet_plugin.engine.models.runtime import Session
from tests.torture.worlds import write_world


def hostile(folder: Path, nodes: list[onnx.NodeProto], weights: list[onnx.TensorProto]) -> Path:
    """The small model with another graph, in order otherwise."""
    package = write_world(folder) / "model"
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 2])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [None, 5])], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9),
              str(package / "model.onnx"))
    card = json.loads((package / "card.json").read_text())
    card["checksums"]["model.onnx"] = checksum(package / "model.onnx")
    (package / "card.json").write_text(json.dumps(card))
    return package


def endless(folder: Path) -> Path:
    return looping(folder, 2**62, helper.make_node("Identity", ["before"], ["after"]))


def looping(folder: Path, times: int, step: onnx.NodeProto) -> Path:
    """A package whose model does a step, from `before` to `after`, so many times."""
    true = numpy_helper.from_array(np.array(True), "true")
    many = numpy_helper.from_array(np.array(times, np.int64), "many")
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"]), step], "body",
        [helper.make_tensor_value_info("i", TensorProto.INT64, []),
         helper.make_tensor_value_info("go", TensorProto.BOOL, []),
         helper.make_tensor_value_info("before", TensorProto.FLOAT, None)],
        [helper.make_tensor_value_info("on", TensorProto.BOOL, []),
         helper.make_tensor_value_info("after", TensorProto.FLOAT, None)])
    w = numpy_helper.from_array(np.ones((2, 5), "f4"), "w")
    return hostile(folder, [
        helper.make_node("Loop", ["many", "true", "x"], ["looped"], body=body),
        helper.make_node("MatMul", ["looped", "w"], ["l"]), helper.make_node("Sigmoid", ["l"], ["scores"])],
        [true, many, w])


MAIN = """
from geoplantnet_plugin.engine.commands import line

if __name__ == "__main__":
    listen = line.listen_for_signals
    line.listen_for_signals = lambda *given: (listen(*given), print("listening", flush=True))
    raise SystemExit(line.main())
"""


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the command line and wait until it hears signals."""
    (folder / "main.py").write_text(MAIN)
    child = subprocess.Popen([sys.executable, str(folder / "main.py"), *arguments], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert child.stdout and child.stdout.readline() == "listening\n"
    return child


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["check", "assess"])
def test_a_model_that_never_ends_is_not_deaf_to_signals(tmp_path, command, number):
    package = endless(tmp_path / "world")
    world = tmp_path / "world"
    child = started(tmp_path, *(["model", "check", str(package)] if command == "check" else
                      ["assess", "--model", str(package), "--area", str(world / "site.gpkg"), "--predictors",
                       str(world / "env.tif"), "--resolution", "100", "--out", str(tmp_path / "out")]))
    time.sleep(2)  # it is in its loop, or on its way there: both must hear
    child.send_signal(number)
    text = child.communicate(timeout=120)[1]
    assert child.returncode == 3, text
    assert "Traceback" not in text


def test_a_constant_of_many_gigabytes_is_refused(tmp_path):
    size = numpy_helper.from_array(np.array([1 << 20, 1 << 12], np.int64), "size")
    zero = numpy_helper.from_array(np.zeros(1, "f4"), "zero")
    w = numpy_helper.from_array(np.ones((2, 5), "f4"), "w")
    package = hostile(tmp_path / "world", [
        helper.make_node("Expand", ["zero", "size"], ["huge"]),
        helper.make_node("ReduceMax", ["huge"], ["most"], keepdims=0),
        helper.make_node("MatMul", ["x", "w"], ["l"]), helper.make_node("Add", ["l", "most"], ["m"]),
        helper.make_node("Sigmoid", ["m"], ["scores"])], [size, zero, w])
    done = started(tmp_path, "model", "check", str(package))
    text = "".join(done.communicate(timeout=300))
    assert done.returncode == 2, text
    assert "Traceback" not in text


def test_a_model_that_grows_without_end_is_refused_where_a_package_is_made(tmp_path):
    """`model package` tries a stranger's graph too: a loop that doubles its values took 19 GB."""
    package = looping(tmp_path / "world", 60, helper.make_node("Concat", ["before", "before"], ["after"], axis=0))
    done = started(tmp_path, "model", "package", str(package / "model.onnx"), "--out", str(tmp_path / "made"), "--taxa",
                   str(package / "taxa.csv"), "--predictors", "warm,wet", "--resolution", "100", "--scale", "sigmoid")
    text = "".join(done.communicate(timeout=300))
    assert done.returncode == 2 and "Traceback" not in text, text
    assert not (tmp_path / "made").exists()


@pytest.mark.skipif(not STATM.exists(), reason="only Linux bounds what a process has")
def test_a_model_that_fills_memory_once_many_cells_come_is_stopped(tmp_path):
    """A check of a few cells sees nothing: 65,536 × cells² values, 17 GB for 256 cells."""
    constants = [numpy_helper.from_array(value, name) for name, value in (
        ("w", np.ones((2, 5), "f4")), ("zero", np.zeros(1, "f4")), ("many", np.array([1 << 16])))]
    package = hostile(tmp_path / "world", [
        helper.make_node("Shape", ["x"], ["cells"], end=1), helper.make_node("Mul", ["cells", "cells"], ["square"]),
        helper.make_node("Mul", ["square", "many"], ["size"]), helper.make_node("Expand", ["zero", "size"], ["huge"]),
        helper.make_node("ReduceMax", ["huge"], ["most"], keepdims=0),
        helper.make_node("MatMul", ["x", "w"], ["l"]), helper.make_node("Add", ["l", "most"], ["m"]),
        helper.make_node("Sigmoid", ["m"], ["scores"])], constants)
    session = Session(open_package(str(package)), threads=1)
    assert session.batch(1 << 24) >= 256
    values = np.zeros((256, 2), np.float32)
    assert session.rank({"x": values[:4]}, 5, 4).values.shape == (4, 5)
    with pytest.raises(EngineError) as raised:
        session.rank({"x": values}, 5, 256)
    assert (raised.value.code, raised.value.params["memory"]) == ("model_memory", 512)


@pytest.mark.parametrize(("nodes", "code"), [
    ([helper.make_node("RandomNormalLike", ["l"], ["r"], scale=1e-9), helper.make_node("Add", ["l", "r"], ["scores"])],
     "model_graph_random"),
    ([helper.make_node("Bernoulli", ["l"], ["scores"])], "model_graph_random"),
    ([helper.make_node("Dropout", ["l", "", "on"], ["scores"])], "model_graph_random"),
    ([helper.make_node("Dropout", ["l", "", "off"], ["scores"])], None),
    ([helper.make_node("Identity", ["l"], ["geoplantnet_total"]),
      helper.make_node("Identity", ["geoplantnet_total"], ["scores"])], "model_graph_reserved"),
    ([helper.make_node("Div", ["l", "off32"], ["scores"])], "model_scores_nan")])
def test_graphs_that_draw_or_take_our_names_or_give_no_numbers(tmp_path, nodes, code):
    constants = [numpy_helper.from_array(value, name) for name, value in (
        ("w", np.ones((2, 5), "f4")), ("on", np.array(True)), ("off", np.array(False)), ("off32", np.zeros(5, "f4")))]
    package = hostile(tmp_path / "world", [helper.make_node("MatMul", ["x", "w"], ["l"]), *nodes], constants)

    def run():
        return Session(open_package(str(package)), threads=1).rank({"x": np.ones((3, 2), np.float32)}, 5, 3)

    if code is None:
        assert run().values.shape == (3, 5)
        return
    with pytest.raises(EngineError) as raised:
        run()
    assert raised.value.code == code


def test_a_sparse_constant_of_many_gigabytes_is_refused_with_its_cause(tmp_path):
    w = numpy_helper.from_array(np.ones((2, 5), "f4"), "w")
    package = hostile(tmp_path / "world", [
        helper.make_node("ReduceSum", ["huge"], ["sum"], keepdims=0), helper.make_node("MatMul", ["x", "w"], ["l"]),
        helper.make_node("Add", ["l", "sum"], ["scores"])], [w])
    model = onnx.load(str(package / "model.onnx"))
    one, first = np.ones(1, np.float32), np.zeros(1, np.int64)
    model.graph.sparse_initializer.append(helper.make_sparse_tensor(
        numpy_helper.from_array(one, "huge"), numpy_helper.from_array(first, "at"), [60_000, 60_000]))
    onnx.save(model, str(package / "model.onnx"))
    with pytest.raises(EngineError) as raised:
        Running(onnx.load(str(package / "model.onnx")), 1, provider_of("cpu"), "sparse")
    assert raised.value.code == "model_graph_refused" and "ONNXRuntimeError" not in str(raised.value)
    assert "14400000000 bytes" in str(raised.value)


def test_dictionaries_in_a_package_are_told_with_the_remedy(tmp_path):
    package = hostile(tmp_path / "world", [helper.make_node("SequenceConstruct", ["x"], ["scores"])], [])
    model = onnx.load(str(package / "model.onnx"))
    kind = helper.make_sequence_type_proto(helper.make_tensor_type_proto(TensorProto.FLOAT, None))
    model.graph.output[0].CopyFrom(helper.make_value_info("scores", kind))
    found = graph_problems(model, open_package(str(package)).card, 5)
    assert [problem.code for problem in found] == ["model_output_zipmap"]
