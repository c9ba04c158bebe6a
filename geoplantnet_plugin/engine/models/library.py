"""The user's own models: installed whole and checked, removed by name; bundled ones are read-only."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.holding import new_folder
from geoplantnet_plugin.engine.models.archive import unpack
from geoplantnet_plugin.engine.models.check import Finding, check_folder
from geoplantnet_plugin.engine.models.folders import BUNDLED, user_models
from geoplantnet_plugin.engine.models.package import CARD, ModelPackage, list_packages, read_package
from geoplantnet_plugin.engine.models.write import refuse_errors


def install(source: Path) -> tuple[ModelPackage, list[Finding]]:
    """Copy a package (folder or zip) among the user's models; return it with what is weak about it.

    Raises `EngineError` when it is not in order or a model of that name is there; then nothing is installed.
    """
    with _staged(source) as folder:
        weak = refuse_errors(check_folder(folder))
        package = read_package(folder)
        target = free_place(package.card.name)
        with new_folder(target) as copy:
            for file in (CARD, *package.card.checksums):
                shutil.copyfile(folder / file, copy / file)
    return read_package(target), weak


def free_place(name: str) -> Path:
    """Return the folder for a new model of the user; raises `EngineError` when the name is taken."""
    for home in (BUNDLED, user_models()):
        if (home / name).exists():
            raise EngineError("model_exists", folder=home / name)
    return user_models() / name


@contextmanager
def _staged(source: Path) -> Iterator[Path]:
    """Give the folder of a package, unpacked beside its later place when it is a zip."""
    if source.is_dir():
        yield source
        return
    if not source.is_file():
        raise EngineError("model_not_found", model=source, known=[entry.name for entry in list_packages()])
    user_models().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=user_models()) as place:
        unpack(source, Path(place) / "package")
        yield Path(place) / "package"


def remove(name: str) -> Path:
    """Remove one of the user's models by name and return the folder that is gone."""
    for entry in list_packages():
        if entry.name == name and entry.bundled:
            raise EngineError("model_bundled", model=name)
        if entry.name == name:
            shutil.rmtree(entry.folder)
            return entry.folder
    own = [entry.name for entry in list_packages() if not entry.bundled]
    raise EngineError("model_not_own", model=name, known=own or "—")
