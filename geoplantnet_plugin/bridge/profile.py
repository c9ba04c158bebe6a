"""What the engine tells of one species, as data classes with sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from ..common.messages import render
from ..i18n import language


@dataclass(frozen=True)
class Altitudes:
    """Cells by altitude: `site` and `predicted` between `edges` (m); quantiles are those of 5 %, 50 % and 95 %."""

    source: str
    resolution: float
    edges: tuple[float, ...]
    site: tuple[int, ...]
    predicted: tuple[int, ...]
    site_quantiles: tuple[float, ...]
    predicted_quantiles: tuple[float, ...]
    thinned: bool


@dataclass(frozen=True)
class Curve:
    """The mean `scores` at the `values` of a predictor, `low` to `high` in 80 % of the cells.

    `training` is the range of the training data, None where it is not known; `site` is where the site's cells lie.
    """

    predictor: str
    title: str
    unit: str
    values: tuple[float, ...]
    scores: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    training: tuple[float, float] | None
    site: tuple[float, float]


@dataclass(frozen=True)
class Responses:
    """Curves over `cells` of the site, of scores on `scale`; `left_out` names predictors that have none."""

    scale: str
    cells: int
    curves: tuple[Curve, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Months:
    """The dated records of a species by month (12 `counts`); `undated` have no month."""

    file: str
    counts: tuple[int, ...]
    undated: int


@dataclass(frozen=True)
class Profile:
    """What could be told; `absent` says of the rest why not, by the name of the field."""

    altitudes: Altitudes | None
    responses: Responses | None
    months: Months | None
    absent: dict[str, str]


@dataclass(frozen=True)
class Photo:
    """One photo: its file, who made it, under which licence, the page of the record, where and when it was taken."""

    file: str
    author: str
    licence: str
    page: str
    place: str


@dataclass(frozen=True)
class RecordedMonths:
    """GBIF's records of a species by month (12 `counts`); `country` blank: of all countries; `day` it was asked."""

    counts: tuple[int, ...]
    undated: int
    country: str
    day: str


def read_profile(values: Mapping[str, Any]) -> Profile:
    """Return the result of the engine's job ``species_profile``."""
    responses = values.get("responses")
    return Profile(
        _of(Altitudes, values["altitudes"]) if values.get("altitudes") else None,
        Responses(str(responses["scale"]), int(responses["cells"]),
                  tuple(_of(Curve, curve) for curve in responses["curves"]), tuple(responses["left_out"]))
        if responses else None,
        _of(Months, values["months"]) if values.get("months") else None,
        {name: render(reason["code"], reason["params"], language()) for name, reason in values["absent"].items()})


def read_photos(values: Mapping[str, Any]) -> tuple[Photo, ...]:
    """Return the result of the engine's job ``species_photos``."""
    return tuple(_of(Photo, photo) for photo in values["photos"])


def read_recorded_months(values: Mapping[str, Any]) -> RecordedMonths:
    """Return the result of the engine's job ``species_months``."""
    return _of(RecordedMonths, values)


def _of(kind: type, values: Mapping[str, Any]) -> Any:
    """Return a data class of the values of its fields, lists as tuples."""
    return kind(*(tuple(value) if isinstance(value, list) else value
                  for value in (values[entry.name] for entry in fields(kind))))
