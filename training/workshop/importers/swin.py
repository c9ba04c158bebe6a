"""The Swin transformer (Liu et al. 2021, arXiv 2103.14030), as torchvision's ``swin_t`` computes it.

Window, shift, depths and heads are those of ``swin_t``; all shapes but the number of cells are known beforehand, so
that padding, masks and position biases become constants. Tensors are (cells, height, width, channels).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.workshop.importers.layers import Layers

WINDOW, SHIFT, PATCH, WIDTH = 7, 3, 4, 96
DEPTHS, HEADS = (2, 2, 6, 2), (3, 6, 12, 24)
END = 2**31 - 1
"""In a slice: to the end."""


def swin_t(net: Layers, x: str, name: str, shape: tuple[int, int, int]) -> str:
    """Add a Swin-T on patches of `shape` (bands, height, width); the result is (cells, 768), no classifier."""
    bands, height, width = shape
    x = net.conv(x, f"{name}.features.0.0", (bands, WIDTH), PATCH, PATCH)
    x = net.layer_norm(net.op("Transpose", x, perm=[0, 2, 3, 1]), f"{name}.features.0.2", (WIDTH,))
    size, channels = (height // PATCH, width // PATCH), WIDTH
    for stage, (depth, heads) in enumerate(zip(DEPTHS, HEADS, strict=True)):
        for block in range(depth):
            shift = SHIFT if block % 2 else 0
            x = _block(net, x, f"{name}.features.{1 + 2 * stage}.{block}", size, channels, heads, shift)
        if stage < len(DEPTHS) - 1:
            x = _merge(net, x, f"{name}.features.{2 + 2 * stage}", size, channels)
            size, channels = ((size[0] + 1) // 2, (size[1] + 1) // 2), 2 * channels
    x = net.layer_norm(x, f"{name}.norm", (channels,))
    return net.pooled(net.op("Transpose", x, perm=[0, 3, 1, 2]))


def _block(net: Layers, x: str, name: str, size: tuple[int, int], channels: int, heads: int, shift: int) -> str:
    attended = net.layer_norm(x, f"{name}.norm1", (channels,))
    x = net.op("Add", x, _window_attention(net, attended, f"{name}.attn", size, channels, heads, shift))
    inner = net.dense(net.layer_norm(x, f"{name}.norm2", (channels,)), f"{name}.mlp.0", channels, 4 * channels)
    return net.op("Add", x, net.dense(net.gelu(inner), f"{name}.mlp.3", 4 * channels, channels))


def _merge(net: Layers, x: str, name: str, size: tuple[int, int], channels: int) -> str:
    """Halve height and width: four neighbours become one, of twice the channels."""
    x = _pad(net, x, size[0] % 2, size[1] % 2)
    parts = [net.slice(x, [row, col], [END, END], [1, 2], [2, 2]) for row, col in ((0, 0), (1, 0), (0, 1), (1, 1))]
    x = net.layer_norm(net.op("Concat", *parts, axis=3), f"{name}.norm", (4 * channels,))
    return net.dense(x, f"{name}.reduction", 4 * channels, 2 * channels, bias=False)


def _window_attention(net: Layers, x: str, name: str, size: tuple[int, int], channels: int, heads: int,
                      shift: int) -> str:
    padded = tuple(-(-length // WINDOW) * WINDOW for length in size)
    shifts = [0 if length <= WINDOW else shift for length in padded]
    x = _pad(net, x, padded[0] - size[0], padded[1] - size[1])
    x = _roll(net, x, [-step for step in shifts])
    rows, cols, tokens = padded[0] // WINDOW, padded[1] // WINDOW, WINDOW * WINDOW
    x = net.op("Transpose", net.reshape(x, -1, rows, WINDOW, cols, WINDOW, channels), perm=[0, 1, 3, 2, 4, 5])
    x = _attention(net, net.reshape(x, -1, tokens, channels), name, channels, heads, padded, shifts)
    x = net.op("Transpose", net.reshape(x, -1, rows, cols, WINDOW, WINDOW, channels), perm=[0, 1, 3, 2, 4, 5])
    x = _roll(net, net.reshape(x, -1, *padded, channels), shifts)
    return net.slice(x, [0, 0], list(size), [1, 2], [1, 1])


def _attention(net: Layers, x: str, name: str, channels: int, heads: int, padded: tuple[int, ...],
               shifts: list[int]) -> str:
    tokens, width = WINDOW * WINDOW, channels // heads
    qkv = net.reshape(net.dense(x, f"{name}.qkv", channels, 3 * channels), -1, tokens, 3, heads, width)
    query, key, value = (net.op("Transpose", net.op("Gather", qkv, net.constant(np.array(part, np.int64)), axis=2),
                                perm=[0, 2, 3, 1] if part == 1 else [0, 2, 1, 3]) for part in range(3))
    query = net.op("Mul", query, net.constant(np.array(width**-0.5, np.float32)))
    weight = net.op("Add", net.op("MatMul", query, key), _position_bias(net, name, heads))
    if any(shifts):
        mask = _mask(padded, shifts)
        weight = net.reshape(weight, -1, len(mask), heads, tokens, tokens)
        weight = net.reshape(net.op("Add", weight, net.constant(mask[:, None])), -1, heads, tokens, tokens)
    mixed = net.op("MatMul", net.op("Softmax", weight, axis=-1), value)
    mixed = net.reshape(net.op("Transpose", mixed, perm=[0, 2, 1, 3]), -1, tokens, channels)
    return net.dense(mixed, f"{name}.proj", channels, channels)


def _position_bias(net: Layers, name: str, heads: int) -> str:
    """Add a constant (heads, tokens, tokens): a learnt number for each offset between two tokens of a window."""
    table_name, side = f"{name}.relative_position_bias_table", 2 * WINDOW - 1
    net.weight(table_name, (side * side, heads))
    row, col = np.divmod(np.arange(WINDOW * WINDOW), WINDOW)
    offset = (row[:, None] - row + WINDOW - 1) * side + col[:, None] - col + WINDOW - 1
    return net.constant(np.moveaxis(net.weights[table_name][offset], -1, 0), table_name)


def _mask(padded: tuple[int, ...], shifts: list[int]) -> NDArray[np.float32]:
    """Return (windows, tokens, tokens): −100 where two tokens were not neighbours before the map was rolled."""
    bands = [np.searchsorted([length - WINDOW, length - shift], np.arange(length), side="right") if shift else
             np.zeros(length, int) for length, shift in zip(padded, shifts, strict=True)]
    region = bands[0][:, None] * 3 + bands[1]
    rows, cols = padded[0] // WINDOW, padded[1] // WINDOW
    region = region.reshape(rows, WINDOW, cols, WINDOW).swapaxes(1, 2).reshape(rows * cols, -1)
    return np.where(region[:, None] != region[:, :, None], np.float32(-100), np.float32(0))


def _pad(net: Layers, x: str, rows: int, cols: int) -> str:
    return net.op("Pad", x, net.constant([0, 0, 0, 0, 0, rows, cols, 0])) if rows or cols else x


def _roll(net: Layers, x: str, shifts: list[int]) -> str:
    """Roll the map: what leaves on one side comes in on the other."""
    for axis, shift in enumerate(shifts, start=1):
        if shift:
            head = net.slice(x, [-shift], [END], [axis], [1])
            x = net.op("Concat", head, net.slice(x, [0], [-shift], [axis], [1]), axis=axis)
    return x
