"""The commands ``geoplantnet cube plan`` and ``cube build``, and the jobs ``cube_plan`` and ``cube_build``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.assess import AREA, GRID_CRS, RESOLUTION, read_job
from geoplantnet_plugin.engine.commands.command import Command, Result, typed
from geoplantnet_plugin.engine.commands.source_arguments import BIND, MODEL
from geoplantnet_plugin.engine.cube.edits import Edit, check_names, parse_binds
from geoplantnet_plugin.engine.cube.plan import CubePlan, Sources, bindings_as_found, make_plan, open_sources
from geoplantnet_plugin.engine.models.card import Card
from geoplantnet_plugin.engine.where.area import Area, read_area
from geoplantnet_plugin.engine.where.grid import Grid


@dataclass(frozen=True, kw_only=True)
class CubeRequest:
    """What a person at a terminal says of a cube: where, for which model, from what, and what to take nevertheless."""

    area: str
    model: str
    predictors: tuple[str, ...] = ()
    bind: tuple[str, ...] = ()
    accept_units: tuple[str, ...] = ()
    resolution: float | None = None
    grid_crs: str | None = None
    predictor_crs: str | None = None


@dataclass(frozen=True, kw_only=True)
class PlanRequest(CubeRequest):
    """A plan of a cube, kept in the file `save` if it is to be kept."""

    save: Path | None = None


@dataclass(frozen=True, kw_only=True)
class BuildRequest(CubeRequest):
    """A cube, written into the folder `out`."""

    out: Path


def _plan(asked: PlanRequest, reporter: Reporter) -> Result:
    from geoplantnet_plugin.engine.cube.table import table

    plan = _make_plan(asked, reporter).plan
    if asked.save:
        plan.save(asked.save)
    return {**_as_found(plan), "text": table(plan)}


def _build(asked: BuildRequest, reporter: Reporter) -> Result:
    from geoplantnet_plugin.engine.cube.build import build_cube

    ready = _make_plan(asked, reporter)
    manifest = build_cube(ready.card, ready.plan, ready.grid, ready.area, asked.out, reporter)
    return {"out": str(asked.out), "manifest": manifest, "text": str(asked.out)}


def plan_job(job: AssessJob, reporter: Reporter) -> Result:
    """Plan the cube of an assessment's job and save the plan as ``job.out``."""
    plan = _ready(job, reporter).plan
    plan.save(job.out)
    return {**_as_found(plan), "out": str(job.out)}


def build_job(job: AssessJob, reporter: Reporter) -> Result:
    """Build the cube of an assessment's job into the folder ``job.out``."""
    from geoplantnet_plugin.engine.cube.build import build_cube

    ready = _ready(job, reporter)
    build_cube(ready.card, ready.plan, ready.grid, ready.area, job.out, reporter)
    return {**_as_found(ready.plan), "out": str(job.out)}


def _as_found(plan: CubePlan) -> Result:
    return {"bindings": bindings_as_found(plan), "effective_resolution": plan.effective_resolution}


@dataclass(frozen=True)
class _Ready:
    """A plan with what it was made for."""

    card: Card
    area: Area
    grid: Grid
    plan: CubePlan


def _make_plan(asked: CubeRequest, reporter: Reporter) -> _Ready:
    options = ModelOptions(asked.model, asked.predictors, asked.predictor_crs)
    job = AssessJob(asked.area, Path(), options, asked.resolution, asked.grid_crs)
    return _ready(job, reporter, asked.bind, asked.accept_units)


def _ready(job: AssessJob, reporter: Reporter, bind: Sequence[str] = (), accept: Sequence[str] = ()) -> _Ready:
    from geoplantnet_plugin.engine.models.package import open_package

    options = job.source
    if not isinstance(options, ModelOptions):
        raise EngineError("job_no_model")
    area = read_area(job.area, job.grid_crs, reporter)
    card = open_package(options.model).card
    known = {predictor.name for predictor in card.predictors}
    edits = parse_binds(bind, known)
    check_names(accept, known)
    grid = area.grid(job.resolution)
    sources = _sources(options.predictors, edits, reporter)
    plan = make_plan(card, sources, grid, area, options.predictor_crs, edits, reporter, accept)
    return _Ready(card, area, grid, plan)


def _sources(paths: Iterable[str], edits: Iterable[Edit], reporter: Reporter) -> Sources:
    return open_sources([*paths, *dict.fromkeys(edit.source for edit in edits)], reporter)


INPUTS = (
    AREA, *MODEL, BIND,
    typed("accept_units", "take a predictor's values as they are, however far from the training data", action="append",
          nargs=None, metavar="NAME"),
    RESOLUTION, GRID_CRS)

GROUPS = {"cube": "see, choose and keep where a model's predictors come from"}
COMMANDS = (
    Command(
        _plan, PlanRequest, "cube plan", "show which band gives each predictor, and check it over the area", (
            *INPUTS, typed("save", "keep the plan; given among --predictors it is obeyed", metavar="FILE.json"))),
    Command(
        _build, BuildRequest, "cube build", "write the assembled cube of an area, for use without its sources", (
            *INPUTS, typed("out", "new folder; given as --predictors it gives the same scores to the bit",
                           metavar="DIR"))),
    Command(plan_job, AssessJob, job="cube_plan", read=read_job),
    Command(build_job, AssessJob, job="cube_build", read=read_job),
)
