"""Downloading files of a job: in parts, continued where it stopped, and checked."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.models.package import checksum
from geoplantnet_plugin.engine.services.http import ServiceError
from geoplantnet_plugin.engine.services.processes import Processes

PIECE = 8 * 1024**2
_NAME = re.compile(r"[\w()+,=@ -][\w()+,=@. -]*")


@dataclass(frozen=True)
class RemoteFile:
    """One file of a result: its `name` with slashes below the folder, bytes, ``sha256:…`` and address."""

    name: str
    size: int
    checksum: str
    href: str

    @classmethod
    def of(cls, service: Processes, entry: dict[str, Any]) -> RemoteFile:
        """Return the file that a service lists; a name that leads out of the folder is refused.

        Raises:
            ServiceError: it is no such entry.
        """
        name = str(entry.get("name", ""))
        parts = PurePosixPath(name).parts
        if not parts or "/".join(parts) != name or not all(_NAME.fullmatch(part) for part in parts):
            raise ServiceError("service_bad_file", host=service.host, file=name[:80])
        return cls(name, int(entry["size"]), str(entry["checksum"]), str(entry["href"]))


def download(service: Processes, file: RemoteFile, folder: Path, tell: Callable[[int], None]) -> None:
    """Bring one file into `folder`; what is there already is not transferred again. `tell` hears new bytes.

    Raises:
        ServiceError: the service fails, or what it sends is not what it lists.
        EngineError: the disk is full.
    """
    target = folder / file.name
    if target.is_file() and checksum(target) == file.checksum:
        tell(file.size)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _part(target)
    _fill(service, file, part, tell)
    if checksum(part) != file.checksum:
        part.unlink()
        raise ServiceError("service_wrong_bytes", host=service.host, file=file.name)
    part.replace(target)


def forget(names: Iterable[str], folder: Path) -> None:
    """Delete what was downloaded of the files of these names."""
    for name in names:
        target = folder / name
        for path in (target, _part(target)):
            path.unlink(missing_ok=True)
        if target.parent != folder and target.parent.is_dir() and not any(target.parent.iterdir()):
            target.parent.rmdir()


def _part(target: Path) -> Path:
    return target.with_name(f".{target.name}.download")


def _fill(service: Processes, file: RemoteFile, part: Path, tell: Callable[[int], None]) -> None:
    done = part.stat().st_size if part.is_file() else 0
    if done > file.size:
        part.unlink()
        done = 0
    tell(done)
    try:
        with part.open("ab") as out:
            while done < file.size:
                end = min(done + PIECE, file.size)
                body = service.fetcher.get(file.href, PIECE, span=(done, end), headers=service.headers).body
                out.write(body)
                done += len(body)
                tell(len(body))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EngineError("disk_full", out=part.parent) from error
        raise EngineError("out_not_writable", out=part.parent, reason=error.strerror or error) from error
