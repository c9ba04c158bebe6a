"""Photos of a species from GBIF, each with its author and its licence; it needs no key.

Addresses and fields are those of GBIF's API (https://techdocs.gbif.org/en/openapi/v1/occurrence, /v1/species) and of
its image server (https://techdocs.gbif.org/en/openapi/images), which asks for one connection at a time: pictures come
from there, so that no other host is asked.

Pl@ntNet's own API gives no photo of a named species: it shows its pictures only beside one that is to be identified
(``include-related-images``, https://my.plantnet.org/doc/api/identify). Its validated observations are in GBIF with
their pictures, under Creative Commons licences (https://plantnet.org/en/2020/08/06/your-plntnet-data-integrated-into-gbif/).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.foreign import MOST_NAME, harmless
from geoplantnet_plugin.common.jobs import PhotosRequest
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.services.documents import parse
from geoplantnet_plugin.engine.services.http import JSON_LIMIT, Fetcher, ServiceError
from geoplantnet_plugin.engine.services.settings import Services

PIXELS = 300
"""The width of a photo."""
PHOTO_BYTES = 2_000_000
PLANTNET_DATASET = "7a3679ef-5582-4aaa-81f0-8c2545cafc81"
"""“Pl@ntNet observations”, https://www.gbif.org/dataset/7a3679ef-5582-4aaa-81f0-8c2545cafc81"""
LOOKED_AT = 60
"""Records asked for: many have no licence, or nobody's name."""
KINDS = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png"}
LICENCE = re.compile(r"creativecommons\.org/(?:licenses/(?P<kind>[a-z-]+)|publicdomain/(?P<free>zero|mark))"
                     r"/(?P<version>[0-9.]+)", re.IGNORECASE)
FREE = {"zero": "CC0", "mark": "Public Domain Mark"}


@dataclass(frozen=True)
class Photo:
    """One photo: its file, who made it, under which licence, and the page of the record that it belongs to."""

    file: str
    author: str
    licence: str
    page: str
    place: str


def photos(asked: PhotosRequest, services: Services, reporter: Reporter) -> list[Photo]:
    """Fetch photos whose author and licence are stated, one from each record, into ``asked.out``.

    Raises:
        EngineError: ``gbif_no_species``, GBIF does not know the name.
        ServiceError: the host is away, refuses or answers nonsense.
        Cancelled: the caller asked to stop.
    """
    with species_records(asked.gbif_id, asked.name, services) as records:
        content = records.search({"mediaType": "StillImage", "limit": str(LOOKED_AT),
                                  **({"datasetKey": PLANTNET_DATASET} if asked.plantnet else {})})
        asked.out.mkdir(parents=True, exist_ok=True)
        found: list[Photo] = []
        for record, medium in _stated(content.get("results")):
            reporter.checkpoint()
            if len(found) == asked.most:
                break
            file = _fetch(records.fetcher, records.base, str(record["key"]), str(medium["identifier"]), asked.out)
            if file:
                found.append(Photo(file, _author(medium), licence_name(str(medium["license"])),
                                   f"{services.gbif.home}/occurrence/{record['key']}", _place(record)))
                reporter.progress("photos", len(found), asked.most)
        return found


@dataclass(frozen=True)
class SpeciesRecords:
    """GBIF's records of the species with this `key` in its backbone, at the address `base`."""

    fetcher: Fetcher
    base: str
    key: str

    @property
    def url(self) -> str:
        """Where they are searched."""
        return f"{self.base}/occurrence/search"

    def search(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        """Return GBIF's answer to a search among them."""
        return parse(self.fetcher.get(self.url, JSON_LIMIT, query={"taxonKey": self.key, **query}).body, self.url)


@contextmanager
def species_records(gbif_id: str, name: str, services: Services) -> Iterator[SpeciesRecords]:
    """Open the records of a species, by its key or, where that is blank, by its name.

    Raises:
        EngineError: ``gbif_no_species``, GBIF does not know the name.
    """
    fetcher = Fetcher(services.http, services.gbif.hosts)
    base = services.gbif.url.rstrip("/")
    try:
        yield SpeciesRecords(fetcher, base, gbif_id or species_key(fetcher, base, name))
    finally:
        fetcher.close()


def species_key(fetcher: Fetcher, base: str, name: str) -> str:
    """Return the key of a plant's name in GBIF's backbone.

    Raises:
        EngineError: ``gbif_no_species``, GBIF does not know the name.
    """
    url = f"{base}/species/match"
    found = parse(fetcher.get(url, JSON_LIMIT, query={"name": name, "kingdom": "Plantae"}).body, url)
    if found.get("matchType") != "EXACT" or not isinstance(found.get("usageKey"), int):
        raise EngineError("gbif_no_species", name=name)
    return str(found["usageKey"])


def _stated(records: Any) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield each record with its first photo whose author and licence are stated."""
    for record in records if isinstance(records, list) else ():
        if not isinstance(record, dict) or not isinstance(record.get("key"), int):
            continue
        media = record.get("media")
        for medium in media if isinstance(media, list) else ():
            if _is_stated(medium):
                yield record, medium
                break


def _is_stated(medium: Any) -> bool:
    """Whether a photo says where it is, who made it and what may be done with it."""
    return (isinstance(medium, dict) and all(isinstance(medium.get(name), str) for name in ("identifier", "license"))
            and bool(_author(medium) and licence_name(medium["license"])))


def _author(medium: Mapping[str, Any]) -> str:
    return next((str(harmless(medium[name], MOST_NAME)).strip() for name in ("creator", "rightsHolder")
                 if isinstance(medium.get(name), str) and medium[name].strip()), "")


def _place(record: Mapping[str, Any]) -> str:
    """Return country and day of a record, as far as it states them."""
    return ", ".join(str(harmless(record[name], MOST_NAME))[:60] for name in ("country", "eventDate")
                     if isinstance(record.get(name), str))


def licence_name(text: str) -> str:
    """Return a Creative Commons licence by its short name, blank for any other: nobody knows what it allows."""
    found = LICENCE.search(text)
    if not found:
        return ""
    name = FREE[found["free"].lower()] if found["free"] else f"CC {found['kind'].upper()}"
    return f"{name} {found['version']}"


def _fetch(fetcher: Fetcher, base: str, record: str, identifier: str, out: Path) -> str:
    """Write a photo and return its path; blank where the image server has none."""
    name = hashlib.md5(identifier.encode(), usedforsecurity=False).hexdigest()
    try:
        body = fetcher.get(f"{base}/image/cache/{PIXELS}x/occurrence/{record}/media/{name}", PHOTO_BYTES).body
    except ServiceError as error:
        if error.code in ("service_not_found", "service_refused"):
            return ""
        raise
    kind = next((suffix for start, suffix in KINDS.items() if body.startswith(start)), "")
    if not kind:
        return ""
    with writing(out / f"{record}{kind}") as path:
        path.write_bytes(body)
    return str(out / f"{record}{kind}")
