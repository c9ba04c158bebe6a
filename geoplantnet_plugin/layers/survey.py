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
    said = _read(verdict_file(folder))
    if said is None:
        return tr("The survey in this folder is damaged: read it back again.")
    found, issues = said
    counts = {name: list(found.values()).count(name) for name in ("confirmed", "added", "not_found", "not_looked")}
    return tr("Species confirmed: {confirmed}, added: {added}, looked for and not found this season (which is no "
              "absence): {not_found}, not looked for: {not_looked}. Things to look at: {issues}.").format(
        **counts, issues=issues)


def outcomes(folder: Path) -> dict[str, str]:
    """Return what became of each predicted taxon, by its id; empty where nothing was read back."""
    path = verdict_file(folder)
    return _outcomes(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=4)
def _outcomes(path: Path, modified: int) -> dict[str, str]:
    words = {"confirmed": tr("confirmed"), "added": tr("added"), "not_found": tr("not found this season"),
             "not_looked": tr("not looked for")}
    said = _read(path)
    return {id: words.get(outcome, "") for id, outcome in said[0].items()} if said else {}


def _read(path: Path) -> tuple[dict[str, str], int] | None:
    """Return the outcome of each species, by id or name, and the number of things to look at; None if damaged."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return ({str(row["id"] or row["name"]): str(row["outcome"]) for row in said["species"]},
                sum(int(count) for count in said["issues"].values()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
