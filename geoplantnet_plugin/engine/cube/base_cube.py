"""The base cubes that ship: where a predictor comes from that no raster of the user's gives.

A base cube is a folder of ``resources/cube`` with rasters and ``base.json``, which says of each file its bands, its
licence, its checksum and the resolution of its source (``docs/cube.md``). Whether one holds a predictor is said by
the model's card (``sources``), never guessed from names.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.cube.sources import Band, read_bands
from geoplantnet_plugin.engine.models.card import Card, Predictor
from geoplantnet_plugin.engine.models.package import checksum

CUBES = RESOURCES / "cube"
MANIFEST = "base.json"


def base_band(predictor: Predictor) -> Band | None:
    """Return the band of a base cube that gives `predictor`, as its card says; None where the card names none.

    Raises:
        EngineError: ``base_cube_missing``, ``base_cube_damaged``.
    """
    for source in predictor.sources:
        if "cube" in source:
            bands = _bands(CUBES / source["cube"])
            if source["band"] not in bands:
                raise EngineError("base_cube_damaged", cube=source["cube"], reason=f"{source['band']}?")
            return bands[source["band"]]
    return None


def needs_no_rasters(card: Card) -> bool:
    """Whether every predictor of a model is in a base cube, so that a user need give none."""
    return all(any("cube" in source for source in predictor.sources) for predictor in card.predictors)


@lru_cache(maxsize=4)
def _bands(folder: Path) -> dict[str, Band]:
    """Return the bands of a cube by name; its files are compared with their checksums, once a process."""
    bands: dict[str, Band] = {}
    for entry in _manifest(folder)["files"]:
        path = folder / str(entry["file"])
        if not path.is_file() or checksum(path) != entry["checksum"]:
            raise EngineError("base_cube_damaged", cube=folder.name, reason=path.name)
        for band in read_bands(str(path)):
            bands[band.name] = replace(band, detail=float(entry["resolution"]), base=folder.name)
    return bands


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise EngineError("base_cube_missing", cube=folder.name)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        for entry in document["files"]:
            entry["file"], entry["checksum"], float(entry["resolution"])
        return dict(document)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineError("base_cube_damaged", cube=folder.name, reason=f"{MANIFEST}: {error}") from error
