"""Convolutions with fewer multiplications, by Winograd's filters (Toom-Cook).

Along an axis, ``m`` neighbouring results of a kernel of ``k`` values need ``m + k - 1`` products instead of ``m × k``:
those of the kernel and of the map taken as polynomials, at as many points (Lavin & Gray 2016, arXiv:1509.09308). Done
so along rows and columns, what is left is one product of matrices for each point. Only rounding differs, by some 10⁻⁶
of the values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.sharing.axes import Window
from geoplantnet_plugin.engine.models.sharing.maps import attributes_of, windows_of

if TYPE_CHECKING:
    import onnx

Matrix = NDArray[np.float64]
Kernel = NDArray[np.float32]

POINTS = (0, 1, -1, 2, -2, 0.5)
"""Beside infinity; with more of them rounding would grow."""
WAY_COST, MOVED_COST, GAIN = 2.0, 20, 0.8
"""What a multiplication on the way into and out of the products costs, and what a value does that is moved, beside a
multiplication in a large product of matrices; and below which share of the convolution's cost it is worth it."""


def toom_cook(results: int, values: int) -> tuple[Matrix, Matrix, Matrix]:
    """Return `back` (results, n), `kernel` (n, values), `into` (n, n) with n = results + values - 1 points.

    ``back @ ((kernel @ g) * (into @ d))`` are the results ``Σ g[j] d[i + j]``.
    """
    points = results + values - 1

    def at_points(degree: int) -> Matrix:
        rows = [[float(point) ** power for power in range(degree)] for point in POINTS[:points - 1]]
        return np.array([*rows, [0.0] * (degree - 1) + [1.0]])

    into = np.linalg.inv(at_points(points)).T.astype(np.float64)
    return at_points(results).T, at_points(values), into


def kernel_of(node: onnx.NodeProto, constants: Mapping[str, Any]) -> tuple[Kernel, tuple[Window, Window]] | None:
    """Return kernel (out, in, high, wide) and windows of a convolution that can be filtered, None for all else."""
    if node.op_type != "Conv" or any(name not in constants for name in node.input[1:]):
        return None
    kernel, windows = constants[node.input[1]], windows_of(node, constants)
    if kernel.ndim != 4 or attributes_of(node).get("group", 1) != 1 or windows is None:
        return None
    if any(window.stride > 1 or window.dilation > 1 for window in windows):
        return None
    return kernel, windows


def pays(kernel: Kernel, products: float, plain: float, into: float, back: float) -> bool:
    """Whether `products` of matrices cost less than a convolution that takes `plain` ones.

    On the way, each channel of a map takes `into` multiplications, each of the result `back`.
    """
    out, bands = kernel.shape[:2]
    ways = WAY_COST * (into * bands + back * out) + MOVED_COST * products * (bands + out)
    return bool(products * out * bands + ways < GAIN * plain * out * bands)
