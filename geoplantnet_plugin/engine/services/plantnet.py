"""The Pl@ntNet API: a quick list of expected species, the nearest flora, what it says of taxa, the quota.

The key travels in the address, as the API wants it. It is given to each request apart from the address that is
kept, logged or shown, and it is in no error.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.vernacular import NAME_COLUMNS
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.services.documents import parse_any
from geoplantnet_plugin.engine.services.http import Fetcher
from geoplantnet_plugin.engine.services.settings import ApiSettings, HttpSettings
from geoplantnet_plugin.engine.taxa.names import parse_name
from geoplantnet_plugin.engine.taxa.statuses import IUCN
from geoplantnet_plugin.engine.taxa.table import Status, TaxaTable, Taxon

KEY_VARIABLE = "PLANTNET_API_KEY"
PAGE = 500
MOST_PAGES = 200
ANSWER_LIMIT = 32_000_000


@dataclass(frozen=True)
class ExpectedSpecies:
    """One species of the quick list: `score` is relative, it ranks and means nothing else."""

    name: str
    authorship: str
    family: str
    genus: str
    common_names: tuple[str, ...]
    gbif_id: str
    score: float
    observations: int | None


@dataclass(frozen=True)
class ExpectedList:
    """The quick list of an area, best first, with the day it was asked for."""

    species: tuple[ExpectedSpecies, ...]
    date: str
    attribution: str
    scale: Scale = Scale.RELATIVE


@dataclass(frozen=True)
class Flora:
    """One flora ("project"); `species` is None where the API does not say how many it has."""

    id: str
    title: str
    description: str
    species: int | None


@dataclass(frozen=True)
class FloraSpecies:
    """What a flora says of a species; blank is unknown. `iucn` is a Red List category."""

    name: str
    authorship: str
    common_names: tuple[str, ...]
    gbif_id: str
    powo_id: str
    iucn: str


@dataclass(frozen=True)
class Quota:
    """Identifications of a day: asked, allowed, left; None where the API does not say."""

    day: str
    used: int | None
    total: int | None
    remaining: int | None


class PlantNet:
    """The API with one key.

    Raises (all methods):
        ServiceError: key refused, quota gone, host away, … (``service_…``).
        EngineError: the answer has an unknown form.
    """

    def __init__(self, settings: ApiSettings, http: HttpSettings, key: str = "") -> None:
        """Use `key`, or the one in the environment variable ``PLANTNET_API_KEY``."""
        self._key = key.strip() or os.environ.get(KEY_VARIABLE, "").strip()
        if not self._key:
            raise EngineError("plantnet_no_key", home=settings.home)
        self._settings = settings
        self._fetcher = Fetcher(http, settings.hosts)

    @property
    def attribution(self) -> str:
        """Whom the answers are to be credited to."""
        return self._settings.attribution

    def __repr__(self) -> str:
        return f"PlantNet({self._settings.url})"

    def __enter__(self) -> PlantNet:
        return self

    def __exit__(self, *_: object) -> None:
        self._fetcher.close()

    def expected(self, bounds: tuple[float, float, float, float], language: str = "en") -> ExpectedList:
        """Return the species expected in a box of west, south, east, north in degrees.

        No species at all (404, "Species Not Found") is an empty list, not a fault.
        """
        west, south, east, north = bounds
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise EngineError("plantnet_bad_box", west=west, south=south, east=east, north=north)
        path = "/prediction/geo/species"
        content = self._get(path, {"topLeftLat": north, "topLeftLon": west, "bottomRightLat": south,
                                   "bottomRightLon": east, "lang": language}, nothing_is_404=True)
        species = sorted((_expected(entry) for entry in _list(content, path)), key=lambda found: -found.score)
        return ExpectedList(tuple(species), today(), self._settings.attribution)

    def floras(self, longitude: float, latitude: float, language: str = "en") -> tuple[Flora, ...]:
        """Return the floras, the nearest to a place first."""
        content = self._get("/projects", {"lat": latitude, "lon": longitude, "lang": language})
        return tuple(Flora(_text(entry, "id"), _text(entry, "title"), _text(entry, "description"),
                           _whole(entry.get("speciesCount"))) for entry in _list(content, "/projects"))

    def flora(self, project: str, language: str = "en") -> tuple[FloraSpecies, ...]:
        """Return all species of a flora, page by page."""
        path = f"/projects/{quote(project, safe='')}/species"
        found: list[FloraSpecies] = []
        for page in range(1, MOST_PAGES + 1):
            content = self._get(path, {"page": page, "pageSize": PAGE, "lang": language})
            entries = _list(content, path)
            found += [_flora_species(entry) for entry in entries]
            if len(entries) < PAGE:
                return tuple(found)
        raise EngineError("plantnet_bad_answer", path=path)

    def quota(self) -> Quota:
        """Return what is left of today's identifications."""
        content = self._get("/quota/daily", {})
        if not isinstance(content, dict):
            raise EngineError("plantnet_bad_answer", path="/quota/daily")
        group = content.get("quota")
        counts = group.get("identify", {}) if isinstance(group, dict) else content
        return Quota(_text(content, "day") or today(), _whole(counts.get("count")), _whole(counts.get("total")),
                     _whole(counts.get("remaining")))

    def _get(self, path: str, query: Mapping[str, object], nothing_is_404: bool = False) -> Any:
        url = self._settings.url.rstrip("/") + path
        answer = self._fetcher.get(url, ANSWER_LIMIT, accept=(404,) if nothing_is_404 else (),
                                   query={**{key: str(value) for key, value in query.items()}, "api-key": self._key})
        content = parse_any(answer.body, url)
        return [] if answer.status == 404 else content


