"""The real engine, started by QGIS: in the toolbox, in qgis_process, from a folder of any name, and when QGIS dies."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from qgis import processing
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingException,
    QgsProject,
)

from geoplantnet_plugin.layers.cell import cell_at
from geoplantnet_plugin.layers.coverage import read_coverage
from geoplantnet_plugin.layers.manifest import read_assessment
from geoplantnet_plugin.layers.subarea import subarea_coverage

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo"
sys.path.insert(0, str(ROOT / "tools"))
from headless import Headless  # noqa: E402


def _parameters(out, **changes):
    return {"AREA": str(DEMO / "area.geojson"), "MODEL": "western-swiss-alps",
            "PREDICTORS": [str(DEMO / "predictors.tif")], "OUTPUT": str(out), **changes}


def _coverage(folder):
    with (Path(folder) / "coverage.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["Name"]: row["Coverage %"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def assessed(engine, plugin_of_module, tmp_path_factory):
    """The demo, assessed in this process."""
    return processing.run("geoplantnet:assess", _parameters(tmp_path_factory.mktemp("demo") / "assessed"))


@pytest.fixture(scope="module")
def headless(tmp_path_factory):
    """A profile in which the plugin is linked under another name; its own package is nowhere on the path."""
    made = Headless(tmp_path_factory.mktemp("headless"))
    made.plugins.mkdir(parents=True)
    (made.plugins / "some_other-name").symlink_to(ROOT, target_is_directory=True)
    assert made.process(["plugins", "enable", "some_other-name"], capture_output=True).returncode == 0
    return made


def test_everything_is_in_the_folder(assessed):
    folder = Path(assessed["OUTPUT"])
    for name in ("assessment.json", "species.tif", "indicators/shannon.tif", "indicators/richness.tif", "coverage.csv",
                 "assemblage.gpkg", "map.png", "project.qgz"):
        assert (folder / name).stat().st_size > 0
    assert not list(folder.rglob("*.aux.xml"))
    assert assessed["CELLS"] == read_assessment(folder).cells > 10_000


def test_the_project_shows_the_real_assessment(assessed):
    project = QgsProject()
    assert project.read(assessed["PROJECT"])
    assessment = read_assessment(Path(assessed["OUTPUT"]))
    richness = next(layer for layer in project.mapLayers().values() if layer.name().startswith("Species richness"))
    indicator = next(entry for entry in assessment.indicators if entry.id == "richness")
    assert (richness.renderer().classificationMin(), richness.renderer().classificationMax()) == indicator.bounds
    assert "simulated" in project.layerTreeRoot().children()[0].name()
    best = max(assessment.species, key=lambda entry: entry.coverage)
    (species,) = project.mapLayersByName(best.name)
    assert species.renderer().usesBands() == [best.band]
    assert (species.renderer().classificationMin(), species.renderer().classificationMax()) == (0, 1)


def test_coverage_counts_the_cells_of_cell_taxa(assessed):
    """The share in the table is that of the cells in the GeoPackage, counted with SQL."""
    import sqlite3

    with sqlite3.connect(Path(assessed["OUTPUT"]) / "assemblage.gpkg") as connection:
        counted = dict(connection.execute(
            "SELECT name, 100.0 * count(DISTINCT cell) / ? FROM cell_taxa_named GROUP BY name", [assessed["CELLS"]]))
    assert counted
    for name, share in _coverage(assessed["OUTPUT"]).items():
        assert float(share) == pytest.approx(counted[name], abs=0.0051)


def test_the_point_tool_reads_the_engines_table(assessed):
    """The cell's taxa are those of a plain query over the whole table."""
    import sqlite3

    assessment = read_assessment(Path(assessed["OUTPUT"]))
    with sqlite3.connect(assessment.geopackage) as connection:
        ((number,),) = connection.execute("SELECT cell FROM cell_taxa GROUP BY cell ORDER BY count(*) DESC LIMIT 1")
        rows = list(connection.execute("SELECT name, score FROM cell_taxa_named WHERE cell = ?", [number]))
    row, col = divmod(number, assessment.grid.width)
    point = QgsPointXY(assessment.grid.left + (col + 0.9) * assessment.resolution,
                       assessment.grid.top - (row + 0.1) * assessment.resolution)
    cell = cell_at(assessment, point, QgsCoordinateReferenceSystem(assessment.crs))
    assert len(rows) > 5 and list(cell.taxa) == sorted(rows, key=lambda taxon: -taxon[1])
    assert ("Species richness (taxa)", str(len(rows))) in cell.indicators


