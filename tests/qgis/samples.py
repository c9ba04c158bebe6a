"""Makes a small assessment folder as docs describe it, with GDAL alone, and layers in the open project."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
from osgeo import gdal, ogr, osr
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer

from geoplantnet_plugin.common.assessment import RANKS, SCHEMA

WIDTH, HEIGHT, CELL, LEFT, TOP = 12, 8, 50.0, 4100000.0, 2600400.0
SPECIES = ("Salix alba L.", "Fraxinus ornus L.", "Carex firma Host")
FRENCH = ("saule blanc", "", "")
COVERAGE = (75.0, 50.0, 25.0)
COVERAGE_CSV = """\
Id,Name,Family,Common name,IUCN,Tree,Invasive,EU directive,Endemic,Coverage %,Mean score,Max score,Score scale
1,Salix alba L.,Salicaceae,White willow,LC,yes,no,no,,75.00,0.25,0.25,sigmoid
2,Fraxinus ornus L.,Oleaceae,,,yes,,,no,50.00,0.5,0.5,sigmoid
3,Carex firma Host,Cyperaceae,,VU,no,no,Annex II,yes,25.00,0.75,0.75,sigmoid
"""
SCALE = 2e-5
RICHNESS = np.arange(WIDTH * HEIGHT, dtype="float32").reshape(HEIGHT, WIDTH) % 4
HABITAT = (np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH) % 2).astype("uint8")


def species_scores(band):
    """The scores of a band (1, 2, 3): constant, with the upper left cell outside."""
    scores = np.full((HEIGHT, WIDTH), 0.25 * band)
    scores[0, 0] = np.nan
    return scores


def write_assessment(folder: Path) -> Path:
    (folder / "indicators").mkdir(parents=True)
    _raster(folder / "indicators" / "richness.tif", RICHNESS[None], gdal.GDT_Float32, float("nan"))
    _raster(folder / "indicators" / "habitat.tif", HABITAT[None], gdal.GDT_Byte, 255)
    stored = np.stack([species_scores(band) / SCALE for band in (1, 2, 3)])
    _raster(folder / "species.tif", np.nan_to_num(stored, nan=65535), gdal.GDT_UInt16, 65535, SPECIES, SCALE)
    _geopackage(folder / "assemblage.gpkg")
    (folder / "coverage.csv").write_text(COVERAGE_CSV, encoding="utf-8")
    (folder / "assessment.json").write_text(json.dumps(manifest()), encoding="utf-8")
    return folder


def write_ranks(folder: Path) -> Path:
    """Make an assessment of ranks within squares of 10 km: the species' bands, and no set, indicator or coverage."""
    write_assessment(folder)
    (folder / "coverage.csv").unlink()
    values = json.loads((folder / "assessment.json").read_text())
    values["score_source"]["scale"] = values["species"]["scale"] = "relative"
    for band in values["species"]["bands"]:
        band["coverage"] = None
    change_manifest(folder, score_source=values["score_source"], species=values["species"], coverage=None,
                    indicators=[], uncertainty=[], absent=[],
                    ranks={"file": "ranked_species.csv", "table": "ranked", "side": 10000.0, "taxa": len(SPECIES),
                           "squares": ["30SVG40"]})
    with closing(sqlite3.connect(folder / "assemblage.gpkg")) as connection:
        connection.execute("DROP TABLE coverage")
        connection.execute("DELETE FROM gpkg_contents WHERE table_name = 'coverage'")
        connection.execute("CREATE TABLE ranked (band INTEGER, name TEXT, family TEXT, reasons TEXT, recorded TEXT)")
        connection.executemany("INSERT INTO ranked VALUES (?, ?, 'Familiaceae', ?, ?)", [
            (1, SPECIES[0], "endemic", "here"), (2, SPECIES[1], "", "near"), (3, SPECIES[2], "", "near")])
        connection.commit()
    return folder


