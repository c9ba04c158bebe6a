"""The site report: what it says is what the assessment holds, in both languages and both forms."""

import csv
import html as html_module
import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import asdict

import numpy as np
import pytest
import rasterio
import worlds
from pypdf import PdfReader
from worlds import cells_box

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.verdicts import QUESTIONS, number, read_verdicts
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.assessment.report.make import ReportRequest, make_report
from geoplantnet_plugin.engine.assessment.verdicts.make import verdicts_of
from geoplantnet_plugin.engine.base.events import Reporter

CAVEAT = "Predicted, not observed. Does not replace a field inventory; absence here is not absence on site."
NAMES = ("Arnica montana", "Ailanthus altissima", "Salix alba")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """An assessment whose three taxa are known to EU lists and to a red list of the canton."""
    folder = tmp_path_factory.mktemp("world")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worlds, "NAMES", NAMES)
        patch.setenv("GEOPLANTNET_LISTS", str(folder / "lists"))
        (folder / "lists").mkdir()
        about = {"id": "red_vd", "title": "Red <list> VD", "kind": "iucn", "instrument": "Red <list> VD",
                 "territory": "CH", "source": "test", "date": "2020", "licence": "", "complete": False}
        (folder / "lists" / "red_vd.json").write_text(json.dumps(about))
        (folder / "lists" / "red_vd.csv").write_text("name,accepted_name,gbif_id,related,value\nArnica montana,,,,VU\n"
                                                     "Salix alba subsp. vitellina,,,,EN\n")
        world = worlds.make_world(folder)
        assess(world.job(world.area(cells_box(0, 0, 60, 80))), Reporter())
    return folder / "out"


@pytest.fixture
def folder(finished, tmp_path):
    return shutil.copytree(finished, tmp_path / "copy")


def words(path):
    """The text of a report, without tags and with single spaces."""
    if path.suffix == ".pdf":
        text = " ".join(page.extract_text() for page in PdfReader(path).pages)
    else:
        text = html_module.unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", path.read_text("utf-8"), flags=re.S))
    return " ".join(text.split())


def report(folder, **changes):
    html, pdf = make_report(ReportRequest(folder, **changes), Reporter())
    return words(html), words(pdf)


def test_the_five_questions_have_verdicts_that_agree_with_the_coverage_table(folder):
    with (folder / "coverage.csv").open(encoding="utf-8", newline="") as file:
        coverage = {row["Name"]: float(row["Expected share %"]) for row in csv.DictReader(file)}
    for text in report(folder, country="FR"):
        for heading in ("Species", "Habitat", "Conservation", "Ecosystem", "Threat"):
            assert heading in text
        assert f"{len(coverage)} of the 3 taxa that the model knows are predicted" in text
        assert "Not assessed. No habitat model" in text
        assert f"1 of the 1 listed taxa that the model knows are predicted, with their expected share of the area: " \
               f"Arnica montana: {coverage['Arnica montana']:.1f} %" in text
        assert f"Ailanthus altissima: {coverage['Ailanthus altissima']:.1f} %" in text
        assert CAVEAT in text
        assert "SIMULATED DATA" in text
        assert "Annex II, IV or V: check" in text


def test_manifest_and_report_tell_the_same_verdicts(folder):
    """Manifest (for the panel and the print layout) and report: the same sentences, in both languages."""
    document = json.loads((folder / "assessment.json").read_text("utf-8"))
    made = [asdict(entry) for entry in verdicts_of(open_folder(folder), None)]
    assert document["verdicts"] == json.loads(json.dumps(made))
    for language in ("en", "fr"):
        told = read_verdicts(document["verdicts"], language)
        assert [verdict.id for verdict in told] == list(QUESTIONS)
        for text in report(folder, language=language):
            for verdict in told:
                assert all(" ".join(line.split()) in text for line in (*verdict.sentences, *verdict.remedy))


def test_figures_behind_the_verdicts_are_those_of_the_rasters(folder):
    opened = open_folder(folder)
    species, habitat, conservation, _, _ = read_verdicts(
        [asdict(entry) for entry in verdicts_of(opened, "FR")], "fr")
    richness = opened.document["coverage"]["richness"]
    assert species.figures[0].value == str(len(opened.coverage))
    assert species.figures[1].value == f"{richness['expected']:.1f}".replace(".", ",")
    assert richness["low"] is None and species.figures[1].interval == "", "no interval is made up"
    means = []
    for layer in ("expected", "lower", "upper"):
        with rasterio.open(folder / "indicators" / f"eu_directive_{layer}.tif") as raster:
            means.append(number(float(np.nanmean(raster.read(1))), 1, "fr"))
    figure = conservation.figures[1]
    assert figure.value.split()[0] == means[0] and figure.interval == f"{means[1]} – {means[2]}"
    assert not habitat.assessed and "tableau d’habitats" in habitat.remedy[0]


def test_what_would_round_to_nothing_is_not_told_as_nothing():
    assert [number(value, 1, "fr") for value in (0.0, 0.04, 0.06, 12.34)] == ["0,0", "< 0,1", "0,1", "12,3"]


def test_a_list_that_is_not_in_force_enters_no_verdict(folder):
    for text in report(folder, country="CH-VD"):
        assert "Red <list> VD (as of 2020): 1 of the 1 listed taxa" in text
        assert "Article 17 reports) (as of 2025): 1 of the 1" not in text
        assert "it is shown apart and enters no verdict" in text
        assert "Apart: predicted taxa on lists not in force" in text
        assert "No verdict: no list of invasive or alien plants is known to be in force at the site." in text
        assert "Salix alba (only “Salix alba subsp. vitellina” is listed)" in text
    for text in report(folder):
        assert "No verdict: no list of protected or threatened plants" in text
        assert "the country of the site was not given" in text


