"""Evidence to share: read back with a Darwin Core reader, and a validator that finds each fault."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from dwca.darwincore.terms import TERMS
from dwca.read import DwCAReader
from field.sites import add, centre, tablet

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ArchiveRequest, ReadFieldRequest
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.field.archive import write_archive
from geoplantnet_plugin.engine.field.events import BACKBONE
from geoplantnet_plugin.engine.field.read import read_field
from geoplantnet_plugin.engine.field.terms import DWC, EVENT, HUMBOLDT, MULTIMEDIA, OCCURRENCE
from geoplantnet_plugin.engine.field.validate import validate

RECENT = {"eventType", "organismQuantity", "organismQuantityType", "verbatimIdentification"}
"""Terms of the definitions at rs.gbif.org that are newer than the reader's list."""


@pytest.fixture(scope="module")
def surveyed(site: Path, package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site after a survey: a complete list of two species, an absence, and a listed species with a photo."""
    folder = tmp_path_factory.mktemp("surveyed")
    assessment = Path(shutil.copytree(site, folder / "assessment"))
    with sqlite3.connect(assessment / "assemblage.gpkg") as connection:
        connection.execute("INSERT INTO statuses (taxon, kind, value, instrument, territory, source, date, in_force) "
                           "VALUES (1, 'eu_directive', 'II', '92/43/EEC', 'EU', 'test', '2020', 'yes')")
        connection.execute("UPDATE taxa SET gbif_id = '2685484' WHERE taxon = 0")
    folder = tablet(package, folder / "tablet")
    releve = add(folder, "releves", centre(2, 3), area_m2=2500.0, minutes=45, complete=True, accuracy=3.2,
                 date="2026-06-01")
    add(folder, "releve_species", releve_id=releve, taxon_id="1", cover="2", phenology="flowering")
    add(folder, "releve_species", releve_id=releve, other_name="Unknown plant")
    seen = add(folder, "observations", centre(5, 5), taxon_id="2", status="present", abundance=3,
               date="2026-06-02T09:30:00")
    add(folder, "observations", centre(6, 6), taxon_id="3", status="absent", date="2026-06-02", accuracy=5.0)
    add(folder, "photos", record_id=seen, path="DCIM/one.jpg", taken="2026-06-02")
    (folder / "DCIM" / "one.jpg").write_bytes(b"a photo")
    read_field(ReadFieldRequest(assessment, (folder,)), Reporter())
    return assessment


def archive(surveyed: Path, **changes: object) -> Path:
    request = ArchiveRequest(surveyed, creator="Ann Other", contact="ann@example.org", **changes)  # type: ignore[arg-type]
    return write_archive(request, Reporter())[0]


def test_terms_are_those_of_darwin_core() -> None:
    for file in (EVENT, OCCURRENCE):
        terms = {file.term(column) for column in file.columns if column not in RECENT}
        assert terms <= {*TERMS, "http://purl.org/dc/terms/license", "http://purl.org/dc/terms/rightsHolder"}
    assert HUMBOLDT.row_type == "http://rs.tdwg.org/eco/terms/Event"
    assert MULTIMEDIA.row_type == "http://rs.gbif.org/terms/1.0/Multimedia"


def test_a_reader_reads_back_what_was_recorded(surveyed: Path) -> None:
    with DwCAReader(str(archive(surveyed))) as dwca:
        assert dwca.descriptor.core.type == EVENT.row_type
        events = {row.data[f"{DWC}eventType"]: row for row in dwca}
        assert len(list(dwca)) == 4
        (plot,) = [row for row in dwca if row.data[f"{DWC}eventType"] == "Site Visit"]
        assert plot.data[f"{DWC}parentEventID"] == events["Survey"].data[f"{DWC}eventID"]
        assert plot.data[f"{DWC}coordinateUncertaintyInMeters"] == "4"
        assert plot.data[f"{DWC}sampleSizeValue"] == "2500.0"
        names = {row.data[f"{DWC}scientificName"]: row.data for row in plot.extensions
                 if row.rowtype == OCCURRENCE.row_type}
        assert set(names) == {"Abies alba", "Unknown plant"}
        assert names["Abies alba"][f"{DWC}taxonID"] == "https://www.gbif.org/species/2685484"
        assert "Backbone" in names["Abies alba"][f"{DWC}nameAccordingTo"]
        assert names["Unknown plant"][f"{DWC}taxonID"] == ""
        statuses = [row.data[f"{DWC}occurrenceStatus"] for event in dwca for row in event.extensions
                    if row.rowtype == OCCURRENCE.row_type]
        assert sorted(statuses) == ["absent", "present", "present", "present"]
        humboldt = next(row.data for row in plot.extensions if row.rowtype == HUMBOLDT.row_type)
        assert humboldt["http://rs.tdwg.org/eco/terms/isTaxonomicScopeFullyReported"] == "true"
        assert humboldt["http://rs.tdwg.org/eco/terms/samplingEffortValue"] == "0.75"
        media = [row for event in dwca for row in event.extensions if row.rowtype == MULTIMEDIA.row_type]
        assert len(media) == 1
        assert dwca.metadata.find("dataset/title").text.startswith("Plant survey")


def test_our_archive_has_no_errors_and_its_doubts_are_told(surveyed: Path) -> None:
    faults = validate(archive(surveyed))
    assert [fault.rule for fault in faults if fault.level == "error"] == []
    assert sorted(fault.rule for fault in faults) == ["not_public", "uncertainty"]
    faults = validate(archive(surveyed, media_url="https://example.org/photos/"))
    assert [fault.rule for fault in faults] == ["uncertainty"]


def test_ids_of_another_checklist_come_with_gbifs_beside_them(surveyed: Path, tmp_path: Path) -> None:
    table = tmp_path / "ids.csv"
    table.write_text("name,id,checklist\nAbies alba,XYZ,Catalogue of Life\n")
    with DwCAReader(str(archive(surveyed, taxon_ids=table))) as dwca:
        fir = next(row.data for event in dwca for row in event.extensions
                   if row.data.get(f"{DWC}scientificName") == "Abies alba")
    assert (fir[f"{DWC}taxonID"], fir[f"{DWC}nameAccordingTo"]) == ("XYZ", "Catalogue of Life")
    assert "species/2685484 according to GBIF" in fir[f"{DWC}taxonRemarks"]
    table.write_text("taxon\nAbies alba\n")
    with pytest.raises(EngineError) as error:
        archive(surveyed, taxon_ids=table)
    assert error.value.code == "field_taxon_ids"


def test_identifiers_stay_the_same(surveyed: Path) -> None:
    def ids() -> list[list[str]]:
        with DwCAReader(str(archive(surveyed))) as dwca:
            return [[row.id, *sorted(other.data.get(f"{DWC}occurrenceID", "") for other in row.extensions)]
                    for row in dwca]

    assert ids() == ids()


def test_sensitive_species_are_generalised_on_request_and_that_is_recorded(surveyed: Path) -> None:
    with DwCAReader(str(archive(surveyed))) as exact, DwCAReader(str(archive(surveyed, generalise=10_000.0))) as coarse:
        moved = [(a, b) for a, b in zip(exact, coarse, strict=True)
                 if a.data[f"{DWC}decimalLatitude"] != b.data[f"{DWC}decimalLatitude"]]
        assert len(moved) == 1, "only the event of the listed species"
        (_, row), = moved
        assert row.data[f"{DWC}coordinateUncertaintyInMeters"] == "7072"
        assert "10000 m" in row.data[f"{DWC}dataGeneralizations"]
        (record,) = [other for other in row.extensions if other.rowtype == OCCURRENCE.row_type]
        assert record.data[f"{DWC}scientificName"] == "Carex nigra" and record.data[f"{DWC}dataGeneralizations"]


def _line(name: str, line: int, old: str, new: str) -> Callable[[dict[str, str]], None]:
    def harm(texts: dict[str, str]) -> None:
        lines = texts[name].split("\n")
        assert old in lines[line], (name, lines[line])
        lines[line] = lines[line].replace(old, new)
        texts[name] = "\n".join(lines)
    return harm


def _repeat(texts: dict[str, str]) -> None:
    texts["occurrence.txt"] += texts["occurrence.txt"].split("\n")[1] + "\n"


@pytest.mark.parametrize(("rule", "harm"), [
    ("missing_file", lambda texts: texts.pop("eml.xml")),
    ("eml", lambda texts: texts.update({"eml.xml": texts["eml.xml"].replace("creator", "author")})),
    ("missing_column", _line("occurrence.txt", 0, "occurrenceID", "occurrenceNumber")),
    ("unknown_column", _line("event.txt", 0, "fieldNumber", "fieldNo")),
    ("row_type", lambda texts: texts.update({"meta.xml": texts["meta.xml"].replace("eco/terms/Event", "eco/Event")})),
    ("empty", _line("occurrence.txt", 1, "HumanObservation", "")),
    ("vocabulary", _line("occurrence.txt", 1, "HumanObservation", "Guess")),
    ("number", _line("event.txt", 2, "2500.0", "many")),
    ("pair", _line("event.txt", 2, "square metre", "")),
    ("date", _line("event.txt", 2, "2026-06-01", "1st of June")),
    ("date_order", _line("event.txt", 2, "2026-06-01", "2199-06-01")),
    ("coordinates", lambda texts: texts.update({"event.txt": _beyond_the_pole(texts["event.txt"])})),
    ("checklist", lambda texts: texts.update({"occurrence.txt": texts["occurrence.txt"].replace(BACKBONE, "")})),
    ("not_unique", _repeat),
    ("orphan", lambda texts: texts.update({"event.txt": "\n".join(
        line for line in texts["event.txt"].split("\n") if "Site Visit" not in line)}))])
def test_the_validator_finds_each_fault(rule: str, harm: Callable[[dict[str, str]], None], surveyed: Path,
                                        tmp_path: Path) -> None:
    with ZipFile(archive(surveyed)) as source:
        texts = {name: source.read(name).decode() for name in source.namelist()}
    harm(texts)
    broken = tmp_path / "broken.zip"
    with ZipFile(broken, "w") as out:
        for name, text in texts.items():
            out.writestr(name, text)
    assert rule in {fault.rule for fault in validate(broken)}


def _beyond_the_pole(text: str) -> str:
    header, first, *rest = text.split("\n")
    cells = rest[0].split("\t")
    cells[header.split("\t").index("decimalLatitude")] = "97.5"
    return "\n".join([header, first, "\t".join(cells), *rest[1:]])


def test_a_licence_that_gbif_does_not_take_is_refused(surveyed: Path) -> None:
    with pytest.raises(EngineError) as error:
        archive(surveyed, licence="all rights reserved")
    assert error.value.code == "field_licence"


def test_an_assessment_without_a_survey_has_nothing_to_share(site: Path) -> None:
    with pytest.raises(EngineError) as error:
        archive(site)
    assert error.value.code == "field_nothing_to_share"