def change_manifest(folder: Path, **values: object) -> None:
    """Give parts of the manifest in `folder` other values."""
    path = folder / "assessment.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def show_in_project(folder: Path):
    """Add the layers of the assessment in `folder` to the open project and return the assessment."""
    from geoplantnet_plugin.layers.build import assessment_layers
    from geoplantnet_plugin.layers.manifest import read_assessment
    from geoplantnet_plugin.layers.tree import add_to_project

    assessment = read_assessment(folder)
    add_to_project(QgsProject.instance(), assessment.display_title, assessment_layers(assessment))
    return assessment


def drawn_layer(kind: str, *shapes: str) -> QgsVectorLayer:
    """Return a new layer of the open project, in degrees, with these shapes (WKT)."""
    layer = QgsVectorLayer(f"{kind}?crs=EPSG:4326", "Drawn", "memory")
    for shape in shapes:
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromWkt(shape))
        layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    QgsProject.instance().addMapLayer(layer)
    return layer


def manifest() -> dict:
    return {
        "schema": SCHEMA, "title": "Test valley", "created": "2026-11-24T16:00:00Z", "state": "complete",
        "simulated": True, "area": {"hectares": 24.0, "cells": 95, "file": "assemblage.gpkg"},
        "grid": {"crs": "EPSG:3035", "resolution": CELL, "left": LEFT, "top": TOP, "height": HEIGHT, "width": WIDTH,
                 "effective_resolution": 250.0},
        "score_source": {"kind": "model", "name": "test", "title": "Test model", "version": "1", "digest": "0",
                         "scale": "sigmoid", "licence": "CC-BY-4.0", "attribution": "Somebody"},
        "set_rule": {"id": "lambda", "text": "Present where the score is above 0.5.", "params": {"lambda": 0.5}},
        "indicators": [
            {"id": "richness", "title": "Species richness", "definition": "Number of taxa.", "unit": "species",
             "kind": "continuous", "file": "indicators/richness.tif", "bounds": [0, 40], "known": 3},
            {"id": "habitat", "title": "Habitat", "definition": "Type.", "unit": "", "kind": "class",
             "file": "indicators/habitat.tif", "bounds": [0, 1], "known": 3,
             "classes": [{"value": 0, "label": "Meadow", "colour": "#ffcc00"}, {"value": 1, "label": "Wood"}]}],
        "uncertainty": [],
        "species": {"file": "species.tif", "scale": "sigmoid",
                    "bands": [{"band": number, "id": str(number), "name": name, "coverage": share}
                              for number, (name, share) in enumerate(zip(SPECIES, COVERAGE), 1)]},
        "coverage": {"file": "coverage.csv", "cells": 95, "outside_domain_share": 0.0}, "verdicts": verdicts(),
        "predictors": [], "blocks": {"total": 1, "done": 1}, "warnings": [], "timings": {}, "software": {},
        "checksums": {}}


def verdicts() -> list[dict]:
    """Five verdicts as the engine writes them: one with a message and a figure, the others a text or a remedy."""
    present = {"code": "report_species_verdict", "params": {"present": 3, "known": 3}}
    figure = {"meaning": "Taxa that a cell is expected to hold", "value": 12.34, "low": 10.0, "high": 15.0,
              "unit": "taxa", "decimals": 1, "source": "Test <model> 1", "as_of": "2026-11-24",
              "messages": {"meaning": {"code": "report_figure_richness", "params": {}}}}
    said = [{"text": "3 of the 3 taxa that the model knows are predicted.", "messages": {"text": present}}]
    nothing = [{"text": "No verdict on <habitats>.", "messages": {}}]
    return [{"id": "species", "assessed": True, "sentences": said, "figures": [figure], "remedy": []},
            *({"id": id, "assessed": False, "sentences": nothing, "figures": [],
               "remedy": [{"text": f"Import what {id} needs.", "messages": {}}]}
              for id in ("habitat", "conservation", "ecosystem", "threat"))]


