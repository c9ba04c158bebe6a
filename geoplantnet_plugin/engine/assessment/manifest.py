"""The manifest of an assessment: ``assessment.json`` says what every other file of the folder is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.assessment import MANIFEST, SCHEMA
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.foreign import harmless
from geoplantnet_plugin.common.messages import Message, messages_of
from geoplantnet_plugin.engine.assessment.verdicts.entries import VerdictEntry
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.indicators.share_interval import Estimate
from geoplantnet_plugin.engine.scores.source_plan import Origin

MOST_BYTES = 200 * 1024**2
"""A manifest with a band for each of 11,255 species has 2 MB."""


@dataclass(frozen=True)
class GridEntry:
    """The grid; `effective_resolution` (m) is that of the coarsest data behind the cells."""

    crs: str
    resolution: float
    left: float
    top: float
    height: int
    width: int
    effective_resolution: float


@dataclass(frozen=True)
class SetRuleEntry:
    """The set rule with its parameters and its sentence."""

    id: str
    params: dict[str, Any]
    text: str
    messages: dict[str, Message]


@dataclass(frozen=True)
class ClassEntry:
    """One class of a class layer: its value in the raster, its code, its text in the legend, its colour (#rrggbb)."""

    value: int
    code: str
    label: str
    colour: str
    messages: dict[str, Message]

    @classmethod
    def of(cls, value: int, code: str, label: Message | str, colour: str) -> ClassEntry:
        """Describe a class whose label is a person's word or one of the catalogue's."""
        return cls(value, code, str(label), colour, messages_of(label=label))


@dataclass(frozen=True)
class IndicatorEntry:
    """One indicator layer; `known` taxa of the table have the status that it needs."""

    id: str
    title: str
    definition: str
    reference: str
    unit: str
    kind: str
    file: str
    bounds: tuple[float, float]
    known: int
    classes: list[ClassEntry]
    messages: dict[str, Message]


@dataclass(frozen=True)
class AbsentIndicator:
    """An indicator that could not be computed, and why."""

    id: str
    title: str
    reason: str
    messages: dict[str, Message]


@dataclass(frozen=True)
class SpeciesBand:
    """One band of ``species.tif``; `coverage` in %, None where cells are ranked only."""

    band: int
    id: str
    name: str
    coverage: float | None = None


@dataclass(frozen=True)
class SpeciesEntry:
    """The species raster: score = stored × `step`; `below` is stored for "below the floor"."""

    file: str
    scale: str
    step: float
    below: int
    nodata: int
    kept: int
    bands: list[SpeciesBand]


@dataclass(frozen=True)
class AllScoresEntry:
    """Every score of the taxa of `SpeciesEntry.bands`, in their order, as steps on the logit scale.

    Where `stored` is above `below`, the logit is ``offset + step × stored``; `below` stands for probabilities below
    `floor`.
    """

    file: str
    step: float
    offset: float
    floor: float
    below: int
    nodata: int
    taxa: int


@dataclass(frozen=True)
class CoverageEntry:
    """The coverage table: `cells` counted cells, `area_cells` cells of the area, shares from 0 to 1.

    `mean_richness` is the mean number of taxa of the cells' sets, `richness` the expected number with its interval.
    """

    file: str
    cells: int
    area_cells: int
    missing_share: float
    outside_domain_share: float
    mean_richness: float
    edge_domain_share: float = 0.0
    richness: Estimate = field(default_factory=Estimate)


@dataclass(frozen=True)
class SurveyEntry:
    """The survey list, with what it rests on.

    A chance speaks of a square of `side` metres; `pool` says that the site is smaller, and that the list is that of one
    square around it. `groups` counts its species by group, weak ones left out; `floor` is the lowest chance listed.
    `squares` are the names of those that the site touches; `outside` is the share (0 to 1) of the site beyond the land
    of the records. `habitats` were said to be there, `altitude` (m) is the site's, `months` whether a table says when
    species show.
    """

    file: str
    table: str
    pool: bool
    side: float
    groups: dict[str, int]
    floor: float
    squares: tuple[str, ...]
    outside: float
    habitats: tuple[str, ...]
    altitude: tuple[float, float] | None
    months: bool


@dataclass(frozen=True)
class RanksEntry:
    """Cells ranked within squares of `side` metres: the `file` and the `table` of the `taxa` that are ranked.

    `squares` are the names of the records' squares that the site touches.
    """

    file: str
    table: str
    side: float
    taxa: int
    squares: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """Everything a reader of the folder needs to know. Paths are relative to the folder.

    `model` is what the model card says of itself (empty for other score sources); `absent` are the indicators that
    could not be computed; `verdicts` answer the five questions; `uncertainty` are the layers
    that say how sure the indicators are, `quality` those on the predictors of the cells; `cell_states` says how many
    pairs of cell and taxon had a score, were below the floor, missing or outside (published maps). `cube` is what a
    service says of its predictors (id, date, licence, name and checksum of each file); empty for a run here.
    Texts are English; what the catalogue can say in other languages stands beside them under ``messages``
    (`common.messages.said`).
    """

    title: str
    created: str
    state: str
    simulated: bool
    area: dict[str, Any]
    grid: GridEntry
    score_source: Origin
    set_rule: SetRuleEntry
    predictors: list[dict[str, Any]]
    blocks: dict[str, int]
    job: dict[str, Any]
    model: dict[str, Any] = field(default_factory=dict)
    indicators: list[IndicatorEntry] = field(default_factory=list)
    absent: list[AbsentIndicator] = field(default_factory=list)
    uncertainty: list[IndicatorEntry] = field(default_factory=list)
    quality: list[IndicatorEntry] = field(default_factory=list)
    species: SpeciesEntry | None = None
    all_scores: AllScoresEntry | None = None
    coverage: CoverageEntry | None = None
    survey: SurveyEntry | None = None
    verdicts: list[VerdictEntry] = field(default_factory=list)
    ranks: RanksEntry | None = None
    cell_states: dict[str, int] = field(default_factory=dict)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    cube: dict[str, Any] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    software: dict[str, str] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)
    schema: int = SCHEMA


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``assessment.json``, whole or not at all."""
    with writing(folder / MANIFEST) as path:
        path.write_text(json.dumps(asdict(manifest), indent=1, ensure_ascii=False, default=str), encoding="utf-8")


def read_document(folder: Path) -> dict[str, Any]:
    """Return the manifest of an assessment as JSON.

    Raises:
        EngineError: as `read_any_document`, or it is that of many tiles.
    """
    document = read_any_document(folder)
    if tiles := document.get("tiles"):
        raise EngineError("assessment_of_tiles", folder=folder, count=len(tiles), example=tiles[0]["folder"])
    return document


def read_any_document(folder: Path) -> dict[str, Any]:
    """Return the manifest of an assessment, or of a map of tiles, as JSON.

    Raises:
        EngineError: there is none, it is damaged or it was written by another version.
    """
    try:
        if (folder / MANIFEST).stat().st_size > MOST_BYTES:
            raise ValueError("too large")
        document = harmless(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise EngineError("assessment_unreadable", folder=folder, reason=str(error)) from error
    if not isinstance(document, dict) or not isinstance(document.get("schema"), int):
        raise EngineError("assessment_unreadable", folder=folder, reason="no schema number")
    if document["schema"] > SCHEMA:
        raise EngineError("assessment_newer", folder=folder, schema=document["schema"])
    if document["schema"] < SCHEMA:
        raise EngineError("assessment_older", folder=folder, schema=document["schema"])
    return document
