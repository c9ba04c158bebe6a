"""What the taxa table says of a taxon's status, and of how many taxa it says anything.

A status value of ``no`` is knowledge (looked up, not listed); no status of a kind at all is *unknown*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common import assessment
from geoplantnet_plugin.common.assessment import CHECK_ANNEX, HEADINGS, NOT_LISTED, UNSURE
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.taxa.table import Status, TaxaTable, Taxon

IUCN = ("EX", "EW", "CR", "EN", "VU", "NT", "LC", "DD", "NE")
"""Red List categories, worst first; DD and NE say nothing of the risk and come last."""

NATIVE = "native"
"""Value of a list of kind ``alien`` for a taxon that it says is native; any other is some kind of alien."""

KIND_HEADINGS = {"iucn": HEADINGS.iucn, "invasive": HEADINGS.invasive, "eu_directive": HEADINGS.eu_directive,
                 "endemic": HEADINGS.endemic, "alien": HEADINGS.origin}
"""The column of the coverage table that shows what a kind of list says."""

TREE_WORD, WOODY_WORDS = "tree", ("tree", "shrub", "dwarf shrub", "semi-shrub", "woody liana")


def value(taxon: Taxon, kind: str) -> str | None:
    """Return the taxon's value of a status kind: a listing before a ``no``, None where it is unknown.

    What a list says that is not in force at the site counts for nothing.
    """
    values = [status.value for status in taxon.statuses
              if status.kind == kind and status.in_force is not False and not status.value.startswith(UNSURE)]
    listed = [text for text in values if text != NOT_LISTED]
    if kind == "iucn":
        return min((text for text in listed if text in IUCN), key=IUCN.index, default=None)
    known = [text for text in listed if text != CHECK_ANNEX] or listed
    return known[0] if known else (NOT_LISTED if values else None)


def dates(kind: str, stated: Iterable[Status]) -> str:
    """Return the dates of what lists of a `kind` state that counts at the site, each once; a dash for one without."""
    found = {status.date or "–" for status in stated
             if status.kind == kind and status.in_force is not False and not status.value.startswith(UNSURE)}
    return ", ".join(sorted(found))


def as_of(taxon: Taxon) -> str:
    """Return which lists say something of the taxon that counts at the site, each with its date."""
    kinds = dict.fromkeys(status.kind for status in taxon.statuses)
    told = {kind: dates(kind, taxon.statuses) for kind in kinds}
    return "; ".join(f"{KIND_HEADINGS.get(kind, kind)}: {date}" for kind, date in told.items() if date)


def shown(taxon: Taxon, kind: str, language: str = "en") -> str:
    """Return the value as people read it; blank where it is unknown."""
    text = value(taxon, kind)
    if text == CHECK_ANNEX:
        return render("status_check_annex", {}, language)
    return render("status_not_listed", {}, language) if text == NOT_LISTED else text or ""


def is_listed(taxon: Taxon, kind: str) -> bool | None:
    """Return whether the taxon is on the list; None where that is unknown."""
    text = value(taxon, kind)
    return None if text is None else text != NOT_LISTED


def origin(taxon: Taxon) -> str:
    """Return ``native`` or ``alien`` where a list in force at the site says so, else a blank."""
    values = {status.value for status in taxon.statuses
              if status.kind == "alien" and status.in_force and not status.value.startswith(UNSURE)} - {NOT_LISTED}
    if len(values) != 1:
        return ""
    return NATIVE if values == {NATIVE} else "alien"


def is_threatened(taxon: Taxon) -> bool | None:
    """Return whether the Red List category is CR, EN or VU; DD and NE leave it unknown."""
    return assessment.is_threatened(value(taxon, "iucn"))


def growth_forms(taxon: Taxon) -> tuple[str, ...]:
    """Return the life forms of the taxon, which the table separates by ``;``."""
    return tuple(part.strip().lower() for part in taxon.life_form.split(";") if part.strip())


def is_tree(taxon: Taxon) -> bool | None:
    """Return whether ``tree`` is among the taxon's life forms; None where no life form is known."""
    forms = growth_forms(taxon)
    return TREE_WORD in forms if forms else None


def is_woody(taxon: Taxon) -> bool | None:
    """Return whether a woody form (tree, shrub, dwarf or semi-shrub, woody liana) is among the life forms."""
    forms = growth_forms(taxon)
    return any(form in WOODY_WORDS for form in forms) if forms else None


def as_arrays(taxa: TaxaTable, question: Callable[[Taxon], bool | None]
              ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return, for every taxon, whether the answer is yes and whether it is known; both (taxa,)."""
    answers = [question(taxon) for taxon in taxa]
    return (np.array([answer is True for answer in answers], bool),
            np.array([answer is not None for answer in answers], bool))
