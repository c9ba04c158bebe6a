"""Where a list is in force."""

from __future__ import annotations

import re
from dataclasses import replace

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.taxa.table import TaxaTable

EU = frozenset((
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"))
"""The member states of the European Union since 2020, as ISO 3166 codes (europa.eu, country profiles)."""


def in_force(territory: str, country: str | None) -> bool | None:
    """Return whether a list of `territory` (ISO 3166 code, ``EU``, blank for anywhere) is in force at a site.

    `country` is the site's, with or without a subdivision (``CH``, ``CH-VD``); None where nobody said. The answer is
    None where `country` does not decide it.
    """
    if not territory:
        return True
    if not country:
        return None
    nation = country.upper().partition("-")[0]
    if territory == "EU":
        return nation in EU
    if territory.startswith(f"{country.upper()}-"):
        return None
    return territory in (country.upper(), nation)


def checked_country(country: str | None) -> str | None:
    """Return a site's country as ``CH`` or ``CH-VD``; None where none is given.

    Raises:
        EngineError: the text is no such code.
    """
    if not country:
        return None
    code = country.strip().upper()
    if not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", code):
        raise EngineError("country_invalid", country=country)
    return code


def at_site(taxa: TaxaTable, country: str | None) -> TaxaTable:
    """Return `taxa` with every status marked as in force at a site in `country` or not."""
    return replace(taxa, taxa=tuple(
        replace(taxon, statuses=tuple(replace(status, in_force=in_force(status.territory, country))
                                      for status in taxon.statuses)) for taxon in taxa))
