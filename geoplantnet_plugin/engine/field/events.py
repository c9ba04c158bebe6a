"""The rows of a Darwin Core Archive: a survey of one site, its relevés and its single observations as events."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from geoplantnet_plugin.common.jobs import ArchiveRequest
from geoplantnet_plugin.common.survey import ABSENT, OBSERVATIONS, PHOTO_TABLE, RELEVE_SPECIES, RELEVES
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.field.merge import Survey
from geoplantnet_plugin.engine.field.names import Names
from geoplantnet_plugin.engine.field.returned import Row
from geoplantnet_plugin.engine.field.terms import LICENCES
from geoplantnet_plugin.engine.taxa.table import Taxon

RELEVE_PROTOCOL = "Vegetation plot (releve) with the combined cover-abundance scale of Braun-Blanquet (1964)"
OBSERVATION_PROTOCOL = "Single observation while walking the site, targets suggested by a species distribution model"
PLAN_PROTOCOL = "points by balanced acceptance sampling (Robertson et al. 2013, https://doi.org/10.1111/biom.12059)"
BACKBONE = "GBIF Backbone Taxonomy (https://www.gbif.org/dataset/d7dddbf4-2cf0-4f39-9b2a-bb099caae36c)"
"""The checklist that `gbif_id` of taxa is of; its keys stand still since GBIF moved to the Catalogue of Life."""

Line = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where an event was, in degrees of WGS 84, with its uncertainty in metres and what was done to it."""

    longitude: float
    latitude: float
    uncertainty: float | None
    generalisation: str = ""


