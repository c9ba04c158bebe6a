"""What the tests of the training share."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder with the public data."""
    if not (DATA / "vaud_alps").is_dir():
        pytest.skip(f"the plots are not there: {DATA / 'vaud_alps'}")
    return DATA


@pytest.fixture(scope="session")
def plots(data):
    """The plots of the Alps."""
    pytest.importorskip("pandas", reason="needs the training extra (pandas)")
    from training.datasets.vaud import read_vaud

    return read_vaud(data)
