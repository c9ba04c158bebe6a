"""What a species card shows beside names and figures: altitudes, responses, months; each, or why it is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ProfileRequest
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.species.altitudes import altitudes
from geoplantnet_plugin.engine.species.months import months
from geoplantnet_plugin.engine.species.responses import responses
from geoplantnet_plugin.engine.taxa.table import Taxon


def profile(asked: ProfileRequest, reporter: Reporter) -> dict[str, object]:
    """Return ``altitudes``, ``responses`` and ``months`` of a taxon; under ``absent`` why one is missing.

    Raises:
        EngineError: ``species_unknown``; the folder is no finished assessment.
        Cancelled: the caller asked to stop.
    """
    folder = open_folder(asked.folder)
    taxon = _taxon(folder, asked.taxon)
    wanted: dict[str, Callable[[], Any]] = {"altitudes": lambda: altitudes(folder, taxon, asked.dem),
                                            "responses": lambda: responses(asked, taxon, reporter)}
    if (records := asked.records) is not None:
        wanted["months"] = lambda: months(folder, taxon, records, reporter)
    found: dict[str, object] = {}
    absent: dict[str, object] = {}
    for name, make in wanted.items():
        try:
            found[name] = asdict(make())
        except EngineError as error:
            absent[name] = {"code": error.code, "params": error.params}
    return {"taxon": taxon.id, "name": taxon.accepted_name, **found, "absent": absent}


def _taxon(folder: AssessmentFolder, text: str) -> Taxon:
    """Return the taxon with that id or accepted name."""
    for taxon in folder.taxa:
        if text in (taxon.id, taxon.accepted_name):
            return taxon
    raise EngineError("species_unknown", name=text, folder=folder.path)
