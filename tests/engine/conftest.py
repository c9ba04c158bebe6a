"""What the tests of several rooms share."""

from __future__ import annotations

from pathlib import Path

import pytest
from worlds import World, make_world


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a small world with a known answer, away from the user's own models."""
    monkeypatch.setenv("GEOPLANTNET_MODELS", str(tmp_path / "user-models"))
    return make_world(tmp_path)
