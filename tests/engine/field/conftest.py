"""One site and one package for all tests of fieldwork."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from field.sites import make_site, pack_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def package(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of evenly drawn points; copy it before it changes."""
    return pack_site(site, tmp_path_factory.mktemp("packages") / "meadow", weight="even")


@pytest.fixture
def assessment(site: Path, tmp_path: Path) -> Path:
    """A copy of the site's assessment."""
    return Path(shutil.copytree(site, tmp_path / "assessment"))
