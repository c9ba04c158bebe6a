"""Files as torch.save writes them, made opcode by opcode: no PyTorch, and whatever a forger may write."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np


def text(value: str) -> bytes:
    encoded = value.encode()
    return b"X" + len(encoded).to_bytes(4, "little") + encoded


def number(value: int) -> bytes:
    return b"J" + value.to_bytes(4, "little", signed=True)


def group(*items: bytes) -> bytes:
    return b"(" + b"".join(items) + b"t"


def name(module: str, attribute: str) -> bytes:
    return f"c{module}\n{attribute}\n".encode()


def call(function: bytes, *arguments: bytes) -> bytes:
    return function + group(*arguments) + b"R"


def mapping(entries: dict[str, bytes]) -> bytes:
    return b"}(" + b"".join(text(key) + value for key, value in entries.items()) + b"u"


def tensor(key: str, size: int, shape: tuple[int, ...], strides: tuple[int, ...], offset: int = 0,
           storage: str = "FloatStorage") -> bytes:
    stored = group(text("storage"), name("torch", storage), text(key), text("cpu"), number(size)) + b"Q"
    return call(name("torch._utils", "_rebuild_tensor_v2"), stored, number(offset), group(*map(number, shape)),
                group(*map(number, strides)), b"\x89", call(name("collections", "OrderedDict")))


def write(path: Path, pickled: bytes, storages: dict[str, np.ndarray] | None = None,
          compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as file:
        file.writestr("archive/data.pkl", b"\x80\x02" + pickled + b".")
        file.writestr("archive/byteorder", "little")
        for key, values in (storages or {}).items():
            file.writestr(f"archive/data/{key}", values.tobytes())
    return path
