"""The tables shipped in resources/taxa, against their raw sources where these are present."""

import csv
import gzip
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from geoplantnet_plugin.common.resources import ROOT
from geoplantnet_plugin.engine.taxa import checklists, statuses
from geoplantnet_plugin.engine.taxa.joining import join, read_life_forms
from geoplantnet_plugin.engine.taxa.lists import SHIPPED, ListRow, SpeciesList, load_lists, read_list, regional_lists
from geoplantnet_plugin.engine.taxa.names import genus_of, parse_name
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon
from geoplantnet_plugin.engine.taxa.vernacular import COMMON_NAMES

SOURCES = ROOT.parent / "shared" / "data" / "taxa"
needs_sources = pytest.mark.skipif(not SOURCES.is_dir(), reason="the raw tables ../shared/data/taxa are absent")


def shipped():
    return {species.id: species for species in load_lists([SHIPPED])}


def joined(*names):
    taxa = TaxaTable(tuple(Taxon(str(i), name, name) for i, name in enumerate(names)))
    return join(taxa, list(shipped().values())).taxa


def test_every_list_says_where_it_comes_from():
    lists = shipped()
    assert set(lists) == {"eu_habitats_directive", "eu_invasive", "alien_belgium"}
    for species in lists.values():
        assert all((species.title, species.instrument, species.territory, species.source, species.date,
                    species.licence))
        assert species.rows and all(row.name and row.value for row in species.rows)


def test_regional_lists_count_where_they_are_in_force():
    regional = {species.id for species in regional_lists()}
    assert len(regional) == 3 and all(species.territory == "DE-MV" and species.licence == "CC BY 4.0"
                                      for species in regional_lists())
    assert not regional & {species.id for species in load_lists([SHIPPED])}
    assert not regional & {species.id for species in load_lists([SHIPPED], "CH-VD")}
    here = load_lists([SHIPPED], "DE-MV")
    assert regional <= {species.id for species in here}
    taxa = TaxaTable((Taxon("0", "Angelica palustris", "Angelica palustris"),))
    (taxon,) = join(taxa, here).taxa
    assert statuses.value(taxon, "eu_directive") == "II, IV"
    assert statuses.value(taxon, "red_list_mecklenburg_vorpommern") == "1"
    assert statuses.value(taxon, "protected_mecklenburg_vorpommern") == "§§"


def test_common_names_have_their_language_and_a_source():
    by_name = {taxon.name: taxon for taxon in joined("Abies alba", "Ailanthus glandulosa", "Festuca ovina",
                                                     "Nobody knows")}
    assert by_name["Abies alba"].common_de == "Weiß-Tanne"
    assert by_name["Ailanthus glandulosa"].common_de == joined("Ailanthus altissima")[0].common_de != "", "a synonym"
    assert by_name["Festuca ovina"].common_name("de") and by_name["Festuca ovina"].common_name("en").endswith(" [de]")
    assert by_name["Nobody knows"].common_name("de") == ""
    taxa = joined("Abies alba")
    (names,) = [info for info in taxa.lists if info.kind == "common_de"]
    assert names.matched == 1 and names.licence == "CC BY 4.0" and "GermanSL" in names.instrument


def test_own_common_names_come_before_the_shipped_ones():
    own = SpeciesList("mine", "", "common_de", "", "", "", "", "", False, (ListRow("Abies alba", value="Edeltanne"),))
    english = SpeciesList("his", "", "common_en", "", "", "", "", "", False, (ListRow("Abies alba", value="Fir"),))
    (taxon,) = join(TaxaTable((Taxon("0", "Abies alba", "Abies alba"),)), [own, english]).taxa
    assert [taxon.common_name(language) for language in ("de", "en", "fr")] == ["Edeltanne", "Fir", "Fir [en]"]