def test_a_model_without_domain_is_not_said_to_be_at_home(folder):
    path = folder / "assessment.json"
    document = json.loads(path.read_text("utf-8"))
    assert all("% of the cells lie outside the conditions" in text for text in report(folder))
    path.write_text(json.dumps({**document, "model": {}}), encoding="utf-8")
    for text in report(folder):
        assert "cannot be marked" in text and "% of the cells lie outside" not in text


def test_french(folder):
    for text in report(folder, language="fr", country="FR"):
        assert "Prédit, non observé" in text and "Directive Habitats" in text
        assert "Espèces cibles pour l’inventaire" in text
        assert not re.search(r"\bthe\b", text.replace("the EU", "").partition("Méthode et sources")[0])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_sentence_is_missing_from_the_catalogue(folder, language):
    for text in report(folder, language=language, country="FR"):
        assert not re.search(r"\b(report|unit|class|match|indicator)_[a-z_]+", text)


def test_what_people_type_is_escaped_and_shown(folder):
    html, pdf = make_report(ReportRequest(folder, client="<script>alert(1)</script>", site="Pré & Bois", author="É. Ñ",
                                          date="2026-06-01"), Reporter())
    assert "<script>" not in html.read_text("utf-8")
    for text in (words(html), words(pdf)):
        assert "<script>alert(1)</script>" in text and "Pré & Bois" in text and "É. Ñ" in text and "2026-06-01" in text


def test_html_needs_no_other_file(folder):
    html, _ = make_report(ReportRequest(folder), Reporter())
    sources = re.findall(r"(?:src|href)=\"([^\"]{0,30})", html.read_text("utf-8"))
    assert sources and all(source.startswith("data:image/png") for source in sources)


def test_pdf_has_its_fonts_inside_and_an_outline(folder):
    _, pdf = make_report(ReportRequest(folder), Reporter())
    reader = PdfReader(pdf)
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descendant = font["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in descendant["/FontDescriptor"].get_object()
    outline = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert {"Species", "Habitat", "Conservation", "Ecosystem", "Threat"} <= set(outline)


def test_own_records(folder, tmp_path):
    records = tmp_path / "records.csv"
    predicted = {row.taxon.accepted_name for row in open_folder(folder).coverage}
    absent, doubtful = sorted(predicted - {"Arnica montana"})[:2]
    records.write_text("species,occurrenceStatus,individualCount\nArnica montana L.,PRESENT,3\n"
                       f"Quercus robur,PRESENT,1\n{absent},ABSENT,0\n{doubtful} ?,PRESENT,1\n")
    for text in report(folder, observations=records, country="FR"):
        assert "3 names in your records: 1 observed and predicted, 0 observed but not predicted, 1 not among" in text
        assert f"{len(predicted) - 1} taxa are predicted but not in your records" in text
        assert "Quercus robur observed, not among the model's taxa" in text
        assert f"{doubtful} ? doubtful record, not counted" in text and f"{absent} observed" not in text


@pytest.mark.parametrize("change, sentence", [
    ({"state": "unfinished"}, "unfinished"), ({"schema": 99}, "newer version"), ({"schema": 1}, "earlier version"),
    ({"grid": None}, "grid.crs"), ({"coverage": {"cells": "many"}}, "coverage.cells"),
    ({"indicators": [{"id": "x", "file": 3}]}, "indicators"), ({"set_rule": []}, "set_rule.id")])
def test_folders_that_cannot_be_reported(folder, change, sentence):
    path = folder / "assessment.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **change}), encoding="utf-8")
    with pytest.raises(EngineError, match=sentence):
        make_report(ReportRequest(folder), Reporter())


def test_no_assessment_and_unknown_language(folder, tmp_path):
    with pytest.raises(EngineError, match="no readable assessment"):
        make_report(ReportRequest(tmp_path), Reporter())
    with pytest.raises(EngineError, match="Choose one of: en, fr"):
        make_report(ReportRequest(folder, language="de"), Reporter())
    (folder / "assemblage.gpkg").unlink()
    with pytest.raises(EngineError, match="missing"):
        make_report(ReportRequest(folder), Reporter())


def test_a_manifest_cannot_point_outside_its_folder(folder):
    path = folder / "assessment.json"
    document = json.loads(path.read_text("utf-8"))
    shutil.copy(folder / document["indicators"][0]["file"], folder.parent / "outside.tif")
    document["indicators"][0]["file"] = "../outside.tif"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert open_folder(folder).raster(document["indicators"][0]["id"]) is None


def test_taxa_that_nothing_predicts_leave_an_honest_report(folder):
    with closing(sqlite3.connect(folder / "assemblage.gpkg")) as connection:
        connection.execute("DELETE FROM coverage")
        connection.commit()
    for text in report(folder, country="FR"):
        assert "0 of the 3 taxa" in text
        assert "none of the 1 listed taxa that the model knows is in a set of the rule (Arnica montana: " in text
        assert "No predicted taxon is on a list" in text


def test_a_rule_that_makes_a_constant_layer_says_so_instead_of_drawing_it(world):
    assess(world.job(world.area(cells_box(0, 0, 10, 10)), set_rule="topk:1", indicators=("richness",)), Reporter())
    make_report(ReportRequest(world.folder / "out"), Reporter())
    page = (world.folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "all cells have the same value, 1.0, so that no map is drawn" in page and "<img" not in page
