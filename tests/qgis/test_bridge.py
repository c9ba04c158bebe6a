"""The bridge speaks the engine's protocol, cleans its environment and leaves no process behind."""

import os
import time
from pathlib import Path

import pytest
from scripted_engine import engine_that

from geoplantnet_plugin.bridge.child import clean_environment
from geoplantnet_plugin.bridge.interpreter import EngineMissing, environment_folder, environment_python, find_engine
from geoplantnet_plugin.bridge.runner import JobCancelled, JobFailed, run_job
from geoplantnet_plugin.bridge.settings import PluginSettings, data_folder
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions, assess_job


def _gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z"


def _wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def test_events_become_feedback_and_the_result_comes_back(tmp_path, feedback):
    engine = engine_that(tmp_path, """
say(event="progress", stage="scores", done=1, total=4, share=0.2, left=8.0)
print("not an event")
say(event="warning", code="unknown_code", params={"share": 0.25})
say(event="message", code="other_code", params={})
say(event="progress", stage="scores", done=4, total=4, share=0.9, left=1.0)
say(event="result", out=job["out"], summary={"cells": 9})
""")
    job = AssessJob("/a é.gpkg", tmp_path / "out", ModelOptions("m", ("/p.tif",)))
    values = run_job(engine, "assess", job, feedback)
    assert values == {"out": str(tmp_path / "out"), "summary": {"cells": 9}}
    assert feedback.progresses == [20, 90]
    assert len(feedback.warnings) == 1 and "0.25" in feedback.warnings[0]
    assert len(feedback.infos) == 1 and len(feedback.texts) == 1


def test_the_job_arrives_as_it_was_given(tmp_path, feedback):
    engine = engine_that(tmp_path, 'say(event="result", job=job, cwd=os.getcwd())')
    job = AssessJob("/é.gpkg", tmp_path, ModelOptions("m", ("/p.tif", "/q")), resolution=50.0)
    values = run_job(engine, "assess", job, feedback)
    arrived = {key: value for key, value in values["job"].items() if key != "job"}
    assert assess_job(arrived, {"model": ModelOptions}) == job
    assert values["job"]["job"] == "assess"
    assert (Path(values["cwd"]) / "metadata.txt").is_file()


def test_an_error_event_is_the_exceptions_sentence(tmp_path, feedback):
    engine = engine_that(tmp_path, """
sys.stderr.write("Traceback: secret details")
say(event="error", code="no_such_code", params={"path": "/x.tif"})
sys.exit(2)
""")
    with pytest.raises(JobFailed) as caught:
        run_job(engine, "assess", None, feedback)
    assert "/x.tif" in str(caught.value) and "Traceback" not in str(caught.value)
    assert "secret details" in max((data_folder() / "logs").glob("*.log")).read_text()


def test_a_crash_names_the_log(tmp_path, feedback):
    engine = engine_that(tmp_path, "sys.exit(1)")
    with pytest.raises(JobFailed, match=r"exit code 1.*engine-.*\.log"):
        run_job(engine, "assess", None, feedback)


def test_an_engine_that_cannot_be_started_is_told(tmp_path, feedback):
    engine = engine_that(tmp_path, "")
    engine.python.chmod(0o644)
    with pytest.raises(JobFailed, match="could not be started"):
        run_job(engine, "assess", None, feedback)


def test_cancel_asks_the_engine_and_keeps_what_it_finishes(tmp_path, feedback):
    engine = engine_that(tmp_path, f"""
say(event="message", code="started", params={{}})
assert sys.stdin.readline() == "cancel\\n"
open({str(tmp_path / "stopped_cleanly")!r}, "w").close()
sys.exit(3)
""")
    feedback.pushInfo = lambda text: feedback.cancel()
    with pytest.raises(JobCancelled):
        run_job(engine, "assess", None, feedback)
    assert (tmp_path / "stopped_cleanly").exists()


def test_cancel_ends_an_engine_that_does_not_listen(tmp_path, feedback):
    engine = engine_that(tmp_path, f"""
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open({str(tmp_path / "pid")!r}, "w").write(str(os.getpid()))
say(event="message", code="started", params={{}})
time.sleep(600)
""")
    feedback.pushInfo = lambda text: feedback.cancel()
    with pytest.raises(JobCancelled):
        run_job(engine, "assess", None, feedback)
    assert _gone(int((tmp_path / "pid").read_text()))


def test_the_childs_environment_is_clean(monkeypatch):
    for name in ("PYTHONHOME", "PYTHONPATH", "PROJ_LIB", "GDAL_DATA", "LD_LIBRARY_PATH", "QT_PLUGIN_PATH",
                 "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "/qgis")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    environment = clean_environment()
    assert "/qgis" not in environment.values()
    assert environment["HTTPS_PROXY"] == "http://proxy"


class TestFindingTheEngine:
    @pytest.fixture(autouse=True)
    def _nothing_set(self, monkeypatch, tmp_path):
        monkeypatch.setattr("geoplantnet_plugin.bridge.interpreter.ROOT", tmp_path)
        monkeypatch.setattr("geoplantnet_plugin.bridge.interpreter.data_folder", lambda: tmp_path / "profile")
        yield
        PluginSettings().save()

    @staticmethod
    def _make(folder):
        environment_python(folder).parent.mkdir(parents=True)
        environment_python(folder).touch()
        return environment_python(folder)

    def test_none(self):
        with pytest.raises(EngineMissing, match="Set up the engine"):
            find_engine()

    def test_order_is_setting_then_developer_then_profile(self, tmp_path):
        profile = self._make(environment_folder())
        assert find_engine().python == profile
        developer = self._make(tmp_path / ".venv")
        assert find_engine().python == developer
        own = self._make(tmp_path / "own")
        PluginSettings(interpreter=str(own)).save()
        assert find_engine().python == own and find_engine().origin == "setting"

    def test_a_chosen_interpreter_that_is_gone_is_not_passed_over(self, tmp_path):
        self._make(tmp_path / ".venv")
        PluginSettings(interpreter="/nowhere/python").save()
        with pytest.raises(EngineMissing, match="/nowhere/python"):
            find_engine()


def test_the_version_of_the_engines_folder_is_the_plugins():
    version = environment_folder().name.partition("-")[2]
    metadata = (Path(__file__).parents[2] / "metadata.txt").read_text()
    assert f"\nversion={version}\n" in metadata
