"""The commands ``geoplantnet cube plan`` and ``geoplantnet cube build``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.edits import Edit
from geoplantnet_plugin.engine.cube.net.remote import is_remote
from geoplantnet_plugin.engine.cube.plan import CubePlan, Sources, bindings_as_found, make_plan, open_sources
from geoplantnet_plugin.engine.models.card import Card
from geoplantnet_plugin.engine.where.area import Area, read_area
from geoplantnet_plugin.engine.where.grid import Grid


def register(commands: Any) -> None:
    """Add ``cube`` to the command line's subparsers."""
    from geoplantnet_plugin.engine.commands import fetch as net

    cube = commands.add_parser("cube", help="see, choose and keep where a model's predictors come from")
    actions = cube.add_subparsers(required=True, metavar="ACTION")
    _add_plan(actions)
    _add_build(actions)
    net.register(actions)


def _add_plan(actions: Any) -> None:
    parser = actions.add_parser("plan", help="show which band gives each predictor, and check it over the area")
    _add_inputs(parser)
    parser.add_argument("--save", type=Path, metavar="FILE.json",
                        help="keep the plan; given among --predictors it is obeyed")
    parser.set_defaults(handler=_plan)


def _add_build(actions: Any) -> None:
    parser = actions.add_parser("build", help="write the assembled cube of an area, for use without its sources")
    _add_inputs(parser)
    parser.add_argument("--out", required=True, type=Path, metavar="DIR",
                        help="new folder; given as --predictors it gives the same scores to the bit")
    parser.set_defaults(handler=_build)


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--area", required=True, help="polygons in any vector format and CRS (FILE|layername=NAME)")
    parser.add_argument("--model", required=True, help="name of a model or a package's path")
    parser.add_argument("--predictors", nargs="+", default=[], metavar="SOURCE",
                        help="rasters, folders of rasters, addresses of GeoTIFFs, STAC items, saved plans")
    parser.add_argument("--bind", action="append", default=[], metavar="NAME=FILE[:BAND]",
                        help="take this band for a predictor (repeat it for others)")
    parser.add_argument("--accept-units", action="append", default=[], metavar="NAME",
                        help="take a predictor's values as they are, however far from the training data")
    parser.add_argument("--resolution", type=float, metavar="M", help="cell size in metres (default 50)")
    parser.add_argument("--grid-crs", metavar="EPSG:N", help="projected CRS in metres (default EPSG:3035 in Europe)")
    parser.add_argument("--predictor-crs", metavar="EPSG:N", help="CRS of rasters that carry none")


def _plan(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.cube.table import table

    plan = _make_plan(args, reporter).plan
    if args.save:
        plan.save(args.save)
    return {**_as_found(plan), "text": table(plan)}


def _build(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.cube.build import build_cube

    ready = _make_plan(args, reporter)
    manifest = build_cube(ready.card, ready.plan, ready.grid, ready.area, args.out, reporter)
    return {"out": str(args.out), "manifest": manifest, "text": str(args.out)}


def plan_job(job: AssessJob, reporter: Reporter) -> dict[str, object]:
    """Plan the cube of an assessment's job and save the plan as ``job.out``."""
    plan = _ready(job, reporter).plan
    plan.save(job.out)
    return {**_as_found(plan), "out": str(job.out)}


def build_job(job: AssessJob, reporter: Reporter) -> dict[str, object]:
    """Build the cube of an assessment's job into the folder ``job.out``."""
    from geoplantnet_plugin.engine.cube.build import build_cube

    ready = _ready(job, reporter)
    build_cube(ready.card, ready.plan, ready.grid, ready.area, job.out, reporter)
    return {**_as_found(ready.plan), "out": str(job.out)}


def _as_found(plan: CubePlan) -> dict[str, object]:
    return {"bindings": bindings_as_found(plan), "effective_resolution": plan.effective_resolution}


@dataclass(frozen=True)
class _Ready:
    """A plan with what it was made for."""

    card: Card
    area: Area
    grid: Grid
    plan: CubePlan


def _make_plan(args: argparse.Namespace, reporter: Reporter) -> _Ready:
    options = ModelOptions(args.model, tuple(args.predictors), args.predictor_crs)
    job = AssessJob(args.area, Path(), options, args.resolution, args.grid_crs)
    return _ready(job, reporter, [parse_bind(text) for text in args.bind], args.accept_units)


def _ready(job: AssessJob, reporter: Reporter, edits: Sequence[Edit] = (), accept: Sequence[str] = ()) -> _Ready:
    from geoplantnet_plugin.engine.models.package import open_package

    options = job.source
    if not isinstance(options, ModelOptions):
        raise EngineError("job_no_model")
    area = read_area(job.area, job.grid_crs, reporter)
    card = open_package(options.model).card
    known = {predictor.name for predictor in card.predictors}
    for name in (*(edit.predictor for edit in edits), *accept):
        if name not in known:
            raise EngineError("cube_bind_unknown", predictor=name, known=sorted(known))
    grid = area.grid(job.resolution)
    sources = _sources(options.predictors, edits, reporter)
    plan = make_plan(card, sources, grid, area, options.predictor_crs, edits, reporter, accept)
    return _Ready(card, area, grid, plan)


def _sources(paths: Iterable[str], edits: Iterable[Edit], reporter: Reporter) -> Sources:
    return open_sources([*paths, *dict.fromkeys(edit.source for edit in edits)], reporter)


def parse_bind(text: str) -> Edit:
    """Return the edit that ``NAME=FILE`` or ``NAME=FILE:BAND`` stands for.

    Raises:
        EngineError: ``cube_bind_syntax``.
    """
    name, _, source = text.partition("=")
    file, _, number = source.rpartition(":")
    if not file or not number.isdigit():
        file, number = source, "1"
    if not name or not file:
        raise EngineError("cube_bind_syntax", text=text)
    return Edit(name, file if is_remote(file) else str(Path(file).absolute()), int(number))
