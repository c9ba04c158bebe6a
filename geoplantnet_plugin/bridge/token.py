"""The token of a service: in an authentication configuration of QGIS, from there into the engine's environment."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsAuthMethodConfig

VARIABLE = "GEOPLANTNET_SERVICE_TOKEN"
_HEADER = "Bearer "


def token_environment(configuration: str) -> dict[str, str]:
    """Return what the engine's environment needs; empty without a configuration, or while the store is closed.

    The token is the password of a *Basic* configuration, or stands in the ``Authorization`` header of an *API Header*
    one. Call it on the main thread: QGIS may ask for the master password.
    """
    if not configuration:
        return {}
    config = QgsAuthMethodConfig()
    QgsApplication.authManager().loadAuthenticationConfig(configuration, config, True)
    token = config.config("password") or config.config("Authorization").removeprefix(_HEADER)
    return {VARIABLE: token} if token else {}
