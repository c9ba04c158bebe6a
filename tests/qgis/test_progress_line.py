"""The one progress line: it moves while nothing is said, and never says that something is finished before it is."""

import pytest
from qgis.PyQt.QtCore import QObject, pyqtSignal

from geoplantnet_plugin.bridge.events import Progress
from geoplantnet_plugin.gui.progress_line import ProgressLine


class Spoken(QObject):
    """What a `Run` says, said by the test."""

    step = pyqtSignal(object)
    finished = pyqtSignal(dict)
    failed = pyqtSignal(str)


@pytest.fixture
def now(monkeypatch):
    seconds = [100.0]
    monkeypatch.setattr("geoplantnet_plugin.gui.progress_line.time.monotonic", lambda: seconds[0])
    return seconds


@pytest.fixture
def line(plugin, qtbot, now):
    made = ProgressLine("Progress")
    qtbot.addWidget(made)
    return made


def test_it_tells_stage_what_is_done_and_time_left(line, now, qtbot):
    run = Spoken()
    line.follow(run, "Asking")
    assert line.text.text() == "Asking" and line.bar.value() == 0 and not line.isHidden()
    now[0] += 10
    qtbot.waitUntil(lambda: line.bar.value() > 20)  # no engine has said anything yet: it moves all the same
    run.step.emit(Progress("Scoring cells", 1000, 4000, 0.25, 30.0))
    assert line.text.text() == "Scoring cells: 1,000 of 4,000, about 30 s left" and line.bar.value() == 25
    now[0] += 20
    qtbot.waitUntil(lambda: line.text.text().endswith("about 10 s left"))
    assert 25 < line.bar.value() < 75
    now[0] += 4000
    qtbot.waitUntil(lambda: line.text.text() == "Scoring cells: 1,000 of 4,000")
    assert line.bar.value() == 99, "not finished before it is"


def test_it_says_how_it_ended(line, now):
    run = Spoken()
    line.follow(run)
    now[0] += 34
    run.finished.emit({"OUTPUT": "x"})
    assert line.text.text() == "Finished after 34 s." and line.bar.isHidden() and not line.isHidden()
    line.follow(run)
    run.finished.emit({})
    assert line.text.text().startswith("Stopped after")
    other = Spoken()
    line.follow(other)
    other.failed.emit("no")
    assert line.isHidden()
