"""Holding a folder: what happens to it while a job writes is told."""

import shutil

import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.holding import held


@pytest.mark.parametrize("again", [False, True])
def test_a_folder_that_is_removed_midway_is_told(tmp_path, again):
    """Whatever fails then, and also where the job made a part of it anew."""
    out = tmp_path / "out"
    with pytest.raises(EngineError, match="was removed while it was written"), held(out, out):
        shutil.rmtree(out)
        if again:
            (out / "parts").mkdir(parents=True)
        raise ValueError("need at least one array to concatenate")


def test_a_fault_of_ours_stays_one(tmp_path):
    with pytest.raises(ValueError, match="ours"), held(tmp_path / "out", tmp_path / "out"):
        raise ValueError("ours")
