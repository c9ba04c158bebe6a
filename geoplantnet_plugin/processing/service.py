"""The parameters by which an algorithm has a service compute."""

from __future__ import annotations

from qgis.core import QgsProcessingContext, QgsProcessingParameterAuthConfig, QgsProcessingParameterString

from ..bridge.token import token_environment
from ..common.jobs import ServiceOptions
from ..i18n import language, tr
from .base import Values
from .site import SiteAlgorithm


class ServiceAddress:
    """Declares which service, with what token; for an `Algorithm`."""

    SERVICE = "SERVICE"
    SERVICE_AUTH = "SERVICE_AUTH"

    def _add_address(self) -> None:
        text = QgsProcessingParameterString
        self.add(text(self.SERVICE, tr("Service: address"), optional=True),
                 tr("Address of a server that computes assessments (OGC API – Processes). Only the outline of the area "
                    "and what you choose here are sent to it."))
        self.add(QgsProcessingParameterAuthConfig(self.SERVICE_AUTH, tr("Service: authentication"), optional=True),
                 tr("An authentication configuration of QGIS whose password is the token that you were given. It goes "
                    "to the service alone."))

    def service_secrets(self, parameters: Values, context: QgsProcessingContext) -> dict[str, str]:
        """Return the token for the engine's environment; call it on the main thread."""
        return token_environment(self.parameterAsString(parameters, self.SERVICE_AUTH, context))


class ServiceAlgorithm(ServiceAddress, SiteAlgorithm):
    """Declares which service, with what token, and which of its models and cubes."""

    SERVICE_MODEL = "SERVICE_MODEL"
    SERVICE_CUBE = "SERVICE_CUBE"

    def _add_service(self) -> None:
        self._add_address()
        text = QgsProcessingParameterString
        self.add(text(self.SERVICE_MODEL, tr("Service: model"), optional=True),
                 tr("One of the models that the service offers; blank where it offers one. “Ask a service” lists "
                    "them."))
        self.add(text(self.SERVICE_CUBE, tr("Service: cube of predictors"), optional=True),
                 tr("One of the cubes that the service offers for the model; blank where it offers one."))

    def service_options(self, parameters: Values, context: QgsProcessingContext) -> ServiceOptions:
        """Return which service computes, with which of its models."""
        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context).strip()

        return ServiceOptions(text(self.SERVICE), text(self.SERVICE_MODEL), text(self.SERVICE_CUBE), language())
