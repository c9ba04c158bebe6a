"""The job: what an assessment needs to know, as one data class that crosses the process boundary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from .convert import from_document
from .errors import EngineError

if TYPE_CHECKING:
    pass

DEFAULT_MEMORY = 2 * 1024**3
LEAST_MEMORY = 256 * 1024**2
_UNITS = {"": 1, "MB": 1024**2, "GB": 1024**3}


@dataclass(frozen=True)
class ModelOptions:
    """Scores from a model on this computer: `model` a name or a package's path, `predictors` what holds its inputs.

    `predictor_crs` is that of rasters that carry none; `bind` says which band a predictor is (``NAME=FILE:BAND``).
    `speed` is ``exact``, ``balanced`` or ``fast``: the latter two
    encode patches nearly, and only where the best taxa of a cell have, in the mean, a Jaccard index of at least
    `tolerance` with the exact ones. `device` is what runs the model: ``cpu``, ``cuda`` …
    """

    KIND: ClassVar[str] = "model"

    model: str = ""
    predictors: tuple[str, ...] = ()
    predictor_crs: str | None = None
    bind: tuple[str, ...] = ()
    speed: str = "exact"
    tolerance: float = 0.95
    device: str = "cpu"


@dataclass(frozen=True)
class PublishedOptions:
    """Scores from published maps, of `source_url` if given.

    Only the taxa of the file `species` (one name a line), of `families`, of `statuses` and of the Pl@ntNet flora
    `flora` (asked at `api_url` if given) where these are given; `known` is a taxa table (CSV) with their full names
    and families; `accept_terms` says that the person has read the terms of the data and accepts them; `offline`
    keeps to what is cached.
    """

    KIND: ClassVar[str] = "geoplantnet"

    source_url: str | None = None
    species: str | None = None
    families: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    flora: str = ""
    api_url: str | None = None
    known: str | None = None
    accept_terms: bool = False
    offline: bool = False


@dataclass(frozen=True)
class ServiceOptions:
    """The whole assessment from the service at the address `service`: by its `model` on its `cube`, named by their ids.

    Where only one model, or one cube for it, is offered, it need not be named. The token is in the environment;
    `language` is that of the service's sentences.
    """

    KIND: ClassVar[str] = "service"

    service: str = ""
    model: str = ""
    cube: str = ""
    language: str = "en"


@dataclass(frozen=True)
class ServiceJob:
    """The jobs `service_offers`, `service_jobs`, `service_fetch` and `service_cancel`.

    `id` is that, or the address, of one's job there, `out` the folder to fetch it into.
    """

    service: str
    id: str = ""
    out: Path = Path()
    language: str = "en"


@dataclass(frozen=True)
class VerifyJob:
    """The job `verify`: the finished assessment `folder`, how many of its `blocks` to compute again, drawn by `seed`
    (others every time without one).

    `model` and `predictors` say where they are here; blank for those that the folder names.
    """

    folder: Path
    blocks: int = 5
    model: str = ""
    predictors: tuple[str, ...] = ()
    seed: int | None = None
    memory: int = DEFAULT_MEMORY


@dataclass(frozen=True)
class ProfileRequest:
    """The job `species_profile`: altitudes, responses and months of a taxon (id or accepted name) of an assessment.

    Altitudes are read from `dem` (blank: a predictor, or base cube, that knows them); months are counted in the table
    `records`. `model` and `predictors` say where they are here; blank for those that the folder names.
    """

    folder: Path
    taxon: str
    dem: str = ""
    records: Path | None = None
    model: str = ""
    predictors: tuple[str, ...] = ()
    memory: int = DEFAULT_MEMORY


@dataclass(frozen=True)
class PhotosRequest:
    """The job `species_photos`: photos of a species that GBIF knows, at most so many, into the folder `out`.

    `gbif_id` is the species' key there; blank: it is looked up by the scientific name. `plantnet` asks for those of
    the observations that Pl@ntNet shares with GBIF alone.
    """

    name: str
    out: Path
    gbif_id: str = ""
    most: int = 6
    plantnet: bool = False


@dataclass(frozen=True)
class MonthsRequest:
    """The job `species_months`: the records of a species that GBIF knows, counted by month.

    `gbif_id` as for photos; `country` (ISO 3166, two letters) counts those of one country alone, blank: all.
    """

    name: str
    gbif_id: str = ""
    country: str = ""


class SourceOptions(Protocol):
    """A frozen data class with what one kind of score source needs to know; `KIND` is its name in the table."""

    KIND: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclass(frozen=True)
class AssessJob:
    """Everything `assess` needs. None means the score source's default.

    `area` is a vector file in any format and CRS (``FILE|layername=NAME`` picks a layer); `source` says where scores
    come from; `set_rule` is ``NAME`` or ``NAME:VALUE`` (``lambda``, ``lambda:0.5``, ``topk:25``); `memory` is in bytes.
    `country` is the site's (ISO 3166, ``CH`` or ``CH-VD``): lists not in force there count for nothing. `areas_by` is
    the field of the area whose values name areas that are also told apart; `habitats` the table of habitat types.
    For a survey list: `present` are the habitats that are there, `months` is a table that says when species show,
    `elevation` an elevation model of the site. `name` stands in titles; blank, the folder's name does.
    `all_scores` asks for every score of the listed taxa as well.
    """

    area: str
    out: Path
    source: SourceOptions = ModelOptions()
    resolution: float | None = None
    grid_crs: str | None = None
    set_rule: str | None = None
    indicators: tuple[str, ...] = ("all",)
    memory: int = DEFAULT_MEMORY
    country: str | None = None
    areas_by: str | None = None
    habitats: str | None = None
    present: tuple[str, ...] = ()
    months: str | None = None
    elevation: str | None = None
    name: str = ""
    all_scores: bool = False


@dataclass(frozen=True)
class Tiling:
    """Tiles of the side `tiles` (``25km``), made by so many `workers` here or on the Dask cluster at `scheduler`."""

    tiles: str = "25km"
    workers: int = 1
    scheduler: str = ""


@dataclass(frozen=True)
class MapJob(Tiling, AssessJob):
    """The job `map`: an assessment in tiles."""

    def assessment(self) -> AssessJob:
        """Return the assessment that is cut into tiles."""
        return AssessJob(**{field.name: getattr(self, field.name) for field in fields(AssessJob)})


@dataclass(frozen=True)
class PartsJob:
    """The job `parts`: named parts of the finished assessment `folder`.

    The polygons of the file `polygons` together are kept as the part `name`, in the place of one of that name;
    the parts `remove` are kept no more. Without either the parts are told.
    """

    folder: Path
    polygons: str = ""
    name: str = ""
    remove: tuple[str, ...] = ()


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
class ReadFieldRequest:
    """The job `read_field`: what tablets brought back (folders, zips, GeoPackages) into the assessment in `folder`."""

    folder: Path
    returned: tuple[Path, ...] = ()


@dataclass(frozen=True)
class ArchiveRequest:
    """The job `archive`: the survey in the assessment `folder` as a Darwin Core Archive.

    `licence` is ``CC0-1.0``, ``CC-BY-4.0`` or ``CC-BY-NC-4.0``; `generalise` the side in metres of the squares into
    whose middle events with listed species are moved, 0 for none; `media_url` the address where the photos will lie.
    `taxon_ids` is a table (CSV: name, id, checklist) of ids of another checklist, such as the Catalogue of Life.
    """

    folder: Path
    title: str = ""
    creator: str = ""
    organisation: str = ""
    contact: str = ""
    licence: str = "CC-BY-4.0"
    generalise: float = 0.0
    media_url: str = ""
    taxon_ids: Path | None = None


@dataclass(frozen=True)
class ModelRequest:
    """The jobs about one model, by its name or in a file or folder; what is written for people is in `language`."""

    model: str
    language: str = "en"


@dataclass(frozen=True)
class TermsRequest:
    """The job `published_terms`: the terms of the maps at `source_url`; with `accept` they are noted as accepted."""

    source_url: str | None = None
    accept: bool = False


@dataclass(frozen=True)
class AboutRequest:
    """The job `about`: versions in use and what is cached; with `empty_cache` nothing is any more."""

    empty_cache: bool = False


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
class SitesRequest:
    """The job `sites`: assessments of candidate sites, the new folder for their comparison, and its language."""

    folders: tuple[Path, ...]
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
    `most_megabytes` overrides the limit of the catalogue; with `estimate` it is only said what the fetch would cost.
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
    estimate: bool = False


def as_document(job: Any) -> dict[str, Any]:
    """Return a job's fields as a JSON object: its score source's stand beside the others, ``source`` names it."""
    document = {field.name: getattr(job, field.name) for field in fields(job)}
    if options := document.get("source") if isinstance(job, AssessJob) else None:
        document.update(source=options.KIND, **asdict(options))
    return document


def assess_job(document: Mapping[str, Any], kinds: Mapping[str, type[Any]]) -> AssessJob:
    """Return the job that `as_document` gave, or a person wrote; `kinds` are the options of the known score sources.

    Raises:
        EngineError: a field is unknown, missing or of the wrong type; there is no such score source.
    """
    kind = ModelOptions.KIND if document.get("source") in (None, "") else document["source"]
    if not isinstance(kind, str) or kind not in kinds:
        raise EngineError("source_unknown", source=str(kind)[:80], known=list(kinds))
    own = {field.name for field in fields(kinds[kind])}
    options = from_document(kinds[kind], {name: value for name, value in document.items() if name in own})
    common = {name: value for name, value in document.items() if name not in own and name != "source"}
    job = from_document(AssessJob, common)
    return replace(job, source=options, out=job.out.absolute(), memory=checked_memory(job.memory),
                   indicators=job.indicators or ("all",))


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
