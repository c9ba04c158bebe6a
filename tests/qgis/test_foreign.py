"""An assessment that somebody sent: shown or refused in a sentence; it calls nobody and evaluates nothing."""

import csv
import json
import sqlite3
from contextlib import closing
from xml.sax.saxutils import escape  # nosec B406

import pytest
from osgeo import gdal
from qgis.core import (
    QgsExpression,
    QgsLayoutItemLabel,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    qgsfunction,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtWidgets import QLabel
from samples import change_manifest, show_in_project

from geoplantnet_plugin.gui.results_panel import ResultsPanel
from geoplantnet_plugin.layers.build import species_layer
from geoplantnet_plugin.layers.foreign import VALUE_TIP, is_harmless_style
from geoplantnet_plugin.layers.layout import make_layout
from geoplantnet_plugin.layers.manifest import NotAnAssessment
from geoplantnet_plugin.layers.problem import LayerProblem
from geoplantnet_plugin.layers.project import write_project
from tests.server.callers import callers

__all__ = ["callers"]

RENDERED = QSize(60, 40)


EVALUATED = []


@qgsfunction(args=0, group="test", register=False)
def gpn_trap(values, feature, parent):
    """Tells when it is evaluated."""
    EVALUATED.append(values)
    return 1


@pytest.fixture(scope="module")
def trap(qgis_app):
    """The function is one of QGIS's expressions; it stays so, since QGIS crashes when it goes."""
    QgsExpression.registerFunction(gpn_trap)
    assert QgsExpression("gpn_trap()").evaluate() == 1 and EVALUATED.pop() is not None


def _texts(folder, address):
    """Every text of manifest and tables evaluates and calls, and is long."""
    bad = f"[% gpn_trap() %]<img src='{address}/i.png'><a href='{address}/a'>x</a>" + "x" * 5000
    path = folder / "assessment.json"

    def spoilt(value, key=""):
        if isinstance(value, dict):
            return {name: spoilt(entry, name) for name, entry in value.items()}
        if isinstance(value, list):
            return [spoilt(entry, key) for entry in value]
        kept = ("file", "schema", "crs", "scale", "kind", "colour", "state", "id", "code", "created", "band")
        return value + bad if isinstance(value, str) and key not in kept else value

    path.write_text(json.dumps(spoilt(json.loads(path.read_text()))))
    with closing(sqlite3.connect(folder / "assemblage.gpkg")) as tables:
        tables.execute("UPDATE taxa SET accepted_name = accepted_name || ?", (bad,))
        tables.execute("UPDATE coverage SET name = name || ?", (bad,))
        tables.commit()
    rows = list(csv.reader((folder / "coverage.csv").open(encoding="utf-8")))
    with (folder / "coverage.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([rows[0], *([row[0], *(cell + bad if cell and not cell[0].isdigit() else cell
                                                          for cell in row[1:])] for row in rows[1:])])


def _style_in_tables(folder, address):
    """The GeoPackage's default style labels and acts; it brings a project along."""
    style = f"""<!DOCTYPE qgis><qgis labelsEnabled="1"><renderer-v2 type="RuleRenderer"><rules><rule
        filter="gpn_trap()=1" symbol="0"/></rules></renderer-v2><labeling type="simple"><settings><text-style
        fieldName="gpn_trap()" isExpression="1"/></settings></labeling><attributeactions><actionsetting type="1"
        action="import urllib.request as u;u.urlopen('{address}/action')"/></attributeactions></qgis>"""
    with closing(sqlite3.connect(folder / "assemblage.gpkg")) as tables:
        tables.execute("CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_catalog TEXT, f_table_schema TEXT,"
                       "f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT,"
                       "useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME)")
        for table in ("area", "coverage"):
            tables.execute("INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,"
                           "styleName, styleQML, useAsDefault) VALUES ('', '', ?, 'geom', 'x', ?, 1)", (table, style))
        tables.execute("CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)")
        tables.commit()


def _style_beside(folder, address):
    """Styles beside rasters evaluate."""
    (folder / "indicators" / "richness.qml").write_text(
        '<qgis><mapTip>[% gpn_trap() %]</mapTip><customproperties><property key="embeddedWidgets/count" value="0"/>'
        "</customproperties></qgis>")
    (folder / "species.qml").write_text('<qgis><pipe><rasterrenderer type="singlebandgray"><rasterTransparency/>'
                                        '<Option name="expression" value="gpn_trap()"/></rasterrenderer></pipe></qgis>')


def _virtual(folder, address):
    """Rasters are virtual ones that lead to the net."""
    for name in ("species.tif", "indicators/richness.tif", "indicators/habitat.tif"):
        (folder / name).write_text(
            f'<VRTDataset rasterXSize="12" rasterYSize="8"><VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
            f"<SourceFilename>/vsicurl/{address}/v.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>")


