"""The model packages at hand: those shipped with the plugin and those in the user's models folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ..resources import RESOURCES
from .settings import PluginSettings


@dataclass(frozen=True)
class ModelSummary:
    """What a person needs to choose a model; `name` is what a job takes."""

    name: str
    title: str
    description: str
    resolution: float
    simulated: bool


def available_models() -> list[ModelSummary]:
    """Return the models at hand, sorted by title; packages whose card cannot be read are left to the engine."""
    own = PluginSettings.load().models
    folders = [RESOURCES / "models"] + ([Path(own)] if own else [])
    cards = [card for folder in folders if folder.is_dir() for card in sorted(folder.glob("*/card.json"))]
    found = [summary for summary in map(_summary, cards) if summary]
    return sorted(found, key=lambda summary: summary.title.casefold())


def _summary(path: Path) -> ModelSummary | None:
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        bundled = path.parent.parent == RESOURCES / "models"
        return ModelSummary(path.parent.name if bundled else str(path.parent), str(card["title"]),
                            str(card.get("description", "")), float(card["resolution"]), bool(card["simulated"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
