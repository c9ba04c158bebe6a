"""Whether an assessment's scores are what its model gives: some of its blocks are computed again and compared."""

from __future__ import annotations

import random
import tempfile
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geoplantnet_plugin.common.assessment import SPECIES
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import VerifyJob
from geoplantnet_plugin.engine.assess.again import document_by_model, plan_again
from geoplantnet_plugin.engine.assessment.describe import software
from geoplantnet_plugin.engine.assessment.opening import file_of, layer_raster
from geoplantnet_plugin.engine.assessment.parts import strip_of
from geoplantnet_plugin.engine.assessment.plan import Plan
from geoplantnet_plugin.engine.assessment.rasters import species_raster
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.models.package import checksum
from geoplantnet_plugin.engine.where.blocks import AreaBlock
from geoplantnet_plugin.engine.where.grid import Block, raster_window

if TYPE_CHECKING:
    from rasterio.io import DatasetReader


@dataclass(frozen=True)
class Verification:
    """What was compared: stored scores of some blocks with those computed now.

    `equal` of the `compared` scores are the same integer, `close` differ by one step, `missing` have data on one side
    only; `largest` is the greatest difference in steps; `differs` names what is not the same beside them (model,
    software, the file itself).
    """

    blocks: int = 0
    compared: int = 0
    equal: int = 0
    close: int = 0
    missing: int = 0
    largest: int = 0
    differs: tuple[str, ...] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether no score differs by more than the step that another kind of machine may round."""
        return not self.missing and self.largest <= 1

    def plus(self, other: Verification) -> Verification:
        """Return both together."""
        return Verification(self.blocks + other.blocks, self.compared + other.compared, self.equal + other.equal,
                            self.close + other.close, self.missing + other.missing, max(self.largest, other.largest),
                            self.differs + other.differs)


def verify(job: VerifyJob, reporter: Reporter) -> Verification:
    """Compute a random sample of the blocks of ``job.folder`` again and compare the stored integers.

    Raises:
        EngineError: it is no finished assessment by a model, or its model or predictors are not here.
        Cancelled: the caller asked to stop.
    """
    document = document_by_model(job.folder)
    if not document["coverage"]:
        raise EngineError("verify_pool", folder=job.folder)
    plan = plan_again(job.folder, document, job.model, job.predictors, job.memory, reporter)
    with closing(plan.source), plan.source.open(document["species"]["kept"], plan.working, reporter) as source, \
            layer_raster(file_of(job.folder, SPECIES)) as stored:
        found = Verification(differs=tuple(_differences(job.folder, document, plan)))
        sample = random.Random(job.seed).sample(plan.blocks, min(job.blocks, len(plan.blocks)))  # nosec B311
        for number, block in enumerate(sample, 1):
            found = replace(found.plus(_block(plan, source, document, stored, block)), blocks=number)
            reporter.progress("verify", number, len(sample))
            reporter.checkpoint()
    return found


def _differences(folder: Path, document: dict[str, Any], plan: Plan) -> list[str]:
    grid = document["grid"]
    if any(getattr(plan.grid, name) != grid[name] for name in ("left", "top", "height", "width")):
        raise EngineError("verify_other_grid", folder=folder)
    found = [] if document["checksums"].get(SPECIES) == checksum(folder / SPECIES) else [SPECIES]
    if document["score_source"]["digest"] != plan.source.origin.digest:
        found.append(f"model {document['score_source']['name']} {document['score_source']['version']}")
    found += _other_predictors(document, plan)
    here = software() | plan.source.software
    return found + [f"{name} {version} ({here[name]})" for name, version in document["software"].items()
                    if name in here and here[name] != version]


def _other_predictors(document: dict[str, Any], plan: Plan) -> list[str]:
    """Return the files of a service's cube whose bytes are not those of the predictors here."""
    known = {file["name"]: file["checksum"] for file in document.get("cube", {}).get("files", ())}
    here = {then["source"]: Path(str(now["source"])) for then, now in
            zip(document["predictors"], plan.source.predictors, strict=True) if then["source"] in known}
    return [f"predictors {name}" for name, path in here.items() if not path.is_file() or checksum(path) != known[name]]


def _block(plan: Plan, source: Any, document: dict[str, Any], stored: DatasetReader, block: Block) -> Verification:
    number = {taxon.id: i for i, taxon in enumerate(plan.source.taxa)}
    ids = [number[band["id"]] for band in document["species"]["bands"]]
    inside = AreaBlock.of(block, plan.area, plan.grid).inside
    found, row, rows = Verification(), 0, plan.max_rows
    while row < block.height:
        strip = strip_of(block, row, rows)
        scored = source.score(strip, inside[row:row + strip.height])
        found = found.plus(_compare(plan, ids, strip, scored, stored))
        row += strip.height
    return found


def _compare(plan: Plan, ids: list[int], strip: Block, scored: Any, stored: DatasetReader) -> Verification:
    import rasterio

    frame = plan.grid.block_grid(strip)
    whole = Block(0, 0, 0, strip.height, strip.width)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / SPECIES
        with species_raster(path, frame, plan.source.scale, ids, [""] * len(ids), {}) as raster:
            raster.write(whole, [scored])
        with rasterio.open(path) as again:
            now, nodata = again.read().astype(np.int64), again.nodata
    then = stored.read(window=raster_window(strip)).astype(np.int64)
    has_now, has_then = now != nodata, then != stored.nodata
    both = has_now & has_then
    steps = np.abs(now[both] - then[both])
    return Verification(0, int(both.sum()), int((steps == 0).sum()), int((steps == 1).sum()),
                        int((has_now != has_then).sum()), int(steps.max(initial=0)))
