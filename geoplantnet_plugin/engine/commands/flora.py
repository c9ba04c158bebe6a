"""What a person asks the Pl@ntNet API: the commands ``geoplantnet flora …`` and the job ``flora``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.convert import from_document
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import FloraJob
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Argument, Command, Document, Result, placed, typed
from geoplantnet_plugin.engine.services.plantnet import PlantNet, as_taxa, today
from geoplantnet_plugin.engine.services.settings import chosen_services
from geoplantnet_plugin.engine.taxa.table import TaxaTable


def flora_job(document: Document) -> FloraJob:
    """Return the job that a JSON object describes.

    Raises:
        EngineError: a field or the question is unknown.
    """
    job = from_document(FloraJob, {"ask": "", **document})
    if job.ask not in _QUESTIONS:
        raise EngineError("job_invalid", reason=f"ask {job.ask!r}")
    return job


def ask_flora(job: FloraJob, reporter: Reporter) -> Result:
    """Ask, and return the answer with a ``text`` for people.

    Raises:
        EngineError: no key, the area cannot be read, or what `PlantNet` raises.
    """
    services = chosen_services(api_url=job.api_url)
    with PlantNet(services.api, services.http) as api:
        return _QUESTIONS[job.ask](job, api, reporter)


def _expected(job: FloraJob, api: PlantNet, reporter: Reporter) -> Result:
    found = api.expected(_degrees(job, reporter).bounds, job.language)
    _write(job, as_taxa(found.species, job.language))
    lines = [f"{entry.score:8.4f}  {entry.name}  ({entry.observations} observations)" for entry in found.species]
    head = f"{len(lines)} species expected ({found.date}, {found.attribution}); scores are {found.scale.value}"
    return {"species": [asdict(entry) for entry in found.species], "scale": found.scale.value, "date": found.date,
            "attribution": found.attribution, "text": "\n".join([head, *lines])}


def _near(job: FloraJob, api: PlantNet, reporter: Reporter) -> Result:
    centre = _degrees(job, reporter).centroid
    floras = api.floras(centre.x, centre.y, job.language)
    return {"floras": [asdict(flora) for flora in floras],
            "text": "\n".join(f"{flora.id}  {flora.title}" for flora in floras)}


def _species(job: FloraJob, api: PlantNet, reporter: Reporter) -> Result:
    species = api.flora(job.project, job.language)
    _write(job, as_taxa(species, job.language))
    return {"species": [asdict(entry) for entry in species], "date": today(), "attribution": api.attribution,
            "text": "\n".join(f"{entry.name} {entry.authorship}  {entry.iucn}".rstrip() for entry in species)}


def _quota(job: FloraJob, api: PlantNet, reporter: Reporter) -> Result:
    quota = api.quota()
    return {"quota": asdict(quota), "text": f"{quota.day}: {quota.remaining} of {quota.total} identifications left"}


_QUESTIONS: Mapping[str, Callable[[FloraJob, PlantNet, Reporter], Result]] = {
    "expected": _expected, "near": _near, "species": _species, "quota": _quota}


def _degrees(job: FloraJob, reporter: Reporter) -> Any:
    """The shape of the area in degrees."""
    from geoplantnet_plugin.engine.sources.published.source import in_degrees
    from geoplantnet_plugin.engine.where.area import read_area

    return in_degrees(read_area(job.area, None, reporter))


def _write(job: FloraJob, taxa: TaxaTable) -> None:
    from geoplantnet_plugin.engine.base.files import writing
    from geoplantnet_plugin.engine.models.write import write_taxa

    if not job.out:
        return
    with writing(Path(job.out)) as temporary:
        write_taxa(temporary, (vars(taxon) for taxon in taxa))


AREA = typed("area", "polygons in any vector format and CRS", required=True)
OUT = typed("out", "write the species as a taxa table too", metavar="TAXA.csv")
ALWAYS = (typed("api_url", "address of the API (default: Pl@ntNet's)", metavar="URL"),
          typed("language", "language of common names (en, fr, …)"))


def _question(ask: str, help: str, *arguments: Argument) -> Command[FloraJob]:
    return Command(ask_flora, FloraJob, f"flora {ask}", help, (*arguments, *ALWAYS), {"ask": ask}, read=flora_job)


GROUPS = {"flora": "the Pl@ntNet API: expected species, floras, quota"}
COMMANDS = (
    _question("expected", "quick list of the species expected in an area (relative scores)", AREA, OUT),
    _question("near", "floras, the nearest to the area first", AREA),
    _question("species", "all species of a flora", placed("project", "id of a flora (see near)"), OUT),
    _question("quota", "what is left of today's quota"),
    Command(ask_flora, FloraJob, job="flora", read=flora_job),
)
