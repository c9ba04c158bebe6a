"""The reader of tables: whatever a spreadsheet, a database or a person writes, the same cells come out."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.tables import number, read_table
from geoplantnet_plugin.engine.models.tables import read_named

KNOWN = ("name", "category", "cover", "remark")
HEADER = ["Name", "Category", "Cover", "Remark"]
ROWS = [["Arnica montana L.", "VU", "0,5", "près; \"Crépis\", été"], ["Salix alba L., 1753", "LC", "1,25", "à\nb"],
        ["Poa alpina", "", "12", "x | y"]]


class Told(Reporter):
    def __init__(self):
        self.codes = []

    def message(self, code, **params):
        self.codes.append((code, params))

    warning = message


def written(rows, separator, before=""):
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return before + text.getvalue()


def read(tmp_path, text, encoding="utf-8", known=KNOWN):
    path = tmp_path / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    told = Told()
    return read_table(path, known, told), told.codes


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252",
                                      "mac_roman", "cp850"])
@pytest.mark.parametrize("before", ["", "Liste rouge du canton\r\n\r\n", "Title;of, the|list\r\n,,\r\n"])
def test_the_same_cells_whatever_the_file(tmp_path, separator, encoding, before):
    table, codes = read(tmp_path, written([HEADER, *ROWS], separator, before), encoding)
    assert table.rows == [HEADER, *ROWS]
    assert ("table_titles" in dict(codes)) == bool(before)
    assert table.lines[0] == 1 + before.count("\n")


@pytest.mark.parametrize("line", ["sep=;\n", "SEP=;\r\n", "\"sep=;\"\r\n", "sep=;;;\n", "\ufeffsep=;\n"])
def test_the_line_of_excel_is_obeyed(tmp_path, line):
    table, _ = read(tmp_path, line + "name;category\nArnica montana;VU\n")
    assert table.rows == [["name", "category"], ["Arnica montana", "VU"]]
    assert table.lines == [2, 3]


@pytest.mark.parametrize("text, rows", [
    ("Arnica montana;0,5\nSalix alba;0,7\n", [["Arnica montana", "0,5"], ["Salix alba", "0,7"]]),
    ("Salix alba L., 1753;VU\nPoa alpina L., 1753;LC\n",
     [["Salix alba L., 1753", "VU"], ["Poa alpina L., 1753", "LC"]]),
    ("Zea mays\nSalix alba L., 1753\nAcer opalus\n", [["Zea mays"], ["Salix alba L., 1753"], ["Acer opalus"]]),
    ("a,1;2;3\nb,4;5\nc,\n", [["a", "1;2;3"], ["b", "4;5"], ["c", ""]]),
    ("1\tSalix \"alba\t2\n3\tPoa 5\" tall\t4\n", [["1", "Salix \"alba", "2"], ["3", "Poa 5\" tall", "4"]]),
    ("\n\nname;category;\n\nArnica;VU;\n;;\n", [["name", "category"], ["Arnica", "VU"]]),
    ("name,rank\nSalix alba,species\n", [["name", "rank"], ["Salix alba", "species"]]),
    ("Salix alba a,subspecies\nSalix alba,name\n", [["Salix alba a", "subspecies"], ["Salix alba", "name"]])])
def test_what_people_write(tmp_path, text, rows):
    assert read(tmp_path, text)[0].rows == rows


def test_a_row_with_too_many_cells_is_left_out_and_told(tmp_path):
    table, codes = read(tmp_path, "name,category\nSalix alba L., 1753,VU\nPoa alpina,LC\nAcer,VU\n")
    assert table.rows[1:] == [["Poa alpina", "LC"], ["Acer", "VU"]]
    assert dict(codes)["table_wide_rows"]["lines"] == [2]


@pytest.mark.parametrize("data", [b"PK\x03\x04\x14", b"\x00\x01\x02\x00\x00\x07", b"\xd0\xcf\x11\xe0\xa1\x00"])
def test_workbooks_are_no_text(tmp_path, data):
    with pytest.raises(EngineError, match="Save it from the spreadsheet as CSV"):
        read(tmp_path, data)


@pytest.mark.parametrize("text, value", [
    ("1.5", 1.5), ("1,5", 1.5), ("-0,25", -0.25), ("1 234,5", 1234.5), ("1.234,5", 1234.5), ("1,234.5", 1234.5),
    ("2'600'000", 2600000), ("2’600’000.5", 2600000.5), ("1.234.567", 1234567), ("1,234,567", 1234567), ("1e3", 1000),
    ("1,5E+03", 1500), ("", None), ("nan", None), ("inf", None), ("1e999", None), ("12 m", None), ("VU", None)])
def test_numbers(text, value):
    assert number(text) == value


@pytest.mark.parametrize("name, text", [
    ("names.txt", "Genus one\r\n\r\nGenus two\n\n"),
    ("names.csv", "sep=;\nNAME;family\nGenus one;F\n\nGenus two;\n;\n")])
def test_names_of_outputs(tmp_path, name, text):
    (tmp_path / name).write_bytes(text.encode("utf-8-sig"))
    assert [row["name"] for row in read_named(tmp_path / name, Reporter())] == ["Genus one", "Genus two"]


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")), max_size=12)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
       separator=st.sampled_from(",;\t|"))
def test_any_table_that_is_written_well_is_read_back(tmp_path_factory, rows, separator):
    import unicodedata

    path = tmp_path_factory.mktemp("table") / "table.csv"
    path.write_text(written([HEADER[:3], *rows], separator), encoding="utf-8", newline="")
    kept = [[unicodedata.normalize("NFC", cell).strip() for cell in row] for row in rows]
    assert read_table(path, KNOWN, Reporter()).rows[1:] == [row for row in kept if any(row)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_quotes_around_whole_lines(tmp_path, separator):
    lines = ['"' + line.replace('"', '""') + '"' for line in written([HEADER[:2], ROWS[0][:2]], separator).splitlines()]
    table, _ = read(tmp_path, "\r\n".join(lines))
    assert table.rows == [HEADER[:2], ROWS[0][:2]]


def test_what_nobody_sees_is_gone(tmp_path):
    table, _ = read(tmp_path, "\u200bName;Category\nArni\u00adca\u202fmontana\xa0L.;VU\u2060\n")
    assert table.rows == [["Name", "Category"], ["Arnica montana L.", "VU"]]


@pytest.mark.parametrize("text", [
    "'name','category'\n'Salix, alba','LC'\n'Malus ''Golden''','VU'\n",
    "name;category\n'Salix, alba';'LC'\n'Malus ''Golden''';'VU'\n",
    "sep=;\nname,category\n\"Salix, alba\",LC\nMalus 'Golden',VU\n",
    "sep=,\nname;category\nSalix, alba;LC\nMalus 'Golden';VU\n"])
def test_apostrophes_around_cells_and_a_separator_that_is_none(tmp_path, text):
    table, _ = read(tmp_path, text)
    assert table.rows == [["name", "category"], ["Salix, alba", "LC"], ["Malus 'Golden'", "VU"]]


@pytest.mark.parametrize("text", ["name;id\nZea mays;a\nAbies alba;b\n",
                                  "\ufeffname;id\r\n\"Zea mays\";a\r\nAbies alba;b\r\n\r\n"])
def test_names_in_a_text_file_with_a_header(tmp_path, text):
    (tmp_path / "names.txt").write_text(text, encoding="utf-8")
    rows = read_named(tmp_path / "names.txt", Told())
    assert [(row["name"], row["id"]) for row in rows] == [("Zea mays", "a"), ("Abies alba", "b")]