def test_the_genus_of_a_shipped_name_is_that_of_the_whole_name_read():
    names = [row.name for path in COMMON_NAMES.glob("*.json") for row in read_list(path).rows]
    for path in checklists.SHIPPED.glob("*.csv.gz"):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            names += [name for _, _, name in csv.reader(file)]
    assert len(names) > 40_000
    assert [name for name in set(names) if genus_of(name) != parse_name(name).key[0]] == []


@needs_sources
def test_german_names_are_those_of_the_source():
    (names,) = [read_list(path) for path in COMMON_NAMES.glob("*.json")]
    with (SOURCES.parent / "checklists" / "germansl_1.5.csv").open(encoding="utf-8", newline="") as file:
        given = {(row["TaxonName"], row["VernacularName"]) for row in csv.DictReader(file, delimiter=";")
                 if row["SYNONYM"] == "0"}
    assert len(names.rows) > 4000 and all((row.name, row.value) in given for row in names.rows)


def test_checklists_say_where_they_come_from():
    for path in checklists.SHIPPED.glob("*.csv.gz"):
        about = json.loads(path.with_name(path.name.replace(".csv.gz", ".json")).read_text(encoding="utf-8"))
        assert all(about[key] for key in ("title", "source", "licence", "names"))


def test_known_taxa():
    arnica, ailanthus, fir, aggregate, unheard = joined(
        "Arnica montana L.", "Ailanthus altissima (Mill.) Swingle", "Abies alba", "Achillea millefolium aggr.",
        "Nomen nudum")
    assert statuses.shown(arnica, "eu_directive") == "Annex II, IV or V: check"
    assert statuses.shown(arnica, "eu_directive", "fr") == "annexe II, IV ou V\u00a0: à vérifier"
    assert statuses.is_listed(arnica, "invasive") is False
    assert statuses.is_listed(ailanthus, "invasive") is True
    assert statuses.is_tree(fir) and statuses.is_woody(fir) and statuses.is_tree(arnica) is False
    assert aggregate.life_form and statuses.is_listed(aggregate, "invasive") is None
    assert unheard.life_form == "" and statuses.is_tree(unheard) is None


@needs_sources
def test_directive_rows_are_all_plants_of_the_source():
    path = SOURCES / "habitats_directive_art_17_checklist+gbif_updated2025.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        plants = {row["verbatimScientificName"] for row in csv.DictReader(file) if row["kingdom"] == "Plantae"}
    assert {row.name for row in shipped()["eu_habitats_directive"].rows} == plants | {"Liparis loeselii"}


@needs_sources
def test_life_forms_agree_with_the_workbook():
    forms = read_life_forms()
    rows = list(_workbook(SOURCES / "Life_form_Dfevojan_2023.xlsx"))
    header = rows[0][:15]
    trees = {row[1] for row in rows[1:] if row[header.index("Tree")] == "1"}
    assert {name for name, form in forms.items() if "tree" in form.split("; ")} == trees
    stated = {row[1] for row in rows[1:] if "1" in row[2:15]}
    assert set(forms) == stated


@needs_sources
def test_belgian_aliens_are_counted():
    rows = list(_workbook(SOURCES / "Belgium_GBIF_GRIIS.xlsx"))
    kingdom = rows[0].index("kingdom")
    assert len(shipped()["alien_belgium"].rows) == sum(row[kingdom] == "Plantae" for row in rows[1:])


def _workbook(path: Path):
    """Yield the cells of the first sheet, read without the library that made the tables."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as archive:
        shared = []
        if "xl/sharedStrings.xml" in archive.namelist():
            root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
            shared = ["".join(t.text or "" for t in item.iter(f"{space}t")) for item in root]
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    for row in sheet.iter(f"{space}row"):
        cells = []
        for cell in row:
            text = "".join(t.text or "" for t in cell.iter() if t.tag in (f"{space}v", f"{space}t"))
            cells.append(shared[int(text)] if cell.get("t") == "s" and text else text)
        yield cells
