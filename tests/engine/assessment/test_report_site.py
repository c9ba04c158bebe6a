"""What a report says of a site: its country, habitats, areas, common names; and what is quoted in another language."""

import html as html_module
import json
import re
from datetime import date
from functools import cache

import geopandas
import pytest
import worlds
from worlds import cells_box

from geoplantnet_plugin.common.convert import from_document
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import CompareRequest, ReportRequest
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.assessment.report.make import make_report
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.line import main


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Two areas, a country, a habitat table, common names in French, a card with limits and a spread of coverage."""
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEOPLANTNET_LISTS", str(folder / "lists"))
        world = worlds.make_world(folder)
        card = json.loads((world.model / "card.json").read_text(encoding="utf-8"))
        card["limits"] = ["Three species only."]
        card["calibration"]["coverage"] = {"block_sd": 0.5}
        (world.model / "card.json").write_text(json.dumps(card), encoding="utf-8")
        names = folder / "noms.csv"
        names.write_text("nom scientifique;nom vernaculaire\nAbies alba Mill.;Sapin blanc\nCarex nigra;\n", "utf-8")
        assert main(["taxa", "import", str(names), "--kind", "common_fr"]) == 0
        (folder / "types.csv").write_text("habitat,name,taxon,constancy\nT1,Fir <forest>,Abies alba,90\n"
                                          "Q5,Sedge fen,Carex nigra,90\n", encoding="utf-8")
        area = folder / "areas.gpkg"
        geopandas.GeoDataFrame({"name": ["north", "=south"]}, crs="EPSG:3035", geometry=[
            cells_box(20, 0, 20, 30), cells_box(40, 0, 20, 30)]).to_file(area)
        assess(world.job(str(area), areas_by="name", country="ch-vd", habitats=str(folder / "types.csv")), Reporter())
    return folder / "out"


@cache
def text_of(folder, **changes):
    """Return what a report says, in one line; made once for each set of choices."""
    page, _ = make_report(ReportRequest(folder, **changes), Reporter())
    text = re.sub(r"<style.*?</style>|<[^>]+>", " ", page.read_text("utf-8"), flags=re.S)
    return " ".join(html_module.unescape(text).split())


def test_the_country_of_the_assessment_counts_unless_another_is_given(finished):
    assert "Country CH-VD" in text_of(finished) and "Country FR" in text_of(finished, country="fr")
    with pytest.raises(EngineError, match="no country code"):
        text_of(finished, country="Suisse")


def test_habitats_are_reported_by_their_share_of_the_cells(finished):
    shares = open_folder(finished).shares("habitat")
    assert sum(shares.values()) == pytest.approx(100)
    text = text_of(finished)
    assert f"T1 Fir <forest> ({shares[1]:.1f} %)" in text
    assert f"Unclassified: {shares[0]:.1f} % of the cells" in text
    assert "Not assessed" not in text.split("Habitat Which")[1].split("Conservation")[0]
    french = text_of(finished, language="fr")
    assert "non classé" in french and "Type d'habitat (types)" in french and "Habitat type" not in french


def test_areas_stand_side_by_side(finished):
    areas = {row["area"]: row for row in open_folder(finished).areas()}
    text = text_of(finished)
    for name, row in areas.items():
        assert f"{name} {row['hectares']:.1f} {row['cells']} {row['taxa']} {row['expected_richness']:.1f}" in text
    with (finished / "areas.csv").open(encoding="utf-8") as file:
        assert "'=south" in file.read(), "no spreadsheet runs an area's name"


def test_common_names_and_intervals_are_in_the_coverage_table(finished):
    assert "Sapin blanc" in text_of(finished, language="fr") and "Sapin" not in text_of(finished)
    assert "Weiß-Tanne [de]" in text_of(finished) and "German names of plants" in text_of(finished)
    assert "Jansen & Dengler (2008)" in text_of(finished), "the source and licence of names stand among the lists"
    row = next(row for row in open_folder(finished).coverage if row.taxon.accepted_name == "Abies alba")
    assert f"{row.expected:.1f} {row.low:.1f} – {row.high:.1f} {row.share:.1f}" in text_of(finished)


def test_what_the_card_says_in_english_is_quoted_in_a_french_report(finished):
    french = text_of(finished, language="fr")
    assert "« Three species only. » (fiche du modèle, en anglais)" in french
    assert "« Two weights a taxon. »" in french
    assert "Three species only." in text_of(finished) and "“Three" not in text_of(finished)


def test_site_and_date_have_defaults_that_need_no_editing(finished):
    today = date.today()
    assert f"Site out Author – Date {today:%d %B %Y}" in text_of(finished)
    assert f"Date {today:%d/%m/%Y}" in text_of(finished, language="fr")


@pytest.mark.parametrize("document", [
    {"first": "a", "second": "b"}, {"first": "a", "second": "b", "out": 3},
    {"first": "a", "second": "b", "out": "c", "colour": "red"}])
def test_jobs_that_are_none_say_so(document):
    with pytest.raises(EngineError) as raised:
        from_document(CompareRequest, document)
    assert raised.value.code == "job_invalid"
