"""What a score source states of its scores, beside the scores themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Statements:
    """What a score source says of what its scores are and are worth; None or empty where it says nothing.

    `probabilities` says that scores, on the 0–1 scale, are meant as probabilities of presence, each taxon for itself.
    `calibration` and `conformal` are described in ``docs/indicators.md``; `domain` says how the cells like the
    training data are told from others. `predictors` are the titles of the inputs, in order, for layers on the cells'
    quality; none for a source without inputs. `about` is what a report tells of the source (description, training,
    evaluation, limits): plain values that JSON can hold.
    """

    probabilities: bool = False
    calibration: Mapping[str, Any] = field(default_factory=dict)
    conformal: Mapping[str, Any] | None = None
    domain: str | None = None
    predictors: tuple[str, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)

    def stated(self, part: str, key: str) -> float | None:
        """Return a number of the calibration: without it nothing says how sure something is."""
        value = (self.calibration.get(part) or {}).get(key)
        return None if value is None else float(value)
