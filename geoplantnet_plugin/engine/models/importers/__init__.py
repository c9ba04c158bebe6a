"""Published checkpoints become model packages, without PyTorch. Not part of the QGIS plugin's zip."""

from __future__ import annotations

from pathlib import Path

from geoplantnet_plugin.engine.models.check import Finding
from geoplantnet_plugin.engine.models.package import ModelPackage

IMPORTERS = {"geoplant-mme": "the multimodal ensemble published with GeoPlant (arXiv 2408.13928)"}


def import_checkpoint(importer: str, file: Path, name: str, taxa: Path | None) -> tuple[ModelPackage, list[Finding]]:
    """Convert `file` and install it among the user's models as `name`; return it with what is weak about it.

    `taxa` is a CSV with a row a class (``id``, ``name``, … as in ``taxa.csv``); without it the classes keep
    their numbers as names. Raises `EngineError` for an unknown importer or a file that is not such a checkpoint.
    """
    raise NotImplementedError
