"""The band that a person chose: by its number, by its name, or as the only one that can be meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from geoplantnet_plugin.common.addresses import local_file
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.edits import Edit
from geoplantnet_plugin.engine.cube.naming import normalise
from geoplantnet_plugin.engine.cube.net.remote import is_remote
from geoplantnet_plugin.engine.cube.sources import Band

SHOWN = 25


def chosen_band(edit: Edit, bands: Sequence[Band]) -> Band:
    """Return the band that `edit` chooses among `bands`, with what it says of its values.

    Where neither number nor name is said it is the one that is called as the predictor, else a raster's first.

    Raises:
        EngineError: ``cube_edit_unknown``, its source has no such band; ``cube_ambiguous``, several of that name.
    """
    own = {band.index: band for band in bands if band.path == edit.source}
    there = own or dict(enumerate((band for band in bands if _lies_in(band.path, edit.source)), 1))
    band = there.get(edit.band) or _called(edit.name or ("" if edit.band else edit.predictor), edit, there)
    if band is None and not edit.band and not edit.name:  # of a container, zip or folder no part is the first
        band = there.get(1) if own or len(there) == 1 else None
    if band is None:
        raise EngineError("cube_edit_unknown", predictor=edit.predictor, file=edit.source,
                          band=edit.name or edit.band or "?", bands=_shown(there))
    return replace(band, crs=band.crs or edit.crs,
                   nodata=band.nodata if edit.nodata is None else edit.nodata,
                   scale=band.scale if edit.scale is None else edit.scale,
                   offset=band.offset if edit.offset is None else edit.offset)


def _lies_in(path: str, source: str) -> bool:
    """Return whether a raster is a part of the container or zip `source`, or a file in that folder."""
    if is_remote(path) or is_remote(source):
        return False
    return Path(source) in (local_file(path), Path(path).parent)


def _called(name: str, edit: Edit, bands: Mapping[int, Band]) -> Band | None:
    """Return the one band of that name: spelt so, else spelt alike; None for none."""
    for spelt in (str, normalise):
        found = [band for band in bands.values() if spelt(name) in map(spelt, band.aliases)]
        if len(found) > 1:
            raise EngineError("cube_ambiguous", predictor=edit.predictor, bands=[band.label for band in found])
        if found:
            return found[0]
    return None


def _shown(bands: Mapping[int, Band]) -> list[str]:
    told = [f"{number} ({band.name})" if band.name else str(number) for number, band in bands.items()]
    return [*told[:SHOWN], *([f"… ({len(told)})"] if len(told) > SHOWN else [])]
