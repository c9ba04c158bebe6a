"""The species card's closer look and its photos, with a scripted engine: real clicks, real runs."""

import pytest
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QImage
from qgis.PyQt.QtWidgets import QLabel, QPushButton
from samples import SPECIES
from scripted_engine import engine_that, use_engine

from geoplantnet_plugin.gui.card_page import CardPage
from geoplantnet_plugin.gui.charts import AltitudeChart, MonthChart, ResponseChart
from geoplantnet_plugin.layers.coverage import read_coverage
from geoplantnet_plugin.layers.manifest import read_assessment
from geoplantnet_plugin.layers.species_card import read_species_card

CURVE = {"predictor": "warmth", "title": "Warmth <b>", "unit": "°C", "values": [0.0, 10.0, 20.0],
         "scores": [0.1, 0.6, 0.2], "low": [0.0, 0.4, 0.1], "high": [0.2, 0.8, 0.3], "training": [5.0, 15.0],
         "site": [6.0, 9.0]}
PROFILE = {
    "taxon": "3", "name": SPECIES[2],
    "altitudes": {"source": "dem.tif", "resolution": 25.0, "edges": [500.0, 600.0, 700.0], "site": [60, 36],
                  "predicted": [0, 12], "site_quantiles": [510.0, 580.0, 690.0],
                  "predicted_quantiles": [610.0, 650.0, 690.0], "thinned": False},
    "responses": {"scale": "sigmoid", "cells": 95, "curves": [CURVE], "left_out": ["Soil"]},
    "absent": {"months": {"code": "months_no_dates", "params": {"file": "records.csv", "found": ["name"]}}}}
MONTHS = {"file": "records.csv", "counts": [0, 0, 1, 4, 7, 2, 0, 0, 0, 0, 0, 0], "undated": 3}


@pytest.fixture
def page(plugin, assessment_folder, qgis_new_project, qtbot):
    made = CardPage()
    qtbot.addWidget(made)
    made.resize(420, 900)
    assessment = read_assessment(assessment_folder)
    made.show_card(assessment, read_species_card(assessment, read_coverage(assessment)[2]), "Test valley", None)
    made.show()
    yield made
    made.shut_down()


def _click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def _look(page, qtbot, tmp_path, monkeypatch, answer):
    script = f"""
json.dump(job, open({str(tmp_path / "asked.json")!r}, "w"))
say(event="result", **{answer!r})
"""
    use_engine(monkeypatch, engine_that(tmp_path, script))
    _click(qtbot, page.look.button)
    assert not page.look.button.isEnabled()
    qtbot.waitUntil(page.look.button.isEnabled, timeout=30000)


def _texts(widget):
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def test_a_click_computes_altitudes_and_responses_and_says_what_is_missing(page, qtbot, tmp_path, monkeypatch):
    _look(page, qtbot, tmp_path, monkeypatch, PROFILE)
    assert len(page.findChildren(AltitudeChart)) == len(page.findChildren(ResponseChart)) == 1
    qtbot.waitUntil(lambda: "Months" in _texts(page.look))
    told = _texts(page.look)
    assert "610 m to 690 m" in told and "dem.tif (25 m)" in told and "over 95 cells" in told
    assert "Without a curve (classes, images, series): Soil." in told
    assert "Months: not told. No column of records.csv holds dates" in told
    assert "5.00 to 15.0" in page.findChildren(ResponseChart)[0].accessibleDescription()


def test_a_large_site_says_how_many_of_its_cells_were_looked_at(page, qtbot, tmp_path, monkeypatch):
    altitudes = {**PROFILE["altitudes"], "site": [160_000, 12_500], "thinned": True}
    _look(page, qtbot, tmp_path, monkeypatch, {**PROFILE, "altitudes": altitudes})
    qtbot.waitUntil(lambda: "only 172,500 of its cells" in _texts(page.look))


def test_the_charts_show_what_they_say(page, qtbot, tmp_path, monkeypatch):
    _look(page, qtbot, tmp_path, monkeypatch, {**PROFILE, "months": MONTHS, "absent": {}})
    (months,) = page.findChildren(MonthChart)
    qtbot.waitUntil(lambda: months.grab().height() >= months.sizeHint().height())
    assert "(14 dated)" in months.accessibleName()
    qtbot.waitUntil(lambda: months.height() >= months.minimumSizeHint().height() > 0)  # a layout comes an event later
    image = months.grab().toImage()
    highlight = months.palette().highlight().color().rgb()
    inside = [x for x in range(image.width()) if image.pixel(x, image.height() - 2 * months.fontMetrics().height())
              == highlight]
    assert image.width() * 2 / 12 <= inside[0] and inside[-1] <= image.width() * 6 / 12, "bars from March to June"
    (chart,) = page.findChildren(AltitudeChart)
    qtbot.waitUntil(lambda: chart.height() >= chart.sizeHint().height())
    picture, middle = chart.grab().toImage(), chart.height() // 2
    left, right = (picture.pixel(int(chart.width() * part), middle) for part in (0.25, 0.75))
    assert left == chart.palette().base().color().rgb() != right, "predicted in the higher half alone"


