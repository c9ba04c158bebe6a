"""Which habitats a species fits, as far as its life form, indicator values and disturbance values tell.

Sources, all CC BY 4.0: life form (Dřevojan et al. 2023, FloraVeg.EU), Ellenberg-type indicator values (Tichý et al.
2023, FloraVeg.EU) and disturbance values (Midolo et al. 2023). `RULES` are ours and were not tested against plots: they
make a filter, not a chance. A rule answers yes or no only where a value speaks; otherwise the answer is unknown.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geoplantnet_plugin.engine.taxa.joining import read_life_forms
from training.taxonomy import DISTURBANCE

INDICATORS = Path("taxa") / "traitA_floraveg.csv"
_INDICATOR_COLUMNS = {name.lower(): f"Ellenberg.{name}_Tichy2022" for name in (
    "Light", "Temperature", "Moisture", "Reaction", "Nutrients", "Salinity")}
_DISTURBANCE_COLUMNS = {
    "severity": "Disturbance.Severity", "severity_herbs": "Disturbance.Severity.herblayer",
    "frequency": "Disturbance.Frequency", "mowing": "Mowing.Frequency", "grazing": "Grazing.Pressure",
    "soil_disturbance": "Soil.Disturbance"}
VALUES = (*_INDICATOR_COLUMNS, *_DISTURBANCE_COLUMNS)
HABITATS = ("forest", "scrub", "grassland", "rock", "wetland", "coast", "arable", "ruderal")
FITS = tuple(f"fits_{habitat}" for habitat in HABITATS)


@dataclass
class Preferences:
    """What the tables say of a species: `life_form` blank and `values` without a key where they say nothing."""

    life_form: str = ""
    values: dict[str, float] = field(default_factory=dict)

    def forms(self, *wanted: str) -> bool:
        """Return whether the species has one of the life forms."""
        return not set(wanted).isdisjoint(form.strip() for form in self.life_form.split(";"))

    def least(self, key: str, limit: float) -> bool:
        """Return whether a value is known and `limit` or more."""
        return key in self.values and self.values[key] >= limit

    def most(self, key: str, limit: float) -> bool:
        """Return whether a value is known and `limit` or less."""
        return key in self.values and self.values[key] <= limit

    @property
    def under_trees(self) -> float | None:
        """How much harder disturbance strikes the whole stand than its herbs: large where it fells trees and shrubs."""
        if "severity" not in self.values:
            return None
        return self.values["severity"] - self.values["severity_herbs"]


def _woody_stand(species: Preferences, least: float) -> bool:
    return species.under_trees is not None and species.under_trees >= least


def _open_stand(species: Preferences) -> bool:
    return species.under_trees is not None and species.under_trees <= 0.05


Rule = Callable[[Preferences], bool]
RULES: dict[str, tuple[Rule, Rule]] = {
    "forest": (lambda s: s.forms("tree") or s.most("light", 6) or _woody_stand(s, 0.3),
               lambda s: s.least("light", 8) or _open_stand(s)),
    "scrub": (lambda s: s.forms("shrub", "dwarf shrub", "chamaephyte", "woody liana") or _woody_stand(s, 0.2),
              lambda s: s.forms("hydrophyte") or _open_stand(s)),
    "grassland": (lambda s: not s.forms("tree", "shrub", "hydrophyte") and (
                      s.least("mowing", 0.4) or s.least("grazing", 0.28)) and not s.least("soil_disturbance", 0.4),
                  lambda s: s.forms("tree", "hydrophyte") or s.least("soil_disturbance", 0.5) or s.most("light", 5)),
    "rock": (lambda s: s.most("severity_herbs", 0.3) and s.most("soil_disturbance", 0.15) and s.most("mowing", 0.1)
             and s.under_trees is not None and s.under_trees <= 0.15,
             lambda s: s.least("moisture", 6) or s.least("nutrients", 6) or s.least("soil_disturbance", 0.4)),
    "wetland": (lambda s: s.forms("hydrophyte") or s.least("moisture", 7), lambda s: s.most("moisture", 5.5)),
    "coast": (lambda s: s.least("salinity", 1.5), lambda s: s.most("salinity", 0.05)),
    "arable": (lambda s: s.least("soil_disturbance", 0.5),
               lambda s: s.forms("tree", "hydrophyte") or s.most("soil_disturbance", 0.15)),
    "ruderal": (lambda s: s.least("soil_disturbance", 0.3) or s.least("nutrients", 6.5),
                lambda s: s.most("soil_disturbance", 0.12) or s.most("nutrients", 2)),
}
"""Habitat → (when a species fits, when it does not). Where both or neither answer, it is unknown."""


def fits(species: Preferences | None) -> list[str]:
    """Return ``yes``, ``no`` or blank (unknown) for each of `HABITATS`."""
    if species is None:
        return [""] * len(HABITATS)
    answers = ((fit(species), unfit(species)) for fit, unfit in (RULES[habitat] for habitat in HABITATS))
    return ["" if yes == no else "yes" if yes else "no" for yes, no in answers]


def joined(own: Preferences | None, other: Preferences | None) -> Preferences | None:
    """Return what is known under a species' own name, filled with what is known under another one."""
    if own is None or other is None:
        return own or other
    return Preferences(own.life_form or other.life_form, {**other.values, **own.values})


def read_preferences(data: Path) -> dict[str, Preferences]:
    """Return what the tables say, by plain name."""
    import pandas as pd

    found = {name: Preferences(form) for name, form in read_life_forms().items()}
    with (data / INDICATORS).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values = [row[column] for column in _INDICATOR_COLUMNS.values()]
            _add(found, row["accepted_taxa"], tuple(_INDICATOR_COLUMNS), values)
    sheet = pd.read_excel(data / DISTURBANCE, sheet_name="disturbance_indicator_values")
    for name, *values in sheet[["species", *_DISTURBANCE_COLUMNS.values()]].itertuples(index=False):
        _add(found, name, tuple(_DISTURBANCE_COLUMNS), values)
    return found


def _add(found: dict[str, Preferences], name: str, keys: Sequence[str], values: Sequence[object]) -> None:
    known = {key: round(float(str(value)), 3) for key, value in zip(keys, values, strict=True)
             if str(value) not in ("", "NA", "nan")}
    found.setdefault(name, Preferences()).values.update(known)
