"""The job: what an assessment needs to know, as one data class that crosses the process boundary."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import EngineError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

DEFAULT_MEMORY = 2 * 1024**3
LEAST_MEMORY = 256 * 1024**2
Request = TypeVar("Request", bound="DataclassInstance")
_UNITS = {"": 1, "MB": 1024**2, "GB": 1024**3}


@dataclass(frozen=True)
class AssessJob:
    """Everything `assess` needs. None means the model card's default.

    `area` is a vector file in any format and CRS (``FILE|layername=NAME`` picks a layer); `set_rule` is
    ``NAME`` or ``NAME:VALUE`` (``lambda``, ``lambda:0.5``, ``topk:25``); `memory` is in bytes.
    `source` is a name of `scores.sources.SOURCES`: ``model`` needs `model` and `predictors`; ``geoplantnet``
    reads published maps, of `source_url` if given, and only the taxa of the file `species` (one name a line), of
    `families`, of `statuses` and of the Pl@ntNet flora `flora` (asked at `api_url` if given) where these are given;
    `known` is a taxa table (CSV) with their full names and families; `accept_terms` says that the person has read the
    terms of the data and accepts them; `offline` keeps to what is cached.
    `country` is the site's (ISO 3166, ``CH`` or ``CH-VD``): lists not in force there count for nothing. `areas_by` is
    the field of the area whose values name areas that are also told apart; `habitats` the table of habitat types.
    """

    area: str
    out: Path
    model: str = ""
    predictors: tuple[str, ...] = ()
    resolution: float | None = None
    grid_crs: str | None = None
    predictor_crs: str | None = None
    set_rule: str | None = None
    indicators: tuple[str, ...] = ("all",)
    memory: int = DEFAULT_MEMORY
    source: str = "model"
    source_url: str | None = None
    species: str | None = None
    families: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    flora: str = ""
    api_url: str | None = None
    known: str | None = None
    accept_terms: bool = False
    offline: bool = False
    country: str | None = None
    areas_by: str | None = None
    habitats: str | None = None


@dataclass(frozen=True)
class ReportRequest:
    """What a person says of a report: blank where they say nothing.

    `country` is the site's ISO 3166 code (``CH``, ``CH-VD``), which decides which lists are in force: blank for the
    one that the assessment was made with;
    `observations` a table of the user's own records.
    """

    folder: Path
    language: str = "en"
    title: str = ""
    client: str = ""
    site: str = ""
    author: str = ""
    date: str = ""
    country: str = ""
    observations: Path | None = None


@dataclass(frozen=True)
class PackRequest:
    """The job `pack`: a field package from the finished assessment in `folder`, in the new folder `out`.

    The plan has `points` points, or as many as fit into `hours` of work where these are given; it is weighted by
    `weight` (``even``, ``uncertainty``, ``stake`` or ``both``), stratified by `strata` (``habitat``, ``richness`` or
    blank) and stays inside the polygons of the file `access`; the same `seed` gives the same plan. `species` are ids
    or names of taxa whose maps go along, by default the `species_maps` most at stake; `budget` is in megabytes.
    """

    folder: Path
    out: Path
    language: str = "en"
    points: int = 30
    hours: float | None = None
    weight: str = "both"
    strata: str = ""
    access: str = ""
    seed: int = 1
    species: tuple[str, ...] = ()
    species_maps: int = 10
    budget: float = 500.0


@dataclass(frozen=True)
class ImportRequest:
    """The job `import_taxa`: the file of a list and what it is; blank where its default is good (see the command)."""

    list: Path
    id: str = ""
    title: str = ""
    kind: str = ""
    instrument: str = ""
    territory: str = ""
    date: str = ""
    complete: bool = False
    name_column: str = ""
    value_column: str = ""
    model: str = ""
    language: str = "en"


@dataclass(frozen=True)
class CompareRequest:
    """The job `compare`: two assessment folders, the new folder for the comparison, and its language."""

    first: Path
    second: Path
    out: Path
    language: str = "en"


@dataclass(frozen=True)
class FloraJob:
    """One question to the API; the key is in the environment.

    `ask` is ``expected`` (quick list of the area), ``near`` (floras, the nearest to the area first), ``species`` (of
    the flora `project`) or ``quota``; `out` is a taxa table (CSV) to write the species to, if any.
    """

    ask: str
    area: str = ""
    project: str = ""
    language: str = "en"
    api_url: str | None = None
    out: str = ""


@dataclass(frozen=True)
class FetchJob:
    """Everything a fetch of predictors from the net needs.

    `area` is a vector file in any format and CRS (``FILE|layername=NAME`` picks a layer); `out` the folder for the
    rasters, whose earlier ones are kept. `sources` are ``NAME`` or ``NAME:VARIABLE,VARIABLE``; with a `model` only
    what it wants is fetched, from all sources where none is named. Scenes are taken from `start` to `end` (ISO days;
    last year where blank) and in the months `season` (``06-08``; ``01-12`` for the whole year; the source's own where
    blank). `resolution` in metres and `grid_crs` are those of the result; without a resolution pixels stay as the
    source has them. `accepted` says that a person has seen size and terms and agreed: nothing is fetched without.
    `most_megabytes` overrides the limit of the catalogue.
    """

    area: str
    out: Path
    sources: tuple[str, ...] = ()
    model: str = ""
    start: str = ""
    end: str = ""
    season: str = ""
    resolution: float | None = None
    grid_crs: str | None = None
    accepted: bool = False
    most_megabytes: float | None = None


def refuse_unknown(kind: type[DataclassInstance], document: Mapping[str, Any]) -> None:
    """Raise `EngineError` when a JSON object has fields that the data class lacks."""
    if unknown := sorted(set(document) - {field.name for field in fields(kind)}):
        raise EngineError("job_invalid", reason=f"unknown: {', '.join(unknown)}")


_READERS: Mapping[str, tuple[tuple[type, ...], Callable[[Any], Any]]] = {
    "str": ((str,), str), "bool": ((bool,), bool), "int": ((int,), int), "float": ((int, float), float),
    "Path": ((str,), Path),
    "tuple[str, ...]": ((list,), lambda texts: tuple(str(text) for text in texts)),
    "tuple[Path, ...]": ((list,), lambda texts: tuple(Path(str(text)) for text in texts))}
"""What JSON holds for a field of a request by its type, and how it is read."""


def request(kind: type[Request], document: Mapping[str, Any]) -> Request:
    """Return the data class that a JSON object describes: texts, numbers, answers and lists of texts; ``Path``
    fields from texts.

    Raises:
        EngineError: a field is unknown, missing or of the wrong type.
    """
    refuse_unknown(kind, document)
    types = {field.name: str(field.type).removesuffix(" | None") for field in fields(kind)}
    values: dict[str, Any] = {}
    for name, value in document.items():
        if value is None:
            continue
        expected, read = _READERS[types[name]]
        if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
            raise EngineError("job_invalid", reason=f"{name}: {value!r}")
        values[name] = read(value)
    try:
        return kind(**values)
    except TypeError as error:
        raise EngineError("job_invalid", reason=str(error)) from error


def assess_job(document: Mapping[str, Any]) -> AssessJob:
    """Return the job that a JSON object describes (fields of `AssessJob`; missing ones have its defaults).

    Raises:
        EngineError: a field is unknown, missing or of the wrong type.
    """
    refuse_unknown(AssessJob, document)
    try:
        return AssessJob(**{
            **document, **{name: tuple(document.get(name) or ()) for name in ("predictors", "families", "statuses")},
            "out": Path(document["out"]).absolute(),
            "indicators": tuple(document.get("indicators") or ("all",)),
            "memory": checked_memory(int(document.get("memory") or DEFAULT_MEMORY))})
    except (KeyError, TypeError, ValueError) as error:
        raise EngineError("job_invalid", reason=f"{type(error).__name__} {error}") from error


def parse_memory(text: str) -> int:
    """Return the bytes of ``2GB``, ``500MB`` or a plain number (binary multiples, at least 256 MB).

    Raises:
        EngineError: the text is no such amount.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(MB|GB|)", text.strip(), re.IGNORECASE)
    if not match:
        raise EngineError("memory_invalid", memory=text)
    return checked_memory(int(float(match[1]) * _UNITS[match[2].upper()]))


def checked_memory(memory: int) -> int:
    """Return `memory` in bytes when it is enough to work with.

    Raises:
        EngineError: it is less than 256 MB.
    """
    if memory < LEAST_MEMORY:
        raise EngineError("memory_invalid", memory=memory)
    return memory
