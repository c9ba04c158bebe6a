"""A memory budget is held, or refused with the least that works."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from benchmarks.large import write_large_model, write_predictors, write_square

SIDE = 60
"""Of the area, in cells of 550 taxa."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory in other ways")
if sys.platform == "linux":
    from benchmarks.measure import geoplantnet, measured
    from benchmarks.memory import least_of


def test_the_least_that_is_told_is_enough_and_held(tmp_path) -> None:
    """Measured by the operating system, as the largest that was ever resident: libraries included."""
    write_large_model(tmp_path / "model", taxa=1200)
    write_predictors(tmp_path / "env.tif", SIDE)
    write_square(tmp_path / "area.gpkg", SIDE)
    job = ("assess", "--area", str(tmp_path / "area.gpkg"), "--predictors", str(tmp_path / "env.tif"), "--model",
           str(tmp_path / "model"), "--set-rule", "topk:550", "--indicators", "richness")
    least = least_of(job, tmp_path / "refused")
    assert not (tmp_path / "refused").exists()
    run = geoplantnet(*job, "--memory", f"{least}MB", "--out", str(tmp_path / "out"))
    assert run.result["summary"]["cells"] == SIDE**2
    assert run.peak_mb <= least


def test_what_starts_a_process_is_not_weighed_with_it() -> None:
    held = np.ones(40_000_000)
    said = measured(sys.executable, "-I", "-S", "-c", "kept = bytes(range(200)) * 500_000; print('{}')")
    assert 95 < said.peak_mb < 200 < held.nbytes / 1024**2