def _overviews(folder, address):
    """A GeoTIFF's own metadata says that its overviews are on the net."""
    dataset = gdal.Open(str(folder / "indicators" / "richness.tif"), gdal.GA_Update)
    dataset.SetMetadataItem("OVERVIEW_FILE", f"/vsicurl/{address}/o.tif", "OVERVIEWS")
    dataset.FlushCache()


def _tables(folder, address):
    """The GeoPackage is a virtual vector file that leads to the net."""
    (folder / "assemblage.gpkg").write_text(
        f"<OGRVRTDataSource><OGRVRTLayer name='area'><SrcDataSource>/vsicurl/{address}/t.gpkg</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>")


def _file(name):
    def change(folder, address):
        values = json.loads((folder / "assessment.json").read_text())
        values["indicators"][0]["file"] = name.format(address=address)
        change_manifest(folder, indicators=values["indicators"])
    return change


def _manifest(text):
    def change(folder, address):
        (folder / "assessment.json").write_text(text)
    return change


def _link(folder, address):
    """A raster is a link to a file outside of the folder."""
    (folder / "indicators" / "richness.tif").unlink()
    (folder / "indicators" / "richness.tif").symlink_to("/etc/hostname")


def _numbers(folder, address):
    change_manifest(folder, area={"hectares": float("nan"), "cells": float("inf"), "file": "assemblage.gpkg"})


HOSTILE = {
    "texts": _texts, "style in tables": _style_in_tables, "style beside": _style_beside, "virtual": _virtual,
    "overviews": _overviews, "virtual tables": _tables, "numbers": _numbers, "link": _link,
    "address": _file("/vsicurl/{address}/i.tif"), "up": _file("../../outside.tif"), "root": _file("/etc/passwd"),
    "long path": _file("x" * 100_000), "zero": _file("a\0b"), "deep": _manifest("[" * 100_000 + "]" * 100_000),
    "deep object": _manifest('{"a":' * 100_000 + "1" + "}" * 100_000), "list": _manifest("[1, 2]"),
    "endless": _manifest('{"schema": 2, "title": 1e999, "indicators": NaN}'), "binary": _manifest("\x00" * 1000)}


def _look(folder, panel, qtbot, qgis_iface):
    """Do with an assessment what a person does: layers, maps, tables, layout, project."""
    with qtbot.waitSignal(panel.species.work.done, timeout=60000, raising=False):
        assessment = show_in_project(folder)
    qtbot.waitUntil(lambda: panel.tabs.is_filled, timeout=60000)
    layers = list(QgsProject.instance().mapLayers().values())
    layers += [species_layer(assessment, entry) for entry in assessment.species]
    for layer in filter(lambda layer: layer.isValid() and layer.isSpatial(), layers):
        settings = QgsMapSettings()
        settings.setLayers([layer])
        settings.setExtent(layer.extent())
        settings.setOutputSize(RENDERED)
        job = QgsMapRendererSequentialJob(settings)
        job.start()
        job.waitForFinished()
    for index in range(panel.tabs.count()):
        panel.tabs.setCurrentIndex(index)
        panel.grab()
    for label in panel.findChildren(QLabel):
        assert "<img" not in label.text() or label.textFormat() == 0, "shown as HTML"
    layout = make_layout(QgsProject.instance(), assessment)
    for item in layout.items():
        if isinstance(item, QgsLayoutItemLabel):
            item.currentText()
    write_project(assessment)


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_assessment_from_elsewhere_is_looked_at_and_not_obeyed(plugin, qgis_iface, qgis_new_project, qtbot, trap,
                                                                  callers, assessment_folder, kind):
    panel = ResultsPanel(qgis_iface)
    qtbot.addWidget(panel)
    panel.resize(700, 700)
    panel.show()
    HOSTILE[kind](assessment_folder, callers.address)
    try:
        _look(assessment_folder, panel, qtbot, qgis_iface)
    except (NotAnAssessment, LayerProblem) as error:
        assert str(error).strip() and len(str(error)) < 3000
    finally:
        panel.shut_down()
    assert callers == [] and EVALUATED == []


@pytest.mark.parametrize(("inside", "harmless"), [
    (f"<mapTip enabled='1'>{escape(VALUE_TIP.format(band=1))}</mapTip>", True),
    (f"<mapTip>{escape(VALUE_TIP.format(band=1))} [% gpn_trap() %]</mapTip>", False),
    (f"<abstract>{escape(VALUE_TIP.format(band=1))}</abstract>", False),
    ("<abstract>&#91;% gpn_trap() %]</abstract>", False),
    ("<Option name='expression' value='gpn_trap()'/>", False)])
def test_a_style_may_hold_the_tip_of_the_plugin_and_no_other(tmp_path, inside, harmless):
    """QGIS 3.30 and later write the tip of a layer into its style."""
    style = tmp_path / "richness.qml"
    style.write_text(f"<qgis>{inside}<pipe/></qgis>", encoding="utf-8")
    assert is_harmless_style(style) is harmless
