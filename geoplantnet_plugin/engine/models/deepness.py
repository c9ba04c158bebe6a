"""What the ONNX metadata of a Deepness model says, as a starting point for a card.

Keys as read by the Deepness QGIS plugin (PUTvision/qgis-plugin-deepness, ``models/model_base.py`` and its page
"Adding metadata to ONNX model"): ``class_names`` or ``names`` (JSON or a Python literal: id → name, or a list of
such), ``resolution`` (cm a pixel), ``standardization_mean`` and ``standardization_std``. Deepness divides pixel
values by 255 before it standardizes them, so that the card's offset is 255 × mean and its scale 255 × std.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_CHARACTERS = 4 * 1024**2


@dataclass(frozen=True)
class DeepnessHints:
    """What the metadata hold; empty where they say nothing. `resolution` in metres."""

    names: tuple[str, ...] = ()
    resolution: float | None = None
    offset: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()


def read_hints(metadata: Mapping[str, str]) -> DeepnessHints:
    """Return the hints in an ONNX model's metadata; what cannot be understood is passed over."""
    values = {key: _literal(text) for key, text in metadata.items() if len(text) <= MAX_CHARACTERS}
    resolution = values.get("resolution")
    mean, std = (_numbers(values.get(f"standardization_{key}")) for key in ("mean", "std"))
    # Only a model that Deepness ran was fed with value / 255; model_type is the key that all of these have
    standardized = bool(mean) and len(mean) == len(std) and all(std)
    unit_range = not standardized and isinstance(values.get("model_type"), str)
    return DeepnessHints(
        names=_names(values.get("class_names", values.get("names"))),
        resolution=resolution / 100 if isinstance(resolution, (int, float)) and resolution > 0 else None,
        offset=tuple(255 * value for value in mean) if standardized else (),
        scale=tuple(255 * value for value in std) if standardized else (255.0,) if unit_range else ())


def _literal(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return ()
    try:
        ordered = {int(key): str(name) for key, name in value.items()}
    except (ValueError, TypeError):
        return ()
    return tuple(ordered[key] for key in sorted(ordered)) if sorted(ordered) == list(range(len(ordered))) else ()


def _numbers(value: Any) -> tuple[float, ...]:
    numeric = isinstance(value, list) and all(isinstance(item, (int, float)) for item in value)
    return tuple(float(item) for item in value) if numeric else ()
