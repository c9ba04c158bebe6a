"""Restate public facts about taxa as the plugin's own tables in ``resources/taxa``.

    python tools/make_taxa_tables.py ../shared/data/taxa

Reads the files described in ``resources/taxa/README.md``; writes the same tables from the same files.
Needs openpyxl.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook

from geoplantnet_plugin.engine.taxa.lists import (
    LIFE_FORMS,
    REGIONAL,
    REPORTED,
    SHIPPED,
    ListRow,
    SpeciesList,
    write_list,
)
from geoplantnet_plugin.engine.taxa.vernacular import COMMON_NAMES

PARTS = {"phanerophyte": ("tree", "shrub", "woody liana"), "chamaephyte": ("semi-shrub", "dwarf shrub")}
"""Life forms that FloraVeg.EU divides: where a part is stated, the whole is left out."""

MARKERS = {"SPECIES": "", "SUBSPECIES": "subsp.", "VARIETY": "var."}
"""Ranks at which the backbone's match says something of the listed name itself."""

SYNONYM = re.compile(r"(.+?)(?: \(([A-Z][a-z]+ [a-z-]+ .+)\))?$")
"""A listed name and the synonym that may follow it in brackets."""

BACKBONE = "names matched to the GBIF backbone"


def sheet(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a workbook's first sheet as header → text."""
    first = load_workbook(path, read_only=True).worksheets[0]
    first.reset_dimensions()  # one of the workbooks states a size of one cell
    rows = first.iter_rows(values_only=True)
    header = [str(cell) for cell in next(rows) if cell]
    for row in rows:
        yield {key: "" if cell is None else str(cell).strip() for key, cell in zip(header, row)}


def life_forms(path: Path) -> list[tuple[str, str]]:
    """Return name and life forms of every taxon for which FloraVeg.EU states one."""
    result = []
    for row in sheet(path):
        forms = [key.lower() for key, value in row.items() if value == "1" and key != "SeqID"]
        kept = [form for form in forms if not set(forms) & set(PARTS.get(form, ()))]
        if kept:
            result.append((row["FloraVeg.Taxon"], "; ".join(kept)))
    return sorted(result)


def backbone_rows(path: Path, value: str) -> tuple[ListRow, ...]:
    """Return the plants of a list whose names were matched to the GBIF backbone.

    A match to a genus or family keeps the listed name only. Of a synonym the file states the accepted usage's id
    and its species, but not its rank: the species is given as `related`.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        plants = [row for row in csv.DictReader(file) if _is_plant(row)]
    rows = {row for plant in plants for row in _rows(plant, value)}
    return tuple(sorted(rows, key=lambda row: row.name))


def _is_plant(row: dict[str, str]) -> bool:
    # GBIF found no match for this orchid, so the file states no kingdom
    return row["kingdom"] == "Plantae" or row["verbatimScientificName"] == "Liparis loeselii"


def _rows(row: dict[str, str], value: str) -> Iterator[ListRow]:
    """Yield the listed name and, where the list adds one in brackets, its synonym."""
    # the file has lost a letter of an author's name to its encoding
    name, synonym = SYNONYM.match(row["verbatimScientificName"].replace("Carri\ufffdre", "Carrière")).groups()
    backbone = _backbone(row)
    yield ListRow(name, *backbone, value)
    if synonym:
        yield ListRow(synonym, *backbone, value)


def _backbone(row: dict[str, str]) -> tuple[str, str, str]:
    """Return the accepted name, with the marker of its rank, its GBIF id and the related species."""
    if row["rank"] not in MARKERS:
        return "", "", ""
    if row["status"] == "SYNONYM":
        return "", row["acceptedUsageKey"], row["species"]
    words = row["canonicalName"].split()
    return " ".join([*words[:2], MARKERS[row["rank"]], *words[2:]] if words[2:] else words), row["usageKey"], ""


def alien_rows(path: Path) -> tuple[ListRow, ...]:
    """Return the alien plants of Belgium."""
    plants = [row for row in sheet(path) if row["kingdom"] == "Plantae"]
    return tuple(sorted((ListRow(row["scientificName"], gbif_id=row["taxonID"].rpartition("/")[2], value="alien")
                         for row in plants), key=lambda row: row.name))


ADDED = ("Acacia mearnsii", "Broussonetia papyrifera", "Crassula helmsii", "Delairea odorata", "Reynoutria japonica",
         "Reynoutria sachalinensis", "Reynoutria × bohemica")
"""Reported as added to the Union list by a trade report (https://longlifecompany.sk/news/?id=45700); the regulation was
not at hand."""

FLORA, LAND_PLANTS = ("S", "P", "M"), ("SPE", "SSP", "VAR", "FOR", "AGG")
"""Groups of GermanSL that are land plants, and the ranks that are kept."""

RED, PROTECTED = ("0", "1", "2", "3", "R", "G", "V"), ("§", "§§")
"""Categories of the Red List of Mecklenburg-Vorpommern that say something of a risk; kinds of federal protection."""


def regional(path: Path) -> Iterator[SpeciesList]:
    """Yield the lists of Mecklenburg-Vorpommern: Red List, annexes of the Habitats Directive, federal protection."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    source = "red_list_mecklenburg_vorpommern.csv of floralink/databases @ 9da5782"
    for id, title, kind, instrument, date, column, kept in (
            ("red_list_mecklenburg_vorpommern", "Red List of Mecklenburg-Vorpommern", "red_list_mecklenburg_vorpommern",
             "Rote Liste der Farn- und Blütenpflanzen Mecklenburg-Vorpommerns (GEF2006)", "2005", "GEF2006", RED),
            ("habitats_directive_mecklenburg_vorpommern", "Annexes of the Habitats Directive, species of "
             "Mecklenburg-Vorpommern", "eu_directive", "Council Directive 92/43/EEC", "2006", "FFH_Anh", ()),
            ("protected_mecklenburg_vorpommern", "Federal protection, species of Mecklenburg-Vorpommern",
             "protected_mecklenburg_vorpommern", "Bundesartenschutzverordnung (BARTSCH)", "2006", "BARTSCH",
             PROTECTED)):
        listed = ((row["TaxonName"], row[column].removesuffix(" C")) for row in rows if row[column].strip())
        yield SpeciesList(id, title, kind, instrument, "DE-MV", source, date, "CC BY 4.0", False, tuple(sorted(
            (ListRow(name, value=value) for name, value in listed if not kept or value in kept),
            key=lambda row: row.name)))


def german_names(path: Path) -> SpeciesList:
    """Return the German names that GermanSL gives to the accepted land plants of its list."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["SYNONYM"] == "0" and row["GRUPPE"] in FLORA
                and row["TaxonRank"] in LAND_PLANTS and row["VernacularName"].strip()]
    given: dict[str, set[str]] = {}
    for row in rows:
        given.setdefault(row["TaxonName"], set()).add(row["VernacularName"].strip())
    return SpeciesList(
        "german_names", "German names of plants", "common_de", "GermanSL 1.5", "",
        "Jansen & Dengler (2008), floralink/databases @ 9da5782, germansl_1.5.csv", "2008", "CC BY 4.0", False,
        tuple(ListRow(name, value=names.pop()) for name, names in sorted(given.items()) if len(names) == 1))


def main(source: Path) -> None:
    """Write all tables."""
    SHIPPED.mkdir(exist_ok=True)
    with LIFE_FORMS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "life_form"))
        writer.writerows(life_forms(source / "Life_form_Dfevojan_2023.xlsx"))
    write_list(SHIPPED, SpeciesList(
        "eu_habitats_directive", "EU Habitats Directive, plants of the Article 17 reports", "eu_directive",
        "Council Directive 92/43/EEC", "EU", f"EEA, Article 17 checklist; {BACKBONE}", "2025", "EEA re-use policy",
        True, backbone_rows(source / "habitats_directive_art_17_checklist+gbif_updated2025.csv", "check")))
    write_list(SHIPPED, SpeciesList(
        "eu_invasive", "Invasive alien species of Union concern, plants", "invasive",
        "Regulation (EU) 1143/2014", "EU", f"European Commission, list of Union concern; {BACKBONE}", "2022",
        "CC BY 4.0", True, (*backbone_rows(source / "IAS_list_union_concern+gbif.csv", "yes"),
                            *(ListRow(name, value=f"{REPORTED} since 2025-08-07, not verified") for name in ADDED))))
    for species in regional(source.parent / "checklists" / "red_list_mecklenburg_vorpommern.csv"):
        write_list(REGIONAL, species)
    write_list(COMMON_NAMES, german_names(source.parent / "checklists" / "germansl_1.5.csv"))
    write_list(SHIPPED, SpeciesList(
        "alien_belgium", "Alien plants of Belgium", "alien", "Global Register of Introduced and Invasive Species – "
        "Belgium", "BE", "GRIIS Belgium, TrIAS unified checklist", "2023-09-20", "CC BY 4.0", False,
        alien_rows(source / "Belgium_GBIF_GRIIS.xlsx")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
