"""No estimate lies outside the interval printed beside it: every table and layer of whole assessments."""

import csv
import json
import re

import geopandas
import numpy as np
import pytest
import rasterio
from worlds import cells_box

from geoplantnet_plugin.common.jobs import ReportRequest
from geoplantnet_plugin.common.tables import open_tables
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment.report.make import make_report
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.reporters import TerminalReporter

NUMBER = r"(\d+\.\d+)"
IN_BRACKETS = re.compile(rf"{NUMBER}(?: %)? \({NUMBER} – {NUMBER}\)")
IN_COLUMNS = re.compile(rf"<td[^>]*>{NUMBER}</td>\s*<td[^>]*>{NUMBER} – {NUMBER}</td>")


def calibrate(folder):
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    card["calibration"] = {"method": "test", "richness": {"shared_sd": 0.5, "block_sd": 0.2},
                           "coverage": {"block_sd": 0.4}}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


@pytest.fixture(params=["lambda:0.05", "lambda:0.9", "sse"])
def assessed(world, request):
    calibrate(world.model)
    out, area = world.folder / "out", world.folder / "areas.gpkg"
    geopandas.GeoDataFrame({"name": ["north", "south"]}, crs="EPSG:3035", geometry=[
        cells_box(20, 0, 20, 30), cells_box(40, 0, 20, 30)]).to_file(area)
    assess(world.job(str(area), set_rule=request.param, areas_by="name",
                     indicators=("richness", "shannon", "simpson", "eu_directive")), Reporter())
    return out


def ordered(low, estimate, high):
    low, estimate, high = (np.asarray(values, float) for values in (low, estimate, high))
    known = ~np.isnan(estimate)
    assert known.any()
    assert (low[known] <= estimate[known]).all() and (estimate[known] <= high[known]).all()


def test_estimates_lie_within_their_intervals(assessed):
    for file, columns in (("coverage.csv", ("Expected low %", "Expected share %", "Expected high %")),
                          ("coverage_by_area.csv", ("Expected low %", "Expected share %", "Expected high %")),
                          ("areas.csv", ("Expected richness low", "Expected richness", "Expected richness high"))):
        with (assessed / file).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        ordered(*([float(row[column]) for row in rows] for column in columns))
    with open_tables(assessed / "assemblage.gpkg") as tables:
        for table, columns in (("coverage", "expected_low, expected_share, expected_high"),
                               ("areas", "expected_richness_low, expected_richness, expected_richness_high")):
            ordered(*zip(*tables.execute(f"SELECT {columns} FROM {table}")))
    document = json.loads((assessed / "assessment.json").read_text(encoding="utf-8"))
    richness = document["coverage"]["richness"]
    ordered([richness["low"]], [richness["expected"]], [richness["high"]])
    for id in ("richness", "shannon", "simpson"):
        ordered(*(band(assessed / f"indicators/{id}_{layer}.tif") for layer in ("lower", "expected", "upper")))
    make_report(ReportRequest(assessed), TerminalReporter())
    page = (assessed / "report.html").read_text(encoding="utf-8")
    found = [*IN_BRACKETS.findall(page), *IN_COLUMNS.findall(page)]
    assert len(found) > 5, "the report prints estimates with intervals"
    assert all(float(low) <= float(estimate) <= float(high) for estimate, low, high in found)


def test_the_expected_number_of_taxa_is_the_sum_of_the_expected_shares(assessed):
    document = json.loads((assessed / "assessment.json").read_text(encoding="utf-8"))
    layer = band(assessed / "indicators/richness_expected.tif")
    assert document["coverage"]["richness"]["expected"] == pytest.approx(np.nanmean(layer), rel=1e-3)


def band(path):
    with rasterio.open(path) as dataset:
        return dataset.read(1).ravel()
