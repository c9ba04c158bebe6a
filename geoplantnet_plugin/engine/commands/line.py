"""The command ``geoplantnet``."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions, PublishedOptions, parse_memory
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.reporters import JsonReporter, TerminalReporter

DONE, UNEXPECTED, BAD_INPUT, STOPPED = 0, 1, 2, 3
"""Exit codes: finished; a fault of ours (see the log); input that cannot be used; stopped, can be resumed."""

Handler = Callable[[argparse.Namespace, Reporter], dict[str, object]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    args = _parser().parse_args(arguments)
    reporter = JsonReporter(sys.stdout) if args.json else TerminalReporter()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: reporter.cancel())
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    return run(lambda: args.handler(args, reporter), reporter, lambda: getattr(args, "out", ""))


def run(work: Callable[[], dict[str, object]], reporter: JsonReporter | TerminalReporter,
        out: Callable[[], object]) -> int:
    """Do `work`, tell its result or what went wrong, and return the exit code."""
    try:
        result = work()
    except EngineError as error:
        return _failed(reporter, error.code, error.params, BAD_INPUT)
    except Cancelled:
        return _failed(reporter, "cancelled", {"out": str(out())}, STOPPED)
    except Exception as error:
        logging.getLogger(__name__).exception("unexpected")
        return _failed(reporter, "unexpected", {"reason": f"{type(error).__name__}: {error}"}, UNEXPECTED)
    _finished(reporter, result)
    return DONE


def _failed(reporter: JsonReporter | TerminalReporter, code: str, params: dict[str, Any], exit_code: int) -> int:
    if isinstance(reporter, JsonReporter):
        reporter.emit("error", code=code, params=params)
    else:
        reporter.close()
        print(render(code, params), file=sys.stderr)
    return exit_code


def _finished(reporter: JsonReporter | TerminalReporter, result: dict[str, object]) -> None:
    if isinstance(reporter, JsonReporter):
        reporter.emit("result", **{key: value for key, value in result.items() if key != "text"})
        return
    reporter.close()
    if text := result.get("text"):
        print(text)


def _parser() -> argparse.ArgumentParser:
    from geoplantnet_plugin.engine.commands import compare, cube, field, models, published, report, taxa, terrain

    parser = argparse.ArgumentParser(
        prog="geoplantnet", description="Which plants are likely to grow on a piece of land, and what that means.",
        epilog="Exit codes: 0 done, 1 unexpected fault, 2 unusable input, 3 stopped (start again to resume).")
    parser.add_argument("--json", action="store_true", help="write events as JSON lines instead of text")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_assess(commands)
    for room in (models, cube, terrain, taxa, published, compare, report, field):
        room.register(commands)
    return parser


def _add_assess(commands: Any) -> None:
    from geoplantnet_plugin.engine.commands.published import add_source_arguments

    parser = commands.add_parser("assess", help="assess an area with a model and your own predictor rasters")
    parser.add_argument("--area", required=True, help="polygons in any vector format and CRS (FILE|layername=NAME)")
    parser.add_argument("--out", required=True, type=Path, help="folder for the assessment, new or unfinished")
    parser.add_argument("--model", default="", help="name of a bundled or imported model, or a package's path")
    parser.add_argument("--predictors", nargs="+", default=[], metavar="RASTER_OR_FOLDER")
    parser.add_argument("--resolution", type=float, metavar="M", help="cell size in metres (default 50)")
    parser.add_argument("--grid-crs", metavar="EPSG:N", help="projected CRS in metres (default EPSG:3035 in Europe)")
    parser.add_argument("--predictor-crs", metavar="EPSG:N", help="CRS of rasters that carry none")
    parser.add_argument("--speed", choices=("exact", "balanced", "fast"), default="exact",
                        help="how patches of neighbouring cells are encoded; nearly so only where it is good enough")
    parser.add_argument("--tolerance", type=float, default=0.95, metavar="J",
                        help="least mean Jaccard index of the best taxa with the exact ones (default 0.95)")
    parser.add_argument("--set-rule", metavar="RULE", help="lambda, lambda:0.5, topk:25 … (default: the model's)")
    parser.add_argument("--indicators", default="all", metavar="all|ID,…")
    parser.add_argument("--memory", default="2GB", help="memory budget (default 2GB)")
    parser.add_argument("--country", metavar="CODE",
                        help="country of the site, ISO 3166 (CH, CH-VD): lists not in force there do not count")
    parser.add_argument("--areas-by", metavar="FIELD", help="also tell apart the areas that this field names")
    parser.add_argument("--habitats", metavar="TABLE",
                        help="habitat table (CSV: habitat, name, taxon, constancy in %%), or the name of a shipped one")
    _add_survey(parser)
    published = parser.add_argument_group("published maps instead of a model")
    published.add_argument("--source", default="model", help="model (default) or geoplantnet")
    add_source_arguments(published)
    parser.set_defaults(handler=_assess)


def _add_survey(parser: argparse.ArgumentParser) -> None:
    survey = parser.add_argument_group("survey list, of models that bring their records")
    survey.add_argument("--present", default="", metavar="HABITAT,…",
                        help="habitats that are there: forest, scrub, grassland, rock, wetland, coast, arable, ruderal")
    survey.add_argument("--months", metavar="TABLE", help="when species show (CSV: name, months)")
    survey.add_argument("--elevation", metavar="RASTER", help="elevation model of the site, in metres")


def _assess(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.assess.run import assess
    from geoplantnet_plugin.engine.commands.published import source_fields

    options = (PublishedOptions(**source_fields(args)) if args.source == PublishedOptions.KIND else
               ModelOptions(args.model, tuple(args.predictors), args.predictor_crs, args.speed, args.tolerance))
    job = AssessJob(
        area=args.area, out=args.out.absolute(), source=options, resolution=args.resolution, grid_crs=args.grid_crs,
        set_rule=args.set_rule, indicators=tuple(args.indicators.split(",")), memory=parse_memory(args.memory),
        country=args.country, areas_by=args.areas_by, habitats=args.habitats,
        present=tuple(filter(None, args.present.split(","))), months=args.months, elevation=args.elevation)
    return {"out": str(job.out), "summary": summary(assess(job, reporter))}


def summary(manifest: Any) -> dict[str, object]:
    """Return the numbers of a finished assessment that a caller shows first."""
    coverage = manifest.coverage
    if coverage is None:  # the species pool of a square
        return {"title": manifest.title, "groups": manifest.survey.groups, "squares": list(manifest.survey.squares),
                "timings": manifest.timings}
    return {"title": manifest.title, "cells": coverage.cells, "area_cells": coverage.area_cells,
            "mean_richness": round(coverage.mean_richness, 3),
            "outside_domain_share": round(coverage.outside_domain_share, 5), "timings": manifest.timings,
            "cell_states": manifest.cell_states}