def enrich(taxa: TaxaTable, species: Sequence[FloraSpecies], project: str, language: str = "en",
           date: str = "") -> TaxaTable:
    """Return `taxa` with common names, GBIF ids and IUCN categories of a flora, where nothing was known.

    A taxon is found by its name without author. The category keeps its source and `date` (today's when blank), since
    the Red List changes.
    """
    known = {parse_name(entry.name).key: entry for entry in species}
    return TaxaTable(tuple(
        _enriched(taxon, known.get(parse_name(taxon.accepted_name).key), project, language, date or today())
        for taxon in taxa))


def _enriched(taxon: Taxon, entry: FloraSpecies | None, project: str, language: str, date: str) -> Taxon:
    if entry is None:
        return taxon
    statuses = taxon.statuses
    if entry.iucn and not any(status.kind == "iucn" for status in statuses):
        statuses += (Status("iucn", entry.iucn, "IUCN Red List", "", f"Pl@ntNet API, flora {project}", date),)
    return replace(_with_common_name(taxon, entry.common_names, language), statuses=statuses,
                   gbif_id=taxon.gbif_id or entry.gbif_id, authorship=taxon.authorship or entry.authorship)


def as_taxa(species: Sequence[ExpectedSpecies | FloraSpecies], language: str = "en") -> TaxaTable:
    """Return species of the API as a taxa table; their id is the GBIF id, or their place where there is none."""
    return TaxaTable(tuple(
        _with_common_name(
            Taxon(id=entry.gbif_id or str(i), name=entry.name, accepted_name=entry.name, authorship=entry.authorship,
                  gbif_id=entry.gbif_id, genus=entry.name.split()[0],
                  family=entry.family if isinstance(entry, ExpectedSpecies) else ""), entry.common_names, language)
        for i, entry in enumerate(species) if entry.name))


def _with_common_name(taxon: Taxon, names: tuple[str, ...], language: str) -> Taxon:
    column = f"common_{language}"
    if not names or column not in NAME_COLUMNS:
        return taxon
    return taxon.named({column: taxon.common_names[column] or names[0]})


def _expected(entry: Mapping[str, Any]) -> ExpectedSpecies:
    gbif = entry.get("gbif")
    score = entry.get("score")
    return ExpectedSpecies(
        _text(entry, "scientificNameWithoutAuthor"), _text(entry, "scientificNameAuthorship"), _name(entry, "family"),
        _name(entry, "genus"), _texts(entry.get("commonNames")),
        _text(gbif, "id") if isinstance(gbif, dict) else "",
        float(score) if isinstance(score, (int, float)) else float("nan"), _whole(entry.get("observationCount")))


def _flora_species(entry: Mapping[str, Any]) -> FloraSpecies:
    category = _text(entry, "iucnCategory").upper()
    return FloraSpecies(_text(entry, "scientificNameWithoutAuthor"), _text(entry, "scientificNameAuthorship"),
                        _texts(entry.get("commonNames")), _text(entry, "gbifId"), _text(entry, "powoId"),
                        category if category in IUCN else "")


def _list(content: Any, path: str) -> list[dict[str, Any]]:
    """The entries of an answer, which is a list or an object with ``results``."""
    entries = content.get("results") if isinstance(content, dict) else content
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise EngineError("plantnet_bad_answer", path=path)
    return entries


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return str(value).strip() if isinstance(value, (str, int)) else ""


def _name(entry: Mapping[str, Any], key: str) -> str:
    """A family or genus: a name, or an object with its name."""
    value = entry.get(key)
    return _text(value, "scientificNameWithoutAuthor") if isinstance(value, dict) else _text(entry, key)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(text) for text in value if isinstance(text, str)) if isinstance(value, list) else ()


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def today() -> str:
    """Return the date (UTC) that answers of the API are kept with."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%d")
