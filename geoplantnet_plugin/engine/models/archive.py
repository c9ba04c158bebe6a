"""Unpacking a zipped model package from an unknown sender."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.files import BROKEN_ZIP
from geoplantnet_plugin.engine.base.holding import new_folder

MAX_ENTRIES = 200
MAX_UNPACKED_BYTES = 4 * 1024**3
MAX_RATIO = 100
"""Weights hardly compress and tables compress some ten times: more than a hundred times is a zip bomb."""
RATIO_FREE_BYTES = 1024**2
MOST_NAME, MOST_DEEP = 200, 20
"""Bytes of a name, of which every file system takes as many, and folders within one another."""


def unpack(archive: Path, target: Path) -> None:
    """Unpack a model package to the new folder `target`: wholly or not at all.

    The card may lie at the top of the zip or in its single folder. Raises `EngineError` for a truncated or
    foreign file, entries that point out of the folder, links, encryption and sizes beyond the limits.
    """
    with new_folder(target) as folder:
        try:
            with ZipFile(archive) as file:
                entries = [entry for entry in file.infolist() if not entry.is_dir()]
                _check(archive, entries)
                prefix = _prefix(archive, entries)
                for entry in entries:
                    _write(file, entry, folder / PurePosixPath(entry.filename).relative_to(prefix))
        except (*BROKEN_ZIP, FileExistsError) as error:
            raise EngineError("model_zip_broken", archive=archive, reason=str(error)) from error


def _check(archive: Path, entries: list[ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise EngineError("model_zip_entries", archive=archive, entries=len(entries), limit=MAX_ENTRIES)
    for entry in entries:
        _check_entry(archive, entry)
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED_BYTES:
        raise EngineError("model_zip_large", archive=archive, gib=total / 1024**3,
                          limit=MAX_UNPACKED_BYTES // 1024**3)


def _check_entry(archive: Path, entry: ZipInfo) -> None:
    path = PurePosixPath(entry.filename)
    link = stat.S_ISLNK(entry.external_attr >> 16)
    odd = any(mark in entry.filename for mark in ("\\", ":"))  # other systems' separators and drives
    if link or odd or path.is_absolute() or ".." in path.parts:
        raise EngineError("model_zip_path", archive=archive, entry=entry.filename)
    if len(path.parts) > MOST_DEEP or any(len(part.encode(errors="replace")) > MOST_NAME for part in path.parts):
        raise EngineError("model_zip_name", archive=archive, entry=f"{entry.filename[:60]}…")
    if entry.flag_bits & 1 or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        reason = f"{entry.filename} is encrypted or packed in an unusual way"
        raise EngineError("model_zip_broken", archive=archive, reason=reason)
    if entry.file_size > max(RATIO_FREE_BYTES, MAX_RATIO * entry.compress_size):
        raise EngineError("model_zip_bomb", archive=archive, entry=entry.filename, limit=MAX_RATIO)


def _prefix(archive: Path, entries: list[ZipInfo]) -> PurePosixPath:
    paths = [PurePosixPath(entry.filename) for entry in entries]
    homes = [path.parent for path in paths if path.name == "card.json" and len(path.parts) <= 2]
    for home in homes:
        if all(path.is_relative_to(home) for path in paths):
            return home
    raise EngineError("model_zip_no_card", archive=archive)


def _write(file: ZipFile, entry: ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # "x": two entries of one name are refused; zipfile reads no more than the size that _check saw
    with file.open(entry) as source, target.open("xb") as sink:
        shutil.copyfileobj(source, sink, 1024**2)
