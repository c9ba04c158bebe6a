"""Edits: bindings that a person chose, kept in a small JSON file and obeyed.

``{"schema": 1, "bindings": [{"predictor": "bio1", "source": "chelsa/bio1.tif", "band": 1, …}]}``. The keys of
`Edit` are obeyed; paths are relative to the file, addresses on the net stand as they are. What a plan found out
(``found``) is there to be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args

from geoplantnet_plugin.common.addresses import CONTAINERS, is_address, local_file
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.cube.net.remote import is_remote
from geoplantnet_plugin.engine.cube.sampling import Resampling

SCHEMA = 1
BUILT = "cube.json"
"""The plan in the folder of a built cube."""
MAX_BYTES = 10_000_000
MOST_DIGITS = 6
"""Of a band's number; what is longer is a name."""


@dataclass(frozen=True)
class Edit:
    """One binding that is obeyed. None means: as the file and the rules say.

    `band` counts from 1; 0 where the band is chosen by its `name`, or not said (see `chosen.chosen_band`).

    `crs` is for a raster without one; stored values become ``value × scale + offset``; `resolution` in metres is
    that of what the raster was made from, where its pixels are finer; `accept_units` lets values through that
    cannot be in the predictor's unit.
    """

    predictor: str
    source: str
    band: int = 1
    step: str = ""
    crs: str | None = None
    nodata: float | None = None
    scale: float | None = None
    offset: float | None = None
    resampling: Resampling | None = None
    resolution: float | None = None
    accept_units: bool = False
    name: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The slot of the card that this is for."""
        return self.predictor, self.step


_TYPES: Mapping[str, tuple[type, ...]] = {
    "predictor": (str,), "source": (str,), "band": (int,), "step": (str,), "crs": (str,),
    "nodata": (int, float), "scale": (int, float), "offset": (int, float), "resampling": (str,),
    "resolution": (int, float), "accept_units": (bool,), "name": (str,)}


def read_edits(path: Path) -> tuple[Edit, ...]:
    """Read the bindings of a saved plan.

    Raises:
        EngineError: ``cube_source_missing``, ``cube_plan_unreadable``.
    """
    if not path.is_file():
        raise EngineError("cube_source_missing", path=str(path))
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("too large")
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema"] != SCHEMA:
            raise ValueError(f"schema {content['schema']}")
        return tuple(_edit(entry, path.parent) for entry in content["bindings"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EngineError("cube_plan_unreadable", path=str(path), reason=str(error)) from error


def _edit(entry: Mapping[str, Any], folder: Path) -> Edit:
    known = {key: value for key, value in entry.items() if key in _TYPES and value is not None}
    for key, value in known.items():
        wrong = isinstance(value, bool) and bool not in _TYPES[key]
        if wrong or not isinstance(value, _TYPES[key]):
            raise ValueError(f"{key}: {value!r}")
    if known.get("resampling") not in (None, *get_args(Resampling)):
        raise ValueError(f"resampling: {known['resampling']!r}")
    source = known["source"]
    stands = is_remote(source) or is_address(source)
    return Edit(**{**known, "source": source if stands else str((folder / source).absolute())})


def parse_binds(texts: Iterable[str], known: Collection[str]) -> tuple[Edit, ...]:
    """Return the edits of what was typed for a model whose predictors are `known`.

    Raises:
        EngineError: ``cube_bind_syntax``, ``cube_bind_unknown``, ``cube_bind_twice``.
    """
    edits = tuple(parse_bind(text) for text in texts)
    names = [edit.predictor for edit in edits]
    check_names(names, known)
    if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise EngineError("cube_bind_twice", predictor=", ".join(twice))
    return edits


def check_names(names: Iterable[str], known: Collection[str]) -> None:
    """Raise `EngineError` ``cube_bind_unknown`` where a model has no predictors of these names."""
    if unknown := [name for name in names if name not in known]:
        raise EngineError("cube_bind_unknown", predictor=", ".join(unknown), known=sorted(known))


def parse_bind(text: str) -> Edit:
    """Return the edit that ``NAME=FILE`` or ``NAME=FILE:BAND`` (its number or its name) stands for.

    Raises:
        EngineError: ``cube_bind_syntax``.
    """
    predictor, _, source = text.partition("=")
    file, band = _file_and_band(source)
    if not predictor or not file:
        raise EngineError("cube_bind_syntax", text=text)
    number = int(band) if band.isascii() and band.isdigit() and len(band) < MOST_DIGITS else 0
    stands = is_remote(file) or is_address(file)
    return Edit(predictor, file if stands else str(Path(file).absolute()), number, name=band)


def _file_and_band(source: str) -> tuple[str, str]:
    """Return the file or address, and what stands behind its last colon where that is not a part of it."""
    file, _, band = source.rpartition(":")
    belongs = re.search(r"[/\\]", band) or "?" in file or local_file(source) == Path(source)
    named = CONTAINERS.match(source) and not band.isdigit()  # NETCDF:"clim.nc":warm
    return (source, "") if not file or belongs or named else (file, band)


def write_edits(path: Path, edits: Mapping[Edit, Mapping[str, Any]],
                about: Mapping[str, Any] | None = None) -> None:
    """Write bindings, each with what was found out about it, and what else is worth knowing (`about`)."""
    folder = path.parent.absolute()
    entries = [{**_entry(edit, folder), **({"found": dict(found)} if found else {})} for edit, found in edits.items()]
    text = json.dumps({"schema": SCHEMA, **(about or {}), "bindings": entries}, indent=1, ensure_ascii=False)
    with writing(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def _entry(edit: Edit, folder: Path) -> dict[str, Any]:
    entry = {field.name: getattr(edit, field.name) for field in fields(Edit)
             if getattr(edit, field.name) not in (None, "", False)}
    source = Path(edit.source)
    if source.is_relative_to(folder):
        entry["source"] = source.relative_to(folder).as_posix()
    return entry
