"""A service in the dock, with real clicks against the real service: PostgreSQL, web process and worker."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from conftest import ROOT
from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt

from geoplantnet_plugin.bridge.settings import PluginSettings
from geoplantnet_plugin.bridge.token import VARIABLE, token_environment
from geoplantnet_plugin.bridge.unfinished import begin
from geoplantnet_plugin.gui.dock import Dock
from tests.service.faulty import answers, cut, lost, other, proxied, says, short, slow

EXECUTE = "POST /processes/assess/execution"


@pytest.fixture(scope="module")
def service(engine):
    """Address and token of a service that runs in the engine's environment."""
    probe = "import pygeoapi; from service.cluster import binaries; binaries()"
    ready = subprocess.run([str(engine.python), "-c", probe], cwd=ROOT, capture_output=True, check=False)
    if ready.returncode:
        pytest.skip("the extra [service], or PostgreSQL, is not installed")
    running = subprocess.Popen([str(engine.python), "-m", "tests.service.alone"], cwd=ROOT, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    address, token = running.stdout.readline().split()
    yield address, token
    running.communicate()


@pytest.fixture
def authentication(qgis_app, service):
    """The id of an authentication configuration with the token."""
    store = QgsApplication.authManager()
    if not store.masterPasswordIsSet():
        store.setMasterPassword("master", False)
    config = QgsAuthMethodConfig("Basic")
    config.setName("Our server")
    config.setConfig("username", "me")
    config.setConfig("password", service[1])
    store.storeAuthenticationConfig(config)
    yield config.id()
    store.removeAuthenticationConfig(config.id())


@pytest.fixture
def panel(plugin, qgis_iface, qgis_new_project, qtbot, service, authentication, tmp_path):
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:3035"))
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3035"))
    dock = Dock(qgis_iface)
    qtbot.addWidget(dock)
    dock.show()
    made = dock.assess_panel
    made.area.use_geometry(QgsGeometry.fromRect(QgsRectangle(4097000, 2589000, 4098500, 2590000)))
    made.source.setCurrentIndex(2)
    made.box.address.setText(service[0])
    made.box.auth.setConfigId(authentication)
    made.folder.setFilePath(str(tmp_path / "out"))
    yield made
    dock.shut_down()
    settings = PluginSettings.load()
    settings.service = settings.service_auth = ""
    settings.save()


def _click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def _asked(qtbot, box):
    qtbot.waitUntil(lambda: box._run is None and bool(box.cost.text()), timeout=120_000)


def test_the_token_comes_out_of_the_authentication_store(service, authentication):
    assert token_environment(authentication) == {VARIABLE: service[1]}
    assert token_environment("") == {}


@pytest.fixture
def proxy(service):
    """A proxy before the service, which spoils what it is told to spoil."""
    with proxied(service[0]) as made:
        yield made


def test_from_the_estimate_to_the_same_layers(panel, qtbot, service, proxy):
    """The answer to *Run* is lost, one is slow, the service restarted, a download breaks off: one job runs, and nobody
    notices anything."""
    box = panel.box
    box.address.setText(proxy.address)
    proxy.faults = [(EXECUTE, lost, 1), (r"GET /jobs/[\w-]+", slow, 1), (r"GET /jobs/[\w-]+", cut, 3),
                    (r"GET /jobs/[\w-]+/files/species.tif", short, 1)]
    assert "Nothing else" in box.note.text() and panel.parameters()["SOURCE"] == 2
    _click(qtbot, panel.run_button)  # asks first, computes nothing
    _asked(qtbot, box)
    assert "cells" in box.cost.text() and "the outline of the area (" in box.cost.text()
    assert box.model.currentData() == "western-swiss-alps" and box.cube.currentText() == "demo"
    with qtbot.waitSignal(panel.assessed, timeout=300_000) as done:
        _click(qtbot, panel.run_button)
    assert len(json.loads(_answer(service, "/jobs"))["jobs"]) == 1
    folder = Path(done.args[0])
    document = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
    assert document["score_source"]["name"] == "western-swiss-alps" and document["state"] == "complete"
    assert (folder / "project.qgz").is_file()
    assert any(layer.name().startswith("Species richness") for layer in QgsProject.instance().mapLayers().values())
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix in (".json", ".qgz", ".csv"):
            assert service[1].encode() not in file.read_bytes()


def _answer(service, path):
    request = Request(path if "://" in path else service[0] + path, headers={"Authorization": f"Bearer {service[1]}"})
    with urlopen(request, timeout=120) as answer:
        return answer.read()


@pytest.fixture
def served(qtbot, service, finished_job):
    """The addresses of a finished job's results, once its project is there for QGIS Server."""
    if not shutil.which("qgis_mapserver") or not (shutil.which("qgis_process.bin") or shutil.which("qgis_process")):
        pytest.skip("QGIS Server or qgis_process is not installed (apt install qgis qgis-server)")
    found = {}

    def has_maps():
        found.update(json.loads(_answer(service, f"/jobs/{finished_job}/results")))
        return "wms" in found

    qtbot.waitUntil(has_maps, timeout=300_000)
    return {name: entry["href"] for name, entry in found.items()}


@pytest.fixture(scope="module")
def finished_job(service):
    """The job that the first test here has made."""
    jobs = json.loads(_answer(service, "/jobs?status=successful"))["jobs"]
    return jobs[0]["jobID"] if jobs else pytest.skip("no job has finished")


def test_any_gis_draws_the_maps_of_a_finished_job(served, authentication, finished_job, service):
    """QGIS's own WMS provider, with the token as password; what it draws is the indicator, not a blank sheet."""
    place = served["wms"].partition("?")[0]
    names = re.findall(r"<Name>([^<]+)</Name>", _answer(service, served["wms"]).decode())
    name = next(name for name in names if "ichness" in name)
    layer = QgsRasterLayer(f"url={place}&layers={quote(name)}&styles=&format=image/png&crs=EPSG:3035"
                           f"&authcfg={authentication}", "served", "wms")
    assert layer.isValid(), layer.error().summary()
    around = QgsRectangle(4097000, 2589000, 4098500, 2590000)
    block = layer.dataProvider().block(1, around, 60, 40)
    colours = {block.color(row, column) for row in range(40) for column in range(60)}
    assert len(colours) > 3
    assert str(finished_job) in place and "MAP=" not in _answer(service, served["wms"]).decode()


def test_any_gis_reads_the_features_of_a_finished_job(served, authentication, service):
    """QGIS's own client of OGC API – Features: the area, where it was drawn."""
    place = served["features"].removesuffix("/collections")
    layer = QgsVectorLayer(f"url='{place}' typename='Area' authcfg={authentication}", "served", "OAPIF")
    if not layer.isValid():
        names = [entry["id"] for entry in json.loads(_answer(service, served["features"]))["collections"]]
        raise AssertionError((names, layer.error().summary()))
    assert layer.featureCount() >= 1


def test_what_is_wrong_is_one_sentence(panel, qtbot):
    box = panel.box
    box.auth.setConfigId("")
    _click(qtbot, box.ask_button)
    _asked(qtbot, box)
    assert box.cost.text().startswith("⚠") and "token" in box.cost.text()
    box.address.setText("http://127.0.0.1:9")
    assert not box.cost.text() and box.model.count() == 0
    _click(qtbot, box.ask_button)
    _asked(qtbot, box)
    assert "127.0.0.1:9" in box.cost.text()


def test_what_the_service_refuses_is_its_own_sentence(panel, qtbot, proxy):
    box = panel.box
    box.address.setText(proxy.address)
    estimate = "POST /processes/estimate/execution"
    for fault, sentence in ((says(413, "The area is too large for this service."), "The area is too large"),
                            (other(lambda found: {"cells": "many"}), "form")):
        proxy.faults = [(estimate, fault, 9)]
        _click(qtbot, box.ask_button)
        _asked(qtbot, box)
        assert box.cost.text().startswith("⚠") and sentence in box.cost.text()
        assert box.model.currentData() == "western-swiss-alps" and not box.is_ready()


def test_a_run_that_the_service_refuses_is_one_sentence_and_may_be_pressed_again(panel, qtbot, proxy, tmp_path):
    box = panel.box
    box.address.setText(proxy.address)
    _click(qtbot, box.ask_button)
    _asked(qtbot, box)
    for fault, sentence in ((says(401, "This token has expired."), "This token has expired."),
                            (says(403), "403"), (says(404, "There is no such process."), "no such process"),
                            (says(409, "Another job holds this."), "Another job holds this."),
                            (says(429, "Enough for today.", 80_000), "Enough for today."),
                            (says(500, "The service made a mistake."), "made a mistake"),
                            (answers(201, "application/json", b"{}"), "without a job")):
        proxy.faults = [(EXECUTE, fault, 9)]
        _click(qtbot, panel.run_button)
        qtbot.waitUntil(lambda: not panel.running.busy and bool(panel.status.text()), timeout=120_000)
        assert sentence in panel.status.text() and "Traceback" not in panel.status.text()
        assert panel.run_button.isEnabled() and not (tmp_path / "out" / "assessment.json").exists()


def test_another_choice_needs_another_estimate(panel, qtbot):
    box = panel.box
    _click(qtbot, box.ask_button)
    _asked(qtbot, box)
    assert box.prepare() == ""
    panel.area.use_geometry(QgsGeometry.fromRect(QgsRectangle(4097000, 2589000, 4099000, 2590000)))
    assert box.prepare() != ""
    _asked(qtbot, box)


def test_the_models_say_what_they_know_of_the_area_and_have_cards(panel, qtbot):
    box = panel.box
    assert not box.card_button.isEnabled()
    _click(qtbot, box.ask_button)
    _asked(qtbot, box)
    assert "knows all of this area" in box.model.currentText()
    _click(qtbot, box.card_button)
    text = box._dialog.text.toPlainText()
    assert "Western Swiss Alps" in text and "random forest 0.792" in text and "ddeg0" in text
    box._dialog.close()
    panel.area.use_geometry(QgsGeometry.fromRect(QgsRectangle(4300000, 2589000, 4301000, 2590000)))
    _click(qtbot, box.ask_button)
    _asked(qtbot, box)
    assert "does not know this area" in box.model.currentText()
    assert box.cost.text().startswith("⚠") and not box.is_ready()


def test_results_that_cannot_be_had_are_one_sentence(panel, qtbot, proxy, finished_job, tmp_path):
    """Gone, not ready, of another version: said where the click was, and nothing half-made is opened."""
    box = panel.box
    box.address.setText(proxy.address)
    _click(qtbot, box.jobs_button)
    jobs = box._dialog
    qtbot.waitUntil(lambda: jobs._run is None and jobs.jobs.count() > 0, timeout=60_000)
    jobs.folder.setFilePath(str(tmp_path / "fetched"))
    results = r"GET /jobs/[\w-]+/results"
    for request, fault, sentence in (
            (results, says(410, "The results were kept for 30 days."), "kept for 30 days"),
            (results, says(409, "The project is being made."), "being made"),
            (results, other(lambda found: {"files": "here"}), "another"),
            (r"GET /jobs/[\w-]+", other(lambda found: found.update(status="paused")), "not finished")):
        proxy.faults = [(request, fault, 9)]
        _click(qtbot, jobs.fetch_button)
        qtbot.waitUntil(lambda: jobs._run is None, timeout=60_000)
        assert jobs.message.text().startswith("⚠") and sentence in jobs.message.text()
        assert jobs.fetch_button.isEnabled() and not list(tmp_path.glob("fetched/*"))
    jobs.reject()


def test_jobs_are_found_again_by_another_panel(panel, plugin, qgis_iface, qtbot, service, tmp_path):
    """What was submitted before QGIS was closed: a new panel knows the service, fetches it, and deletes it there."""
    box = panel.box
    _click(qtbot, box.ask_button)
    _asked(qtbot, box)
    other = Dock(qgis_iface)
    qtbot.addWidget(other)
    other.show()
    again = other.assess_panel
    again.source.setCurrentIndex(2)
    assert again.box.address.text() == service[0] and again.box.auth.configId() == box.auth.configId()
    _click(qtbot, again.box.jobs_button)
    jobs = again.box._dialog
    qtbot.waitUntil(lambda: jobs._run is None, timeout=120_000)
    assert jobs.jobs.count() and "finished" in jobs.jobs.item(0).text() and " 150 ha" in jobs.jobs.item(0).text()
    jobs.folder.setFilePath(str(tmp_path / "fetched"))
    with qtbot.waitSignal(again.assessed, timeout=120_000) as done:
        _click(qtbot, jobs.fetch_button)
    assert json.loads((Path(done.args[0]) / "assessment.json").read_text(encoding="utf-8"))["state"] == "complete"
    _click(qtbot, again.box.jobs_button)
    jobs = again.box._dialog
    qtbot.waitUntil(lambda: jobs._run is None, timeout=120_000)
    _click(qtbot, jobs.cancel_button)
    qtbot.waitUntil(lambda: jobs._run is None and "cancelled" in jobs.jobs.item(0).text(), timeout=120_000)
    assert not jobs.fetch_button.isEnabled()
    jobs.reject()
    other.shut_down()


def test_a_run_that_waits_for_a_service_is_offered_after_a_restart(panel, qgis_iface, qtbot, tmp_path):
    """QGIS was closed while the service computed: there is no manifest yet, but the folder says what it waits for."""
    out = tmp_path / "waiting"
    with begin(out) as run:
        out.mkdir()
        run.save({"OUTPUT": str(out), "SOURCE": 2})
        (out / ".service.json").write_text("{}", encoding="utf-8")
    again = Dock(qgis_iface)
    qtbot.addWidget(again)
    again.show()
    resume = again.assess_panel.resume
    assert not resume.isHidden() and out.name in resume.text.text()
    _click(qtbot, resume.forget_button)
    assert resume.isHidden()
    again.shut_down()
