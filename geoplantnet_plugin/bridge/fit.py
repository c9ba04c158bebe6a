"""What the engine found out about a site before an assessment, as data classes with sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..common.messages import render, said
from ..i18n import language, tr

MOST_OUTSIDE = 0.2
LEAST_KNOWN = 0.5
MARKS = {"green": "●", "yellow": "▲", "red": "✖"}
"""Shapes beside the colours: they are told apart in any colour vision."""


@dataclass(frozen=True)
class Light:
    """One predictor: `state` green, yellow or red; the band it is bound to (0 without one); what to look at."""

    predictor: str
    title: str
    unit: str
    state: str
    steps: int
    source: str
    band: int
    name: str
    resolution: float
    coverage: float
    base: str
    """The base cube that it comes from, blank for the user's own rasters."""
    fetch: str
    """What to ask the net for, blank where the model's card names no source there."""
    notes: tuple[tuple[str, str], ...]
    """Code and sentence of each note."""

    @property
    def mark(self) -> str:
        """A sign for the state."""
        return MARKS[self.state]

    @property
    def text(self) -> str:
        """The notes, or what the predictor is bound to."""
        if self.notes:
            return " ".join(sentence for _, sentence in self.notes)
        if self.base:
            return tr("From the base cube that ships with the plugin; its source has {resolution:g} m").format(
                resolution=self.resolution)
        return tr("{file}, band {band}, {resolution:g} m").format(
            file=Path(self.source).name, band=self.band, resolution=self.resolution)

    @property
    def is_elsewhere(self) -> bool:
        """Whether its raster does not reach the area."""
        return any(code == "cube_area_outside" for code, _ in self.notes)

    @property
    def is_doubted(self) -> bool:
        """Whether the band is known but its values cannot be in the predictor's unit."""
        return any(code == "cube_units_implausible" for code, _ in self.notes)


@dataclass(frozen=True)
class OfferedBand:
    """A band that could give a predictor."""

    source: str
    band: int
    label: str


@dataclass(frozen=True)
class Offer:
    """A model for a site: the `share` (0 to 1) of it that it knows, or in `problem` why it does not fit, else blank."""

    name: str
    title: str
    share: float
    problem: str

    @property
    def text(self) -> str:
        """How much of the area the model knows, or why it does not fit."""
        return self.problem or tr("knows {share:.0f} % of the area").format(share=100 * self.share)


@dataclass(frozen=True)
class SiteFit:
    """How model, predictors and site go together; `outside` and `missing` are shares of cells, None if unknown.

    `unknown` are the titles of indicators for which less than half of the model's species have a known status. `model`
    is the model's name, blank where none was named and not just one fits; `chosen` says that it was taken because it
    alone fits. `survey` says that the site gets a survey list, `pool` that it gets nothing else, being smaller than the
    square of `resolution` metres that a score speaks of. `notes` are further sentences.
    `offers` are all models, the one that knows most of the site first.
    """

    hectares: float
    cells: int
    resolution: float
    lights: tuple[Light, ...]
    bands: tuple[OfferedBand, ...]
    outside: float | None
    missing: float | None
    unknown: tuple[str, ...]
    model: str
    chosen: bool
    survey: bool
    pool: bool
    notes: tuple[str, ...]
    offers: tuple[Offer, ...]

    @property
    def is_ready(self) -> bool:
        """Whether there is a model, and a usable band for each of its predictors."""
        return bool(self.model) and all(light.state != "red" for light in self.lights)

    @property
    def is_far(self) -> bool:
        """Whether so many cells lie outside the model's domain that a person should think twice."""
        return (self.outside or 0.0) > MOST_OUTSIDE

    def concerns(self) -> list[str]:
        """Return one sentence for each way in which the model fits the site poorly."""
        found = list(self.notes)
        if self.is_far:
            found.append(tr("About {share:.0f} % of the cells lie outside the conditions this model was trained on: "
                            "its scores there are guesses.").format(share=100 * self.outside))
        elif self.is_ready and self.outside is None:
            found.append(tr("The model does not say for which conditions it holds: nobody can tell whether it fits "
                            "this site."))
        if self.missing:
            found.append(tr("About {share} of the cells lack a predictor and stay blank.").format(
                share=_percent(self.missing)))
        if self.unknown:
            found.append(tr("Status unknown for more than half of the model's species, so left out or too low: "
                            "{indicators}.").format(indicators=", ".join(self.unknown)))
        return found


def read_fit(values: Mapping[str, Any]) -> SiteFit:
    """Return the result of the engine's job ``check_fit``."""
    bands = tuple(OfferedBand(str(entry["source"]), int(entry["band"]), str(entry["label"]))
                  for entry in values["bands"])
    return SiteFit(float(values["hectares"]), int(values["cells"]), float(values["resolution"]),
                   tuple(_light(entry) for entry in values["lights"]), bands, values["outside"], values["missing"],
                   tuple(said(entry, "title", language()) for entry in values["lists"]
                         if float(entry["share"]) < LEAST_KNOWN),
                   str(values["model"]), bool(values["chosen"]), bool(values["survey"]), bool(values["pool"]),
                   tuple(render(note["code"], note["params"], language()) for note in values["notes"]),
                   tuple(_offer(entry) for entry in values["offers"]))


def _offer(entry: Mapping[str, Any]) -> Offer:
    problem = entry["problem"]
    return Offer(str(entry["name"]), str(entry["title"]), float(entry["share"] or 0.0),
                 render(problem["code"], problem["params"], language()) if problem else "")


def _light(entry: Mapping[str, Any]) -> Light:
    notes = tuple((str(note["code"]), _sentence(note["code"], note["params"])) for note in entry["notes"])
    return Light(**{**entry, "notes": notes})


def _sentence(code: str, params: Mapping[str, Any]) -> str:
    """Return the sentence of a note; where the engine's own names its commands, what helps in the window instead."""
    if code == "cube_predictor_missing":
        return tr("No band is called {predictor}. Choose one below, or tick the raster that holds it.").format(**params)
    if code == "cube_units_implausible":
        return tr("{predictor} cannot be in {unit}, or the model does not know such places: most values here lie "
                  "between {low:g} and {high:g}, those of the training data between {card_low:g} and {card_high:g}. "
                  "Choose another band, or take the values as they are if you know that they are right.").format(
            **params)
    return render(code, params, language())


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "< 1 %"
