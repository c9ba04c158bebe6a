"""The command ``geoplantnet verify`` and the job of the same name: are an assessment's scores what its model gives?"""

from __future__ import annotations

import secrets
from dataclasses import asdict, replace

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import VerifyJob
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Command, Result, placed, typed


def _verify(job: VerifyJob, reporter: Reporter) -> Result:
    """Return what was compared; ``text`` says it.

    Raises:
        EngineError: the scores are others, or they cannot be computed here.
    """
    from geoplantnet_plugin.engine.assess.verify import verify

    seed = secrets.randbelow(1 << 31) if job.seed is None else job.seed
    found = verify(replace(job, seed=seed), reporter)
    params = {**asdict(found), "seed": seed, "differs": found.differs or "–"}
    if not found.holds:
        raise EngineError("verify_other_scores", **params)
    code = "verify_equal" if found.equal == found.compared else "verify_close"
    return {**params, "text": render(code, params)}


COMMANDS = (
    Command(
        _verify, VerifyJob, "verify", "compute a sample of an assessment's blocks again and compare stored scores", (
            placed("folder", "a finished assessment, made here or by a service"),
            typed("blocks", "how many blocks (default 5)"),
            typed("model", "where its model is here (default: the model that it names)"),
            typed("predictors", "where its predictors are here (default: those that it names)",
                  metavar="RASTER_OR_FOLDER"),
            typed("seed", "which blocks are drawn (default: others every time)")),
        job="verify", opens="folder"),
)
