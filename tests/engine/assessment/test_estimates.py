"""No estimate lies outside the interval printed beside it: every table and layer of whole assessments."""

import csv
import json

import geopandas
import numpy as np
import pytest
from worlds import cells_box

from geoplantnet_plugin.common.jobs import PackRequest, ReportRequest
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment.report.make import make_report
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.reporters import TerminalReporter
from geoplantnet_plugin.engine.compare.areas import contrast
from geoplantnet_plugin.engine.field.package import pack
from tests.invariants import band, check_folder


def calibrate(folder):
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    card["calibration"] = {"method": "test", "richness": {"shared_sd": 0.5, "block_sd": 0.2},
                           "coverage": {"block_sd": 0.4}}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


@pytest.fixture(params=["lambda:0.05", "sse"])
def assessed(world, request):
    calibrate(world.model)
    out, area = world.folder / "out", world.folder / "areas.gpkg"
    geopandas.GeoDataFrame({"name": ["north", "south"]}, crs="EPSG:3035", geometry=[
        cells_box(20, 0, 20, 30), cells_box(40, 0, 20, 30)]).to_file(area)
    assess(world.job(str(area), set_rule=request.param, areas_by="name",
                     indicators=("richness", "shannon", "simpson", "eu_directive")), Reporter())
    return out


def test_estimates_lie_within_their_intervals(assessed, tmp_path):
    make_report(ReportRequest(assessed), TerminalReporter())
    contrast(assessed, assessed, assessed / "contrast", Reporter())
    pack(PackRequest(assessed, assessed / "walk", points=2, species_maps=0), Reporter())
    found = check_folder(assessed)
    assert {name for name, count in found.items() if count} >= {
        "coverage.csv", "coverage_by_area.csv", "areas.csv", "assemblage.gpkg:coverage", "assemblage.gpkg:expected",
        "assemblage.gpkg:areas", "assemblage.gpkg:coverage_by_area", "assessment.json", "report.html",
        "indicators/richness_lower.tif", "indicators/shannon_lower.tif", "indicators/simpson_lower.tif",
        "contrast/coverage_differences.csv", "contrast/comparison.html"}
    with (assessed / "areas.csv").open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines))
    assert len(set(header)) == len(header), "every number has a name of its own"


def test_scores_without_a_calibration_have_no_interval_anywhere(world):
    card = json.loads((world.model / "card.json").read_text(encoding="utf-8"))
    card.pop("calibration", None)
    (world.model / "card.json").write_text(json.dumps(card), encoding="utf-8")
    out = world.folder / "out"
    assess(world.job(world.area(cells_box(20, 0, 20, 30))), Reporter())
    make_report(ReportRequest(out), TerminalReporter())
    assert not any(check_folder(out).values())
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "not calibrated" in page and "are likely in at least half" not in page
    with (out / "coverage.csv").open(encoding="utf-8", newline="") as lines:
        assert not any(row["Expected share %"] for row in csv.DictReader(lines))


def test_the_expected_number_of_taxa_is_the_sum_of_the_expected_shares(assessed):
    document = json.loads((assessed / "assessment.json").read_text(encoding="utf-8"))
    layer = band(assessed / "indicators/richness_expected.tif")
    assert document["coverage"]["richness"]["expected"] == pytest.approx(np.nanmean(layer), rel=1e-3)
