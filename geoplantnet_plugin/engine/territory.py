"""Where a list is in force."""

from __future__ import annotations

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
