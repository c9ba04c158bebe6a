"""The base of the plugin's algorithms: stable ids, translated titles, help for every parameter."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProject,
)
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QIcon

from ..common.resources import ICON, help_page

Values = dict[str, Any]


class Algorithm(QgsProcessingAlgorithm):
    """An algorithm named after its class attribute `ID`; subclasses give `title`, `help` and `initAlgorithm`."""

    ID = ""

    def name(self) -> str:
        """Return the id, which never changes."""
        return self.ID

    def displayName(self) -> str:
        """Return the translated title."""
        return self.title()

    def shortHelpString(self) -> str:
        """Return what the algorithm does, in a few sentences."""
        return self.help()

    def helpUrl(self) -> str:
        """Return the address of the manual's page on the algorithms; it is read without a network."""
        return QUrl.fromLocalFile(str(help_page("reference/algorithms"))).toString()

    def icon(self) -> QIcon:
        """Return the plugin's icon."""
        return QIcon(str(ICON))

    def createInstance(self) -> QgsProcessingAlgorithm:
        """Return a fresh algorithm of the same kind."""
        return type(self)()

    def title(self) -> str:
        """Return the translated title."""
        raise NotImplementedError

    def help(self) -> str:
        """Return the translated help text."""
        raise NotImplementedError

    def prepareAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> bool:
        """Keep the project to load into as `project`, on the main thread."""
        self.project = context.project() or QgsProject.instance()
        return True

    def add(self, parameter: QgsProcessingParameterDefinition, help_text: str, advanced: bool = False) -> None:
        """Add a parameter with its help."""
        parameter.setHelp(help_text)
        if advanced:
            parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        self.addParameter(parameter)
