"""The command ``geoplantnet assess``, and the jobs ``assess`` and ``check_fit``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ServiceOptions, assess_job, parse_memory
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Command, Document, Result, Titled, typed
from geoplantnet_plugin.engine.commands.source_arguments import source_arguments
from geoplantnet_plugin.engine.sources.table import option_kinds


def read_job(document: Document) -> AssessJob:
    """Return the job that a JSON object describes.

    Raises:
        EngineError: a field is unknown, missing or of the wrong type; there is no such score source.
    """
    return assess_job(document, option_kinds())


def read_typed(given: Document) -> AssessJob:
    """Return the job of what was typed; what is said of other score sources than the one that is asked counts nothing.

    Raises:
        EngineError: as `read_job`, or the memory is no amount.
    """
    kinds, source = option_kinds(), str(given.get("source") or AssessJob.source.KIND)
    if source not in kinds:
        raise EngineError("source_unknown", source=source, known=list(kinds))
    wanted = {field.name for kind in (AssessJob, kinds[source]) for field in fields(kind)}
    document: dict[str, Any] = {name: value for name, value in given.items() if name in wanted}
    if "memory" in document:
        document["memory"] = parse_memory(document["memory"])
    for name in ("indicators", "present"):
        if name in document:
            document[name] = [entry for entry in document[name].split(",") if entry]
    return read_job(document)


def run_assess(job: AssessJob, reporter: Reporter) -> Result:
    """Run an assessment, here or on a service, and return its folder with the numbers that a caller shows first."""
    from geoplantnet_plugin.engine.assess.run import assess
    from geoplantnet_plugin.engine.assess.served import assess_on_service
    from geoplantnet_plugin.engine.assessment.manifest import read_document

    if isinstance(job.source, ServiceOptions):
        assess_on_service(job, job.source, reporter)
    else:
        assess(job, reporter)
    return {"out": str(job.out), "summary": summary(read_document(job.out))}


def summary(manifest: Mapping[str, Any]) -> Mapping[str, object]:
    """Return the numbers of a finished assessment, of its manifest, that a caller shows first."""
    coverage = manifest["coverage"]
    if ranks := manifest.get("ranks"):
        return {"title": manifest["title"], "ranked": ranks["taxa"], "squares": ranks["squares"],
                "timings": manifest["timings"]}
    if coverage is None:  # the species pool of a square
        survey = manifest["survey"]
        return {"title": manifest["title"], "groups": survey["groups"], "squares": survey["squares"],
                "timings": manifest["timings"]}
    return {"title": manifest["title"], "cells": coverage["cells"], "area_cells": coverage["area_cells"],
            "mean_richness": round(coverage["mean_richness"], 3),
            "outside_domain_share": round(coverage["outside_domain_share"], 5), "timings": manifest["timings"],
            "cell_states": manifest["cell_states"]}


def _check_fit(job: AssessJob, reporter: Reporter) -> Result:
    from geoplantnet_plugin.engine.assess.fit import check_fit

    return asdict(check_fit(job, reporter))


AREA = typed("area", "polygons in any vector format and CRS (FILE|layername=NAME)")
RESOLUTION = typed("resolution", "cell size in metres (default 50)", metavar="M")
GRID_CRS = typed("grid_crs", "projected CRS in metres (default EPSG:3035 in Europe)", metavar="EPSG:N")

COMMANDS = (
    Command(
        run_assess, AssessJob, "assess", "assess an area with a model and your own predictor rasters", (
            AREA, typed("out", "folder for the assessment, new or unfinished"), RESOLUTION, GRID_CRS,
            typed("set_rule", "lambda, lambda:0.5, topk:25 … (default: the model's)", metavar="RULE"),
            typed("indicators", "(default: all)", nargs=None, metavar="all|ID,…"),
            typed("all_scores", "write every score of the listed taxa too (all_scores.tif): a second pass over the "
                                "area, and a large file"),
            typed("memory", "memory budget (default 2GB)", type=str),
            typed("country", "country of the site, ISO 3166 (CH, CH-VD): lists not in force there do not count",
                  metavar="CODE"),
            typed("areas_by", "also tell apart the areas that this field names", metavar="FIELD"),
            typed("habitats", "habitat table (CSV: habitat, name, taxon, constancy in %%), or the name of a shipped "
                              "one", metavar="TABLE"),
            Titled("survey list, of models that bring their records", (
                typed("present", "habitats that are there: forest, scrub, grassland, rock, wetland, coast, arable, "
                                 "ruderal", nargs=None, metavar="HABITAT,…"),
                typed("months", "when species show (CSV: name, months)", metavar="TABLE"),
                typed("elevation", "elevation model of the site, in metres", metavar="RASTER"))),
            *source_arguments()),
        job="assess", read=read_job, read_typed=read_typed),
    Command(_check_fit, AssessJob, job="check_fit", read=read_job),
)
