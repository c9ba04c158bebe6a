"""Our own offline validator of Darwin Core Archives: what public validators let through is found here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.files import BROKEN_ZIP
from geoplantnet_plugin.engine.field.terms import EVENT, EXTENSIONS, FILES, OCCURRENCE, PAIRS, VOCABULARIES, File

ERROR, WARNING = "error", "warning"
Lines = list[dict[str, str]]
NEEDED = ("meta.xml", "eml.xml", *(file.name for file in FILES))
EML_ELEMENTS = ("title", "creator", "metadataProvider", "contact", "abstract", "intellectualRights")
"""Without these GBIF does not take a data set."""
COUNTS = ("individualCount", "sampleSizeValue", "coordinateUncertaintyInMeters", "totalAreaSampledValue",
          "eventDurationValue", "samplingEffortValue", "siteCount", "geospatialScopeAreaValue")


@dataclass(frozen=True)
class Fault:
    """One fault: `rule` names the catalogue's ``dwca_…``; `line` counts from 1 below the header, 0 for the file."""

    level: str
    file: str
    line: int
    rule: str
    detail: str


def validate(path: Path) -> list[Fault]:
    """Return the faults of an archive, none where it is as our rules want it.

    Raises:
        EngineError: it is no zip.
    """
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
            texts = {name: archive.read(name).decode("utf-8", errors="replace") for name in NEEDED if name in names}
    except (*BROKEN_ZIP, OSError) as error:
        raise EngineError("field_returned_damaged", path=path, reason=str(error)) from error
    faults = [Fault(ERROR, name, 0, "missing_file", name) for name in NEEDED if name not in texts]
    tables = {file: _lines(texts[file.name]) for file in FILES if file.name in texts}
    for file, lines in tables.items():
        faults += _columns(file, texts[file.name], texts.get("meta.xml", ""))
        for number, line in enumerate(lines, 1):
            faults += [Fault(level, file.name, number, rule, detail) for level, rule, detail in _line(file, line)]
    return [*faults, *_ids(tables), *_metadata(texts.get("eml.xml", ""))]


def _lines(text: str) -> Lines:
    header, *rows = text.rstrip("\n").split("\n")
    columns = header.split("\t")
    return [dict(zip(columns, row.split("\t"), strict=False)) for row in rows if row]


def _columns(file: File, text: str, meta: str) -> Iterator[Fault]:
    header = text.split("\n", 1)[0].split("\t")
    for column in file.required:
        if column not in header:
            yield Fault(ERROR, file.name, 0, "missing_column", column)
    for column in header:
        if column not in file.columns or file.term(column) not in meta:
            yield Fault(ERROR, file.name, 0, "unknown_column", column)
    if file.row_type not in meta:
        yield Fault(ERROR, file.name, 0, "row_type", file.row_type)


def _line(file: File, line: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield the faults of one line: level, rule, detail."""
    for column in file.required:
        if not line.get(column):
            yield ERROR, "empty", column
    for column, value in line.items():
        if value and column in VOCABULARIES and value not in VOCABULARIES[column]:
            yield ERROR, "vocabulary", f"{column}: {value}"
        if value and column in COUNTS and not _is_count(value):
            yield ERROR, "number", f"{column}: {value}"
    for value, unit in PAIRS:
        if value in line and bool(line[value]) != bool(line.get(unit)):
            yield ERROR, "pair", f"{value}, {unit}"
    for check in CHECKS.get(file.name, ()):
        yield from check(line)


def _is_count(value: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", value) is not None


def _event(line: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    when = line.get("eventDate", "").split("/")
    moments = [_moment(text) for text in when]
    if None in moments or len(moments) > 2:
        yield ERROR, "date", line.get("eventDate", "")
    elif any(moment > date.today() for moment in moments if moment) or sorted(filter(None, moments)) != moments:
        yield ERROR, "date_order", line["eventDate"]
    if line.get("eventType") == "Site Visit" and not line.get("sampleSizeValue"):
        yield ERROR, "empty", "sampleSizeValue"
    if line.get("eventType") != "Survey":
        yield from _place(line)


def _place(line: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    try:
        latitude, longitude = float(line["decimalLatitude"]), float(line["decimalLongitude"])
    except (KeyError, ValueError):
        yield ERROR, "coordinates", f"{line.get('decimalLatitude', '')}, {line.get('decimalLongitude', '')}"
        return
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or (latitude, longitude) == (0.0, 0.0):
        yield ERROR, "coordinates", f"{latitude}, {longitude}"
    if not line.get("geodeticDatum"):
        yield ERROR, "empty", "geodeticDatum"
    if not line.get("coordinateUncertaintyInMeters"):
        yield WARNING, "uncertainty", line.get("eventID", "")
    elif line.get("dataGeneralizations") and float(line["coordinateUncertaintyInMeters"]) < 100:
        yield ERROR, "generalised", line["coordinateUncertaintyInMeters"]


def _moment(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _occurrence(line: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    if line.get("taxonID") and not line.get("nameAccordingTo"):
        yield ERROR, "checklist", line["taxonID"]
    if line.get("occurrenceStatus") == "absent" and line.get("individualCount", "") not in ("", "0"):
        yield ERROR, "absent_counted", line.get("occurrenceID", "")


def _media(line: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    if not line.get("identifier", "").startswith(("http://", "https://")):
        yield WARNING, "not_public", line.get("title", "")


CHECKS: dict[str, tuple[Callable[[dict[str, str]], Iterator[tuple[str, str, str]]], ...]] = {
    "event.txt": (_event,), "occurrence.txt": (_occurrence,), "multimedia.txt": (_media,)}


def _ids(tables: dict[File, Lines]) -> Iterator[Fault]:
    """Ids are unique, and what belongs to an event belongs to one that is there."""
    events = [line.get("eventID", "") for line in tables.get(EVENT, [])]
    for file, column in ((EVENT, "eventID"), (OCCURRENCE, "occurrenceID")):
        seen: set[str] = set()
        for number, line in enumerate(tables.get(file, []), 1):
            id = line.get(column, "")
            if id in seen:
                yield Fault(ERROR, file.name, number, "not_unique", id)
            seen.add(id)
    for file, column in ((EVENT, "parentEventID"), *((extension, "eventID") for extension in EXTENSIONS)):
        for number, line in enumerate(tables.get(file, []), 1):
            if line.get(column) and line[column] not in events:
                yield Fault(ERROR, file.name, number, "orphan", line[column])


def _metadata(eml: str) -> Iterator[Fault]:
    for name in EML_ELEMENTS if eml else ():
        found = re.search(rf"<{name}\b[^>]*>(.*?)</{name}>", eml, re.DOTALL)
        if found is None or not re.sub(r"<[^>]*>", "", found[1]).strip():
            yield Fault(ERROR, "eml.xml", 0, "eml", name)
