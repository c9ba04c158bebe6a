"""The model manager: ``geoplantnet:modelinfo``, ``checkmodel``, ``importmodel`` and ``removemodel``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
)

from ..bridge.models import available_models, package_at
from ..common.jobs import ModelRequest
from ..i18n import language, tr
from .base import Values
from .engine_algorithm import EngineAlgorithm


class ModelAlgorithm(EngineAlgorithm):
    """Takes a model, asks the engine to do `JOB` with it."""

    JOB = ""
    MODEL = "MODEL"

    def group(self) -> str:
        """Return the translated group."""
        return tr("Models")

    def groupId(self) -> str:
        """Return the id of the group, which never changes."""
        return "models"

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare the model."""
        names = [model.name for model in available_models()]
        model = QgsProcessingParameterString(self.MODEL, tr("Model"))
        model.setMetadata({"widget_wrapper": {"value_hints": names}})
        self.add(model, tr("Name of a model, or path of a model package. Models at hand: {names}.").format(
            names=", ".join(names) or "–"))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Let the engine do it."""
        model = self.parameterAsString(parameters, self.MODEL, context)
        result = self.run_engine(self.JOB, ModelRequest(model, language()), feedback)
        return {} if result is None else self.outputs(result, parameters, context, feedback)

    def outputs(self, result: dict[str, Any], parameters: Values, context: QgsProcessingContext,
                feedback: QgsProcessingFeedback) -> Values:
        """Return the outputs that the engine's `result` makes."""
        raise NotImplementedError


class ModelInfo(ModelAlgorithm):
    """Writes the card as a page."""

    ID = "modelinfo"
    JOB = "model_info"
    OUTPUT = "OUTPUT"
    TAXA = "TAXA"
    CARD = "CARD"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Show a model's card")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("What a model needs and gives, what it was trained on, how good it is beside simpler models, where "
                  "it may not be used, and its licence.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        super().initAlgorithm(configuration)
        self.add(QgsProcessingParameterFileDestination(
            self.OUTPUT, tr("Card"), tr("HTML files (*.html)"), optional=True),
            tr("The page with the card; it opens in the results viewer."))
        self.addOutput(QgsProcessingOutputNumber(self.TAXA, tr("Number of taxa")))
        self.addOutput(QgsProcessingOutputString(self.CARD, tr("The card (JSON)")))

    def outputs(self, result: dict[str, Any], parameters: Values, context: QgsProcessingContext,
                feedback: QgsProcessingFeedback) -> Values:
        """Write the page and return where it is."""
        card, model = result["card"], result["model"]
        for line in card.splitlines():
            feedback.pushInfo(line)
        path = self.parameterAsFileOutput(parameters, self.OUTPUT, context)
        if path:
            Path(path).write_text(result["html"], encoding="utf-8")
        return {self.TAXA: model["taxa"], self.CARD: json.dumps(model), **({self.OUTPUT: path} if path else {})}


class CheckModel(ModelAlgorithm):
    """Says what is wrong or weak."""

    ID = "checkmodel"
    JOB = "model_check"
    FINDINGS = "FINDINGS"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Check a model package")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Compares card, network and list of taxa, runs a few cells, and says in a sentence each what is "
                  "wrong or what the card leaves unsaid. It fails when the model cannot be used.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        super().initAlgorithm(configuration)
        self.addOutput(QgsProcessingOutputNumber(self.FINDINGS, tr("Number of weak points")))

    def outputs(self, result: dict[str, Any], parameters: Values, context: QgsProcessingContext,
                feedback: QgsProcessingFeedback) -> Values:
        """Count what was said."""
        feedback.pushInfo(tr("Card, network and taxa agree; a trial run gave scores as the card says."))
        return {self.FINDINGS: len(result["findings"])}


class ImportModel(ModelAlgorithm):
    """Installs a package."""

    ID = "importmodel"
    JOB = "model_import"
    NAME = "NAME"
    FOLDER = "FOLDER"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Install a model package")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Checks a model package and copies it among your own models, from where every algorithm and the "
                  "panel offer it by name. A package that is not in order is not installed. Nothing in a package is "
                  "run but its network, and that only with the operators of the ONNX standard.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self.add(QgsProcessingParameterFile(
            self.MODEL, tr("Model package"), fileFilter=tr("Model packages (*.zip card.json)")),
            tr("A zip file, or the card.json of a package that is a folder."))
        self.addOutput(QgsProcessingOutputString(self.NAME, tr("Name of the model")))
        self.addOutput(QgsProcessingOutputString(self.FOLDER, tr("Folder of the model")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Take the folder of a chosen card."""
        package = package_at(self.parameterAsString(parameters, self.MODEL, context))
        return super().processAlgorithm({**parameters, self.MODEL: package}, context, feedback)

    def outputs(self, result: dict[str, Any], parameters: Values, context: QgsProcessingContext,
                feedback: QgsProcessingFeedback) -> Values:
        """Return the name under which the model is now known."""
        feedback.pushInfo(tr("The model “{name}” ({taxa} taxa) is in {folder}.").format(**result))
        return {self.NAME: result["name"], self.FOLDER: result["folder"]}


class RemoveModel(ModelAlgorithm):
    """Removes a model of the user's."""

    ID = "removemodel"
    JOB = "model_remove"
    FOLDER = "FOLDER"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Remove a model of your own")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Deletes one of your own models from this computer, by its name. The models that come with the "
                  "plugin stay.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        super().initAlgorithm(configuration)
        self.addOutput(QgsProcessingOutputString(self.FOLDER, tr("Folder that is gone")))

    def outputs(self, result: dict[str, Any], parameters: Values, context: QgsProcessingContext,
                feedback: QgsProcessingFeedback) -> Values:
        """Return what is gone."""
        feedback.pushInfo(tr("{folder} is removed.").format(**result))
        return {self.FOLDER: result["folder"]}
