"""The habitats that a person can tick for a survey list."""

from __future__ import annotations

from .i18n import tr


def habitat_titles() -> list[tuple[str, str]]:
    """Return their codes and titles, in the order of the parameter PRESENT of ``geoplantnet:assess``."""
    return [("forest", tr("Forest")), ("scrub", tr("Scrub")), ("grassland", tr("Grassland")), ("rock", tr("Rock")),
            ("wetland", tr("Wetland")), ("coast", tr("Coast")), ("arable", tr("Arable")), ("ruderal", tr("Ruderal"))]
