"""Setting up the engine in the panel: asked for, followed, cancelled; pip itself runs, on a folder of wheels."""

import pytest
from qgis.PyQt.QtCore import Qt

from geoplantnet_plugin.bridge.build_steps import PACKAGES, BuildSteps
from geoplantnet_plugin.bridge.settings import PluginSettings
from geoplantnet_plugin.gui.engine_panel import EnginePanel


@pytest.fixture
def panel(plugin, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("geoplantnet_plugin.processing.set_up_engine.environment_folder", lambda: tmp_path / "engine")
    (tmp_path / "wheels").mkdir()
    settings = PluginSettings.load()
    before, settings.wheels = settings.wheels, str(tmp_path / "wheels")
    settings.save()
    made = EnginePanel()
    qtbot.addWidget(made)
    made.explain("There is no engine.")
    made.show()
    yield made
    settings.wheels = before
    settings.save()


def _click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_what_fails_says_why_and_the_log_is_behind_a_link(panel, qtbot, tmp_path):
    assert panel.button.text() == "Install from the folder of wheels" and not panel.log_link.isVisible()
    with qtbot.waitSignal(panel.ready, timeout=120_000):
        _click(qtbot, panel.button)
        assert panel.cancel_button.isVisible() and panel.progress.isVisible()
        qtbot.waitUntil(lambda: panel.progress.text.text().startswith("Making the environment"), timeout=120_000)
    assert "could not be installed" in panel.message.text() and panel.button.isVisible()
    assert not panel.log.isVisible()
    _click(qtbot, panel.log_link)
    assert panel.log.isVisible() and "No matching distribution" in panel.log.toPlainText()
    assert not (tmp_path / "engine").exists()


def test_cancel_leaves_nothing(panel, qtbot, tmp_path):
    with qtbot.waitSignal(panel.ready, timeout=120_000):
        _click(qtbot, panel.button)
        qtbot.waitUntil(lambda: panel.progress.text.text().startswith("Making the environment"), timeout=120_000)
        _click(qtbot, panel.cancel_button)
    assert panel.button.isVisible() and panel.progress.text.text().startswith("Stopped after")
    assert [path.name for path in tmp_path.iterdir()] == ["wheels"]


def test_what_pip_says_becomes_steps():
    told = []
    steps = BuildSteps(told.append)
    steps.begin()
    for line in ["Collecting numpy>=1.24", "  Downloading numpy.whl (16 MB)", *["Collecting other"] * (PACKAGES + 5),
                 "Installing collected packages: numpy, other", "Successfully installed numpy-2.4"]:
        steps.hear(line)
    shares = [step.share for step in told]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] < 1
    assert told[1].stage == "Fetching packages" and (told[1].done, told[1].total) == (1, PACKAGES)
    assert [step.stage for step in told[-2:]] == ["Installing packages", "Checking"]