@dataclass
class Events:
    """Turns a survey into the lines of the archive's files; what has no place or date is left out."""

    folder: AssessmentFolder
    survey: Survey
    names: Names
    request: ArchiveRequest
    sensitive: frozenset[str]
    ids: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """By accepted name: the id in another checklist, and which checklist that is."""
    left_out: int = field(default=0, init=False)

    @cached_property
    def species(self) -> Mapping[str, list[Row]]:
        """The rows of each relevé's list."""
        rows: dict[str, list[Row]] = {}
        for row in self.survey.rows[RELEVE_SPECIES.name]:
            rows.setdefault(str(row["releve_id"]), []).append(row)
        return rows

    @cached_property
    def sites(self) -> list[tuple[Row, str, list[Row], Place]]:
        """Every event with a place and a date: its row, its type, its records and its place."""
        found = []
        for table, type in ((RELEVES, "Site Visit"), (OBSERVATIONS, "Observation")):
            for row in self.survey.rows[table.name]:
                records = self.species.get(str(row[table.key]), []) if table is RELEVES else [row]
                if row["geometry"] is None or not row["date"]:
                    self.left_out += 1
                else:
                    found.append((row, type, records, self._place(row, records)))
        return found

    def _place(self, row: Row, records: list[Row]) -> Place:
        """Return where an event was: the middle of a coarse square where a sensitive species is among its records."""
        from pyproj import Transformer
        from shapely import from_wkt

        crs, side = str(self.folder.document["grid"]["crs"]), self.request.generalise
        point, known = from_wkt(row["geometry"]).centroid, row["accuracy"]
        x, y, text = point.x, point.y, ""
        if side and any(self.names.find(record).id in self.sensitive for record in records):
            x, y = ((math.floor(value / side) + 0.5) * side for value in (x, y))
            known = side * math.sqrt(2) / 2
            text = f"Coordinates moved to the middle of a square of {side:g} m: a sensitive species"
        longitude, latitude = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(x, y)
        return Place(round(longitude, 6), round(latitude, 6), None if known is None else math.ceil(known), text)

    def events(self) -> Iterator[Line]:
        """Yield the survey, then its sites."""
        common = {"datasetName": self.request.title, "license": LICENCES[self.request.licence],
                  "rightsHolder": self.request.organisation}
        dates = sorted(str(row["date"])[:10] for row, _, _, _ in self.sites)
        hectares = float(self.folder.document["area"]["hectares"])
        yield {**common, "eventID": self.parent, "eventType": "Survey",
               "eventDate": dates[0] if dates[0] == dates[-1] else f"{dates[0]}/{dates[-1]}",
               "samplingProtocol": f"{RELEVE_PROTOCOL}; {OBSERVATION_PROTOCOL}; {PLAN_PROTOCOL}",
               "sampleSizeValue": round(hectares, 2), "sampleSizeUnit": "hectare"}
        for row, type, _, place in self.sites:
            plot = type == "Site Visit"
            yield {**common, "eventID": _urn(self._key(row, type)), "parentEventID": self.parent, "eventType": type,
                   "eventDate": row["date"], "fieldNumber": row["point_id"],
                   "samplingProtocol": (RELEVE_PROTOCOL if plot else OBSERVATION_PROTOCOL)
                   + (f"; {PLAN_PROTOCOL}" if row["point_id"] else ""),
                   **({"sampleSizeValue": row["area_m2"], "sampleSizeUnit": "square metre",
                       "samplingEffort": f"{row['minutes']} minutes" if row["minutes"] else ""} if plot else {}),
                   **_coordinates(place), "eventRemarks": row["note"] if plot else ""}

    @property
    def parent(self) -> str:
        """The id of the event that all others belong to: the earliest package's."""
        return _urn(min(str(row["package_id"]) for row, _, _, _ in self.sites))

    def occurrences(self) -> Iterator[Line]:
        """Yield every record."""
        for row, type, records, place in self.sites:
            for record in records:
                named = self.names.find(record)
                if named.name:
                    yield {**self._taxon(record), "eventID": _urn(self._key(row, type)),
                           "occurrenceID": _urn(str(record.get("row_id") or record.get("observation_id"))),
                           "basisOfRecord": "HumanObservation",
                           "occurrenceStatus": ABSENT if record.get("status") == ABSENT else "present",
                           "recordedBy": row["observer"], "identifiedBy": row["observer"],
                           "identificationRemarks": record["certainty"], "individualCount": record.get("abundance"),
                           "organismQuantity": record["cover"],
                           "organismQuantityType": "Braun-Blanquet Scale" if record["cover"] else "",
                           "reproductiveCondition": record["phenology"], "occurrenceRemarks": record["note"],
                           "dataGeneralizations": place.generalisation, "license": LICENCES[self.request.licence]}

    def _taxon(self, record: Row) -> Line:
        named = self.names.find(record)
        taxon = named.taxon
        if taxon is None:
            return {"scientificName": named.name, "kingdom": "Plantae", "verbatimIdentification": named.name}
        return {**self._ids(taxon), "scientificName": f"{taxon.accepted_name} {taxon.authorship}".strip(),
                "taxonRank": taxon.rank.lower(), "kingdom": "Plantae", "family": taxon.family,
                "vernacularName": taxon.common_en, "verbatimIdentification": record["other_name"]}

    def _ids(self, taxon: Taxon) -> Line:
        """Return the id of a taxon with its checklist: that of the table of ids with GBIF's beside it, else GBIF's."""
        ours = f"https://www.gbif.org/species/{taxon.gbif_id}" if taxon.gbif_id else ""
        if taxon.accepted_name in self.ids:
            id, checklist = self.ids[taxon.accepted_name]
            return {"taxonID": id, "nameAccordingTo": checklist,
                    "taxonRemarks": f"{ours} according to {BACKBONE}" if ours else ""}
        return {"taxonID": ours, "nameAccordingTo": BACKBONE} if ours else {}

    def inventories(self) -> Iterator[Line]:
        """Yield what the Humboldt extension says of each event: how complete, how long, what was not found."""
        for row, type, records, _ in self.sites:
            plot = type == "Site Visit"
            absent = [self.names.find(record).name for record in records if record.get("status") == ABSENT]
            complete = bool(plot and row["complete"])
            minutes = row["minutes"] if plot else None
            yield {"eventID": _urn(self._key(row, type)), "siteCount": 1,
                   **({"totalAreaSampledValue": row["area_m2"], "totalAreaSampledUnit": "m²"} if plot else {}),
                   **({"eventDurationValue": minutes, "eventDurationUnit": "minutes",
                       "samplingEffortValue": round(minutes / 60, 3), "samplingEffortUnit": "personHours"}
                      if minutes else {}),
                   "targetTaxonomicScope": "Plantae" if plot else " | ".join(absent),
                   "taxonCompletenessReported": "reportedComplete" if complete else "notReported",
                   "isTaxonomicScopeFullyReported": _answer(complete), "isAbsenceReported": _answer(bool(absent)),
                   "absentTaxa": " | ".join(absent), "inventoryTypes": "openSearch" if plot else "opportunisticSearch",
                   "compilationTypes": "samplingEvents",
                   "protocolNames": RELEVE_PROTOCOL if plot else OBSERVATION_PROTOCOL,
                   "protocolReferences": "https://doi.org/10.1111/biom.12059" if row["point_id"] else "",
                   "isAbundanceReported": _answer(any(record.get("abundance") is not None for record in records)),
                   "isVegetationCoverReported": _answer(any(record["cover"] for record in records)),
                   "samplingPerformedBy": row["observer"], "isSamplingEffortReported": _answer(bool(minutes))}

    def media(self) -> Iterator[Line]:
        """Yield the photos of events."""
        sites = {self._key(row, type): row for row, type, _, _ in self.sites}
        for photo in self.survey.rows[PHOTO_TABLE.name]:
            site, name = sites.get(str(photo["record_id"])), PurePosixPath(str(photo["path"] or "")).name
            if site is not None and name:
                format = "image/png" if name.endswith(".png") else "image/jpeg"
                yield {"eventID": _urn(str(photo["record_id"])), "type": "StillImage", "format": format,
                       "identifier": f"{self.request.media_url.rstrip('/')}/{name}" if self.request.media_url else "",
                       "title": name, "created": photo["taken"], "creator": site["observer"],
                       "license": LICENCES[self.request.licence]}

    @staticmethod
    def _key(row: Row, type: str) -> str:
        return str(row[RELEVES.key if type == "Site Visit" else OBSERVATIONS.key])


def _coordinates(place: Place) -> Line:
    return {"decimalLatitude": place.latitude, "decimalLongitude": place.longitude, "geodeticDatum": "EPSG:4326",
            "coordinateUncertaintyInMeters": place.uncertainty, "dataGeneralizations": place.generalisation}


def _urn(id: str) -> str:
    return f"urn:uuid:{id}"


def _answer(yes: bool) -> str:
    return "true" if yes else "false"
