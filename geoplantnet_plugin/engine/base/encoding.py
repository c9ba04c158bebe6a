"""The text of a file that a person or a spreadsheet wrote, whatever its encoding."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError

MOST_BYTES = 50 * 1024**2
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
"""Byte-order marks; those of UTF-32 first, since that of UTF-16 begins them."""
ONE_BYTE = ("cp1252", "mac_roman", "cp850")
"""Encodings of western Europe before UTF-8: Windows, old Macs, DOS."""
UNSEEN: dict[int, str | None] = {**dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")),
                                 **dict.fromkeys(map(ord, "\xa0\u2007\u202f"), " ")}
"""What nobody sees, and copying from pages and PDFs leaves in names: it goes, and blanks of any width are blanks."""
LETTERS = {**dict.fromkeys("áãåæìíòóõøœúýÿÀÂÄÁÅÆÇÉÈÊËÍÎÏÑÓÔÖØŒÚÙÛÜ×°’–«»\xa0", 1),
           **dict.fromkeys("àâäçéèêëîïñôöùûüß", 3)}
"""What else than ASCII is written in names of plants, people and columns, and how often (roughly)."""


def read_text(path: Path) -> tuple[str, str]:
    """Return a file's text and its encoding: by its byte-order mark, else UTF-8, else by its letters.

    Raises:
        EngineError: the file cannot be read, is too large or is no text.
    """
    try:
        if (size := path.stat().st_size) > MOST_BYTES:
            raise EngineError("table_large", path=path, size=f"{size / 2**20:.0f} MiB",
                              most=f"{MOST_BYTES // 2**20} MiB")
        data = path.read_bytes()
    except OSError as error:
        raise EngineError("table_unreadable", path=path, reason=error.strerror or str(error)) from error
    encoding = _encoding(data)
    if encoding is None:
        raise EngineError("table_not_text", path=path)
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    return unicodedata.normalize("NFC", text.translate(UNSEEN)), encoding.removesuffix("-sig")


def _encoding(data: bytes) -> str | None:
    """Return a Python codec, None for what is no text."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding
    zeros = [data[:1000][side::2].count(0) for side in (0, 1)]
    if max(zeros) > 4 * len(data[:1000]) // 10 and min(zeros) == 0:
        return "utf-16-le" if zeros[1] else "utf-16-be"
    if data.startswith(b"PK\x03\x04") or any(zeros):
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return max(ONE_BYTE, key=lambda codec: sum(LETTERS.get(letter, 0) for letter in _beyond_ascii(data, codec)))
    return "utf-8"


def _beyond_ascii(data: bytes, codec: str) -> str:
    return bytes(byte for byte in data[:100_000] if byte > 127).decode(codec, errors="replace")
