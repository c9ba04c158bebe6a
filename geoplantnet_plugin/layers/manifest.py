"""Reads ``assessment.json``: what an assessment folder holds, as data classes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..common.assessment import COMPLETE, MANIFEST, SCHEMA, TABLES
from ..common.foreign import harmless
from ..common.messages import said
from ..common.model_titles import model_title
from ..common.verdicts import Verdict, read_verdicts
from ..i18n import language, tr

MOST_REASON = 300
"""Characters of what Python says of a damaged manifest."""


class NotAnAssessment(Exception):
    """The folder cannot be opened as an assessment; the text is for the user."""


@dataclass(frozen=True)
class Category:
    """One class of a class indicator; `color` as #rrggbb, blank when none is given."""

    value: int
    label: str
    color: str


@dataclass(frozen=True)
class Indicator:
    """One indicator raster; `bounds` fix its legend, `categories` are there for classes only."""

    id: str
    title: str
    definition: str
    unit: str
    is_class: bool
    file: Path
    bounds: tuple[float, float]
    categories: tuple[Category, ...]

    @property
    def title_with_unit(self) -> str:
        """The title, and the unit of the values where they have one."""
        return f"{self.title} ({self.unit})" if self.unit and not self.is_class else self.title


@dataclass(frozen=True)
class SpeciesBand:
    """One taxon of ``species.tif``; `coverage` is a share of the area's cells in %, None where cells are ranked."""

    band: int
    id: str
    name: str
    coverage: float | None


@dataclass(frozen=True)
class GridFrame:
    """Where the grid lies (upper left corner, in the grid's CRS) and how many cells it has."""

    left: float
    top: float
    height: int
    width: int


@dataclass(frozen=True)
class Tile:
    """An assessment of a part of the whole: its `folder` and where its grid lies."""

    folder: Path
    grid: GridFrame


@dataclass(frozen=True)
class PredictorSource:
    """Where a predictor was read: the band of a file, in the words of the assessment; `crs`, `unit` may be blank."""

    name: str
    source: str
    band: int
    crs: str
    unit: str


@dataclass(frozen=True)
class Survey:
    """The survey list: its `file`; whether it is all that there is, the site being smaller than its square (`pool`)."""

    file: Path
    pool: bool


@dataclass(frozen=True)
class Ranks:
    """Cells ranked within squares of `side` metres, species by species: all that there is."""

    side: float