def test_a_finished_folder_is_refused_and_kept(assessed):
    before = (Path(assessed["OUTPUT"]) / "coverage.csv").read_bytes()
    with pytest.raises(QgsProcessingException, match="finished assessment"):
        processing.run("geoplantnet:assess", _parameters(assessed["OUTPUT"]))
    assert (Path(assessed["OUTPUT"]) / "coverage.csv").read_bytes() == before


def test_an_unknown_model_gets_the_engines_sentence(assessed, tmp_path):
    with pytest.raises(QgsProcessingException, match="no model “nonesuch”"):
        processing.run("geoplantnet:assess", _parameters(tmp_path / "out", MODEL="nonesuch"))


def test_qgis_process_gives_the_same_from_a_folder_of_another_name(assessed, headless, tmp_path):
    done = headless.run("geoplantnet:assess", _parameters(tmp_path / "out"), json=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout[done.stdout.index("{"):])["results"]
    assert results["CELLS"] == assessed["CELLS"]
    assert _coverage(results["OUTPUT"]) == _coverage(assessed["OUTPUT"])
    loaded = headless.run("geoplantnet:loadassessment", {"FOLDER": results["OUTPUT"]}, capture_output=True)
    assert loaded.returncode == 0, loaded.stderr


def test_qgis_process_without_engine_says_what_to_do(tmp_path):
    """A copy of the plugin without .venv in a profile without engine."""
    headless = Headless(tmp_path / "headless")
    copy = headless.plugins / "geoplantnet"
    copy.mkdir(parents=True)
    for name in ("metadata.txt", "__init__.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    for name in ("geoplantnet_plugin", "resources"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    headless.process(["plugins", "enable", "geoplantnet"], capture_output=True)
    done = headless.run("geoplantnet:assess", _parameters(tmp_path / "out"), capture_output=True)
    assert done.returncode != 0
    assert "Set up the engine" in done.stdout + done.stderr
    assert not (tmp_path / "out").exists()


def _running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_the_engine_ends_when_qgis_is_killed(engine, tmp_path):
    job = {"job": "assess", "area": str(DEMO / "area.geojson"), "model": "western-swiss-alps",
           "predictors": [str(DEMO / "predictors.tif")], "out": str(tmp_path / "out"), "resolution": 5.0}
    script = f"""
import subprocess, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from geoplantnet_plugin.bridge.child import Child
child = Child([{str(engine.python)!r}, "-m", "geoplantnet_plugin.engine"], Path({str(ROOT)!r}), subprocess.DEVNULL)
child.send({json.dumps(job)!r})
print(child.pid, flush=True)
for line in child.lines(lambda: False, lambda: None):
    print(line, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.stdout.readline())
        assert any('"stage": "scores"' in line for line in parent.stdout)
        assert _running(pid)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    end = time.monotonic() + 60
    while _running(pid) and time.monotonic() < end:
        time.sleep(0.1)
    assert not _running(pid)
    assert json.loads((tmp_path / "out" / "assessment.json").read_text())["state"] == "unfinished"


VAUD = ROOT.parent / "shared" / "data" / "vaud_alps" / "ecospat.testEnv.tif"


@pytest.mark.skipif(not VAUD.is_file(), reason=f"no {VAUD}")
def test_real_rasters_through_qgis_process_and_the_command_line(engine, plugin_of_module, headless, tmp_path):
    """100 km² between Château-d'Oex and Les Diablerets; the raster states no coordinate system."""
    left, bottom, side = 570000, 135000, 10000
    right, top = left + side, bottom + side
    square = [[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]
    area = tmp_path / "area.geojson"
    area.write_text(json.dumps({
        "type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::21781"}},
        "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [square]}}]}))
    parameters = {"AREA": str(area), "PREDICTORS": [str(VAUD)], "MODEL": "western-swiss-alps", "RESOLUTION": 200,
                  "OUTPUT": str(tmp_path / "qgis")}
    with pytest.raises(QgsProcessingException, match="no coordinate reference system"):
        processing.run("geoplantnet:assess", parameters)
    done = headless.run("geoplantnet:assess", {**parameters, "PREDICTOR_CRS": "EPSG:21781"}, capture_output=True)
    assert done.returncode == 0, done.stderr
    subprocess.run([engine.python.with_name("geoplantnet"), "assess", "--area", area, "--model", "western-swiss-alps",
                    "--predictors", VAUD, "--predictor-crs", "EPSG:21781", "--resolution", "200",
                    "--out", tmp_path / "cli"],
                   check=True, capture_output=True)
    qgis, cli = read_assessment(tmp_path / "qgis"), read_assessment(tmp_path / "cli")
    assert qgis.cells == cli.cells and cli.hectares == pytest.approx(10_000, rel=0.01)
    assert _coverage(qgis.folder) == _coverage(cli.folder)
    assert not cli.simulated and len(_coverage(cli.folder)) > 30


def test_assess_is_a_step_of_a_model(assessed, tmp_path):
    from qgis.core import (
        QgsProcessingModelAlgorithm,
        QgsProcessingModelChildAlgorithm,
        QgsProcessingModelChildParameterSource,
        QgsProcessingModelOutput,
        QgsProcessingModelParameter,
        QgsProcessingParameterVectorLayer,
    )

    source = QgsProcessingModelChildParameterSource
    model = QgsProcessingModelAlgorithm("Site", "site")
    model.addModelParameter(QgsProcessingParameterVectorLayer("site", "Site"), QgsProcessingModelParameter("site"))
    step = QgsProcessingModelChildAlgorithm("geoplantnet:assess")
    step.setChildId("assess")
    step.addParameterSources("AREA", [source.fromModelParameter("site")])
    step.addParameterSources("MODEL", [source.fromStaticValue("western-swiss-alps")])
    step.addParameterSources("PREDICTORS", [source.fromStaticValue(str(DEMO / "predictors.tif"))])
    step.addParameterSources("LOAD", [source.fromStaticValue(False)])
    output = QgsProcessingModelOutput("folder")
    output.setChildId("assess")
    output.setChildOutputName("OUTPUT")
    step.setModelOutputs({"folder": output})
    model.addChildAlgorithm(step)
    model.updateDestinationParameters()
    (destination,) = [name for name in (entry.name() for entry in model.parameterDefinitions()) if name != "site"]
    result = processing.run(model, {"site": str(DEMO / "area.geojson"), destination: str(tmp_path / "site")})
    assert _coverage(result[destination]) == _coverage(assessed["OUTPUT"])


def test_a_part_of_the_area_has_the_coverage_that_the_engine_gives_it(assessed, tmp_path):
    assessment = read_assessment(Path(assessed["OUTPUT"]))
    grid = assessment.grid
    x, y = grid.left + 0.35 * grid.width * 50, grid.top - 0.3 * grid.height * 50
    corners = [(x, y), (x + 2310, y - 420), (x + 1870, y - 2530), (x + 620, y - 1190), (x - 480, y - 1640)]
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    geometry = QgsGeometry.fromPolygonXY([[QgsPointXY(*corner) for corner in corners]])
    geometry.transform(QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:3035"), degrees,
                                              QgsProject.instance()))
    area = tmp_path / "part.geojson"
    area.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": json.loads(geometry.asJson(12))}))
    alone = processing.run("geoplantnet:assess", _parameters(tmp_path / "part", AREA=str(area)))
    part = subarea_coverage(assessment, "part", [geometry], degrees, read_coverage(assessment))
    assert part.cells == read_assessment(Path(alone["OUTPUT"])).cells > 1000
    assert {row.name: f"{row.coverage:.2f}" for row in part.rows} == _coverage(alone["OUTPUT"])
