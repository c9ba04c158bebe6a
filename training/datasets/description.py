"""The description file: a person's own plots and rasters, and the words of the card, as JSON.

``geoplantnet-train describe`` writes one to begin with; `FIELDS` says what each entry means.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

FIELDS = {
    "name": "short name of the model: lower case, digits, - and _",
    "title": "title on the card",
    "description": "what the model predicts, for whom, from what",
    "licence": "licence of the model (SPDX where there is one)",
    "attribution": "whom to name on a map",
    "limits": "list of sentences: what the model must not be used for",
    "source": "where the plots come from; with their licence",
    "plots": "CSV of presence-absence plots",
    "x": "column of x or longitude",
    "y": "column of y or latitude",
    "crs": "CRS of these columns, for example EPSG:4326",
    "grid_crs": "projected CRS in metres in which blocks and patches are cut; the plots' own where it is one",
    "species": "list of 0/1 columns; or empty when the table is long (a row a taxon of a plot)",
    "taxon": "long table: column with the taxon's name (blank in a plot without any)",
    "plot": "long table: column that tells plots apart",
    "fewest": "taxa with fewer presences are left out",
    "records": "CSV of presence-only records with the same x, y and taxon columns; empty when there are none",
    "rasters": "list of raster files or folders, relative to this file",
    "rasters_crs": "CRS of rasters that have none",
    "resolution": "metres: size of a cell, native resolution of the predictors",
    "point": "predictors of the plot's own cell: list of band names, or of {name, title, unit, categorical}",
    "patches": "list of {name, predictors, size: [height, width] in pixels, pixel: metres}",
    "series": "list of {name, predictors, time: [step, …]}: bands are called PREDICTOR_STEP",
    "block_km": "side of the spatial blocks; wider than the distance over which the plots resemble each other",
    "assignments": "how many assignments of blocks to folds are scored (at most 10)",
    "baselines": "baselines beside the random forest",
    "simulated": "true when the data are simulated: every map then says so",
    "recipe": "changes to the recipe, for example {\"epochs\": 40}; see docs/training.md",
}


class DescriptionError(ValueError):
    """A description that cannot be used, in one sentence."""


@dataclass(frozen=True)
class Description:
    """What `FIELDS` says. Paths are absolute."""

    name: str
    plots: Path
    rasters: tuple[str, ...]
    resolution: float
    block_km: float
    crs: str
    title: str = ""
    description: str = ""
    licence: str = "unknown"
    attribution: str = ""
    limits: tuple[str, ...] = ()
    source: str = "not stated"
    x: str = "x"
    y: str = "y"
    grid_crs: str = ""
    species: tuple[str, ...] = ()
    taxon: str = ""
    plot: str = ""
    fewest: int = 10
    records: Path | None = None
    rasters_crs: str | None = None
    point: tuple[Any, ...] = ()
    patches: tuple[dict[str, Any], ...] = ()
    series: tuple[dict[str, Any], ...] = ()
    assignments: int = 3
    baselines: tuple[str, ...] = ("gradient boosting", "logistic regression", "most frequent taxa")
    simulated: bool = False
    recipe: dict[str, Any] | None = None


def read_description(path: Path) -> Description:
    """Read a description file.

    Raises:
        DescriptionError: the file is no such JSON, an entry is unknown, missing or of the wrong type.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise DescriptionError(f"The description {path} cannot be read: {error}.") from error
    if not isinstance(found, dict):
        raise DescriptionError(f"The description {path} is no JSON object.")
    known = {field.name for field in fields(Description)}
    if unknown := sorted(set(found) - known):
        raise DescriptionError(f"The description {path} has unknown entries: {', '.join(unknown)}. Known are: "
                               f"{', '.join(FIELDS)}.")
    needed = ("name", "plots", "rasters", "resolution", "block_km", "crs")
    if lacking := [name for name in needed if not found.get(name)]:
        raise DescriptionError(f"The description {path} lacks {', '.join(lacking)}: "
                               + "; ".join(f"{name} is {FIELDS[name]}" for name in lacking) + ".")
    for name in ("rasters", "limits", "species", "point", "patches", "series", "baselines"):
        if not isinstance(found.get(name, []), list):
            raise DescriptionError(f"In {path}, {name} must be a list: {FIELDS[name]}.")
    for name in ("resolution", "block_km", "fewest", "assignments"):
        value = found.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
            raise DescriptionError(f"In {path}, {name} must be a positive number: {FIELDS[name]}.")
    if bool(found.get("species")) == bool(found.get("taxon")):
        raise DescriptionError(f"In {path}, give either species ({FIELDS['species']}) or taxon ({FIELDS['taxon']}).")
    beside = path.absolute().parent
    lists = {key: tuple(value) for key, value in found.items() if isinstance(value, list)}
    return Description(**{
        **found, **lists, "plots": beside / found["plots"],
        "rasters": tuple(str(beside / raster) for raster in found["rasters"]),
        "records": beside / found["records"] if found.get("records") else None,
        "rasters_crs": found.get("rasters_crs") or None})
