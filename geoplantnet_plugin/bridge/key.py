"""The Pl@ntNet API key: in QGIS's authentication store, from there into the engine's environment, and nowhere else."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsSettings

from ..i18n import tr
from .settings import PREFIX

VARIABLE = "PLANTNET_API_KEY"
_SETTING = f"{PREFIX}/plantnet_auth"
_NAME = "Pl@ntNet API (GeoPl@ntNet plugin)"


class KeyNotStored(Exception):
    """QGIS's authentication store is closed; the text says what to do."""


def store_key(key: str) -> None:
    """Put `key` into the store, in the place of an older one; a blank one only takes the older one away.

    Raises:
        KeyNotStored: the store cannot be used (no master password).
    """
    store = QgsApplication.authManager()
    if not store.setMasterPassword(True):
        raise KeyNotStored(tr("QGIS's authentication store was not opened: give its master password first."))
    if has_key():
        store.removeAuthenticationConfig(_id())
        QgsSettings().remove(_SETTING)
    if key.strip():
        config = QgsAuthMethodConfig("Basic")
        config.setName(_NAME)
        config.setConfig("username", "plantnet")
        config.setConfig("password", key.strip())
        stored = store.storeAuthenticationConfig(config)
        if not (stored[0] if isinstance(stored, tuple) else stored):
            raise KeyNotStored(tr("QGIS's authentication store could not keep the key."))
        QgsSettings().setValue(_SETTING, config.id())


def has_key() -> bool:
    """Whether there is a key in the store."""
    return bool(_id()) and _id() in QgsApplication.authManager().configIds()


def key_environment() -> dict[str, str]:
    """Return what the engine's environment needs; empty without a key, or while the store is closed.

    Call it on the main thread: QGIS may ask for the master password.
    """
    if not has_key():
        return {}
    config = QgsAuthMethodConfig()
    QgsApplication.authManager().loadAuthenticationConfig(_id(), config, True)
    key = config.config("password")
    return {VARIABLE: key} if key else {}


def _id() -> str:
    return str(QgsSettings().value(_SETTING, "") or "")
