"""The model packages at hand: those shipped with the plugin and those in the user's models folder."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import IO, Any

from qgis.PyQt.QtCore import QStandardPaths

from ..common.model_titles import model_title, model_words
from ..common.resources import RESOURCES
from ..i18n import language, tr
from .settings import PluginSettings

CARD, TAXA = "card.json", "taxa.csv"
MOST_BYTES = 16 * 1024**2


@dataclass(frozen=True)
class ModelSummary:
    """What a person needs to choose a model; `name` is what a job takes, blank for the one that fits an area.

    `needs_rasters` says that not all of its predictors are in a base cube that ships.
    """

    name: str
    title: str
    description: str
    resolution: float
    simulated: bool
    needs_rasters: bool = True


@dataclass(frozen=True)
class Card:
    """A model card's JSON and the number of its taxa (0: unknown)."""

    values: dict[str, Any]
    taxa: int


class CardUnreadable(Exception):
    """There is no card or it cannot be read; the text is for the user."""


def own_models() -> Path:
    """Return the folder of the user's models: the one set, else the one in which the engine keeps them."""
    chosen = PluginSettings.load().models
    data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return Path(chosen) if chosen else Path(data) / "geoplantnet" / "models"


def available_models() -> list[ModelSummary]:
    """Return the models at hand, sorted by title; packages whose card cannot be read are left to the engine."""
    found = []
    for path in (path for home in _homes() if home.is_dir() for path in sorted(home.glob(f"*/{CARD}"))):
        with suppress(OSError, ValueError, KeyError, TypeError):
            found.append(_read_summary(path, path.stat().st_mtime_ns, language()))
    return sorted(found, key=lambda summary: summary.title.casefold())


def package_at(path: str) -> str:
    """Return the package that a chosen file stands for: the folder of a ``card.json``, else the file itself."""
    return str(Path(path).parent) if Path(path).name == CARD else path


def model_at(path: str) -> ModelSummary:
    """Return a summary of the package at `path` (a zip, or a folder), with its file name where it says nothing."""
    try:
        return _summary(path, read_card(path).values)
    except (CardUnreadable, KeyError, TypeError, ValueError):
        return ModelSummary(path, Path(path).stem, path, 0.0, False)


def read_card(name: str) -> Card:
    """Return the card of a model by its name, or by the path of its folder or zip.

    Raises:
        CardUnreadable: with a sentence for the user.
    """
    place = package_place(name)
    try:
        if place.is_dir():
            return _card(lambda file: (place / file).open("rb"))
        with zipfile.ZipFile(place) as archive:
            names = {Path(entry).name: entry for entry in sorted(archive.namelist(), key=len, reverse=True)}
            return _card(lambda file: archive.open(names[file]))
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise CardUnreadable(tr("The card of this model cannot be read ({reason}).").format(reason=error)) from error


def package_place(name: str) -> Path:
    """Return the folder or zip of a model by its name or path."""
    return next((home / name for home in _homes() if (home / name / CARD).is_file()), Path(name))


@lru_cache(maxsize=32)
def taxa_of(name: str) -> int:
    """Return how many taxa a model has, 0 where that is not known."""
    try:
        return read_card(name).taxa if name else 0
    except CardUnreadable:
        return 0


def _card(opened: Callable[[str], IO[bytes]]) -> Card:
    with opened(CARD) as file:
        values = json.loads(file.read(MOST_BYTES).decode("utf-8-sig"))
    needed = ("title", "version", "description", "licence", "scale", "default_rule", "resolution", "simulated",
              "inputs")
    if missing := [key for key in needed if key not in values]:
        raise ValueError(", ".join(missing))
    try:
        with opened(TAXA) as file:
            rows = csv.reader(StringIO(file.read(MOST_BYTES).decode("utf-8-sig"), newline=""))
            return Card(values, max(sum(1 for row in rows if row) - 1, 0))
    except (OSError, KeyError, ValueError):
        return Card(values, 0)


def _homes() -> tuple[Path, Path]:
    return RESOURCES / "models", own_models()


@lru_cache(maxsize=64)
def _read_summary(path: Path, changed: int, spoken: str) -> ModelSummary:
    """Return the summary of a card, read once: every algorithm that names a model asks for all of them."""
    return _summary(path.parent.name, json.loads(path.read_text(encoding="utf-8")))


def _summary(name: str, card: dict[str, Any]) -> ModelSummary:
    title, about = str(card["title"]), str(card.get("description", ""))
    return ModelSummary(name, model_title(title, language()), model_words(about, language()), float(card["resolution"]),
                        bool(card["simulated"]), not all(
                            any("cube" in source for source in predictor.get("sources", ()))
                            for entry in card["inputs"] for predictor in entry["predictors"]))
