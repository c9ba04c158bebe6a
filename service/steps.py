"""The jobs that workers run: how the engine is asked, and what is kept of its answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from geoplantnet_plugin.common.assessment import COMPLETE, MANIFEST
from geoplantnet_plugin.engine.assessment.manifest import read_document
from geoplantnet_plugin.engine.base.files import writing

from .digests import cube_identity
from .folders import JobFolder
from .inputs import check_offered
from .jobs import Record
from .names import Names
from .problems import Problem
from .queue import Tools, defer_tables
from .request_area import read_request_area

Stage = tuple[int, int]
"""Percent of a job at which one of the engine's stages begins and ends."""


@dataclass(frozen=True)
class Step:
    """`prepare` gives the engine's job, `keep` what is left to do when it is done (it may be done twice).

    `is_done` says whether the engine has finished before; `stages` go by the engine's names.
    """

    prepare: Callable[[Tools, Record, JobFolder], dict[str, Any]]
    is_done: Callable[[JobFolder], bool]
    keep: Callable[[Tools, Record, JobFolder], None]
    stages: dict[str, Stage]


def _prepare_assess(tools: Tools, record: Record, folder: JobFolder) -> dict[str, Any]:
    inputs, settings = record.inputs, tools.settings
    check_offered(settings, inputs["model"], inputs["cube"])  # as they were when the job was accepted
    area = read_request_area(inputs["area"], inputs.get("crs"), inputs.get("resolution"), settings.limits)
    with writing(folder.area) as temporary:
        temporary.write_text(json.dumps(area.document), encoding="utf-8")
    cube = settings.cubes[inputs["cube"]]
    return {"job": "assess", "area": str(folder.area), "out": str(folder.assessment),
            "name": record.title,
            "model": settings.models[inputs["model"]].package, "predictors": list(cube.predictors),
            "indicators": inputs.get("indicators") or ["all"],
            **{name: inputs.get(name) for name in ("resolution", "set_rule", "country", "areas_by", "habitats")}}


def is_complete(folder: JobFolder) -> bool:
    """Whether the folder holds a finished assessment."""
    return (folder.assessment / MANIFEST).is_file() and read_document(folder.assessment).get("state") == COMPLETE


def _keep_assess(tools: Tools, record: Record, folder: JobFolder) -> None:
    document = read_document(folder.assessment)
    told = Names.of(tools.settings, folder).told(document)
    told["cube"] = cube_identity(tools.settings, record.inputs["cube"])
    if told != document:
        with writing(folder.assessment / MANIFEST) as temporary:
            temporary.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
    if document.get("coverage"):  # a species pool has no cells
        defer_tables(tools, record.id)
    if tools.settings.qgis_server:
        tools.queue.configure_task("project").defer(job=str(record.id))


def _prepare_report(tools: Tools, record: Record, folder: JobFolder) -> dict[str, Any]:
    inputs = record.inputs
    assessment = JobFolder(tools.settings.results, UUID(inputs["assessment"]))
    if not is_complete(assessment):  # it was dismissed meanwhile
        raise Problem(409, "served_not_finished", job=inputs["assessment"])
    return {"job": "report", "folder": str(assessment.assessment), "language": record.language,
            **{name: inputs.get(name) for name in ("title", "client", "site", "author", "country") if inputs.get(name)}}


def _is_new(folder: JobFolder) -> bool:
    """A report is made anew: nothing tells a finished one from an older one."""
    return False


def _keep_nothing(tools: Tools, record: Record, folder: JobFolder) -> None:
    """The report lies in the folder of its assessment."""


STEPS: Mapping[str, Step] = {
    "assess": Step(_prepare_assess, is_complete, _keep_assess,
                   {"scores": (1, 70), "indicators": (70, 80), "tables": (80, 86), "species": (86, 95)}),
    "report": Step(_prepare_report, _is_new, _keep_nothing, {"report": (5, 95)}),
}
