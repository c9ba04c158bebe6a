"""The identity of an offered cube: its files with their checksums, computed once for each version of a file."""

from __future__ import annotations

import json
from typing import Any

from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.models.package import checksum

from .names import cube_name
from .offered import CATALOGUE, rasters
from .settings import Settings


def cube_identity(settings: Settings, id: str) -> dict[str, Any]:
    """Return a cube's id, title, date and licence, and name, bytes and checksum of each file.

    Checksums are kept beside the results by path, size and time of change, so that all workers share them.
    """
    cube = settings.cubes[id]
    kept = settings.results / CATALOGUE / f"{id}.checksums.json"
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    now, files = {}, []
    for path in rasters(cube):
        state = path.stat()
        key = f"{path} {state.st_size} {state.st_mtime_ns}"
        now[key] = known.get(key) or checksum(path)
        files.append({"name": cube_name(id, str(path)), "size": state.st_size, "checksum": now[key]})
    if now != known:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with writing(kept) as temporary:
            temporary.write_text(json.dumps(now), encoding="utf-8")
    return {"id": id, "title": cube.title or id, "date": cube.date, "licence": cube.licence, "files": files}
