"""Matching: which band a predictor is bound to. By name, then by the card's synonyms, never by position."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.base_cube import base_band
from geoplantnet_plugin.engine.cube.chosen import chosen_band
from geoplantnet_plugin.engine.cube.edits import Edit
from geoplantnet_plugin.engine.cube.naming import normalise
from geoplantnet_plugin.engine.cube.sources import Band
from geoplantnet_plugin.engine.models.card import Card, ModelInput, Predictor

How = Literal["name", "synonym", "base", "edit"]
SHOWN_BANDS = 25
MERGED = ("cube_predictor_missing", "cube_ambiguous", "cube_bands_unnamed")
"""What is told of several predictors in one sentence."""


@dataclass(frozen=True)
class Slot:
    """One thing an input of a model wants a band for: a predictor, or one `step` in time of it in a series."""

    input: ModelInput
    predictor: Predictor
    step: str

    @property
    def key(self) -> tuple[str, str]:
        """What is bound: inputs that share a predictor share its band."""
        return self.predictor.name, self.step

    @property
    def label(self) -> str:
        """The predictor, with its time step."""
        return f"{self.predictor.name} {self.step}".strip()

    def wanted(self, names: Iterable[str]) -> frozenset[str]:
        """Return the normalised band names that `names` (the predictor's or synonyms) stand for."""
        orders = (f"{name}_{self.step}" for name in names) if self.step else names
        return frozenset(normalise(name) for name in orders)


def slots(card: Card) -> tuple[Slot, ...]:
    """Return what a card wants bands for: its inputs, their predictors and steps in order."""
    return tuple(Slot(entry, predictor, step) for entry in card.inputs for predictor in entry.predictors
                 for step in steps_of(entry))


def steps_of(entry: ModelInput) -> tuple[str, ...]:
    """Return the names of a series' steps, numbers from 1 where the card gives none; one blank otherwise."""
    if entry.kind != "series":
        return ("",)
    return entry.time or tuple(str(number + 1) for number in range(math.prod(entry.time_shape)))


Bound = dict[tuple[str, str], tuple[Band, How]]
"""The band of each slot, by its key."""


def bands_of(wanted: Sequence[Slot], obeyed: Mapping[tuple[str, str], Edit], bands: Sequence[Band]) -> Bound:
    """Return the band of every slot: that of the edit to be obeyed, else the one that matches.

    Raises:
        EngineError: as `match` and `chosen.chosen_band`.
    """
    edited: Bound = {}
    problems: dict[str, EngineError] = {}
    for slot in wanted:
        if slot.key in obeyed:
            try:
                edited[slot.key] = chosen_band(obeyed[slot.key], bands), "edit"
            except EngineError as problem:
                problems[slot.label] = problem
    return match([slot for slot in wanted if slot.key not in obeyed], bands, problems) | edited


def match(wanted: Sequence[Slot], bands: Sequence[Band], problems: Mapping[str, EngineError] | None = None) -> Bound:
    """Return the band of every slot, by its key; `problems` are those of others, told with these.

    A name beats a synonym; a band that is one predictor by name is no other by synonym. What no band gives is taken
    from the base cube that the card names for it.

    Raises:
        EngineError: ``cube_predictor_missing``, ``cube_bands_unnamed`` (bands are there but say no name),
            ``cube_ambiguous`` (two bands for a predictor), each of all predictors at once, ``cube_predictors``
            (several of these); ``cube_band_twice`` (two predictors for a band),
            ``base_cube_missing``, ``base_cube_damaged``.
    """
    named = _by_name(bands)
    found: Bound = {}
    problems = dict(problems or {})
    by_name = {slot.key: _hits(named, slot.wanted([slot.predictor.name])) for slot in wanted}
    taken = {_id(band) for hits in by_name.values() for band in hits}
    for slot in wanted:
        hits = by_name[slot.key]
        how: How = "name" if hits else "synonym"
        if not hits:
            hits = [band for band in _hits(named, slot.wanted(slot.predictor.synonyms)) if _id(band) not in taken]
        try:
            found[slot.key] = (_only(slot, hits), how) if hits else (_of_base_cube(slot, bands), "base")
        except EngineError as problem:
            problems[slot.label] = problem
    _refuse(problems)
    _refuse_shared(found)
    return found


def _refuse(problems: Mapping[str, EngineError]) -> None:
    """Tell of all predictors at once what is wrong with them."""
    kinds: dict[str, dict[str, EngineError]] = {}
    for label, problem in problems.items():
        kinds.setdefault(problem.code if problem.code in MERGED else str(problem), {})[label] = problem
    told = [_merged(kind) for kind in kinds.values()]
    if len(told) == 1:
        raise told[0]
    if told:
        raise EngineError("cube_predictors", count=len(problems), sentences=" ".join(map(str, told)))


def _merged(problems: Mapping[str, EngineError]) -> EngineError:
    """Return what is wrong in the same way with several predictors."""
    first = next(iter(problems.values()))
    bands = [band for problem in problems.values() for band in problem.params.get("bands", ())]
    return EngineError(first.code, **{**first.params,
                                      **({"predictor": ", ".join(problems)} if "predictor" in first.params else {}),
                                      **({"bands": list(dict.fromkeys(bands))} if bands else {})})


def _id(band: Band) -> tuple[str, int]:
    return band.path, band.index


def _by_name(bands: Iterable[Band]) -> dict[str, list[Band]]:
    named: dict[str, list[Band]] = {}
    for band in bands:
        for name in {normalise(alias) for alias in band.aliases}:
            named.setdefault(name, []).append(band)
    return named


def _hits(named: Mapping[str, list[Band]], wanted: Iterable[str]) -> list[Band]:
    return list({_id(band): band for name in sorted(wanted) for band in named.get(name, ())}.values())


def _only(slot: Slot, hits: Sequence[Band]) -> Band:
    if len(hits) > 1:
        raise EngineError("cube_ambiguous", predictor=slot.label, bands=[band.label for band in hits])
    return hits[0]


def _of_base_cube(slot: Slot, bands: Sequence[Band]) -> Band:
    band = base_band(slot.predictor) if not slot.step else None
    if band is None:
        raise _missing(slot, bands)
    return band


def _missing(slot: Slot, bands: Sequence[Band]) -> EngineError:
    unnamed = next((band for band in bands if not band.aliases), None)
    if unnamed is not None:
        count = sum(band.path == unnamed.path for band in bands)
        return EngineError("cube_bands_unnamed", predictor=slot.label, file=unnamed.path, count=count)
    shown = [band.name if band.name == Path(band.path).stem else band.label for band in bands[:SHOWN_BANDS]]
    if len(bands) > SHOWN_BANDS:
        shown.append(f"… ({len(bands)})")
    return EngineError("cube_predictor_missing", predictor=slot.label, bands=shown)


def _refuse_shared(found: Bound) -> None:
    owners: dict[tuple[str, int], str] = {}
    for key, (band, _) in found.items():
        label = " ".join(key).strip()
        if _id(band) in owners:
            raise EngineError("cube_band_twice", band=band.label, predictors=[owners[_id(band)], label])
        owners[_id(band)] = label
