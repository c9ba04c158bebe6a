"""The bad models of a stranger, as a person meets them: one sentence on the command line, nothing half-installed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto

from geoplantnet_plugin.engine.commands.line import BAD_INPUT, main

from .conftest import TAXA, Build, linear_card, linear_graph, weights
from .test_checkpoint import call, name, text, write
from .test_package import nothing_left, zipped
from .test_runtime import two_input_card, two_inputs


def spoilt() -> np.ndarray:
    matrix = weights()
    matrix[0, 0] = np.nan
    return matrix


def cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-100])
    return path


def with_entry(path: Path, entry: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr(entry, content)
    return path


BAD: dict[str, Callable[[Build], Path]] = {
    "number of inputs": lambda build: build(two_inputs("a", "b"), linear_card(TAXA)),
    "order of inputs": lambda build: build(two_inputs("a", "b"), two_input_card("b", "a")),
    "shape of an input": lambda build: build(linear_graph(weights(4))),
    "type of an input": lambda build: build(linear_graph(weights(), dtype=TensorProto.DOUBLE)),
    "scores that are no number": lambda build: build(linear_graph(spoilt())),
    "a card that contradicts the graph": lambda build: build(card=linear_card(output="other")),
    "taxa that do not match": lambda build: build(taxa=TAXA + 1),
    "a truncated zip": lambda build: cut(zipped(build())),
    "a zip bomb": lambda build: with_entry(zipped(build()), "weights.bin", bytes(50 * 2**20)),
    "a path out of the zip": lambda build: with_entry(zipped(build()), "../evil.txt", b"evil"),
}


def sentence(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that must fail for its input; return the one line that it says."""
    assert main(list(arguments)) == BAD_INPUT
    said = capsys.readouterr()
    assert not said.out and "Traceback" not in said.err and "{" not in said.err
    lines = said.err.strip().splitlines()
    assert len(lines) == 1 and lines[0].endswith(".")
    assert nothing_left()
    return lines[0]


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_package_is_not_installed(build: Build, capsys: pytest.CaptureFixture[str], fault: str) -> None:
    sentence(capsys, "model", "import", str(BAD[fault](build)))


def test_code_in_a_checkpoint_is_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trace = tmp_path / "trace"
    file = write(tmp_path / "evil.pt", call(name("os", "system"), text(f"touch {trace}")))
    assert "could run code" in sentence(capsys, "model", "import", "geoplant-mme", str(file))
    assert not trace.exists()
