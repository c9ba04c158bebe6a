"""Where model packages live: shipped with the plugin (read-only), installed by the user, unpacked."""

from __future__ import annotations

import os
from pathlib import Path

from geoplantnet_plugin.common.resources import RESOURCES

BUNDLED = RESOURCES / "models"


def user_models() -> Path:
    """Return the folder of the user's own models: ``$GEOPLANTNET_MODELS``, else in the user's data folder."""
    import platformdirs

    chosen = os.environ.get("GEOPLANTNET_MODELS")
    return Path(chosen) if chosen else platformdirs.user_data_path("geoplantnet", appauthor=False) / "models"


def unpacked() -> Path:
    """Return the folder into which zipped packages are unpacked, one subfolder a zip."""
    import platformdirs

    return platformdirs.user_cache_path("geoplantnet", appauthor=False) / "packages"