@dataclass(frozen=True)
class Assessment:
    """What the layers need of a manifest; files are absolute and lie inside `folder`.

    While an assessment is unfinished, or where it is a survey list alone, it has no indicators, no species and no
    coverage; ranks within squares come with species alone.
    """

    folder: Path
    title: str
    created: str
    complete: bool
    simulated: bool
    cells: int
    hectares: float
    crs: str
    grid: GridFrame
    resolution: float
    effective_resolution: float
    source_title: str
    source_version: str
    source_digest: str
    effort: float | None
    """How well the land is taken as explored; None where the model states none."""
    scale: str
    licence: str
    attribution: str
    rule: str
    threshold: float | None
    """λ of the set rule: taxa are present above it; None where the rule has none, or one for each taxon."""
    predictors: tuple[PredictorSource, ...]
    indicators: tuple[Indicator, ...]
    absent: tuple[tuple[str, str], ...]
    """Title of each indicator that could not be computed, and why."""
    uncertainty: tuple[Indicator, ...]
    quality: tuple[Indicator, ...]
    """Layers on the cells themselves, such as whether they lie inside the model's domain."""
    species_file: Path | None
    species: tuple[SpeciesBand, ...]
    coverage_file: Path | None
    outside_share: float | None
    """Share of the cells outside the model's domain in %; None where that is not known."""
    geopackage: Path
    survey: Survey | None
    tiles: tuple[Tile, ...]
    """The assessments that hold the cells of a map of many tiles; none where the cells are its own."""
    verdicts: tuple[Verdict, ...]
    """The answers to the five questions; none in assessments of earlier versions."""
    ranks: Ranks | None

    @property
    def display_title(self) -> str:
        """The title, which says so when the data are simulated."""
        return tr("{title} (simulated data)").format(title=self.title) if self.simulated else self.title

    def row_col(self, x: float, y: float) -> tuple[int, int]:
        """Return row and column of the cell at a point in the grid's CRS; it may lie outside the grid."""
        return int((self.grid.top - y) // self.resolution), int((x - self.grid.left) // self.resolution)

    @property
    def source_text(self) -> str:
        """A sentence on where the scores come from, and when they were assessed."""
        return tr("Source: {source}, version {version}; assessed on {date}.").format(
            source=self.source_title, version=self.source_version or "–", date=self.created[:10])


def read_assessment(folder: Path) -> Assessment:
    """Read the manifest of an assessment folder, once for as long as it does not change.

    Raises:
        NotAnAssessment: no manifest, a damaged one, or one written by a newer version.
    """
    try:
        stamp = (folder / MANIFEST).stat()
    except OSError:
        stamp = None
    return _read(folder, language(), stamp and (stamp.st_mtime_ns, stamp.st_size))


@lru_cache(maxsize=16)
def _read(folder: Path, spoken: str, stamp: tuple[int, int] | None) -> Assessment:
    """Read a manifest; language and `stamp` (when it was written, its size) tell one reading from another."""
    path = folder / MANIFEST
    try:
        values = harmless(json.loads(path.read_text(encoding="utf-8")))
        schema = int(values["schema"])
    except FileNotFoundError:
        raise NotAnAssessment(tr("{folder} is not an assessment: it has no {file}.").format(
            folder=folder, file=MANIFEST)) from None
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise _damaged(path, error) from error
    if schema > SCHEMA:
        raise NotAnAssessment(tr("{folder} was written by a newer version of the plugin (format {found}; this "
                                 "version reads {known}). Update the plugin to open it.").format(
            folder=folder, found=schema, known=SCHEMA))
    if schema < SCHEMA:
        raise NotAnAssessment(tr("{folder} was written by an earlier version of the plugin, whose tables are read "
                                 "differently. Make the assessment again from its area.").format(folder=folder))
    try:
        return _assessment(folder.resolve(), values)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> NotAnAssessment:
    return NotAnAssessment(tr("{file} is damaged and cannot be read ({reason}).").format(
        file=path, reason=repr(error)[:MOST_REASON]))


def _assessment(folder: Path, values: dict[str, Any]) -> Assessment:
    source, grid = values["score_source"], values["grid"]
    species, coverage = values["species"] or {"bands": []}, values["coverage"]
    lambda_ = values["set_rule"].get("params", {}).get("lambda")
    return Assessment(
        folder=folder, title=str(values["title"]), created=str(values["created"]),
        complete=values["state"] == COMPLETE, simulated=bool(values["simulated"]),
        cells=int(values["area"]["cells"]), hectares=float(values["area"]["hectares"]),
        crs=str(grid["crs"]),
        grid=_frame(grid),
        resolution=float(grid["resolution"]),
        effective_resolution=float(grid["effective_resolution"]),
        source_title=model_title(str(source["title"]), language()), scale=str(source["scale"]),
        licence=str(source.get("licence") or ""), attribution=str(source.get("attribution") or ""),
        source_version=str(source.get("version") or ""), source_digest=str(source.get("digest") or ""),
        effort=_effort(values.get("model") or {}),
        rule=said(values["set_rule"], "text", language()),
        threshold=float(lambda_) if isinstance(lambda_, (int, float)) else None,
        predictors=tuple(_predictor(entry) for entry in values.get("predictors") or ()),
        indicators=tuple(_indicator(folder, entry) for entry in values["indicators"]),
        absent=tuple((said(entry, "title", language()), said(entry, "reason", language()))
                     for entry in values.get("absent") or ()),
        uncertainty=tuple(_indicator(folder, entry) for entry in values["uncertainty"]),
        quality=tuple(_indicator(folder, entry) for entry in values.get("quality") or ()),
        species_file=_inside(folder, species["file"]) if values["species"] else None,
        species=tuple(_band(entry) for entry in species["bands"]),
        coverage_file=_inside(folder, coverage["file"]) if coverage else None,
        outside_share=(100 * float(coverage["outside_domain_share"])
                       if coverage and coverage.get("outside_domain_share") is not None else None),
        geopackage=folder / TABLES, tiles=tuple(_tile(folder, entry) for entry in values.get("tiles") or ()),
        survey=_survey(folder, values.get("survey")),
        verdicts=read_verdicts(values.get("verdicts"), language()),
        ranks=Ranks(float(values["ranks"]["side"])) if values.get("ranks") else None)


def _band(entry: dict[str, Any]) -> SpeciesBand:
    coverage = entry["coverage"]
    return SpeciesBand(int(entry["band"]), str(entry["id"]), str(entry["name"]),
                       None if coverage is None else float(coverage))


def _frame(entry: dict[str, Any]) -> GridFrame:
    return GridFrame(float(entry["left"]), float(entry["top"]), int(entry["height"]), int(entry["width"]))


def _tile(folder: Path, entry: dict[str, Any]) -> Tile:
    return Tile(_inside(folder, entry["folder"]), _frame(entry))


def _survey(folder: Path, entry: dict[str, Any] | None) -> Survey | None:
    return Survey(_inside(folder, entry["file"]), bool(entry["pool"])) if entry else None


def _effort(model: dict[str, Any]) -> float | None:
    level = (model.get("effort") or {}).get("level")
    return float(level) if isinstance(level, (int, float)) else None


def _indicator(folder: Path, entry: dict[str, Any]) -> Indicator:
    low, high = (float(bound) for bound in entry["bounds"])
    spoken = language()
    return Indicator(str(entry["id"]), *(said(entry, name, spoken) for name in ("title", "definition", "unit")),
                     entry["kind"] == "class", _inside(folder, entry["file"]), (low, high),
                     tuple(Category(int(item["value"]), said(item, "label", spoken), str(item.get("colour") or ""))
                           for item in entry.get("classes") or ()))


def _predictor(entry: dict[str, Any]) -> PredictorSource:
    return PredictorSource(str(entry["name"]), str(entry.get("source") or ""), int(entry.get("band") or 1),
                           str(entry.get("crs") or ""),
                           str(entry.get("unit") or ""))


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if folder not in path.parents:
        raise ValueError(f"{name} lies outside the folder")
    path.exists()  # fails where no file can have such a name
    return path
