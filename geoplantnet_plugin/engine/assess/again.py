"""A finished assessment's own model on its own land once more: to compare its scores, or to ask the model more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.assessment import COMPLETE, TABLES
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.assess.planning import plan_assessment
from geoplantnet_plugin.engine.assessment.manifest import read_document
from geoplantnet_plugin.engine.assessment.plan import Plan
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.reporters import Quiet


def document_by_model(folder: Path) -> dict[str, Any]:
    """Return the manifest of a finished assessment whose scores a model gave.

    Raises:
        EngineError: ``verify_not_by_model``, it is none; ``assessment_only_ranks``, its cells are ranked only.
    """
    document = read_document(folder)
    if document["state"] != COMPLETE or document["score_source"]["kind"] != ModelOptions.KIND:
        raise EngineError("verify_not_by_model", folder=folder)
    if document.get("ranks"):
        raise EngineError("assessment_only_ranks", folder=folder)
    return document


def plan_again(folder: Path, document: dict[str, Any], model: str, predictors: tuple[str, ...], memory: int,
               reporter: Reporter) -> Plan:
    """Plan the assessment of `folder` once more, with `model` and `predictors` where they are given.

    Raises:
        EngineError: model or predictors are not here.
    """
    made = document["job"]
    options = ModelOptions(model or made["model"], predictors or tuple(made["predictors"]), made.get("predictor_crs"))
    job = AssessJob(f"{folder / TABLES}|layername={document['area']['layer']}", Path(), options,
                    document["grid"]["resolution"], document["grid"]["crs"], made.get("set_rule"), memory=memory)
    return plan_assessment(job, Quiet(reporter))
