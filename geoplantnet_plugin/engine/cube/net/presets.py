"""The catalogue of sources: ``resources/sources.json``, and a file of the user's own that goes before it.

Nothing about a source is fixed in code: addresses, units, factors, terms and what they were looked up in stand there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.resources import RESOURCES

Kind = Literal["file", "tiles", "vrt", "stac"]
SHIPPED = RESOURCES / "sources.json"
SCHEMA = RESOURCES / "schemas" / "sources.schema.json"
MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Variable:
    """One variable of a source: value = stored × `scale` + `offset`, in `unit`.

    `asset` is its name in the source's addresses or STAC items.
    """

    name: str
    title: str
    unit: str
    asset: str
    scale: float = 1.0
    offset: float = 0.0
    categorical: bool = False
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scenes:
    """How the scenes of a STAC collection become one picture: the median of what is clear.

    `mask` is the asset with the classes of each pixel, of which those in `masked` are not used. Of each tile of
    the collection's own grid at most `most` scenes are read, those with the fewest clouds, none with more than
    `most_cloud` %. `season` (first and last month) is for the northern summer, half a year later in the south.
    `unit` divides reflectance: values are written in multiples of it.
    """

    collection: str
    mask: str
    masked: tuple[int, ...]
    most_cloud: float
    most: int
    season: tuple[int, int]
    unit: float
    baseline_offset: float


@dataclass(frozen=True)
class Preset:
    """One source.

    `address` of a ``file`` or ``vrt`` holds ``{asset}``, of ``tiles`` also ``{ns}{lat}{ew}{lon}`` of the tile's lower
    left corner, which is a multiple of `tile_degrees`; of ``stac`` it is the API. `crs` and `nodata` are for files that
    state none. `resolution` in metres is what a person reads, and the pixel of a composite. `hosts` are those beside
    the address's own from which pixels may come.
    """

    name: str
    title: str
    kind: Kind
    address: str
    variables: tuple[Variable, ...]
    resolution: float
    attribution: str
    licence: str
    terms: str
    documentation: tuple[str, ...]
    crs: str | None = None
    nodata: float | None = None
    tile_degrees: int = 1
    hosts: tuple[str, ...] = ()
    scenes: Scenes | None = None
    period: str = ""
    notes: tuple[str, ...] = ()

    def chosen(self, names: tuple[str, ...]) -> tuple[Variable, ...]:
        """Return the variables called `names`, all without names.

        Raises:
            EngineError: ``net_variable_unknown``.
        """
        known = {variable.name: variable for variable in self.variables}
        for name in names:
            if name not in known:
                raise EngineError("net_variable_unknown", variable=name, source=self.name, known=list(known))
        return tuple(known[name] for name in names) or self.variables


@dataclass(frozen=True)
class Catalogue:
    """All sources by name; the cache is believed for `keep_days`, no fetch is larger than `most_megabytes`."""

    presets: Mapping[str, Preset]
    keep_days: float
    most_megabytes: float
    files: tuple[Path, ...]

    def preset(self, name: str) -> Preset:
        """Return a source.

        Raises:
            EngineError: ``net_source_unknown``.
        """
        if name not in self.presets:
            raise EngineError("net_source_unknown", source=name, known=list(self.presets))
        return self.presets[name]


def user_file() -> Path:
    """Return where the user's own sources are looked for: ``$GEOPLANTNET_SOURCES``, else in the settings folder."""
    import platformdirs

    chosen = os.environ.get("GEOPLANTNET_SOURCES")
    return Path(chosen) if chosen else platformdirs.user_config_path("geoplantnet", appauthor=False) / "sources.json"


def read_catalogue() -> Catalogue:
    """Read the shipped sources and what the user's file says instead or besides.

    An entry of the user's file replaces the fields it names of the shipped entry of that name, or is a new source.

    Raises:
        EngineError: ``net_sources_invalid``, naming file and place.
    """
    document = _document(SHIPPED)
    files = [SHIPPED]
    own = user_file()
    if own.is_file():
        mine = _document(own)
        files.append(own)
        for key in ("keep_days", "most_megabytes"):
            document[key] = mine.get(key, document[key])
        for name, entry in mine.get("sources", {}).items():
            document["sources"][name] = {**document["sources"].get(name, {}), **entry}
    _check(document, files[-1])
    return Catalogue({name: _preset(name, entry) for name, entry in document["sources"].items()},
                     document["keep_days"], document["most_megabytes"], tuple(files))


def _document(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("too large")
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict) or not isinstance(content.get("sources", {}), dict):
            raise ValueError("not an object with sources")
    except (OSError, ValueError) as error:
        raise EngineError("net_sources_invalid", file=path, place="", reason=str(error)) from error
    return content


@lru_cache
def _validator() -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _check(document: Mapping[str, Any], path: Path) -> None:
    for problem in _validator().iter_errors(document):
        place = "/".join(str(part) for part in problem.absolute_path)
        raise EngineError("net_sources_invalid", file=path, place=place, reason=problem.message[:200])


def _preset(name: str, entry: Mapping[str, Any]) -> Preset:
    scenes = entry.get("scenes")
    tuples = {key: tuple(entry[key]) for key in ("documentation", "hosts", "notes") if key in entry}
    return Preset(**{
        **entry, "name": name, **tuples,
        "variables": tuple(_variable(key, value) for key, value in entry["variables"].items()),
        "scenes": Scenes(**{**scenes, "masked": tuple(scenes["masked"]), "season": tuple(scenes["season"])})
        if scenes else None})


def _variable(name: str, entry: Mapping[str, Any]) -> Variable:
    return Variable(**{"asset": name, **entry, "name": name, "synonyms": tuple(entry.get("synonyms", ()))})
