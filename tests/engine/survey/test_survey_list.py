"""The survey list: chances of one square, the order, what was recorded, and what a person says of the site."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from cube.cube_helpers import Heard, write
from rasterio.warp import transform
from shapely import Polygon, box
from survey.atlas import BOTTOM, CHANCES, LEFT, UTM, Atlas, make_atlas, site

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ReportRequest
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.assessment.report.make import make_report
from geoplantnet_plugin.engine.assessment.report.site_map import RELIEF, site_map
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.base.events import Reporter


class Hearing(Heard, Reporter):
    """Keeps warnings."""


@pytest.fixture
def atlas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Atlas:
    return make_atlas(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    """An atlas with a site (``site``) and a larger area (``large``) assessed once, for tests that only look."""
    with pytest.MonkeyPatch.context() as patch:
        made = make_atlas(tmp_path_factory.mktemp("atlas"), patch)
        run(made, site(0, 0), "site")
        run(made, box(LEFT, BOTTOM, LEFT + 20_000, BOTTOM + 20_000), "large")
        yield made


def listed(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "survey_list.csv").open(encoding="utf-8") as file:
        return {row["Name"]: row for row in csv.DictReader(file)}


def run(atlas: Atlas, shape: Polygon, out: str = "out", **changes: object) -> tuple[dict[str, dict[str, str]], Hearing]:
    heard = Hearing()
    assess(atlas.job(atlas.area(shape, name=f"{out}-site"), out, **changes), heard)
    return listed(atlas.folder / out), heard


def test_a_site_smaller_than_a_square_gets_one_square_and_no_map(shared: Atlas) -> None:
    out = shared.folder / "site"
    rows, manifest = listed(out), json.loads((out / "assessment.json").read_text())
    assert (manifest["state"], manifest["coverage"], manifest["species"], manifest["indicators"]) == (
        "complete", None, None, [])
    assert {path.name for path in out.iterdir() if not path.name.startswith("report")} == {
        "assessment.json", "assemblage.gpkg", "survey_list.csv"}
    assert manifest["survey"]["pool"] and manifest["survey"]["squares"] == ["30SVG40"]
    chances = {name: row["Chance of being recorded"] for name, row in rows.items()}
    assert chances["Thymus vulgaris"] == f"{CHANCES[0]:.3f}" == "0.881"
    assert chances["Stipa tenacissima"] == f"{CHANCES[2]:.3f}" == "0.622"


def test_a_chance_is_that_of_the_whole_square_however_small_the_site_is(shared: Atlas) -> None:
    tiny, _ = run(shared, site(0, 0, 10.0), "tiny")
    usual = listed(shared.folder / "site")
    assert tiny["Thymus vulgaris"]["Chance of being recorded"] == usual["Thymus vulgaris"]["Chance of being recorded"]
    manifest = json.loads((shared.folder / "tiny" / "assessment.json").read_text())
    assert manifest["area"]["cells"] == 1 and manifest["grid"]["resolution"] == 10_000


def test_the_order_is_listed_first_then_characteristic_then_the_rest(shared: Atlas) -> None:
    rows = listed(shared.folder / "site")
    assert [(row["Group"], name) for name, row in rows.items()] == [
        ("a", "Prunus ramburii"),  # endemic, 7.6 % is above the floor; not recorded in this square
        ("a", "Crocus nevadensis"),  # endemic, not modelled, recorded in a square near
        ("b", "Stipa tenacissima"),  # 62 %, six times its mean
        ("c", "Thymus vulgaris"),  # 88 %, but common everywhere
        ("c", "Quercus suber"),  # 12 %; only a subspecies is endemic
        ("c", "Lactuca singularis")]  # not modelled, recorded here
    assert "Abies pinsapo" not in rows, "endemic, below the floor and recorded nowhere near"
    assert rows["Prunus ramburii"]["Why"] == "endemic" and rows["Quercus suber"]["Endemic"] == "subspecies"
    assert rows["Stipa tenacissima"]["Times the mean"] == f"{CHANCES[2] / 0.10:.1f}"


def test_what_is_not_modelled_is_listed_by_its_records_and_never_has_a_chance(shared: Atlas) -> None:
    rows = listed(shared.folder / "site")
    for name, recorded in (("Crocus nevadensis", ""), ("Lactuca singularis", "here")):
        row = rows[name]
        assert (row["Chance of being recorded"], row["Times the mean"], row["Modelled"]) == ("", "", "no")
        assert row["Recorded"] == (recorded or "near")
    assert "Ricinus absens" not in rows
    assert rows["Thymus vulgaris"]["Recorded"] == "here", "beside the chance of a modelled one"


def test_a_site_across_two_squares_counts_both(shared: Atlas) -> None:
    rows, _ = run(shared, box(LEFT + 9000, BOTTOM + 4000, LEFT + 11_000, BOTTOM + 6000))
    assert rows["Thymus vulgaris"]["Squares of the site"] == "2"
    assert rows["Prunus ramburii"]["Squares of the site"] == "1"


def test_ticked_habitats_sort_but_hide_nothing_and_change_no_chance(shared: Atlas) -> None:
    before = listed(shared.folder / "site")
    rows, _ = run(shared, site(0, 0), "after", present=("rock", "forest"))
    assert set(rows) == set(before)
    assert [row["Chance of being recorded"] for row in map(rows.get, before)] == [
        row["Chance of being recorded"] for row in before.values()]
    assert {name: row["Habitat"] for name, row in rows.items()} == {
        "Prunus ramburii": "unknown", "Crocus nevadensis": "unknown", "Stipa tenacissima": "unknown",
        "Thymus vulgaris": "fits", "Quercus suber": "fits", "Lactuca singularis": "unknown"}
    only_forest, _ = run(shared, site(0, 0), "forest", present=("forest",))
    assert only_forest["Thymus vulgaris"]["Habitat"] == "does not fit"
    assert list(only_forest)[-1] == "Thymus vulgaris", "last of its group"


def test_seasons_months_and_altitude(atlas: Atlas) -> None:
    months = atlas.folder / "months.csv"
    months.write_text("name;months\nStipa tenacissima;4-6\nNemo nullus;1\n", encoding="utf-8")
    dem = write(atlas.folder / "dem.tif", np.full((1, 40, 40), 700, np.int16),
                Affine(500, 0, LEFT, 0, -500, BOTTOM + 20_000), UTM)
    rows, heard = run(atlas, site(0, 0), months=str(months), elevation=dem)
    assert rows["Stipa tenacissima"]["Months"] == "4-6"
    assert heard.params[heard.codes.index("months_some_unknown")]["names"] == ["Nemo nullus"]
    assert {name for name, row in rows.items() if row["Seasonal"] == "yes"} == {
        "Crocus nevadensis", "Lactuca singularis"}
    assert {name for name, row in rows.items() if row["Altitude differs"] == "yes"} == {
        "Thymus vulgaris", "Prunus ramburii", "Crocus nevadensis", "Lactuca singularis"}


def test_a_larger_area_gets_maps_on_the_grid_of_the_squares_and_a_list_of_means(shared: Atlas) -> None:
    out = shared.folder / "large"
    rows = listed(out)
    with rasterio.open(out / "species.tif") as dataset:
        assert dataset.res == (10_000, 10_000) and dataset.bounds.left % 10_000 == 0
    manifest = json.loads((out / "assessment.json").read_text())
    assert not manifest["survey"]["pool"] and manifest["coverage"]["cells"] >= 3
    ids = [entry["id"] for entry in manifest["indicators"]]
    assert ids[0] == "endemism" and "richness" not in ids, "how many species a square has is foretold badly"
    assert rows["Thymus vulgaris"]["Chance of being recorded"] == "0.881", "a mean of one value"
    assert rows["Thymus vulgaris"]["Squares of the site"] == "2"


def test_land_that_the_model_does_not_know_is_said(atlas: Atlas) -> None:
    with pytest.raises(EngineError) as caught:
        run(atlas, site(30, 0), "far")
    assert caught.value.code == "territory_outside"
    _, heard = run(atlas, box(LEFT + 15_000, BOTTOM + 15_000, LEFT + 25_000, BOTTOM + 17_000), "partly")
    assert "territory_partly" in heard.codes
    assert heard.params[heard.codes.index("territory_partly")]["share"] == pytest.approx(50, abs=1)


def test_a_site_longer_than_the_square_is_said(atlas: Atlas) -> None:
    _, heard = run(atlas, box(LEFT + 100, BOTTOM + 5000, LEFT + 19_900, BOTTOM + 5500))
    assert heard.codes == ["pool_too_long"]
    assert heard.params[0]["share"] == pytest.approx(100 * 9800 / 19_800, abs=1)


@pytest.mark.parametrize(("changes", "code"), [
    ({"present": ("moor",)}, "present_unknown"), ({"resolution": 300.0}, "support_resolution"),
    ({"months": "strange.csv"}, "months_no_match"), ({"elevation": "far.tif"}, "elevation_unusable"),
    ({"elevation": "gone.tif"}, "elevation_unusable")])
def test_what_cannot_be_used_is_refused_in_a_sentence(atlas: Atlas, changes: dict[str, object], code: str) -> None:
    (atlas.folder / "strange.csv").write_text("name,months\nNemo nullus,1\n", encoding="utf-8")
    write(atlas.folder / "far.tif", np.zeros((1, 4, 4), np.int16), Affine(500, 0, 0, 0, -500, 0), UTM)
    changes = {key: str(atlas.folder / value) if isinstance(value, str) else value for key, value in changes.items()}
    with pytest.raises(EngineError) as caught:
        run(atlas, site(0, 0), **changes)
    assert caught.value.code == code and not (atlas.folder / "out").exists()


@pytest.mark.parametrize(("file", "damage"), [("records.npz", b"no zip"), ("flora.csv", b"name,id\nA b,1\n")])
def test_damaged_records_are_refused(atlas: Atlas, file: str, damage: bytes) -> None:
    (atlas.model / file).write_bytes(damage)
    card = json.loads((atlas.model / "card.json").read_text())
    del card["checksums"][file]
    (atlas.model / "card.json").write_text(json.dumps(card))
    with pytest.raises(EngineError) as caught:
        run(atlas, site(0, 0))
    assert caught.value.code == "flora_unreadable"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_of_a_site_says_what_it_cannot_say(shared: Atlas, language: str) -> None:
    from pypdf import PdfReader

    html, pdf = make_report(ReportRequest(shared.folder / "site", language), Reporter())
    text = html.read_text(encoding="utf-8")
    sentence = {"en": "A species absent from this list is not absent from the site.",
                "fr": "Une espèce absente de cette liste n’est pas absente du site."}[language]
    assert sentence in text and text.count("<img") == 1, "where the site lies, and no map of scores"
    assert not re.search(r"<h3>[^<]*</h3>\s*<h[23]>", text), "no heading stands above nothing"
    assert "Prunus ramburii" in text and "<details>" in text
    paper = "".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert " ".join(sentence.split()[:4]) in " ".join(paper.split()) and "{" not in paper


def test_the_relief_around_a_site_is_that_of_its_place(shared: Atlas, tmp_path: Path) -> None:
    folder = open_folder(shared.folder / "site")
    assert site_map(folder, tmp_path / "site.png", Texts("en"))
    lon, lat = [-3.31, -3.60, -3.2], [37.05, 37.18, 37.6]  # Mulhacén, Granada, Guadix
    drawn, known = [], []
    for path, values in ((tmp_path / "site.tif", drawn), (RELIEF, known)):
        with rasterio.open(path) as file:
            values += [found[0] for found in file.sample(zip(*transform("EPSG:4326", file.crs, lon, lat), strict=True))]
    assert drawn == pytest.approx(known, abs=150)


def test_the_report_of_a_larger_area_has_the_list_too(shared: Atlas) -> None:
    html, _ = make_report(ReportRequest(shared.folder / "large"), Reporter())
    text = html.read_text(encoding="utf-8")
    assert "A species absent from this list is not absent from the site." in text
    assert "Crocus nevadensis" in text and "explored to a stated level: 500" in text
