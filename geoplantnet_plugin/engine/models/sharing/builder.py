"""Nodes and constants that are added to a graph."""

from __future__ import annotations

from typing import Any

import numpy as np


class Builder:
    """Nodes and constants in order, whose names begin with `prefix`."""

    def __init__(self, prefix: str) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._prefix = prefix

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add an operator and return the name of its result: `output`, or a new one."""
        from onnx import helper

        name = output or f"{self._prefix}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def numbers(self, *values: int) -> str:
        """Add whole numbers and return their name."""
        return self._constant(np.array(values, np.int64))

    def values(self, values: Any) -> str:
        """Add numbers of any shape as float32 and return their name."""
        return self._constant(np.ascontiguousarray(values, np.float32))

    def _constant(self, values: Any) -> str:
        from onnx import numpy_helper

        name = f"{self._prefix}_c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(values, name))
        return name