def test_a_raster_and_records_are_handed_over(page, qtbot, tmp_path, monkeypatch, assessment_folder):
    heights = QgsRasterLayer(str(assessment_folder / "indicators" / "richness.tif"), "Heights")
    QgsProject.instance().addMapLayer(heights)
    page.look.dem.setLayer(heights)
    (tmp_path / "records.csv").write_text("name,date\n")
    page.look.records.setFilePath(str(tmp_path / "records.csv"))
    _look(page, qtbot, tmp_path, monkeypatch, PROFILE)
    asked = (tmp_path / "asked.json").read_text()
    assert "richness.tif" in asked and "records.csv" in asked and '"taxon": "3"' in asked


def test_another_species_forgets_what_was_computed(page, qtbot, tmp_path, monkeypatch, assessment_folder):
    _look(page, qtbot, tmp_path, monkeypatch, PROFILE)
    assessment = read_assessment(assessment_folder)
    page.show_card(assessment, read_species_card(assessment, read_coverage(assessment)[0]), "Test valley", None)
    assert not [chart for chart in page.findChildren(AltitudeChart) if chart.isVisible()]


def test_photos_need_a_tick_and_a_click_and_name_author_and_licence(page, qtbot, tmp_path, monkeypatch):
    picture = QImage(30, 20, QImage.Format.Format_RGB32)
    picture.save(str(tmp_path / "1.png"))
    answer = {"photos": [{"file": str(tmp_path / "1.png"), "author": "Ann <b>", "licence": "CC BY 4.0",
                          "page": "https://www.gbif.org/occurrence/1", "place": "Norway"}], "attribution": "GBIF.org"}
    use_engine(monkeypatch, engine_that(tmp_path, f"say(event='result', **{answer!r})"))
    assert not page.gbif.photos.button.isEnabled(), "nothing is asked without a tick"
    page.scroll.ensureWidgetVisible(page.gbif)
    page.gbif.agree.setChecked(True)
    _click(qtbot, page.gbif.photos.button)
    qtbot.waitUntil(page.gbif.photos.button.isEnabled, timeout=30000)
    qtbot.waitUntil(lambda: "©" in _texts(page.gbif.photos))  # a layout shows what is added to it an event later
    told = _texts(page.gbif.photos)
    assert "© Ann <b>\nCC BY 4.0\nNorway" in told and "GBIF.org" in told
    opened = []
    monkeypatch.setattr("geoplantnet_plugin.gui.photos_part.QDesktopServices.openUrl",
                        lambda url: opened.append(url.toString()))
    (record,) = [button for button in page.gbif.photos.findChildren(QPushButton) if button.text() == "Record"]
    _click(qtbot, record)
    assert opened == ["https://www.gbif.org/occurrence/1"]


def test_months_come_from_gbif_after_a_tick_and_a_click(page, qtbot, tmp_path, monkeypatch):
    answer = {"counts": [0, 0, 2, 40, 900, 1200, 30, 0, 0, 0, 0, 0], "undated": 11, "country": "CH",
              "day": "2026-11-30", "attribution": "GBIF.org"}
    script = f"json.dump(job, open({str(tmp_path / 'asked.json')!r}, 'w')); say(event='result', **{answer!r})"
    use_engine(monkeypatch, engine_that(tmp_path, script))
    months = page.gbif.months
    assert not months.button.isEnabled(), "nothing is asked without a tick"
    page.gbif.agree.setChecked(True)
    page.scroll.ensureWidgetVisible(months)
    _click(qtbot, months.button)
    qtbot.waitUntil(months.button.isEnabled, timeout=30000)
    (chart,) = page.findChildren(MonthChart)
    assert "(2,172 dated)" in chart.accessibleName() and "1,200" in chart.accessibleDescription()
    assert "2,172 records (CH) with a month, 11 without; counted by GBIF.org on 2026-11-30" in months.message.text()
    assert SPECIES[2] in (tmp_path / "asked.json").read_text()


def test_without_an_engine_the_card_says_so(page, qtbot, monkeypatch):
    from geoplantnet_plugin.bridge.interpreter import EngineMissing

    def missing():
        raise EngineMissing("There is no engine.")

    monkeypatch.setattr("geoplantnet_plugin.processing.engine_algorithm.find_engine", missing)
    _click(qtbot, page.look.button)
    assert "There is no engine." in page.look.message.text() and page.look.button.isEnabled()
