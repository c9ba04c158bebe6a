"""``geoplantnet:setupengine``: builds the engine's Python environment, or takes one that is there."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
)

from ..bridge.environment import DOWNLOAD_MB, INSTALLED_MB, BuildFailed, BuildReport, build, check_engine
from ..bridge.interpreter import base_python, environment_folder, environment_python
from ..bridge.runner import tell_step
from ..bridge.settings import PluginSettings
from ..i18n import tr
from .base import Algorithm, Values


class SetUpEngine(Algorithm):
    """The one way in which anything is installed: asked for, sized, cancellable."""

    ID = "setupengine"

    INTERPRETER = "INTERPRETER"
    WHEELS = "WHEELS"
    BASE = "BASE"
    ENGINE = "ENGINE"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Set up the engine")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Builds the Python environment in which the engine runs its models, in your QGIS profile: {folder}. "
            "Nothing of QGIS or of your system is changed.\n\nDownload from the Python Package Index: about "
            "{download} MB; on disk: about {installed} MB.\n\nWithout a network choose a folder of wheels. To use an "
            "environment of your own (conda, a virtual environment), choose its Python: then nothing is "
            "installed.").format(
            folder=environment_folder(), download=DOWNLOAD_MB, installed=INSTALLED_MB)

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        # The default filter is “*.*”: it refuses a program without an ending, such as bin/python3.
        any_name = tr("All files (*)")
        self.add(QgsProcessingParameterFile(self.INTERPRETER, tr("Use this Python (nothing is installed)"),
                                            optional=True, fileFilter=any_name),
                 tr("A Python that already has the engine's packages."))
        self.add(QgsProcessingParameterFile(self.WHEELS, tr("Folder of wheels (nothing is downloaded)"),
                                            QgsProcessingParameterFile.Behavior.Folder, optional=True),
                 tr("A folder with the wheels of all packages, made with pip download on another machine."))
        self.add(QgsProcessingParameterFile(self.BASE, tr("Python to build with (blank: that of QGIS)"), optional=True,
                                            fileFilter=any_name),
                 tr("A Python 3.10 or newer; needed where QGIS brings an older one."), advanced=True)
        self.addOutput(QgsProcessingOutputString(self.ENGINE, tr("Python of the engine")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Check the interpreter that was chosen, or build the environment."""
        chosen = self.parameterAsString(parameters, self.INTERPRETER, context)
        try:
            python = self._use(Path(chosen)) if chosen else self._build(parameters, context, feedback)
        except BuildFailed as error:
            raise QgsProcessingException(str(error)) from error
        if python is None:
            return {}
        feedback.pushInfo(tr("The engine is ready: {python}").format(python=python))
        return {self.ENGINE: str(python)}

    def _use(self, python: Path) -> Path:
        check_engine(python)
        self._remember(str(python))
        return python

    def _build(self, parameters: Values, context: QgsProcessingContext,
               feedback: QgsProcessingFeedback) -> Path | None:
        wheels = self.parameterAsString(parameters, self.WHEELS, context)
        base = self.parameterAsString(parameters, self.BASE, context)
        python = Path(base) if base else base_python()
        if python is None:
            raise BuildFailed(tr("No Python was found beside QGIS. Choose a Python 3.10 or newer to build with."))
        feedback.pushInfo(tr("Building in {folder} (about {installed} MB on disk) …").format(
            folder=environment_folder(), installed=INSTALLED_MB))
        report = BuildReport(feedback.pushInfo, feedback.isCanceled, lambda step: tell_step(feedback, step))
        if not build(environment_folder(), python, Path(wheels) if wheels else None, report):
            return None
        self._remember("")
        return environment_python(environment_folder())

    def _remember(self, interpreter: str) -> None:
        settings = PluginSettings.load()
        settings.interpreter = interpreter
        settings.save()
