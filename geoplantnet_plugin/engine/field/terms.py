"""The terms of our Darwin Core Archives: which columns each file has, and what the vocabularies allow.

Names are those of the definitions that GBIF publishes at rs.gbif.org (core/dwc_event_2025-07-10.xml,
core/dwc_occurrence_2025-07-10.xml, extension/eco/humboldt_2025-07-10.xml, extension/gbif/1.0/multimedia.xml); what is
required follows GBIF's data quality requirements for occurrences (gbif.org/data-quality-requirements-occurrences).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DWC = "http://rs.tdwg.org/dwc/terms/"
DCTERMS = "http://purl.org/dc/terms/"
ECO = "http://rs.tdwg.org/eco/terms/"
OF_DCTERMS = frozenset({"license", "modified", "rightsHolder", "type", "format", "identifier", "title", "created",
                        "creator"})


@dataclass(frozen=True)
class File:
    """One file of an archive; its first column is the event's id. `required` columns are never empty."""

    name: str
    row_type: str
    namespace: str
    columns: tuple[str, ...]
    required: tuple[str, ...]

    def term(self, column: str) -> str:
        """Return the term of a column in full."""
        if column in OF_DCTERMS:
            return DCTERMS + column
        return (DWC if column in ("eventID", "identifiedBy") else self.namespace) + column


EVENT = File("event.txt", f"{DWC}Event", DWC, (
    "eventID", "parentEventID", "eventType", "eventDate", "fieldNumber", "samplingProtocol", "sampleSizeValue",
    "sampleSizeUnit", "samplingEffort", "decimalLatitude", "decimalLongitude", "geodeticDatum",
    "coordinateUncertaintyInMeters", "eventRemarks", "dataGeneralizations", "datasetName", "license", "rightsHolder"),
    ("eventID", "eventType", "eventDate", "samplingProtocol", "license"))
OCCURRENCE = File("occurrence.txt", f"{DWC}Occurrence", DWC, (
    "eventID", "occurrenceID", "basisOfRecord", "occurrenceStatus", "scientificName", "taxonID", "nameAccordingTo",
    "taxonRemarks", "taxonRank", "kingdom", "family", "vernacularName", "verbatimIdentification", "recordedBy",
    "identifiedBy", "identificationRemarks", "individualCount", "organismQuantity", "organismQuantityType",
    "reproductiveCondition", "occurrenceRemarks", "dataGeneralizations", "license"),
    ("eventID", "occurrenceID", "basisOfRecord", "occurrenceStatus", "scientificName", "recordedBy", "identifiedBy",
     "license"))
HUMBOLDT = File("humboldt.txt", f"{ECO}Event", ECO, (
    "eventID", "siteCount", "geospatialScopeAreaValue", "geospatialScopeAreaUnit", "totalAreaSampledValue",
    "totalAreaSampledUnit", "eventDurationValue", "eventDurationUnit", "targetTaxonomicScope",
    "taxonCompletenessReported", "isTaxonomicScopeFullyReported", "isAbsenceReported", "absentTaxa",
    "inventoryTypes", "compilationTypes", "protocolNames", "protocolReferences", "isAbundanceReported",
    "isVegetationCoverReported", "samplingPerformedBy", "isSamplingEffortReported", "samplingEffortValue",
    "samplingEffortUnit"),
    ("eventID", "isTaxonomicScopeFullyReported", "isAbsenceReported", "inventoryTypes", "isSamplingEffortReported"))
MULTIMEDIA = File("multimedia.txt", "http://rs.gbif.org/terms/1.0/Multimedia", DCTERMS, (
    "eventID", "type", "format", "identifier", "title", "created", "creator", "license"),
    ("eventID", "type", "title", "creator", "license"))
EXTENSIONS = (OCCURRENCE, HUMBOLDT, MULTIMEDIA)
FILES = (EVENT, *EXTENSIONS)

LICENCES: Mapping[str, str] = {
    "CC0-1.0": "http://creativecommons.org/publicdomain/zero/1.0/legalcode",
    "CC-BY-4.0": "http://creativecommons.org/licenses/by/4.0/legalcode",
    "CC-BY-NC-4.0": "http://creativecommons.org/licenses/by-nc/4.0/legalcode"}
"""The licences that GBIF takes."""

BOOLEANS = ("true", "false")
VOCABULARIES: Mapping[str, tuple[str, ...]] = {
    "basisOfRecord": ("HumanObservation",), "occurrenceStatus": ("present", "absent"),
    "eventType": ("Survey", "Site Visit", "Observation"), "geodeticDatum": ("EPSG:4326",),
    "license": tuple(LICENCES.values()), "type": ("StillImage",),
    "taxonCompletenessReported": ("notReported", "reportedComplete", "reportedIncomplete"),
    "inventoryTypes": ("restrictedSearch", "openSearch", "opportunisticSearch", "adventitious", "compilation"),
    "compilationTypes": ("samplingEvents",),
    **{name: BOOLEANS for name in HUMBOLDT.columns if name.startswith("is")}}
"""Values that a column may have; those of the definitions named above, as far as our archives use them."""

PAIRS = (("sampleSizeValue", "sampleSizeUnit"), ("organismQuantity", "organismQuantityType"),
         ("geospatialScopeAreaValue", "geospatialScopeAreaUnit"), ("totalAreaSampledValue", "totalAreaSampledUnit"),
         ("eventDurationValue", "eventDurationUnit"), ("samplingEffortValue", "samplingEffortUnit"))
"""Values that say nothing without their unit."""
