"""What a client chooses beside the place, refused at once where the engine would refuse it: no job is made to fail."""

from __future__ import annotations

from typing import Any

import pytz

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.assemblage import parse_rule
from geoplantnet_plugin.engine.base.events import SILENT
from geoplantnet_plugin.engine.indicators import Context, select
from geoplantnet_plugin.engine.indicators.habitat_table import read_habitats
from geoplantnet_plugin.engine.models.package import ModelPackage
from geoplantnet_plugin.engine.models.statements import statements_of
from geoplantnet_plugin.engine.scores.calibration import Calibration

from .names import Names
from .problems import Problem
from .settings import Settings

COUNTRIES = frozenset((*pytz.country_names, "XK"))
"""ISO 3166-1's two letters, as the time zone database has them, and what Kosovo is called without a code of its own."""


def check_country(country: str | None) -> None:
    """Refuse a country that there is not.

    Raises:
        Problem: 400.
    """
    if country and country.partition("-")[0] not in COUNTRIES:
        raise Problem(400, "country_invalid", country=country)


def check_choices(settings: Settings, model: ModelPackage, inputs: dict[str, Any]) -> None:
    """Refuse a set rule, indicators or a habitat table that do not fit a model.

    Raises:
        Problem: 400.
    """
    card, taxa = model.card, model.taxa
    statements = statements_of(card)
    try:
        parse_rule(inputs.get("set_rule") or card.default_rule, taxa, card.scale, statements)
        predictors = {predictor.name for predictor in card.predictors}
        habitats = inputs.get("habitats") and read_habitats(inputs["habitats"], taxa, SILENT, predictors)
        select(inputs.get("indicators") or ["all"],
               Context(taxa, card.scale, Calibration.of(statements), habitats or None, card.support is not None))
    except EngineError as error:
        error.params = Names.of(settings).told(error.params)
        raise Problem.of(400, error) from error
    check_country(inputs.get("country"))
