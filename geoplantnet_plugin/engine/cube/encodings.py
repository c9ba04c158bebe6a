"""Encodings: how raw values become what a model was trained on, before its normalisation.

A card's input names one; a new one is a function and its line in `ENCODINGS`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.sampling import Values

Encoding = Callable[[Values], Values]


def none(values: Values) -> Values:
    """Values as they are."""
    return values


def geolifeclef_2024(values: Values) -> Values:
    """Sentinel-2 reflectance × 10,000 as 0–255: clip(v, 0, 10000) / 10000, to the power 1 / 2.5, × 255.

    As in the pre-extracted patches of GeoLifeCLEF 2024, cut to whole numbers as a conversion to uint8 does.
    NaN stays NaN.
    """
    share = np.clip(values, 0, 10_000) / np.float32(10_000)
    grey: Values = np.floor(share ** np.float32(1 / 2.5) * np.float32(255))
    return grey


def geolifeclef_2025(values: Values) -> Values:
    """Sentinel-2 reflectance × 10,000 as whole numbers of an int16, as in the patches of GeoLifeCLEF 2025."""
    return np.clip(np.rint(values), -32_768, 32_767)


ENCODINGS: dict[str, Encoding] = {
    "": none, "geolifeclef2024": geolifeclef_2024, "geolifeclef2025": geolifeclef_2025}


LIMITS: dict[str, tuple[float, float]] = {"geolifeclef2024": (0, 255), "geolifeclef2025": (-32_768, 32_767)}
"""The smallest and largest number of an encoding: a value that has it was cut there, or lay there."""


def encoding(name: str) -> Encoding:
    """Return an encoding by name.

    Raises:
        EngineError: ``cube_encoding_unknown``.
    """
    if name not in ENCODINGS:
        raise EngineError("cube_encoding_unknown", encoding=name, known=sorted(filter(None, ENCODINGS)))
    return ENCODINGS[name]