def _reference():
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(3035)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def _raster(path, bands, data_type, nodata, names=(), scale=None):
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), WIDTH, HEIGHT, len(bands), data_type)
    dataset.SetGeoTransform((LEFT, CELL, 0, TOP, 0, -CELL))
    dataset.SetProjection(_reference().ExportToWkt())
    for number, values in enumerate(bands, 1):
        band = dataset.GetRasterBand(number)
        band.WriteArray(np.rint(values) if scale else values)
        band.SetNoDataValue(nodata)
        if names:
            band.SetDescription(names[number - 1])
        if scale:
            band.SetScale(scale)
    dataset.FlushCache()


def _geopackage(path):
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    area = dataset.CreateLayer("area", _reference(), ogr.wkbPolygon)
    feature = ogr.Feature(area.GetLayerDefn())
    right, bottom = LEFT + WIDTH * CELL, TOP - HEIGHT * CELL
    feature.SetGeometry(ogr.CreateGeometryFromWkt(
        f"POLYGON(({LEFT} {TOP},{right} {TOP},{right} {bottom},{LEFT} {bottom},{LEFT} {TOP}))"))
    area.CreateFeature(feature)
    coverage = dataset.CreateLayer("coverage", None, ogr.wkbNone)
    for name, kind in (("id", ogr.OFTString), ("name", ogr.OFTString), ("coverage", ogr.OFTReal)):
        coverage.CreateField(ogr.FieldDefn(name, kind))
    for number, (name, share) in enumerate(zip(SPECIES, COVERAGE), 1):
        row = ogr.Feature(coverage.GetLayerDefn())
        row.SetField("id", str(number))
        row.SetField("name", name)
        row.SetField("coverage", share)
        coverage.CreateFeature(row)
    dataset = None
    _cell_taxa(path)


def _cell_taxa(path):
    """In cell (2, 3): the third species before the first; in the cells right of it: the second; else none."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"""
            CREATE TABLE taxa (fid INTEGER PRIMARY KEY, taxon INTEGER, id TEXT, accepted_name TEXT, common_fr TEXT,
              "lambda" REAL);
            CREATE TABLE cell_taxa (fid INTEGER PRIMARY KEY, cell INTEGER, taxon INTEGER, score INTEGER);
            CREATE VIEW cell_taxa_named AS SELECT c.fid, c.cell, t.accepted_name AS name, c.score * {SCALE} AS score
              FROM cell_taxa c JOIN taxa t ON t.taxon = c.taxon;""")
        connection.executemany("INSERT INTO taxa VALUES (?, ?, ?, ?, ?, ?)", [
            (number, number, str(number + 1), name, FRENCH[number], 0.1 * (number + 1))
            for number, name in enumerate(SPECIES)])
        cell = 2 * WIDTH + 3
        rows = [(cell, 0, 2, 0.75), (cell, 1, 0, 0.25), (cell + 1, 0, 1, 0.5), (cell + 2, 0, 1, 0.6)]
        connection.executemany("INSERT INTO cell_taxa VALUES (?, ?, ?, ?)", [
            (cell * RANKS + rank, cell, taxon, round(score / SCALE)) for cell, rank, taxon, score in rows])
        connection.executescript("""
            CREATE TABLE cell_sets (cell INTEGER PRIMARY KEY, taxa_count INTEGER, taxa TEXT, scores TEXT);
            CREATE TABLE stored_scores (lowest INTEGER, step REAL);
            INSERT INTO stored_scores VALUES (0, 0.00002);""")
        for cell in sorted({row[0] for row in rows}):
            own = [row for row in rows if row[0] == cell]
            taxa, scores = ("".join(chr(number + 1) for number in numbers) for numbers in (
                [taxon for _, _, taxon, _ in own], [round(score / SCALE) for *_, score in own]))
            connection.execute("INSERT INTO cell_sets VALUES (?, ?, ?, ?)", (cell, len(own), taxa, scores))
        connection.execute("CREATE TABLE statuses (taxon INTEGER, kind TEXT, value TEXT, instrument TEXT, "
                           "territory TEXT, source TEXT, date TEXT, in_force TEXT)")
        connection.execute("INSERT INTO statuses VALUES (2, 'eu_directive', 'Annex II', 'Habitats <Directive>', 'EU', "
                           "'a table', '2020-01-01', 'yes')")
        connection.commit()
