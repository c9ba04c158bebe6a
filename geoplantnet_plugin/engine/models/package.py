"""Model packages: a folder or zip with ``model.onnx``, ``card.json`` and ``taxa.csv``."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.models.archive import unpack
from geoplantnet_plugin.engine.models.card import Card, read_card
from geoplantnet_plugin.engine.models.folders import BUNDLED, unpacked, user_models
from geoplantnet_plugin.engine.taxa.table import TaxaTable, read_taxa

CARD, GRAPH, TAXA = "card.json", "model.onnx", "taxa.csv"
MAX_TAXA_BYTES = 64 * 1024**2


@dataclass(frozen=True)
class ModelPackage:
    """A model that is ready to be run: its files agree with the checksums in its card.

    `digest` is the SHA-256 of the card and, through the checksums in it, stands for all files of the package.
    """

    card: Card
    taxa: TaxaTable
    folder: Path
    digest: str

    @property
    def graph(self) -> Path:
        """The ONNX file."""
        return self.folder / GRAPH

    @property
    def bundled(self) -> bool:
        """Whether the model ships with the plugin and is therefore read-only."""
        return self.folder.parent == BUNDLED


@dataclass(frozen=True)
class Listed:
    """One entry of `list_packages`: its card, or why the package cannot be used."""

    name: str
    folder: Path
    bundled: bool
    card: Card | None
    problem: EngineError | None


def open_package(name_or_path: str) -> ModelPackage:
    """Open a model by name (bundled, then the user's own) or by the path of a folder or zip.

    A zip is unpacked once into the user's cache. Raises `EngineError` when there is no such model, a file is
    missing, the card or the taxa table is invalid or a checksum differs. Whether the graph agrees with the
    card is seen when it is opened (`runtime.Session`).
    """
    return read_package(find_package(name_or_path))


def find_package(name_or_path: str) -> Path:
    """Return the folder of a model, unpacking it first when it is a zip."""
    if name_or_path and Path(name_or_path).name == name_or_path:
        for home in (BUNDLED, user_models()):
            if (home / name_or_path / CARD).is_file():
                return home / name_or_path
    path = Path(name_or_path)
    if name_or_path and path.is_dir():
        return path.absolute()
    if path.is_file():
        return _unpack_once(path)
    known = [entry.name for entry in list_packages()]
    raise EngineError("model_not_found", model=name_or_path, known=known or "—")


def _unpack_once(archive: Path) -> Path:
    target = unpacked() / sha256(archive)
    if not target.is_dir():
        unpack(archive, target)
    return target


def read_package(folder: Path) -> ModelPackage:
    """Open the package in `folder`; see `open_package`."""
    for file in (CARD, GRAPH, TAXA):
        if not (folder / file).is_file():
            raise EngineError("model_file_missing", folder=folder, file=file)
    card = read_card(folder / CARD)
    for file, expected in card.checksums.items():
        verify(folder, file, expected)
    return ModelPackage(card, read_package_taxa(folder / TAXA), folder, sha256(folder / CARD))


def verify(folder: Path, file: str, expected: str) -> None:
    """Raise `EngineError` unless the checksum of a package's file is `expected`."""
    if not (folder / file).is_file():
        raise EngineError("model_file_missing", folder=folder, file=file)
    if checksum(folder / file) != expected:
        raise EngineError("model_checksum", folder=folder, file=file)


def read_package_taxa(path: Path) -> TaxaTable:
    """Read and check a ``taxa.csv``: a header with ``id`` and ``name``, ids that differ, numbers as λ."""
    try:
        if path.stat().st_size > MAX_TAXA_BYTES:
            raise ValueError("larger than 64 MiB")
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
        if missing := {"id", "name"} - set(header):
            raise ValueError(f"no column {', '.join(sorted(missing))}")
        taxa = read_taxa(path)
    except (OSError, ValueError, TypeError, AttributeError, csv.Error) as error:
        raise EngineError("model_taxa_unreadable", taxa=path, reason=str(error)) from error
    seen: set[str] = set()
    for row, taxon in enumerate(taxa, start=2):
        if not taxon.id or not taxon.name or taxon.id in seen:
            raise EngineError("model_taxa_row", taxa=path, row=row, id=taxon.id)
        seen.add(taxon.id)
    return taxa


def list_packages() -> list[Listed]:
    """Return bundled models, then the user's own, each sorted by name; a broken one with what is wrong.

    Reads the cards only: checksums, taxa and graphs are looked at when a model is opened.
    """
    return [_listed(folder, home == BUNDLED)
            for home in (BUNDLED, user_models()) if home.is_dir()
            for folder in sorted(home.iterdir()) if folder.is_dir() and not folder.name.startswith(".")]


def _listed(folder: Path, bundled: bool) -> Listed:
    try:
        return Listed(folder.name, folder, bundled, read_card(folder / CARD), None)
    except EngineError as problem:
        return Listed(folder.name, folder, bundled, None, problem)


def checksum(path: Path) -> str:
    """Return a file's checksum as cards and manifests hold it: ``sha256:`` and 64 hexadecimal digits."""
    return f"sha256:{sha256(path)}"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(4 * 1024**2):
            digest.update(chunk)
    return digest.hexdigest()
