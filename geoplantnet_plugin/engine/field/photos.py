"""Photos of several tablets in one folder: named after their contents, so that none replaces another."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from geoplantnet_plugin.common.survey import PHOTO_TABLE
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.field.merge import Issue
from geoplantnet_plugin.engine.field.returned import Returned

FOLDER = "photos"


def gather(tablet: Returned, out: Path) -> None:
    """Copy the photos of a tablet into ``out/photos`` and give their rows the new paths; missing ones keep theirs."""
    for row in tablet.rows[PHOTO_TABLE.name]:
        source = _inside(tablet.photos, str(row["path"] or ""))
        if source is not None:
            digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
            target = out / FOLDER / f"{source.stem}-{digest}{source.suffix.lower()}"
            row["path"] = f"{FOLDER}/{target.name}"
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                with writing(target) as temporary:
                    shutil.copyfile(source, temporary)


def clashes(tablets: Sequence[Returned]) -> list[Issue]:
    """Return the names that different photos of several tablets have; before `gather` changes them."""
    named: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for tablet in tablets:
        for row in tablet.rows[PHOTO_TABLE.name]:
            source = _inside(tablet.photos, str(row["path"] or ""))
            if source is not None:
                named[source.name][hashlib.sha256(source.read_bytes()).hexdigest()].append(str(row["photo_id"]))
    return [Issue("photo_name", PHOTO_TABLE.name, ids[0], name)
            for name, contents in sorted(named.items()) if len(contents) > 1 for ids in [sorted(contents.values())[0]]]


def _inside(folder: Path, path: str) -> Path | None:
    """Return the file at a relative path, None where there is none or it lies elsewhere."""
    found = (folder / path).resolve()
    return found if path and found.is_relative_to(folder.resolve()) and found.is_file() else None
