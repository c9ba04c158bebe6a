"""The plugin's page in QGIS's options dialog."""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsFileWidget, QgsOptionsPageWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ..bridge.ask import ask
from ..bridge.environment import DOWNLOAD_MB, INSTALLED_MB
from ..bridge.interpreter import EngineMissing, find_engine
from ..bridge.settings import PluginSettings
from ..common.jobs import AboutRequest
from ..common.messages import LANGUAGE_NAMES
from ..i18n import tr
from ..layers.problem import LayerProblem
from .background import Background, Stopped
from .settings_factory import SETTINGS_PAGE


class SettingsPage(QgsOptionsPageWidget):
    """Engine, models, network, language and units; nothing is written before `apply`."""

    def __init__(self, parent: QWidget, changed) -> None:
        super().__init__(parent)
        self.setObjectName(SETTINGS_PAGE)
        self._changed = changed
        settings = PluginSettings.load()
        self.engine_status = _label()
        self.versions = _label()
        self.cache = _label()
        self.interpreter = _path(settings.interpreter, QgsFileWidget.StorageMode.GetFile, tr("Python of the engine"))
        self.wheels = _path(settings.wheels, QgsFileWidget.StorageMode.GetDirectory, tr("Folder of wheels"))
        self.models = _path(settings.models, QgsFileWidget.StorageMode.GetDirectory, tr("Models folder"))
        self.services = _path(settings.services, QgsFileWidget.StorageMode.GetFile, tr("File of services"))
        self.sources = _path(settings.sources, QgsFileWidget.StorageMode.GetFile, tr("File of predictor sources"))
        self.language = _choice((("", ""), *LANGUAGE_NAMES.items()), settings.language, tr("Language"))
        self.language.setItemText(0, tr("Language of QGIS"))
        self.area_unit = _choice((("", tr("hectares")), ("km2", tr("square kilometres"))), settings.area_unit,
                                 tr("Unit of areas"))
        self.set_up = QPushButton(tr("Set up the engine …"))
        self.set_up.setToolTip(tr("Download: about {download} MB; on disk: about {installed} MB").format(
            download=DOWNLOAD_MB, installed=INSTALLED_MB))
        self.empty_cache = QPushButton(tr("Empty the cache"))
        self.empty_cache.setToolTip(tr("Deletes what services have answered; it is fetched again when it is needed"))
        self._arrange()
        self.set_up.clicked.connect(self._set_up)
        self.empty_cache.clicked.connect(lambda: self._ask(True))
        self._question = Background(tr("Asking the engine"), self)
        self._question.done.connect(self._show_about)
        self._question.failed.connect(self._show_failed)
        self._show_engine()

    def apply(self) -> None:
        """Keep what was chosen."""
        settings = PluginSettings.load()
        for name in ("interpreter", "wheels", "models", "services", "sources"):
            setattr(settings, name, getattr(self, name).filePath().strip())
        settings.language = self.language.currentData()
        settings.area_unit = self.area_unit.currentData()
        settings.save()
        self._changed()

    def _arrange(self) -> None:
        engine = QGroupBox(tr("Engine"))
        form = _form(engine)
        form.addRow(tr("Status"), self.engine_status)
        form.addRow(tr("Use this Python"), self.interpreter)
        form.addRow(tr("Folder of wheels"), self.wheels)
        form.addRow("", _left(self.set_up))
        form.addRow(tr("Versions in use"), self.versions)
        data = QGroupBox(tr("Models, services and cache"))
        form = _form(data)
        form.addRow(tr("Models folder"), self.models)
        form.addRow(tr("Services (JSON)"), self.services)
        form.addRow(tr("Predictor sources (JSON)"), self.sources)
        form.addRow(tr("Cache"), self.cache)
        form.addRow("", _left(self.empty_cache))
        shown = QGroupBox(tr("Language and units"))
        form = _form(shown)
        form.addRow(tr("Language (the window follows after a restart)"), self.language)
        form.addRow(tr("Areas in"), self.area_unit)
        content = QWidget()
        layout = QVBoxLayout(content)
        for group in (engine, data, shown):
            layout.addWidget(group)
        layout.addStretch()
        scrolling = QScrollArea()
        scrolling.setWidgetResizable(True)
        scrolling.setFrameShape(QScrollArea.Shape.NoFrame)
        scrolling.setWidget(content)
        QVBoxLayout(self).addWidget(scrolling)

    def _show_engine(self) -> None:
        try:
            engine = find_engine()
        except EngineMissing as missing:
            self.engine_status.setText(str(missing))
            self.versions.setText("–")
            self.cache.setText("–")
            self.empty_cache.setEnabled(False)
            return
        origins = {"setting": tr("chosen here"), "developer": tr("beside the plugin"),
                   "profile": tr("built in your QGIS profile")}
        self.engine_status.setText(tr("Ready, {origin}: {python}").format(
            origin=origins[engine.origin], python=engine.python))
        self._ask(False)

    def _ask(self, empty_cache: bool) -> None:
        self.empty_cache.setEnabled(False)
        self.versions.setText(tr("Asking the engine …"))
        self.cache.setText(tr("Emptying the cache …") if empty_cache else tr("Measuring the cache …"))
        self._question.start(lambda stopped: _about(empty_cache, stopped))

    def _show_about(self, values: dict[str, Any]) -> None:
        self.versions.setText(", ".join(f"{name} {version}" for name, version in values["software"].items()))
        cache = values["cache"]
        self.cache.setText(tr("{size:.1f} MB in {folder}").format(size=cache["megabytes"], folder=cache["folder"]))
        self.empty_cache.setEnabled(True)

    def _show_failed(self, reason: str) -> None:
        self.versions.setText(reason)
        self.cache.setText("–")

    def _set_up(self) -> None:
        from processing import execAlgorithmDialog

        execAlgorithmDialog("geoplantnet:setupengine", {"WHEELS": self.wheels.filePath()})
        self.interpreter.setFilePath(PluginSettings.load().interpreter)
        self._show_engine()


def _about(empty_cache: bool, stopped: Stopped) -> dict[str, Any]:
    try:
        return ask("about", AboutRequest(empty_cache), stopped)
    except Exception as error:
        raise LayerProblem(str(error)) from error


def _label() -> QLabel:
    label = QLabel("–")
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _path(value: str, mode: QgsFileWidget.StorageMode, name: str) -> QgsFileWidget:
    widget = QgsFileWidget()
    widget.setStorageMode(mode)
    widget.setFilePath(value)
    widget.setAccessibleName(name)
    widget.setToolTip(tr("{name}; blank: what the plugin uses by itself").format(name=name))
    return widget


def _choice(entries, value: str, name: str) -> QComboBox:
    box = QComboBox()
    for data, text in entries:
        box.addItem(text, data)
    box.setCurrentIndex(max(box.findData(value), 0))
    box.setAccessibleName(name)
    return box


def _form(group: QGroupBox) -> QFormLayout:
    form = QFormLayout(group)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def _left(button: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(button)
    row.addStretch()
    return row
