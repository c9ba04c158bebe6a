"""The score source that runs a model package on a cube."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.assessment import OUTSIDE
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ModelOptions
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.base_cube import needs_no_rasters
from geoplantnet_plugin.engine.cube.block import CellValues, Cube, CubeBlock
from geoplantnet_plugin.engine.cube.edits import parse_binds
from geoplantnet_plugin.engine.cube.opening import identity
from geoplantnet_plugin.engine.cube.patches import Lattice, lattice_of
from geoplantnet_plugin.engine.cube.plan import Binding, CubePlan, Sources, make_plan, open_sources
from geoplantnet_plugin.engine.cube.reader import LocalCube
from geoplantnet_plugin.engine.models.card import ModelInput
from geoplantnet_plugin.engine.models.package import ModelPackage, open_package
from geoplantnet_plugin.engine.models.running import GRAPH_COPIES
from geoplantnet_plugin.engine.models.runtime import Session
from geoplantnet_plugin.engine.models.sharing.distinct import distinct_cells
from geoplantnet_plugin.engine.models.sharing.encoders import Speed
from geoplantnet_plugin.engine.models.sharing.rough import ROWS
from geoplantnet_plugin.engine.models.statements import statements_of
from geoplantnet_plugin.engine.scores.ranked import RankedScores
from geoplantnet_plugin.engine.scores.source import UNIT_ROWS, ScoredBlock, ScoreSource, TakeScores
from geoplantnet_plugin.engine.scores.source_plan import Origin, SourcePlan
from geoplantnet_plugin.engine.scores.support import Support
from geoplantnet_plugin.engine.sources.cell_quality import quality_of
from geoplantnet_plugin.engine.sources.speed import choose_speed
from geoplantnet_plugin.engine.survey.flora import bare_flora, read_flora
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Block, Grid

FEATURES = 1024
"""Values of a cell behind an encoder, about."""
BATCH_SHARE = 0.25
"""Share of the working memory for one batch in the model."""


class LocalModel:
    """Scores of a model package; safe to call from two threads, so that one reads while the other infers."""

    def __init__(self, package: ModelPackage, cube: Cube, session: Session, keep: int, batch: int,
                 strip_rows: int | None, listen: Callable[[], None]) -> None:
        self.taxa = package.taxa
        self.scale = package.card.scale
        self.seconds = {"read": 0.0, "infer": 0.0}
        self.strip_rows = strip_rows
        self._card = package.card
        self._cube = cube
        self._session = session
        self._keep = keep
        self._batch = batch
        self._listen = listen
        self._reading = threading.Lock()
        self._inferring = threading.Lock()

    def score(self, block: Block, inside: NDArray[np.bool_]) -> ScoredBlock:
        """Read and score the cells of `block` where `inside` (height, width) is true."""
        with self._reading:
            start = time.perf_counter()
            cube = self._cube.read(block, inside)
            self.seconds["read"] += time.perf_counter() - start
        with self._inferring:
            start = time.perf_counter()
            scores = self._rank_units(cube, block.width)
            quality = quality_of(self._card, cube)
            self.seconds["infer"] += time.perf_counter() - start
        return ScoredBlock(cube.cells, scores, quality.domain == OUTSIDE, quality)

    def each(self, block: Block, inside: NDArray[np.bool_], take: TakeScores) -> None:
        """Read the cells of `block` where `inside` is true and give all their scores; see `CompleteSource`."""
        cube = self._cube.read(block, inside)
        units = [slice(None)] if self.strip_rows is not None else _units(cube.cells, block.width)
        for unit in units:
            cells = cube.cells[unit]
            self._session.each({name: values if self.strip_rows is not None else values[unit]
                                for name, values in cube.inputs.items()},
                               partial(_taken, cells, take), self._batch, self._listen)

    def _rank_units(self, cube: CubeBlock, width: int) -> RankedScores:
        """Rank a strip of fixed height whole, any other in units that are the same wherever strips end."""
        if self.strip_rows is not None:
            return self._rank(cube.inputs)
        parts = [self._rank({name: values[unit] for name, values in cube.inputs.items()})
                 for unit in _units(cube.cells, width)]
        return RankedScores(np.concatenate([part.ids for part in parts]),
                            np.concatenate([part.values for part in parts]), self.scale)

    def _rank(self, inputs: Mapping[str, CellValues]) -> RankedScores:
        found = distinct_cells(inputs)
        if found is None:
            return self._session.rank(inputs, self._keep, self._batch, self._listen)
        few = {name: np.ascontiguousarray(values[found.first]) for name, values in inputs.items()}
        scores = self._session.rank(few, self._keep, self._batch, self._listen)
        return RankedScores(scores.ids[found.which], scores.values[found.which], scores.scale)


def _taken(cells: NDArray[np.int32], take: TakeScores, part: slice, scores: NDArray[np.float32]) -> None:
    take(cells[part], scores)


def _units(cells: NDArray[np.int32], width: int) -> list[slice]:
    """Return the parts of a strip's sorted cells that are scored together: `UNIT_ROWS` rows, wherever the strip ends.

    What runs together changes the last bits of scores, so it must not depend on how fast the computer is.
    """
    unit = cells // (width * UNIT_ROWS)
    ends = np.flatnonzero(np.diff(unit)) + 1
    return [slice(int(start), int(end)) for start, end in zip([0, *ends], [*ends, len(cells)], strict=True)]


@dataclass(kw_only=True)
class ModelPlan(SourcePlan):
    """A model package with its predictors bound to bands; the session that planning opened stays in its process."""

    package: ModelPackage
    cube: CubePlan
    grid: Grid
    speed: Speed
    device: str
    session: Session | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "session": None}

    @contextmanager
    def open(self, keep: int, memory: int, reporter: Reporter) -> Iterator[ScoreSource]:
        """Give the running model; see `SourcePlan`."""
        session = self.session or Session(self.package, device=self.device)
        batch = session.batch(int(memory * BATCH_SHARE))
        rows = _strip_rows(_lattices(session, self.grid).values()) if self.speed == "exact" else ROWS
        session.encoders.speed = self.speed
        with closing(LocalCube(self.cube, self.grid, self.package.card, reporter.checkpoint)) as reader:
            yield LocalModel(self.package, reader, session, keep, batch, rows, reporter.checkpoint)


def support_of_model(options: ModelOptions) -> Support:
    """Return what the scores of a model speak of, with what its package knows of records.

    Raises:
        EngineError: the model cannot be opened.
    """
    if not options.model:
        raise EngineError("job_no_model")
    package = open_package(options.model)
    side = package.card.support.side if package.card.support else None
    about = package.card.training[0] if package.card.training else {}
    records, dated = str(about.get("title", "")).partition(":")[0], str(about.get("date", ""))
    flora = read_flora(package.folder) or (bare_flora(package.taxa) if side else None)
    return Support(side, flora, package.card.title, records, dated)


def plan_model(options: ModelOptions, area: Area, grid: Grid, reporter: Reporter) -> SourcePlan:
    """Open the model and bind its predictors to the rasters given.

    Raises:
        EngineError: the model cannot be used, or a predictor has no fitting raster.
    """
    if not options.model:
        raise EngineError("job_no_model")
    package = open_package(options.model)
    if not options.predictors and not options.bind and not needs_no_rasters(package.card):
        raise EngineError("job_no_predictors")
    edits = parse_binds(options.bind, {predictor.name for predictor in package.card.predictors})
    sources = open_sources([*options.predictors, *dict.fromkeys(edit.source for edit in edits)], reporter)
    sources = replace(sources, edits=(*sources.edits, *edits))
    return plan_package(package, sources, options, area, grid, reporter)


def plan_package(package: ModelPackage, sources: Sources, options: ModelOptions, area: Area, grid: Grid,
                 reporter: Reporter) -> ModelPlan:
    """Bind the predictors of a model that is open to the bands of `sources`; see `plan_model`."""
    card = package.card
    cube = make_plan(card, sources, grid, area, options.predictor_crs, warner=reporter)
    session = Session(package, device=options.device)
    lattices = _lattices(session, grid)
    for note in session.encoders.notes:
        logging.getLogger(__name__).info(render(note.code, note.params))
    with closing(LocalCube(cube, grid, card, reporter.checkpoint)) as reader:
        speed = choose_speed(options, session, reader, area, grid, reporter)
    return ModelPlan(
        origin=Origin("model", card.name, card.title, card.version, f"sha256:{package.digest}", card.scale.value,
                      card.licence, card.attribution, len(package.taxa)),
        taxa=package.taxa, scale=card.scale, statements=statements_of(card), default_rule=card.default_rule,
        resolution=max(cube.effective_resolution, card.resolution),
        simulated=card.simulated or any(binding.band.simulated for binding in cube.bindings),
        values_per_cell=sum(_values_per_cell(entry, lattices.get(entry.name)) for entry in card.inputs),
        held_bytes=GRAPH_COPIES * package.graph.stat().st_size,
        identity=(package.digest, _cube_identity(cube, reporter), speed, session.provider),
        predictors=[_predictor_entry(binding) for binding in cube.bindings],
        software={"onnxruntime provider": session.provider}, package=package, cube=cube, grid=grid, speed=speed,
        device=options.device, session=session)


def _lattices(session: Session, grid: Grid) -> dict[str, Lattice]:
    """Return the lattice of each patch input that is encoded together for many cells."""
    found = {entry.name: lattice_of(grid, entry) for entry in session.package.card.inputs
             if entry.kind == "patch" and entry.name in session.encoders.names}
    return {name: lattice for name, lattice in found.items() if lattice}


def _strip_rows(lattices: Iterable[Lattice]) -> int | None:
    """Return how many rows of cells are worth encoding together: a patch's height, so that most of the land that a
    strip reads is its own. Always the same number, so that results do not depend on how fast the computer is."""
    return max((1 << (lattice.reach[0] // lattice.stride).bit_length() for lattice in lattices), default=None)


def _values_per_cell(entry: ModelInput, lattice: Lattice | None) -> int:
    """Return how many values are held for a cell: with a lattice the mosaic, thrice, and the features."""
    if lattice:
        return 3 * len(entry.predictors) * lattice.stride**2 + FEATURES
    return len(entry.predictors) * math.prod(entry.size or (1,)) * math.prod(entry.time_shape)


def _cube_identity(cube: CubePlan, reporter: Reporter) -> list[Any]:
    files = sorted({binding.band.path for binding in cube.bindings})
    return [[asdict(binding) for binding in cube.bindings], [identity(path, reporter.checkpoint) for path in files]]


def _predictor_entry(binding: Binding) -> dict[str, Any]:
    return {"name": binding.label, "input": binding.input, "predictor": binding.predictor,
            "source": binding.band.path, "band": binding.band.index, "crs": binding.crs,
            "resolution": round(binding.resolution, 2), "resampling": str(binding.resampling), "unit": binding.unit,
            "coverage": round(binding.coverage, 2), "attribution": binding.band.attribution,
            "licence": binding.band.licence, "retrieved": binding.band.retrieved}
