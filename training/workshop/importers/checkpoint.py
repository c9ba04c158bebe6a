"""Reading the weights in a PyTorch checkpoint without PyTorch and without executing anything.

A checkpoint written by ``torch.save`` (PyTorch ≥ 1.6) is an uncompressed zip: ``data.pkl`` describes objects whose
tensors refer to storages ``data/KEY`` by dtype, offset, shape and strides (``torch/serialization.py``,
``torch/_utils.py:_rebuild_tensor_v2``). The pickle is read with a reader that knows these few names and refuses
any other, so that a pickle cannot run code.
"""

from __future__ import annotations

import io
import pickle
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError

MAX_FILE_BYTES = 4 * 1024**3
MAX_PICKLE_BYTES = 64 * 1024**2
KEY = re.compile(r"[A-Za-z0-9_]{1,64}")

DTYPES: Mapping[str, str] = {
    "FloatStorage": "<f4", "DoubleStorage": "<f8", "HalfStorage": "<f2", "BFloat16Storage": "bfloat16",
    "LongStorage": "<i8", "IntStorage": "<i4", "ShortStorage": "<i2", "CharStorage": "i1", "ByteStorage": "u1",
    "BoolStorage": "?",
}
SETTINGS = ("omegaconf", "pytorch_lightning", "lightning", "lightning_fabric", "typing")
"""Packages whose objects Lightning writes beside the weights: read as empty placeholders, never imported."""


@dataclass(frozen=True)
class _Dtype:
    name: str


@dataclass(frozen=True)
class _Storage:
    dtype: str
    key: str
    size: int


@dataclass(frozen=True)
class Tensor:
    """A view on a storage: nothing is read before `Checkpoint.array`."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Placeholder:
    """Stands for an object of a foreign package: takes any arguments and state, and does nothing."""

    def __new__(cls, *_: object, **__: object) -> _Placeholder:
        return super().__new__(cls)

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __setstate__(self, state: object) -> None:
        pass

    def __setitem__(self, key: object, value: object) -> None:
        pass

    def append(self, item: object) -> None:
        """Drop what a pickled list holds."""

    def extend(self, items: object) -> None:
        """Drop what a pickled list holds."""


def _rebuild_tensor(storage: object, offset: object, shape: object, strides: object, *_: object) -> Tensor:
    whole = isinstance(offset, int) and all(
        isinstance(axes, tuple) and all(isinstance(size, int) and size >= 0 for size in axes)
        for axes in (shape, strides))
    if not isinstance(storage, _Storage) or not whole or len(shape) != len(strides):  # type: ignore[arg-type]
        raise pickle.UnpicklingError("a tensor is described in an unknown way")
    return Tensor(storage, offset, shape, strides)  # type: ignore[arg-type]


def _rebuild_parameter(data: object, *_: object) -> object:
    return data


class _Reader(pickle.Unpickler):
    """An unpickler that knows tensors and containers, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        known: dict[tuple[str, str], Any] = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
            ("torch._utils", "_rebuild_parameter"): _rebuild_parameter,
        }
        if (module, name) in known:
            return known[module, name]
        if module in ("torch", "torch.storage") and name in DTYPES:
            return _Dtype(DTYPES[name])
        if module.split(".", maxsplit=1)[0] in SETTINGS:
            return type("Placeholder", (_Placeholder,), {})
        raise EngineError("model_checkpoint_code", name=f"{module}.{name}")

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, _, size = pid
        if kind != "storage" or not isinstance(dtype, _Dtype) or not KEY.fullmatch(key) or not isinstance(size, int):
            raise pickle.UnpicklingError("a storage is described in an unknown way")
        return _Storage(dtype.name, key, size)


class Checkpoint:
    """An open checkpoint: `content` is what was saved, with `Tensor` for tensors."""

    def __init__(self, path: Path) -> None:
        """Open `path`; raises `EngineError` for a foreign or damaged file and for one that holds code."""
        self._path = path
        self.content: Any = None
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise ValueError(f"larger than {MAX_FILE_BYTES // 1024**3} GiB")
            self._zip = ZipFile(path)
            self._home = _home(self._zip)
            self.content = _Reader(io.BytesIO(self._read("data.pkl", MAX_PICKLE_BYTES))).load()
        except FOREIGN as error:
            raise self._foreign(error) from error

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def array(self, tensor: Tensor) -> NDArray[Any]:
        """Return a tensor's values, contiguous; bfloat16 as float32."""
        storage = tensor.storage
        try:
            _check_bounds(tensor)
            wide = "<u2" if storage.dtype == "bfloat16" else storage.dtype
            raw = self._read(f"data/{storage.key}", storage.size * np.dtype(wide).itemsize)
            flat = np.frombuffer(raw, wide, count=storage.size)[tensor.offset:]
            steps = [stride * flat.itemsize for stride in tensor.strides]
            values = np.ascontiguousarray(np.lib.stride_tricks.as_strided(flat, tensor.shape, steps, writeable=False))
        except FOREIGN as error:
            raise self._foreign(error) from error
        return (values.astype(np.uint32) << 16).view(np.float32) if storage.dtype == "bfloat16" else values

    def _read(self, name: str, limit: int) -> bytes:
        entry = self._zip.getinfo(f"{self._home}/{name}")
        if entry.compress_type != ZIP_STORED or entry.flag_bits & 1 or entry.file_size > limit:
            raise ValueError(f"{name} is compressed, encrypted or too large")
        return self._zip.read(entry)

    def _foreign(self, error: BaseException) -> EngineError:
        return EngineError("model_checkpoint_unreadable", file=self._path, reason=str(error) or type(error).__name__)


FOREIGN = (BadZipFile, pickle.UnpicklingError, EOFError, OSError, KeyError, ValueError, TypeError, AttributeError,
           IndexError, NotImplementedError, RuntimeError, OverflowError, MemoryError, RecursionError)


def _home(file: ZipFile) -> str:
    homes = [name.removesuffix("/data.pkl") for name in file.namelist() if name.endswith("/data.pkl")]
    if len(homes) != 1:
        raise ValueError("not written by torch.save of PyTorch 1.6 or later")
    order = f"{homes[0]}/byteorder"
    if order in file.namelist() and file.getinfo(order).file_size < 16 and file.read(order).strip() != b"little":
        raise ValueError("written on a big-endian machine")
    return homes[0]


def _check_bounds(tensor: Tensor) -> None:
    """Refuse views beyond their storage, and views that repeat it (a small file could fill the memory)."""
    count = 1
    for size in tensor.shape:
        count *= size
    last = tensor.offset + sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.strides, strict=True))
    if tensor.offset < 0 or count > tensor.storage.size or (count and last >= tensor.storage.size):
        raise ValueError("a tensor reaches beyond its storage")


def read_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return the floating-point weights of a checkpoint by name, as float32.

    `path` holds a state dict, or a Lightning checkpoint: then its ``state_dict`` is taken and the one leading
    ``model.`` of each name is left away. Raises `EngineError` when the file holds anything else.
    """
    checkpoint = Checkpoint(path)
    try:
        content = checkpoint.content
        lightning = isinstance(content, Mapping) and isinstance(content.get("state_dict"), Mapping)
        state = content["state_dict"] if lightning else content
        if not isinstance(state, Mapping):
            raise EngineError("model_checkpoint_unreadable", file=path, reason="it holds no state dict")
        named = {str(name).removeprefix("model.") if lightning else str(name): tensor
                 for name, tensor in state.items() if isinstance(tensor, Tensor)}
        return {name: checkpoint.array(tensor).astype(np.float32, copy=False) for name, tensor in named.items()}
    finally:
        checkpoint.close()
