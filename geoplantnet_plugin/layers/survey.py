"""What a field survey says of an assessment, as the window shows it."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from ..common.fieldpackage import FIELD, VERDICT
from ..i18n import tr


def verdict_file(folder: Path) -> Path:
    """Return the file in an assessment's folder that says it; it is there once something was read back."""
    return folder / FIELD / VERDICT


def summary(folder: Path) -> str:
    """Return what the survey says in two sentences, and that there was none."""
    if not verdict_file(folder).is_file():
        return tr("Nothing was read back yet.")
    said = json.loads(verdict_file(folder).read_text(encoding="utf-8"))
    outcomes = [row["outcome"] for row in said["species"]]
    counts = {name: outcomes.count(name) for name in ("confirmed", "added", "not_found", "not_looked")}
    return tr("Species confirmed: {confirmed}, added: {added}, looked for and not found this season (which is no "
              "absence): {not_found}, not looked for: {not_looked}. Things to look at: {issues}.").format(
        **counts, issues=sum(said["issues"].values()))


def outcomes(folder: Path) -> dict[str, str]:
    """Return what became of each predicted taxon, by its id; empty where nothing was read back."""
    path = verdict_file(folder)
    return _outcomes(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=4)
def _outcomes(path: Path, modified: int) -> dict[str, str]:
    words = {"confirmed": tr("confirmed"), "added": tr("added"), "not_found": tr("not found this season"),
             "not_looked": tr("not looked for")}
    said = json.loads(path.read_text(encoding="utf-8"))
    return {row["id"]: words[row["outcome"]] for row in said["species"]}
