"""The engine as a child process: one job on standard input, events on standard output.

The first line of input is the job. The line ``cancel`` stops it at the next strip; the end of the input means
that the parent has died and ends the engine. Tracebacks go to standard error.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, assess_job
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.reporters import JsonReporter
from geoplantnet_plugin.engine.commands.line import run, summary


def main() -> int:
    """Run the job and return the exit code of `cli.run`."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    reporter = JsonReporter(sys.stdout)
    line = sys.stdin.readline()
    reporter.listen(sys.stdin)
    document: dict[str, Any] = {}

    def work() -> dict[str, object]:
        document.update(_document(line))
        kind = document.pop("job", None)
        if kind not in JOBS:
            raise EngineError("job_invalid", reason=f"job {kind!r}")
        return JOBS[kind](document, reporter)

    return run(work, reporter, lambda: document.get("out"))


def _document(line: str) -> dict[str, Any]:
    try:
        document = json.loads(line)
    except ValueError as error:
        raise EngineError("job_invalid", reason=str(error)) from error
    if not isinstance(document, dict):
        raise EngineError("job_invalid", reason="not an object")
    return document


def _job(document: Mapping[str, Any]) -> AssessJob:
    from geoplantnet_plugin.engine.sources.table import option_kinds

    return assess_job(document, option_kinds())


def _assess(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.assess.run import assess

    job = _job(document)
    return {"out": str(job.out), "summary": summary(assess(job, reporter))}


def _models(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.models import list_models

    return list_models(reporter)


def _model_info(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.models import model_info

    found = model_info(str(document.get("model", "")), str(document.get("language", "en")))
    return {"model": found["model"], "card": found["text"], "html": found["html"]}


def _model_check(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.models import check_model

    return check_model(str(document.get("model", "")), reporter)


def _model_import(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.models import import_model

    return import_model(str(document.get("model", "")), reporter)


def _model_remove(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.models import remove_model

    return remove_model(str(document.get("model", "")))


def _check_fit(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from dataclasses import asdict

    from geoplantnet_plugin.engine.assess.fit import check_fit

    return asdict(check_fit(_job(document), reporter))


def _sources(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.fetch import list_sources

    return list_sources()


def _fetch_estimate(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.fetch import fetch_estimate

    return fetch_estimate(document, reporter)


def _fetch(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.fetch import fetch

    return fetch(document, reporter)


def _cube_plan(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.cube import plan_job

    return plan_job(_job(document), reporter)


def _cube_build(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.cube import build_job

    return build_job(_job(document), reporter)


def _published_terms(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.published import terms

    return terms(document.get("source_url"), bool(document.get("accept")))


def _published_estimate(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.published import estimate_job

    return estimate_job(_job(document), reporter)


def _flora(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.flora import ask_flora, flora_job

    return ask_flora(flora_job(document), reporter)


def _about(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    """Versions in use and what is cached; with ``empty_cache`` it is emptied first."""
    from dataclasses import asdict

    from geoplantnet_plugin.engine.assessment.describe import software
    from geoplantnet_plugin.engine.services.cache import open_cache

    with open_cache() as cache:
        if document.get("empty_cache"):
            cache.clear()
        size = asdict(cache.size())
    return {"software": software(), "cache": {**size, "folder": str(size["folder"])}}


def _report(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.report import report_job

    return report_job(document, reporter)


def _import_taxa(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.taxa import import_job

    return import_job(document, reporter)


def _compare(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.compare import compare_job

    return compare_job(document, reporter)


def _pack(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.field import pack_job

    return pack_job(document, reporter)


def _read_field(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.field import read_job

    return read_job(document, reporter)


def _archive_field(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.commands.field import archive_job

    return archive_job(document, reporter)


JOBS: Mapping[str, Callable[[Mapping[str, Any], Reporter], dict[str, object]]] = {
    "about": _about,
    "archive_field": _archive_field,
    "assess": _assess,
    "check_fit": _check_fit,
    "compare": _compare,
    "cube_build": _cube_build,
    "cube_plan": _cube_plan,
    "fetch": _fetch,
    "fetch_estimate": _fetch_estimate,
    "flora": _flora,
    "import_taxa": _import_taxa,
    "model_check": _model_check,
    "model_import": _model_import,
    "model_info": _model_info,
    "model_remove": _model_remove,
    "models": _models,
    "pack": _pack,
    "published_estimate": _published_estimate,
    "published_terms": _published_terms,
    "read_field": _read_field,
    "report": _report,
    "sources": _sources,
}

if __name__ == "__main__":
    sys.exit(main())
