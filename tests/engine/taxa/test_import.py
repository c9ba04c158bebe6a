"""Importing the user's lists: what a consultant's file may look like."""


import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.line import parse
from geoplantnet_plugin.engine.indicators import Context, select
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa import statuses
from geoplantnet_plugin.engine.taxa.joining import join
from geoplantnet_plugin.engine.taxa.lists import ListRow, load_lists
from geoplantnet_plugin.engine.taxa.read import backbone_id, read_rows
from geoplantnet_plugin.engine.taxa.statuses import IUCN
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon


class Warnings(Reporter):
    def __init__(self):
        self.codes = []

    def warning(self, code, **params):
        self.codes.append(code)


def read(tmp_path, text, kind="mine", encoding="utf-8", **columns):
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    warnings = Warnings()
    return [(row.name, row.value) for row in read_rows(path, kind, warnings, **columns)], warnings.codes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(tmp_path, encoding, separator):
    rows = [("Espèce", "Catégorie"), ("Aconitum napellus", "en"), ("Crépis nain", "LC")]
    text = "\n".join(separator.join(row) for row in rows)
    assert read(tmp_path, text, "iucn", encoding)[0] == [("Aconitum napellus", "EN"), ("Crépis nain", "LC")]


def test_without_header(tmp_path):
    rows, codes = read(tmp_path, "1;Zea mays L.;x\n2;Abies alba Mill.;y\n3;Salix;z\n")
    assert rows == [("Zea mays L.", "yes"), ("Abies alba Mill.", "yes"), ("Salix", "yes")]
    assert codes == []


def test_one_column_of_names(tmp_path):
    assert read(tmp_path, "Zea mays\nAbies alba\n")[0] == [("Zea mays", "yes"), ("Abies alba", "yes")]


def test_repeated_nameless_and_unknown(tmp_path):
    rows, codes = read(tmp_path, "name,category\nZea mays,LC\nZea mays,LC\n,VU\nAbies alba,LR/nt\nAcer opalus,\n",
                       "iucn")
    assert rows == [("Zea mays", "LC"), ("Acer opalus", "")]
    assert codes == ["taxa_list_nameless", "taxa_list_blank", "taxa_list_unknown_codes"]
    assert read(tmp_path, "name\nZea mays\nZea mays\n") == ([("Zea mays", "yes")], ["taxa_list_repeated"])


def test_named_columns(tmp_path):
    text = "Latin;Code\nZea mays;II\n"
    assert read(tmp_path, text, name_column="Latin", value_column="code")[0] == [("Zea mays", "II")]
    with pytest.raises(EngineError, match="no column “Nom”"):
        read(tmp_path, text, name_column="Nom")


@pytest.mark.parametrize("data, sentence", [
    (b"", "no rows"), (b"\n\n", "no rows"), (b"name\n", "no species"), (b"PK\x03\x04xlsx", "Save it .* as CSV"),
    (b"a,b\n1,2\n3,4\n", "No column")])
def test_files_that_are_no_list(tmp_path, data, sentence):
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    with pytest.raises(EngineError, match=sentence):
        read_rows(path, "mine", Warnings())
    with pytest.raises(EngineError, match="cannot be read"):
        read_rows(tmp_path / "none.csv", "mine", Warnings())


def test_a_hundred_thousand_rows(tmp_path):
    letters = "abcdefghij"
    names = ["Zea " + "".join(letters[int(digit)] for digit in f"{i:05d}") for i in range(100_000)]
    taxa = TaxaTable((Taxon("0", names[777], names[777]), Taxon("1", "Abies alba", "Abies alba")))
    species = taxa_list(tmp_path, "name\n" + "\n".join(names))
    assert len(species.rows) == 100_000
    assert [len(taxon.statuses) > 0 for taxon in join(taxa, [species]).taxa] == [True, False]


def run(tmp_path, *arguments):
    command, typed, _ = parse(["taxa", *arguments])
    return command.of_line(typed, Warnings())


def taxa_list(tmp_path, text, *options):
    path = tmp_path / "Liste régionale.csv"
    path.write_text(text, encoding="utf-8")
    run(tmp_path, "import", str(path), "--id", "regional", *options)
    return next(species for species in load_lists() if species.id == "regional")


@pytest.fixture(autouse=True)
def own_lists(tmp_path, monkeypatch):
    monkeypatch.setenv("GEOPLANTNET_LISTS", str(tmp_path / "lists"))


def test_an_imported_list_becomes_an_indicator(tmp_path):
    species = taxa_list(tmp_path, "nom\nArnica montana L.\n", "--title", "Protégées VD", "--territory", "ch-vd")
    assert species.rows == (ListRow("Arnica montana L."),)
    assert species.territory == "CH-VD"
    taxa = join(TaxaTable((Taxon("0", "Arnica montana", "Arnica montana"),)), load_lists()).taxa
    (indicator,) = select(["regional"], Context(taxa, Scale.SIGMOID))
    assert str(indicator.title()).startswith("Species of the list “Protégées VD” (as of 2")
    assert {"id", "rows"} <= set(run(tmp_path, "list")["lists"][0])
    run(tmp_path, "remove", "regional")
    assert "regional" not in {entry["id"] for entry in run(tmp_path, "list")["lists"]}
    with pytest.raises(EngineError, match="no list regional"):
        run(tmp_path, "remove", "regional")


