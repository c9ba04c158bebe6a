"""An assessment from elsewhere: nothing of it is obeyed, and what cannot be read is told."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
import rasterio

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.foreign import MOST_CHARACTERS, harmless, is_geopackage
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.common.tiff import is_geotiff
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment.opening import layer_raster, layer_table
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands import report
from tests.server.callers import callers
from tests.torture.worlds import write_world

__all__ = ["callers"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("foreign")
    world = write_world(folder / "world")
    source = ModelOptions(model=str(world / "model"), predictors=(str(world / "env.tif"),))
    assess(AssessJob(area=str(world / "site.gpkg"), out=folder / "made", source=source, resolution=500.0), Reporter())
    return folder / "made"


@pytest.fixture
def sent(made, tmp_path):
    shutil.copytree(made, tmp_path / "sent")
    return tmp_path / "sent"


VRT = """<VRTDataset rasterXSize="20" rasterYSize="20"><VRTRasterBand dataType="Float32" band="1"><SimpleSource>
<SourceFilename relativeToVRT="0">/vsicurl/{url}/a.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"""


def test_a_raster_that_is_none_calls_nobody(sent, callers):
    for name in ("species.tif", "indicators/richness.tif"):
        (sent / name).write_text(VRT.format(url=callers.address))
        with pytest.raises(EngineError, match="no GeoTIFF"), layer_raster(sent / name):
            pass
    with pytest.raises(EngineError, match="no GeoTIFF"):
        report.COMMANDS[0].of_job({"folder": str(sent)}, Reporter())
    assert callers == []


@pytest.mark.parametrize("place", ["tag", "RICHNESS.tif.aux.xml", "entity"])
def test_overviews_elsewhere_call_nobody(sent, callers, place):
    """GDAL takes the address of overviews from the file's own metadata too, and from XML however it is spelt."""
    path = sent / "indicators" / "richness.tif"
    if place == "tag":
        with rasterio.open(path, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as dataset:
            dataset.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=f"/vsicurl/{callers.address}/o.tif")
        assert not list(path.parent.glob("*.aux.xml"))
    else:
        key = "OVERVIEW&#95;FILE" if place == "entity" else "overview_file"
        name = "richness.tif.aux.xml" if place == "entity" else place
        path.with_name(name).write_text(f'<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="{key}">'
                                        f"/vsicurl/{callers.address}/o</MDI></Metadata></PAMDataset>")
    assert not is_geotiff(path)
    with pytest.raises(EngineError, match="no GeoTIFF"), layer_raster(path):
        pass
    assert callers == []


@pytest.mark.parametrize("beside", ["richness.tif.ovr", "richness.tif.OVR", "richness.tif.msk", "richness.tif.aux.xml",
                                    "richness.aux"])
def test_what_lies_beside_a_raster_calls_nobody(sent, callers, beside):
    text = VRT.format(url=callers.address) if not beside.endswith("xml") else (
        f'<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">'
        f"/vsicurl/{callers.address}/o.tif</MDI></Metadata></PAMDataset>")
    (sent / "indicators" / beside).write_text(text)
    with pytest.raises(EngineError, match="no GeoTIFF"), layer_raster(sent / "indicators" / "richness.tif"):
        pass
    assert callers == []


def test_a_table_that_is_none(sent, callers):
    (sent / "assemblage.gpkg").write_text(f"<OGRVRTDataSource><OGRVRTLayer name='area'><SrcDataSource>"
                                          f"/vsicurl/{callers.address}/a</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>")
    with pytest.raises(EngineError, match="no GeoPackage"):
        layer_table(sent / "assemblage.gpkg", "area")
    assert callers == []


def test_formats_are_told_by_their_bytes(made):
    assert is_geotiff(made / "species.tif") and not is_geotiff(made / "assemblage.gpkg")
    assert is_geopackage(made / "assemblage.gpkg") and not is_geopackage(made / "species.tif")
    assert not is_geotiff(made / "none.tif") and not is_geopackage(made)


def test_texts_are_bounded_and_evaluate_nothing():
    found = harmless({"a": ["x" * 200_000, "[% eval('1') %]", 1, None], "[%b%]": {"c": True}})
    assert len(found["a"][0]) == MOST_CHARACTERS and "[%" not in json.dumps(found)
    assert found["a"][2:] == [1, None] and found["[ %b%]"] == {"c": True}


def change(folder, **entries):
    path = folder / "assessment.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **entries}), encoding="utf-8")


def test_a_name_of_200_000_letters_does_not_take_the_report_down(sent):
    with closing(sqlite3.connect(sent / "assemblage.gpkg")) as tables:
        tables.execute("UPDATE taxa SET accepted_name = ?", ("x" * 200_000,))
        tables.commit()
    change(sent, title="T" * 200_000)
    report.COMMANDS[0].of_job({"folder": str(sent)}, Reporter())
    assert (sent / "report.pdf").stat().st_size < 5_000_000


@pytest.mark.parametrize("entries", [
    {"predictors": [{"predictor": "warm", "extrapolated": None, "gaps": 3}]}, {"predictors": [None], "title": None},
    {"indicators": {}}, {"area": {"hectares": 1e400, "cells": 10}, "job": "x", "software": 3}])
def test_a_manifest_of_another_shape_is_read_or_refused(sent, entries):
    change(sent, **entries)
    try:
        report.COMMANDS[0].of_job({"folder": str(sent)}, Reporter())
    except EngineError as error:
        assert str(error)
