"""What a model's card says of its quality in one line, and the map of what it was trained on."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from ..common.foreign import harmless
from ..common.model_titles import model_words
from ..common.resources import TRAINING_MAP
from ..i18n import language, tr
from ..numbers import decimal_text
from .models import Card, CardUnreadable, package_place

MOST_BYTES = 4 * 1024**2
LOWER_IS_BETTER = ("loss", "error", "brier", "deviance", "rmse", "mae")


def quality_line(card: Card) -> str:
    """Return how good the model is on land it has not seen, beside the best other method; or that nobody says."""
    entries = card.values.get("evaluation") or ()
    entry = next((one for one in entries if one.get("block_km")), None)
    if entry is None:
        return tr("Quality on new land: not stated. Treat the scores as a guess.") if not entries else tr(
            "Quality on new land: not stated; tested on land it has seen, {metric} {value}.").format(
            metric=_words(entries[0]["metric"]), value=decimal_text(entries[0]["value"], 2))
    told = tr("Quality on new land: {metric} {value}, in blocks of {side:g} km").format(
        metric=_words(entry["metric"]), value=decimal_text(entry["value"], 3), side=float(entry["block_km"]))
    others = {str(name): float(value) for name, value in (entry.get("baselines") or {}).items()}
    if not others:
        return tr("{told}; compared with no other method.").format(told=told)
    best = min if any(word in str(entry["metric"]).lower() for word in LOWER_IS_BETTER) else max
    name = best(others, key=others.__getitem__)
    return tr("{told}; the best other method there: {name} {value}.").format(
        told=told, name=_words(name), value=decimal_text(others[name], 3))


def _words(text: object) -> str:
    return str(harmless(model_words(str(text), language())))


def has_training_map(name: str) -> bool:
    """Whether the package of a model (a name or a path) holds a map of its training data; it is not read."""
    place = package_place(name)
    try:
        return (place / TRAINING_MAP).is_file() if place.is_dir() else bool(_entry(place))
    except (OSError, zipfile.BadZipFile):
        return False


def training_squares(name: str) -> dict[str, Any]:
    """Return the GeoJSON of squares with training plots of a model that has a map of them.

    Raises:
        CardUnreadable: there is something else in its place.
    """
    place = package_place(name)
    try:
        if place.is_dir():
            text = (place / TRAINING_MAP).open("rb").read(MOST_BYTES)
        else:
            with zipfile.ZipFile(place) as archive, archive.open(_entry(place)) as packed:
                text = packed.read(MOST_BYTES)
        document = harmless(json.loads(text.decode("utf-8")))
        if document["type"] != "FeatureCollection" or not isinstance(document["features"], list):
            raise ValueError(TRAINING_MAP)
        return dict(document)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, zipfile.BadZipFile) as error:
        raise CardUnreadable(tr("The map of the training data cannot be read ({reason}).").format(
            reason=error)) from error


def _entry(place: Path) -> str:
    """Return the map's name in a zip, blank where it has none."""
    with zipfile.ZipFile(place) as archive:
        return next((entry for entry in archive.namelist() if entry.rsplit("/", 1)[-1] == TRAINING_MAP), "")