@pytest.mark.parametrize("options, sentence", [
    (["--id", "../evil"], "cannot name a list"), (["--id", "shannon"], "belongs to the plugin"),
    (["--id", "eu_invasive", "--kind", "invasive"], "belongs to the plugin"),
    (["--kind", "beauty"], "not a kind of list")])
def test_names_and_kinds_that_do_not_do(tmp_path, options, sentence):
    path = tmp_path / "list.csv"
    path.write_text("name\nZea mays\n")
    with pytest.raises(EngineError, match=sentence):
        run(tmp_path, "import", str(path), *options)


def test_a_list_may_be_imported_again(tmp_path):
    taxa_list(tmp_path, "name\nZea mays\n")
    assert taxa_list(tmp_path, "name\nAbies alba\n").rows == (ListRow("Abies alba"),)


@pytest.mark.parametrize("key, used", [("537251", "537251"), ("537251.0", "537251"), ("537251,00", "537251"),
                                       ("5,37E+05", ""), ("537251.5", ""), ("4QHKG", ""), ("", "")])
def test_an_id_is_never_turned_into_another(key, used):
    assert backbone_id(key) == used


def test_mangled_ids_and_blank_statuses_are_told(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("scientificName;taxonKey;category\nSalix viminalis L.;5,37E+05;VU\nAbies alba;2685484;\n", "utf-8")
    warnings = Warnings()
    rows = read_rows(path, "iucn", warnings)
    assert [(row.name, row.gbif_id, row.value) for row in rows] == [
        ("Salix viminalis L.", "", "VU"), ("Abies alba", "2685484", "")]
    assert {"taxa_list_ids", "taxa_list_blank"} <= set(warnings.codes)


@pytest.mark.parametrize("said, code", [
    ("VU - vulnerable", "VU"), ("CR(PE)", "CR"), ("nt*", "NT"), ("Least Concern", "LC"),
    ("Critically endangered", "CR"), ("EN B2ab(iii)", "EN"), ("LC (2016)", "LC")])
def test_categories_with_remarks_and_by_name(tmp_path, said, code):
    assert read(tmp_path, f"name;category\nArnica montana;{said}\n", "iucn")[0] == [("Arnica montana", code)]


@pytest.mark.parametrize("said", ["rare", "VULGAR", "endemic", "CRITICAL"])
def test_words_that_only_begin_like_a_category(tmp_path, said):
    found, codes = read(tmp_path, f"name;category\nArnica montana;{said}\nSalix alba;LC\n", "iucn")
    assert found == [("Salix alba", "LC")] and "taxa_list_unknown_codes" in codes


@pytest.mark.parametrize("text", [
    "scientificName,redlistCategory\nArnica montana,Vulnerable\nSalix alba,Least Concern\n",
    "name;status;code\nArnica montana;accepted;VU\nSalix alba;accepted;LC\n", "Arnica montana;VU\nSalix alba;LC\n",
    "name;country;Bewertung 2024\nArnica montana;CH;VU*\nSalix alba;CH;LC\n"])
def test_categories_are_found_whatever_their_column_is_called(tmp_path, text):
    assert read(tmp_path, text, "iucn")[0] == [("Arnica montana", "VU"), ("Salix alba", "LC")]


def test_a_red_list_without_categories_is_refused(tmp_path):
    with pytest.raises(EngineError) as raised:
        read(tmp_path, "name;country\nArnica montana;CH\nSalix alba;CH\n", "iucn")
    assert raised.value.code == "taxa_list_no_category" and "country" in str(raised.value)


@pytest.mark.parametrize("text, listed", [
    ("scientificName;taxonKey;category\nSalix viminalis L.;537251.0;VU\n", {}),
    ("scientificName;taxonKey;category\nSalix viminalis L.;5,37E+05;VU\n", {}),
    ("scientificName;taxonKey;category\nArnica montana;5372510;VU\nPoa alpina;53705.0;NT\n",
     {"Arnica montana": "VU", "Poa alpina": "NT"}),
    ("name,category\nArnica montana aggr. L.,VU\nSalix alba auct. non L.,EN\nAbies alba s. lat. Mill.,CR\n"
     "Poa alpina ?,NT\n", {}),
    ("sep=;\nname;category\nArnica montana;VU\nSalix alba;LC\n", {"Arnica montana": "VU", "Salix alba": "LC"}),
    ("Red list\n\nname;category\nArnica montana;VU\nSalix alba;LC\n", {"Arnica montana": "VU", "Salix alba": "LC"})])
def test_what_a_list_says_of_the_taxa_of_a_model(tmp_path, text, listed):
    """From the file to the statuses, with keys of the backbone that a mangled one could be taken for."""
    keys = {"Arnica montana": "5372510", "Salix alba": "", "Abies alba": "", "Poa alpina": "53705"}
    taxa = TaxaTable(tuple(Taxon(name, name, name, gbif_id=key) for name, key in keys.items()))
    joined = join(taxa, [taxa_list(tmp_path, text, "--kind", "iucn")]).taxa
    values = {taxon.name: statuses.value(taxon, "iucn") for taxon in joined}
    assert {name: value for name, value in values.items() if value in IUCN} == listed
