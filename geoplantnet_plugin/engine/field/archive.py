"""Evidence to share: the survey as a Darwin Core Archive (Event core, Occurrence, Humboldt, Multimedia)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.fieldpackage import FIELD
from geoplantnet_plugin.common.jobs import ArchiveRequest
from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.field.events import PLAN_PROTOCOL, RELEVE_PROTOCOL, Events, Line
from geoplantnet_plugin.engine.field.merge import Survey
from geoplantnet_plugin.engine.field.names import Names
from geoplantnet_plugin.engine.field.store import known_versions
from geoplantnet_plugin.engine.field.terms import EVENT, FILES, HUMBOLDT, LICENCES, MULTIMEDIA, OCCURRENCE, File
from geoplantnet_plugin.engine.field.validate import Fault, validate
from geoplantnet_plugin.engine.field.weights import sensitive_taxa

ARCHIVE = "dwca.zip"
META, EML = "meta.xml", "eml.xml"


def write_archive(request: ArchiveRequest, reporter: Reporter) -> tuple[Path, list[Fault]]:
    """Write ``field/dwca.zip`` of an assessment and return it with what our validator finds in it.

    With `generalise` the coordinates of events with listed species are moved to the middle of squares so large.

    Raises:
        EngineError: nothing was read back yet, the licence is unknown, the table of ids cannot be read, or no record
            has a place and a date.
    """
    if request.licence not in LICENCES:
        raise EngineError("field_licence", licence=request.licence, known=list(LICENCES))
    folder = open_folder(request.folder)
    survey = Survey(tuple(known_versions(request.folder / FIELD)))
    country = folder.document.get("job", {}).get("country")
    sensitive = sensitive_taxa(folder, country if isinstance(country, str) else None)
    events = Events(folder, survey, Names(folder.taxa), _titled(request, folder), sensitive,
                    _taxon_ids(request.taxon_ids))
    if not events.sites:
        raise EngineError("field_nothing_to_share", folder=request.folder)
    lines = {EVENT: events.events(), OCCURRENCE: events.occurrences(), HUMBOLDT: events.inventories(),
             MULTIMEDIA: events.media()}
    path = request.folder / FIELD / ARCHIVE
    with writing(path) as temporary, ZipFile(temporary, "w", ZIP_DEFLATED) as archive:
        for file, rows in lines.items():
            archive.writestr(file.name, _text(file, rows))
        archive.writestr(META, _render("meta.xml.j2", {"files": FILES}))
        archive.writestr(EML, _render("eml.xml.j2", _eml(events)))
    if events.left_out:
        reporter.warning("field_left_out", count=events.left_out)
    return path, validate(path)


def _titled(request: ArchiveRequest, folder: AssessmentFolder) -> ArchiveRequest:
    from dataclasses import replace

    title = request.title or f"Plant survey: {folder.document['title']}"
    return replace(request, title=title, organisation=request.organisation or request.creator)


def _taxon_ids(path: Path | None) -> dict[str, tuple[str, str]]:
    """Read a table of ids: name, id, checklist."""
    if path is None:
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {row["name"].strip(): (row["id"].strip(), row["checklist"].strip()) for row in csv.DictReader(file)}
    except (OSError, UnicodeDecodeError, KeyError, AttributeError, csv.Error) as error:
        raise EngineError("field_taxon_ids", path=path, reason=repr(error)) from error


def _text(file: File, rows: Iterable[Line]) -> str:
    lines = ["\t".join(file.columns)]
    for row in rows:
        lines.append("\t".join(_cell(row.get(column)) for column in file.columns))
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _render(template: str, values: Mapping[str, object]) -> str:
    from jinja2 import Environment, FileSystemLoader

    templates = Environment(loader=FileSystemLoader(RESOURCES / "field"), autoescape=True)
    return templates.get_template(template).render(values)


def _eml(events: Events) -> dict[str, object]:
    request, places = events.request, [place for _, _, _, place in events.sites]
    dates = sorted(str(row["date"])[:10] for row, _, _, _ in events.sites)
    return {
        "id": events.parent, "title": request.title, "creator": request.creator, "contact": request.contact,
        "organisation": request.organisation, "date": date.today().isoformat(), "licence": request.licence,
        "licence_url": LICENCES[request.licence],
        "abstract": f"{len(events.sites)} sampling events with presences and absences of plants, recorded in the field "
                    "to check a map of predicted species.",
        "west": min(place.longitude for place in places), "east": max(place.longitude for place in places),
        "south": min(place.latitude for place in places), "north": max(place.latitude for place in places),
        "begin": dates[0], "end": dates[-1], "methods": RELEVE_PROTOCOL, "sampling": PLAN_PROTOCOL}
