"""Indicators that need to know something of the taxa: life form, lists, Red List categories.

Their common rule: an empty assemblage counts 0 (no taxon, so none listed); where an assemblage has taxa but
the status of none is known the cell is nodata; otherwise taxa of unknown status count as not listed, and the
manifest says how many taxa are known. Where the answer is yes for no taxon of the model, nothing is said anywhere: the
number could only be 0.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.assessment import NODATA_CLASS
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.indicators.base import (
    Context,
    Indicator,
    IndicatorClass,
    Known,
    Question,
    Uncertainty,
)
from geoplantnet_plugin.engine.indicators.draws import of_proportion
from geoplantnet_plugin.engine.indicators.intervals import at_least_one, of_count, of_presence
from geoplantnet_plugin.engine.scores.presences import Presences
from geoplantnet_plugin.engine.taxa import statuses
from geoplantnet_plugin.engine.taxa.table import SHIPPED_KINDS, Taxon

DECK_MOST = {"invasive": 63, "endemism": 203}
"""Tops of GeoPl@ntNet's legends."""

MOST_LISTED = 20

IUCN_COLOURS = {"EX": "#000000", "EW": "#542344", "CR": "#d81e05", "EN": "#fc7f3f", "VU": "#f9e814",
                "NT": "#cce226", "LC": "#60c659", "DD": "#d1d1c6", "NE": "#ffffff"}
"""The colours in which Red List categories are usually shown: red for CR to green for LC."""

IUCN_CLASSES = (IndicatorClass(0, "empty", "#f0f0f0"), IndicatorClass(1, "unknown", "#a0a0a0"),
                *(IndicatorClass(2 + rank, code, IUCN_COLOURS[code])
                  for rank, code in enumerate(reversed(statuses.IUCN))))
"""Ascending: the worst class of a cell is its largest value."""

LEAST_RISK = next(entry.value for entry in IUCN_CLASSES if entry.code == "LC")

PRESENCE_CLASSES = (IndicatorClass(0, "none", "#f0f0f0"), IndicatorClass(1, "present", "#1b7837"))


def count(question: Question, assemblage: Assemblage, context: Context) -> NDArray[np.float32]:
    """Number of taxa of the assemblage for which the answer to `question` is yes."""
    yes, known = context.ask(question)
    counts = assemblage.sum(yes[assemblage.ids])
    return np.where(_unknown(assemblage, known) | (not yes.any()), np.nan, counts).astype(np.float32)


def proportion(question: Question, assemblage: Assemblage, context: Context) -> NDArray[np.float32]:
    """Share (0–1) of yes among the taxa of the assemblage whose answer is known; NaN where none is."""
    yes, known = context.ask(question)
    of_known = assemblage.sum(known[assemblage.ids])
    with np.errstate(invalid="ignore"):
        return (assemblage.sum(yes[assemblage.ids]) / (of_known if yes.any() else np.nan)).astype(np.float32)


def presence(question: Question, assemblage: Assemblage, context: Context) -> NDArray[np.uint8]:
    """Whether the assemblage holds at least one such taxon: 1 or 0."""
    counts = count(question, assemblage, context)
    return np.where(np.isnan(counts), NODATA_CLASS, counts > 0).astype(np.uint8)


def iucn_worst(assemblage: Assemblage, context: Context) -> NDArray[np.uint8]:
    """The worst Red List category of the assemblage, as a value of `IUCN_CLASSES`.

    DD and NE show only where no taxon has another category; an assemblage without taxa is ``empty``, one with
    no known category ``unknown``.
    """
    return assemblage.max(context.codes(_severity)[assemblage.ids], 0)


def _worst_is_there(presences: Presences, values: NDArray[Any], context: Context) -> tuple[NDArray[np.float32], ...]:
    """Return the probability that at least one taxon of the shown category or a worse one is present.

    NaN where the label says nothing of a risk (empty, unknown, NE, DD).
    """
    severity = context.codes(_severity)[presences.ids]
    probability = at_least_one(presences, severity >= values[:, None])
    return (np.where(values >= LEAST_RISK, probability, np.nan).astype(np.float32),)


def _severity(taxon: Taxon) -> int:
    code = statuses.value(taxon, "iucn")
    return next(entry.value for entry in IUCN_CLASSES if entry.code == (code or "unknown"))


def _unknown(assemblage: Assemblage, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    none_known: NDArray[np.bool_] = assemblage.sum(known[assemblage.ids]) == 0
    return none_known & (assemblage.richness > 0)


@cache
def on_list(kind: str) -> Question:
    """Return the question whether a taxon is on the list `kind`."""
    return partial(_is_listed, kind)


def _is_listed(kind: str, taxon: Taxon) -> bool | None:
    return statuses.is_listed(taxon, kind)


def _known(question: Question) -> Known:
    return lambda context: int(context.ask(question)[1].sum())


def counting(id: str, question: Question, reference: str, list_kind: str = "", texts: str = "", **params: str
             ) -> Indicator:
    """Return the indicator that counts the taxa with the answer yes."""

    def bounds(context: Context) -> tuple[float, float]:
        listed = int(context.ask(question)[0].sum())
        most = DECK_MOST.get(id, listed if context.of_squares else MOST_LISTED)
        return 0.0, float(max(1, min(listed, most)))

    return Indicator(id, "continuous", "taxa", partial(count, question), bounds,
                     _known(question), reference, texts=texts, params=params,
                     uncertainty=of_count(question), question=question, list_kind=list_kind)


LISTS = (
    counting("tree_richness", statuses.is_tree, "life forms: FloraVeg.EU"),
    Indicator("woody", "continuous", "proportion", partial(proportion, statuses.is_woody),
              lambda c: (0.0, 1.0), _known(statuses.is_woody), "life forms: FloraVeg.EU",
              uncertainty=of_proportion(statuses.is_woody, "woody"), question=statuses.is_woody),
    counting("invasive", on_list("invasive"), "Regulation (EU) 1143/2014, list of Union concern", "invasive"),
    counting("threatened", statuses.is_threatened, "IUCN Red List categories VU, EN, CR", "iucn"),
    Indicator("iucn_worst", "class", "class", iucn_worst, lambda c: (0.0, float(len(IUCN_CLASSES) - 1)),
              _known(on_list("iucn")), "IUCN Red List categories", classes=IUCN_CLASSES,
              uncertainty=Uncertainty(("probability",), _worst_is_there), list_kind="iucn"),
    counting("eu_directive", on_list("eu_directive"), "Directive 92/43/EEC, species of Article 17", "eu_directive"),
    Indicator("eu_directive_presence", "class", "class", partial(presence, on_list("eu_directive")),
              lambda c: (0.0, 1.0), _known(on_list("eu_directive")),
              "Directive 92/43/EEC, species of Article 17", classes=PRESENCE_CLASSES,
              uncertainty=of_presence(on_list("eu_directive")), question=on_list("eu_directive"),
              list_kind="eu_directive"),
    counting("endemism", on_list("endemic"), "endemic taxa of the taxa table", "endemic"),
    counting("rare", on_list("rare"), "rare taxa of the taxa table", "rare"),
)

def user_lists(context: Context) -> list[Indicator]:
    """Return one counting indicator for each user list in the taxa table, named after the list's instrument."""
    found = {status.kind: status.instrument for taxon in context.taxa for status in taxon.statuses
             if status.kind not in SHIPPED_KINDS}
    return [counting(kind, on_list(kind), name, kind, texts="list", list=name or kind)
            for kind, name in sorted(found.items())]
