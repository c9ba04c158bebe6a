"""What a model's card states of its scores."""

from __future__ import annotations

from dataclasses import asdict

from geoplantnet_plugin.engine.models.card import Card
from geoplantnet_plugin.engine.models.domain import knows_domain
from geoplantnet_plugin.engine.scores.statements import Statements


def statements_of(card: Card) -> Statements:
    """Return what `card` states, in the words of any score source."""
    domain = card.domain["method"] if card.domain else "categories" if knows_domain(card) else None
    return Statements(
        probabilities=True, calibration=card.calibration or {}, conformal=card.conformal, domain=domain,
        predictors=tuple(predictor.title or predictor.name for predictor in card.predictors),
        about={"description": card.description, "evaluation": [asdict(entry) for entry in card.evaluation],
               "training": list(card.training), "limits": list(card.limits), "calibration": card.calibration,
               "domain": card.domain["method"] if card.domain else None,
               "effort": asdict(card.effort) if card.effort else None})
