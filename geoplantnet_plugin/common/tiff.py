"""Whether a TIFF, with what lies beside it, leads GDAL to other files: it takes overviews from wherever it is told.

Standard library only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree  # nosec B405

MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
METADATA = 42112
"""The tag with GDAL's own metadata, as XML."""
MOST_METADATA, MOST_BESIDE, MOST_DIRECTORIES = 64 * 1024**2, 1024**2, 100
POINTS = b"overview_file"
"""The metadata that names a file with overviews, in lower case; ``&#`` may spell it in another way."""


def is_geotiff(path: Path) -> bool:
    """Whether a file is a TIFF, and neither it nor what lies beside it leads to another file."""
    try:
        return _is_bare(path) and all(
            _is_harmless(entry) for entry in path.parent.iterdir()
            if entry.name.lower().startswith(f"{path.stem.lower()}.") and entry.name != path.name)
    except (OSError, ValueError, struct.error):
        return False


def _is_bare(path: Path) -> bool:
    with path.open("rb") as file:
        return all(len(text) <= MOST_METADATA and POINTS not in text.lower() and b"&#" not in text
                   for text in _metadata(file))


def _metadata(file: BinaryIO) -> Iterator[bytes]:
    """Yield GDAL's metadata in each directory of a TIFF.

    Raises:
        ValueError, struct.error: it is none, or cut short.
    """
    head = file.read(16)
    if head[:4] not in MAGIC:
        raise ValueError(head[:4])
    order, big = "<" if head.startswith(b"II") else ">", head[2:4] in (b"+\0", b"\0+")
    number, place, entry = (f"{order}Q", f"{order}Q", f"{order}HHQ8s") if big else (
        f"{order}H", f"{order}I", f"{order}HHI4s")
    (offset,) = struct.unpack_from(place, head, 8 if big else 4)
    for _ in range(MOST_DIRECTORIES):
        if not offset:
            return
        file.seek(offset)
        (count,) = struct.unpack(number, file.read(struct.calcsize(number)))
        size = struct.calcsize(entry)
        entries = file.read(min(count, 1 << 16) * size)
        (offset,) = struct.unpack(place, file.read(struct.calcsize(place)))
        for tag, _, length, value in struct.iter_unpack(entry, entries):
            if tag == METADATA:
                if length > len(value):
                    file.seek(struct.unpack(place, value)[0])
                    value = file.read(min(length, MOST_METADATA + 1))
                yield value
    raise ValueError("directories without end")


def _is_harmless(path: Path) -> bool:
    """Whether what lies beside a TIFF leads nowhere; GDAL takes small and capital letters for the same."""
    name = path.name.lower()
    if name.endswith((".aux", ".rrd")):
        return False
    if name.endswith((".ovr", ".msk")):
        return _is_bare(path)
    return not name.endswith(".aux.xml") or _is_harmless_text(path)


def _is_harmless_text(path: Path) -> bool:
    text = path.read_bytes() if path.stat().st_size <= MOST_BESIDE else b"<!"
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or text == b"<!":
        return False
    try:
        root = ElementTree.fromstring(text)  # nosec B314
        return all(POINTS.decode() not in str(value).lower() for element in root.iter()
                   for value in (element.text, *element.attrib.values()))
    except ElementTree.ParseError:
        return False
