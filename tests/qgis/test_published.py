"""Published maps and the Pl@ntNet API through Processing, against the real local server."""

import csv
import json
import os
import subprocess
from pathlib import Path

import pytest
from qgis import processing
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProject, QgsSettings

from geoplantnet_plugin.bridge import key
from geoplantnet_plugin.bridge.settings import data_folder

ROOT = Path(__file__).resolve().parents[2]
INLAND = "775000,781000,5825000,5830000 [EPSG:3857]"
KEY = "invented-key-1234"
FLORA = "northland-flora"


@pytest.fixture(scope="module")
def server(engine):
    """`python -m tests.server` in the engine's environment: its catalogue's and its API's address."""
    running = subprocess.Popen([str(engine.python), "-m", "tests.server"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    lines = [running.stdout.readline() for _ in range(2)]
    yield lines[0].split()[1], lines[1].split()[1]
    running.terminate()
    running.wait()
    running.stdout.close()


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GEOPLANTNET_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def key_store(qgis_app, tmp_path, monkeypatch):
    """An open authentication store with the key in it; no key in QGIS's own environment."""
    monkeypatch.delenv("PLANTNET_API_KEY", raising=False)
    store = QgsApplication.authManager()
    if not store.masterPasswordIsSet():
        store.setMasterPassword("master", False)
    key.store_key(KEY)
    yield store
    key.store_key("")


@pytest.fixture(scope="module")
def truth(engine, server):
    """The true coverage (%) of three species over the inland box for scores above 1.5, from the server's formulas."""
    code = """
import json, numpy as np
from pyproj import Transformer
from tests.server.miniature import ALL, GRID_CRS, truth
import geopandas, shapely
from geoplantnet_plugin.engine.where.area import read_area
from geoplantnet_plugin.engine.base.events import Reporter
import tempfile, pathlib
path = pathlib.Path(tempfile.mkdtemp()) / "a.geojson"
box = shapely.segmentize(shapely.box(775000, 5825000, 781000, 5830000), 200)
geopandas.GeoDataFrame(geometry=[box], crs=3857).to_file(path)
area = read_area(str(path), None, Reporter()); grid = area.grid(None)
inside = area.inside(grid)
x, y = np.meshgrid(*grid.centres())
found = {}
for species in [entry for entry in ALL[2:10] if entry.number % 5 != 1][:3]:
    scores = truth(species, x[inside], y[inside])
    found[species.name] = 100 * float(np.nanmean(np.where(np.isnan(scores), 0, scores > 1.5)))
print(json.dumps(found))
"""
    done = subprocess.run([str(engine.python), "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _parameters(server, tmp_path, names, **changes):
    listed = tmp_path / "species.txt"
    listed.write_text("\n".join(names), encoding="utf-8")
    return {"EXTENT": INLAND, "SOURCE": 1, "SOURCE_URL": server[0], "API_URL": server[1], "SPECIES_FILE": str(listed),
            "SET_RULE": "lambda:1.5", "INDICATORS": "richness", "OUTPUT": str(tmp_path / "out"), **changes}


def test_nothing_is_downloaded_before_the_terms_are_accepted(plugin, server, own_cache, tmp_path, truth):
    with pytest.raises(QgsProcessingException, match="terms of use"):
        processing.run("geoplantnet:assess", _parameters(server, tmp_path, truth))
    assert not (tmp_path / "out").exists()


def test_terms_come_first_then_the_size(plugin, server, own_cache, tmp_path, truth, feedback):
    asked = {name: value for name, value in _parameters(server, tmp_path, truth).items()
             if name not in ("SOURCE", "SET_RULE", "INDICATORS", "OUTPUT")}
    told = processing.run("geoplantnet:estimatepublished", asked, feedback=feedback)
    assert "unofficial client" in told["TERMS"] and "endorsed by neither" in told["TERMS"]
    assert told["ACCEPTED"] == "" and "MEGABYTES" not in told and feedback.warnings
    told = processing.run("geoplantnet:estimatepublished", {**asked, "ACCEPT_TERMS": True})
    assert told["ACCEPTED"] and told["TAXA"] == len(truth)
    assert told["REQUESTS"] >= len(truth) and 0 < told["MEGABYTES"] < 5
    assert processing.run("geoplantnet:estimatepublished", asked)["ACCEPTED"] == told["ACCEPTED"]


def test_published_maps_become_an_assessment_with_the_true_coverage(plugin, server, own_cache, tmp_path, truth,
                                                                    qgis_new_project):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    results = processing.run("geoplantnet:assess", _parameters(server, tmp_path, truth, ACCEPT_TERMS=True),
                             context=context)
    with Path(results["COVERAGE"]).open(encoding="utf-8-sig", newline="") as file:
        found = {row["Name"]: float(row["Coverage %"]) for row in csv.DictReader(file)}
    assert found == pytest.approx({name: share for name, share in truth.items() if share > 0}, abs=0.06)
    manifest = json.loads((tmp_path / "out" / "assessment.json").read_text(encoding="utf-8"))
    origin = manifest["score_source"]
    assert origin["retrieved"] and origin["version"] and "GeoPl@ntNet" in origin["attribution"]
    assert manifest["cell_states"]["cells"] == results["CELLS"]
    names = [details.name for details in context.layersToLoadOnCompletion().values()]
    assert any(name.startswith("Species richness") for name in names)
    project = QgsProject()
    assert project.read(results["PROJECT"])
    assert all(layer.isValid() for layer in project.mapLayers().values())


def test_two_assessments_are_compared_as_layers(plugin, server, own_cache, tmp_path, truth, qgis_new_project):
    for name, rule in (("one", "lambda:1.5"), ("two", "lambda:3")):
        processing.run("geoplantnet:assess", _parameters(server, tmp_path, truth, ACCEPT_TERMS=True, SET_RULE=rule,
                                                         OUTPUT=str(tmp_path / name), LOAD=False))
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    results = processing.run("geoplantnet:compareassessments", {
        "FIRST": str(tmp_path / "one"), "SECOND": str(tmp_path / "two"), "OUTPUT": str(tmp_path / "both")},
        context=context)
    assert results["COMMON"] == len(truth) and results["SPEARMAN"] == pytest.approx(1.0)
    assert 0 < results["JACCARD"] < results["SORENSEN"] < 1
    layers = {layer.name(): layer for layer in context.temporaryLayerStore().mapLayers().values()}
    assert set(layers) == {"Similarity of assemblages (Jaccard)", "Similarity of assemblages (Sørensen)",
                           "Agreement of species", *(f"Difference, first − second: {name}" for name in truth)}
    assert {row["Name"] for row in layers["Agreement of species"].getFeatures()} == set(truth)
    for name in truth:
        layer = layers[f"Difference, first − second: {name}"]
        (band,) = layer.renderer().usesBands()
        assert layer.bandName(band).endswith(name)
        statistics = layer.dataProvider().bandStatistics(band)
        assert (statistics.minimumValue, statistics.maximumValue) == (0.0, 0.0)  # the same maps
    with pytest.raises(QgsProcessingException, match=r"both"):
        processing.run("geoplantnet:compareassessments", {
            "FIRST": str(tmp_path / "one"), "SECOND": str(tmp_path / "two"), "OUTPUT": str(tmp_path / "both")})


def test_only_the_local_flora_is_assessed_and_the_key_shows_nowhere(plugin, server, own_cache, key_store, tmp_path,
                                                                    truth, feedback):
    parameters = _parameters(server, tmp_path, truth, ACCEPT_TERMS=True, FLORA=FLORA)
    results = processing.run("geoplantnet:assess", parameters, feedback=feedback)
    _assert_hidden(tmp_path / "out", data_folder() / "logs", said=[*feedback.infos, *feedback.warnings])
    assert json.loads((tmp_path / "out" / "assessment.json").read_text())["job"]["flora"] == FLORA
    assert results["CELLS"] > 0
    assert feedback.texts and not [text for text in feedback.texts if text.startswith("stage_")]


def test_the_quick_list_ranks_by_a_relative_score(plugin, server, key_store, feedback):
    results = processing.run("geoplantnet:quicklist", {"EXTENT": INLAND, "API_URL": server[1],
                                                       "OUTPUT": "memory:"}, feedback=feedback)
    rows = list(results["OUTPUT"].getFeatures())
    assert len(rows) == results["COUNT"] == 40
    scores = [row["score"] for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert {row["score_scale"] for row in rows} == {"relative"} and rows[0]["observations"] == 1000
    assert results["QUOTA"] == 480 and any("480" in text for text in feedback.infos)
    _assert_hidden(data_folder() / "logs", said=feedback.infos)


def test_floras_and_their_species(plugin, server, key_store):
    floras = processing.run("geoplantnet:nearfloras", {"EXTENT": INLAND, "API_URL": server[1], "OUTPUT": "memory:"})
    first = next(floras["OUTPUT"].getFeatures())
    assert first["flora"] == FLORA
    species = processing.run("geoplantnet:floraspecies", {"FLORA": FLORA, "API_URL": server[1], "OUTPUT": "memory:"})
    rows = list(species["OUTPUT"].getFeatures())
    assert len(rows) == 200 and {row["iucn"] for row in rows} == {"LC", "NT", "VU", ""}
    assert all(row["retrieved"] and row["gbif_id"] and row["powo_id"] and row["common_names"] for row in rows)


def test_without_a_key_or_with_a_wrong_one_one_sentence_says_what_to_do(plugin, server, key_store):
    question = {"EXTENT": INLAND, "API_URL": server[1], "OUTPUT": "memory:"}
    key.store_key("another-key")
    with pytest.raises(QgsProcessingException, match="check the API key") as refused:
        processing.run("geoplantnet:quicklist", question)
    assert "another-key" not in str(refused.value)
    key.store_key("")
    with pytest.raises(QgsProcessingException, match="needs a key"):
        processing.run("geoplantnet:quicklist", question)


def test_the_key_is_in_the_store_and_in_no_argument(plugin, server, key_store, monkeypatch, tmp_path):
    import geoplantnet_plugin.bridge.child as child

    started = []
    real = subprocess.Popen

    def watched(command, **options):
        started.append((list(command), options["env"]))
        return real(command, **options)

    monkeypatch.setattr(child.subprocess, "Popen", watched)
    processing.run("geoplantnet:nearfloras", {"EXTENT": INLAND, "API_URL": server[1], "OUTPUT": "memory:"})
    assert started and all(KEY not in " ".join(command) for command, _ in started)
    assert all(environment["PLANTNET_API_KEY"] == KEY for _, environment in started)
    assert "PLANTNET_API_KEY" not in os.environ
    settings = QgsSettings()
    assert KEY not in [str(settings.value(name)) for name in settings.allKeys()]
    project = tmp_path / "project.qgs"
    QgsProject.instance().write(str(project))
    _assert_hidden(project)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("geoplantnet:quicklist")
    assert KEY not in algorithm.asPythonCommand({"EXTENT": INLAND, "OUTPUT": "memory:"}, QgsProcessingContext())


def _assert_hidden(*places, said=()):
    files = [path for place in places for path in ([place] if place.is_file() else place.rglob("*")) if path.is_file()]
    assert files
    assert not [path for path in files if KEY.encode() in path.read_bytes()]
    assert not [text for text in said if KEY in text]
