"""Winograd's filters for maps of any size: squares of `TILE` results at a time.

The way into the products is a convolution of one channel that strides by a tile, the way back a transposed one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from geoplantnet_plugin.engine.models.sharing.axes import Window
from geoplantnet_plugin.engine.models.sharing.builder import Builder
from geoplantnet_plugin.engine.models.sharing.winograd import Kernel, kernel_of, pays, toom_cook

if TYPE_CHECKING:
    import onnx

TILE, KERNEL = 4, 3
SIDE = TILE + KERNEL - 1
POINTS = SIDE**2


def filtered(node: onnx.NodeProto, constants: Mapping[str, Any]) -> Builder | None:
    """Return what does the same as a convolution with fewer products, None where that does not pay."""
    found = kernel_of(node, constants)
    if found is None or found[0].shape[2:] != (KERNEL, KERNEL):
        return None
    kernel, windows = found
    products, ways = POINTS / TILE**2, POINTS**2 / TILE**2
    if not pays(kernel, products, KERNEL**2, ways, POINTS):
        return None
    bias = constants[node.input[2]] if len(node.input) > 2 else np.zeros(len(kernel))
    return _built(node, kernel, bias, windows)


def _built(node: onnx.NodeProto, kernel: Kernel, bias: Any, windows: tuple[Window, Window]) -> Builder:
    """Return the products: for each point, channels × tiles of all maps in one product of matrices."""
    back, points, into = toom_cook(TILE, KERNEL)
    out, bands = kernel.shape[:2]
    made, (rows, cols) = Builder(f"filter_{node.output[0]}"), windows
    # The last tiles reach beyond the map, by less than a tile.
    pads = (rows.before, cols.before, rows.after + TILE - 1, cols.after + TILE - 1)
    last = made.add("Conv", made.add("Reshape", node.input[0], made.numbers(-1, 1, 0, 0)),
                    made.values(np.einsum("pi,qj->pqij", into, into).reshape(POINTS, 1, SIDE, SIDE)),
                    strides=(TILE, TILE), pads=pads)
    tiles = made.add("Shape", last, start=2)
    last = _moved(made, last, (-1, bands, POINTS), tiles)
    weights = np.einsum("pi,qj,ocij->pqoc", points, points, kernel).reshape(POINTS, out, bands)
    last = made.add("MatMul", made.values(weights), made.add("Reshape", last, made.numbers(POINTS, bands, -1)))
    last = _moved(made, last, (POINTS, out, -1), tiles)
    last = made.add("Reshape", last, made.add("Concat", made.numbers(-1, POINTS), tiles, axis=0))
    last = made.add("ConvTranspose", last, made.values(np.einsum("rp,sq->pqrs", back, back).reshape(
        POINTS, 1, TILE, TILE)), strides=(TILE, TILE))
    sides = made.add("Mul", tiles, made.numbers(TILE))
    last = made.add("Reshape", last, made.add("Concat", made.numbers(-1, out), sides, axis=0))
    ends = made.add("Add", made.add("Shape", node.input[0], start=2), made.numbers(*(
        window.before + window.after - KERNEL + 1 for window in windows)))
    last = made.add("Slice", last, made.numbers(0, 0), ends, made.numbers(2, 3))
    made.add("Add", last, made.values(np.reshape(bias, (out, 1, 1))), output=node.output[0])
    return made


def _moved(made: Builder, last: str, shape: tuple[int, int, int], tiles: str) -> str:
    """Let maps and points change places."""
    shaped = made.add("Reshape", last, made.add("Concat", made.numbers(*shape), tiles, axis=0))
    return made.add("Transpose", shaped, perm=(2, 1, 0, 3, 4))
