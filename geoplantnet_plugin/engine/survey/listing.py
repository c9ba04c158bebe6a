"""The survey list of a site: what to look for, in the order in which it is worth looking for.

(a) species that are listed, invasive or endemic; (b) those characteristic here: chance ≥ `CHARACTERISTIC_CHANCE` and at
least `CHARACTERISTIC_RATIO` times its mean over the territory; (c) the rest. On the list are modelled species whose
chance reaches `FLOOR`, every one recorded in a square that the site touches, and of those that are not modelled also
the ones recorded within 30 km. A chance is never changed by what else is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.survey.flora import Flora, Species
from geoplantnet_plugin.engine.survey.squares import Squares
from geoplantnet_plugin.engine.taxa import statuses
from geoplantnet_plugin.engine.taxa.table import NAME_KINDS, Taxon

FLOOR = 0.05
CHARACTERISTIC_CHANCE, CHARACTERISTIC_RATIO = 0.2, 2.0
FIRST, CHARACTERISTIC, REST = "a", "b", "c"
GROUPS = (FIRST, CHARACTERISTIC, REST)
HERE, NEAR, NOWHERE = "here", "near", ""
FITS, UNKNOWN, MISFIT, NOT_ASKED = "fits", "unknown", "does not fit", ""
TIERS = (FITS, NOT_ASKED, UNKNOWN, MISFIT)
SEASONAL = frozenset(("therophyte", "geophyte"))
"""Life forms that are above ground for a season only."""


@dataclass(frozen=True)
class Entry:
    """One species of the list.

    `reasons` are kinds of status that put it into group (a): ``endemic``, ``invasive``, ``eu_directive`` …; `as_of`
    says as of when the lists behind them speak. `chance` (0 to 1) is None where it is not modelled, `ratio` is chance ÷
    mean over the territory. `recorded` says `HERE`, `NEAR` or `NOWHERE`, `recorded_squares` in how many of the squares
    that the site touches. `tier` says whether it fits the habitats; `seasonal` that it shows for a season only,
    `months` what the user's table says; `altitude_differs` that the site lies wholly above or below its records.
    """

    group: str
    species: Species
    reasons: tuple[str, ...]
    chance: float | None
    ratio: float | None
    recorded: str
    recorded_squares: int
    tier: str
    seasonal: bool
    months: str
    altitude_differs: bool
    as_of: str


@dataclass(frozen=True)
class Asked:
    """What the user says of a site: `habitats` there, `months` of species by position, its `altitude` (m)."""

    habitats: tuple[str, ...] = ()
    months: Mapping[int, str] = field(default_factory=dict)
    altitude: tuple[float, float] | None = None


def survey_list(flora: Flora, listed: Sequence[Taxon], squares: Squares, chances: Mapping[str, float], asked: Asked
                ) -> list[Entry]:
    """Return the entries in their order.

    `listed` are the flora's species with their statuses at the site, `chances` the mean chance by taxon id.
    """
    here, near = flora.recorded(squares.here), flora.recorded(squares.near)
    entries = (_entry(i, flora.species[i], listed[i], here, near, chances, asked) for i in range(len(listed)))
    return sorted((entry for entry in entries if entry), key=_order)


def recorded_near(flora: Flora, listed: Sequence[Taxon], squares: Squares, asked: Asked) -> list[Entry]:
    """Return the species recorded in a square that the site touches or near it, without chances.

    A flora without squares says nothing of where its species were recorded: all of them, recorded nowhere.
    """
    here, near = flora.recorded(squares.here), flora.recorded(squares.near)
    known = bool(len(flora.codes))
    return [_described(i, flora.species[i], listed[i], here, near, None, asked) for i in range(len(listed))
            if near[i] or not known]


def _entry(i: int, species: Species, taxon: Taxon, here: NDArray[np.intp], near: NDArray[np.intp],
           chances: Mapping[str, float], asked: Asked) -> Entry | None:
    chance = chances.get(species.taxon) if species.taxon else None
    if not (here[i] or (near[i] and not species.taxon) or (chance is not None and chance >= FLOOR)):
        return None
    return _described(i, species, taxon, here, near, chance, asked)


def _described(i: int, species: Species, taxon: Taxon, here: NDArray[np.intp], near: NDArray[np.intp],
               chance: float | None, asked: Asked) -> Entry:
    reasons = tuple(_reasons(species, taxon))
    ratio = chance / species.mean_score if chance is not None and species.mean_score else None
    is_characteristic = (chance is not None and ratio is not None and chance >= CHARACTERISTIC_CHANCE
                         and ratio >= CHARACTERISTIC_RATIO)
    group = FIRST if reasons else CHARACTERISTIC if is_characteristic else REST
    recorded = HERE if here[i] else NEAR if near[i] else NOWHERE
    return Entry(group, species, reasons, chance, ratio, recorded, int(here[i]), _tier(species, asked.habitats),
                 _is_seasonal(species), asked.months.get(i, ""), _differs(species, asked.altitude),
                 statuses.as_of(taxon) if reasons else "")


def _reasons(species: Species, taxon: Taxon) -> Iterator[str]:
    """Yield the kinds of status that make a species one to look for whatever its chance."""
    if species.endemic == "yes":
        yield "endemic"
    for kind in dict.fromkeys(status.kind for status in taxon.statuses):
        if kind == "iucn":
            counts = statuses.is_threatened(taxon)
        else:
            counts = kind not in (*NAME_KINDS, "alien", "rare", "endemic") and statuses.is_listed(taxon, kind)
        if counts:
            yield kind


def _tier(species: Species, habitats: Sequence[str]) -> str:
    """Return how a species' preferences go with the habitats that are there; one that fits is enough."""
    if not habitats:
        return NOT_ASKED
    answers = [species.fits[habitat] for habitat in habitats]
    return FITS if True in answers else UNKNOWN if None in answers else MISFIT


def _is_seasonal(species: Species) -> bool:
    forms = {form.strip() for form in species.life_form.split(";") if form.strip()}
    return bool(forms) and forms <= SEASONAL


def _differs(species: Species, altitude: tuple[float, float] | None) -> bool:
    if altitude is None or species.altitude is None:
        return False
    return altitude[1] < species.altitude[0] or altitude[0] > species.altitude[1]


def _order(entry: Entry) -> tuple[float, ...]:
    """(a) recorded here before others; (b) by ratio, (c) by chance, what does not fit the habitats last in both."""
    chance = -1.0 if entry.chance is None else entry.chance
    place = 0 if entry.recorded == HERE else 1 if entry.chance is not None else 2
    if entry.group == FIRST:
        return GROUPS.index(entry.group), place, -chance
    first = entry.ratio if entry.group == CHARACTERISTIC and entry.ratio is not None else chance
    return GROUPS.index(entry.group), TIERS.index(entry.tier), -first
