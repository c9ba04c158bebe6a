"""What the tests of several rooms share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from worlds import World, make_world

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def no_own_lists(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the species lists of the person who runs the tests out of them."""
    monkeypatch.setenv("GEOPLANTNET_LISTS", str(tmp_path_factory.getbasetemp() / "no-lists"))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a small world with a known answer, away from the user's own models."""
    monkeypatch.setenv("GEOPLANTNET_MODELS", str(tmp_path / "user-models"))
    return make_world(tmp_path)
