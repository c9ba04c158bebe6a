"""Published checkpoints become model packages, without PyTorch. Not part of the QGIS plugin's zip."""

from __future__ import annotations

from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.models.check import Finding
from geoplantnet_plugin.engine.models.library import free_place
from geoplantnet_plugin.engine.models.package import ModelPackage
from geoplantnet_plugin.engine.models.write import write_package
from training.workshop.importers.checkpoint import read_weights
from training.workshop.importers.published import IMPORTERS


def import_checkpoint(importer: str, file: Path, name: str, taxa: Path | None,
                      reporter: Reporter) -> tuple[ModelPackage, list[Finding]]:
    """Convert `file` and install it among the user's models as `name`; return it with what is weak about it.

    `taxa` is a CSV whose ``id`` is the number of a class, from 0, with ``name`` and any other column of
    ``taxa.csv``; classes without a row keep their number as name. Raises `EngineError` for an unknown importer
    or a file that is not such a checkpoint.
    """
    if importer not in IMPORTERS:
        raise EngineError("model_importer_unknown", importer=importer, known=list(IMPORTERS))
    published = IMPORTERS[importer]
    target = free_place(name)
    model = published.network(read_weights(file))
    rows = published.taxa(model.graph.output[0].type.tensor_type.shape.dim[1].dim_value, taxa, reporter)
    return write_package(target, {**published.card, "name": name}, model.SerializeToString(), rows)
