"""A field package: one folder for a tablet, and ``package.json``, which says what is in it.

Standard library only; the engine writes it, the QGIS side makes the project from it, and both read it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from .foreign import harmless

PACKAGE = "package.json"
SCHEMA = 1
BASEMAP = "basemap.gpkg"
REPORT = "report.pdf"
TRACK = "plan.gpx"
RASTERS = "rasters"

FIELD = "field"
"""Folder of an assessment that holds what came back."""
VERDICT = "verdict.json"
"""What the survey says, in that folder."""

MOST_LAYERS = 40
"""Layers in a project; more than about 90 have made QField stop on phones."""
OTHER_LAYERS = 12
"""Layers of a project that are no rasters of the assessment: survey, lists, area and basemap."""


class PackageUnreadable(ValueError):
    """There is no ``package.json``, or it is damaged; the text says why. `newer` where a newer version wrote it."""

    newer = False


@dataclass(frozen=True)
class RasterEntry:
    """One raster: `kind` is ``indicator`` or ``species``; `bounds` fix its legend, or `classes` (value, label, colour).

    `file` is relative to the folder.
    """

    file: str
    kind: str
    title: str
    bounds: tuple[float, float]
    classes: tuple[tuple[int, str, str], ...] = ()
    definition: str = ""


@dataclass(frozen=True)
class FieldGrid:
    """The grid of the cells: upper left corner and resolution in metres of `crs`, sizes in cells."""

    crs: str
    left: float
    top: float
    resolution: float
    height: int
    width: int


@dataclass(frozen=True)
class FieldPackage:
    """What a field package says of itself.

    `assessment` tells whose package it is (see the engine's `field.package.identity`); `created` is ISO with a zone;
    `plot_area` in m² is what a relevé's area starts with; `sizes` are bytes of what is in the folder; `budget` bytes.
    """

    id: str
    name: str
    language: str
    title: str
    simulated: bool
    created: str
    assessment: str
    grid: FieldGrid
    rasters: tuple[RasterEntry, ...]
    plot_area: float
    rule: str
    attribution: str
    licence: str
    points: int
    budget: int
    sizes: dict[str, int] = field(default_factory=dict)
    schema: int = SCHEMA

    @property
    def size(self) -> int:
        """Bytes of everything."""
        return sum(self.sizes.values())

    def text(self) -> str:
        """Return the package as JSON."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)


def project_file(name: str) -> str:
    """Return the name of a package's project; no other file of the package has its base name."""
    return f"{name}.qgz"


def ascii_name(title: str) -> str:
    """Return a name of letters, digits, ``-`` and ``_`` for files, which QField needs."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:40].lower() or "survey"


def zip_package(folder: Path) -> Path:
    """Write ``FOLDER.zip`` beside the folder, whole or not at all, and return its path."""
    path, part = folder.with_name(f"{folder.name}.zip"), folder.with_name(f".{folder.name}.part.zip")
    try:
        with ZipFile(part, "w", ZIP_DEFLATED) as archive:
            for file in sorted(folder.rglob("*")):
                archive.write(file, str(Path(folder.name) / file.relative_to(folder)))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def read_package(folder: Path) -> FieldPackage:
    """Read ``package.json``.

    Raises:
        PackageUnreadable: it is missing, damaged or of a newer version.
    """
    try:
        return package_of((folder / PACKAGE).read_text(encoding="utf-8"))
    except OSError as error:
        raise PackageUnreadable(f"{PACKAGE}: {error.strerror or error}") from error


def package_of(text: str) -> FieldPackage:
    """Return the package that a JSON text describes.

    Raises:
        PackageUnreadable: it is damaged or of a newer version.
    """
    try:
        document: dict[str, Any] = harmless(json.loads(text))
        schema = int(document["schema"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PackageUnreadable(f"{PACKAGE}: {error!r}") from error
    if schema > SCHEMA:
        newer = PackageUnreadable(f"{PACKAGE}: {schema}")
        newer.newer = True
        raise newer
    try:
        known = {name.name: document[name.name] for name in fields(FieldPackage)}
        known["grid"] = FieldGrid(**document["grid"])
        known["rasters"] = tuple(_raster(entry) for entry in document["rasters"])
        return FieldPackage(**known)
    except (KeyError, TypeError, ValueError) as error:
        raise PackageUnreadable(f"{PACKAGE}: {error!r}") from error


def _raster(entry: dict[str, Any]) -> RasterEntry:
    low, high = entry["bounds"]
    return RasterEntry(str(entry["file"]), str(entry["kind"]), str(entry["title"]), (float(low), float(high)),
                       tuple((int(value), str(label), str(colour)) for value, label, colour in entry["classes"]),
                       str(entry["definition"]))
