"""A person's records: what is an observation, what is its absence, what is doubtful."""

import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.taxa.records import read_records


class Told(Reporter):
    def __init__(self):
        self.warnings = {}

    def warning(self, code, **params):
        self.warnings[code] = params


def read(tmp_path, text):
    path = tmp_path / "records.csv"
    path.write_text(text, encoding="utf-8")
    told = Told()
    records = read_records(path, told)
    return [row.name for row in records.present], [row.name for row in records.doubtful], told.warnings


def test_gbif_records(tmp_path):
    present, doubtful, warnings = read(tmp_path, (
        "gbifID\tscientificName\toccurrenceStatus\tindividualCount\tidentificationQualifier\n"
        "1\tArnica montana L.\tPRESENT\t3\t\n2\tSalix alba L.\tABSENT\t0\t\n3\tPoa alpina ?\tPRESENT\t1\t\n"
        "4\tAcer opalus Mill.\tPRESENT\t\tcf.\n5\tAbies alba Mill.\tPRESENT\t0\t\n"))
    assert present == ["Arnica montana L."]
    assert doubtful == ["Poa alpina ?", "Acer opalus Mill."]
    assert warnings["records_absent"]["count"] == 2


@pytest.mark.parametrize("header, absent, present", [
    ("occurrenceStatus", "absent", "present"), ("individualCount", "0", "2"), ("Statut observation", "No", "Pr"),
    ("présence", "0", "1"), ("Anzahl", "0,0", "1,0"), ("abondance", "0", "+"), ("present", "FALSE", "TRUE"),
    ("Dénombrement min", "0", ""), ("occurrence_status", "Absence", ""), ("cover", ".", "+"),
    ("Recouvrement", "-", "r"), ("Deckung", "0", "1,5"), ("detected", "no", "yes"), ("absent", "true", "false"),
    ("Observation", "absent", "vu"), ("Statut de présence", "Non observé", "Présent"), ("count", "none", "several"),
    ("Nachweis", "nicht gefunden", "gefunden"), ("count", "-1", "1"), ("Presence/absence", "Absence", "x")])
def test_words_and_counts_of_absence(tmp_path, header, absent, present):
    found, _, warnings = read(tmp_path, f"nom;{header}\nSalix alba;{absent}\nArnica montana;{present}\n")
    assert found == ["Arnica montana"]
    assert warnings["records_absent"]["count"] == 1


@pytest.mark.parametrize("name", ["Poa alpina ?", "Poa cf. alpina", "Poa ?alpina", "cf. Poa alpina", "Poa aff. alpina",
                                  "? Poa alpina", "Poa alpina (cf)"])
def test_doubtful_names(tmp_path, name):
    assert read(tmp_path, f"name,remark\n{name},x\nArnica montana,y\n")[:2] == (["Arnica montana"], [name])
    assert read(tmp_path, f"Arnica montana\n{name}\nZea mays\nAcer opalus\n")[:2] == (
        ["Arnica montana", "Zea mays", "Acer opalus"], [name])


@pytest.mark.parametrize("said", ["doubtful", "unverified", "Rejected", "unconfirmed", "rejeté", "invalid"])
def test_what_a_check_said(tmp_path, said):
    found = read(tmp_path, f"name,identificationVerificationStatus\nPoa annua,{said}\nArnica montana,verified\n")
    assert found[:2] == (["Arnica montana"], ["Poa annua"])


@pytest.mark.parametrize(("header", "said", "sure"), [
    ("validation", "Douteux", "Certain - très probable"), ("identificationVerificationStatus", "0", "1"),
    ("Niveau de fiabilité", "incertain", "sûr"), ("coordinateUncertaintyInMeters", None, "25")])
def test_columns_of_doubt_by_whatever_name(tmp_path, header, said, sure):
    rows = [f"Poa annua;{said}", f"Arnica montana;{sure}"][said is None:]
    found = read(tmp_path, "\n".join([f"nom;{header}", *rows]))
    assert found[:2] == (["Arnica montana"], ["Poa annua"][:len(rows) - 1])


def test_names_that_only_look_doubtful(tmp_path):
    names = ["Salix alba Hooker et Arnott", "Salix alba Hook. et Arn.", "Ranunculus aconitifolius",
             "Silene acaulis subsp. exscapa", "Velezia rigida", "Carex affinis"]
    assert read(tmp_path, "\n".join(["name", *names]))[:2] == (names, [])


def test_nothing_but_absences_is_no_error_and_nothing_at_all_is(tmp_path):
    assert read(tmp_path, "name,count\nSalix alba,0\n")[:2] == ([], [])
    with pytest.raises(EngineError, match="no species"):
        read(tmp_path, "name,count\n,0\n")
