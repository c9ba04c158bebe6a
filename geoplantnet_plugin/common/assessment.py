"""The format of an assessment on disk: names of files, tables and columns, and what values mean.

The engine writes by these names and both sides read by them; `docs/architecture.md` shows the folder as a whole.
"""

from __future__ import annotations

from typing import NamedTuple

SCHEMA = 2
"""Number of the format; a reader refuses any other: the tables of format 1 have other columns and ranks."""

MANIFEST = "assessment.json"
SPECIES, ALL_SCORES = "species.tif", "all_scores.tif"
TABLES = "assemblage.gpkg"
INDICATORS, QUALITY = "indicators", "quality"
"""Folders of rasters, one file a layer."""
COVERAGE, AREAS, COVERAGE_BY_AREA = "coverage.csv", "areas.csv", "coverage_by_area.csv"
SERVICE_TICKET = ".service.json"
"""Which job of which service an unfinished folder waits for."""
MAP, PROJECT = "map.png", "project.qgz"
DRAWN_PARTS, DRAWN_TABLE, COVERAGE_BY_PART = "drawn_parts.gpkg", "part", "coverage_by_part.csv"
"""Named parts of the area that were drawn afterwards: a GeoPackage of this one table, and the coverage of each."""
REPORT_HTML, REPORT_PDF = "report.html", "report.pdf"
SURVEY_LIST, SURVEY_TABLE, SQUARE_TABLE = "survey_list.csv", "survey_list", "square"
"""The survey list as a file and as a table of `TABLES`; there the square around a site smaller than it."""

RANKS_LIST, RANKS_TABLE = "ranked_species.csv", "ranked"
"""The species whose cells are ranked within larger squares, as a file and as a table of `TABLES`."""

UNFINISHED, COMPLETE = "unfinished", "complete"
"""The manifest's ``state``."""

NODATA_CLASS = 255
"""Nodata of class layers (uint8): nothing is known; continuous layers (float32) have NaN."""

BELOW_FLOOR_TAG, SCALE_TAG = "below_floor", "score_scale"
"""Tags of ``species.tif``: the integer stored for "below the scores that were kept", and the scale of the scores."""

SCORE_BOUNDS = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "relative": (0.0, 1.0), "logit": (-10.0, 10.0)}
"""Bounds of the colours of species scores, by scale."""

DOMAIN = "domain"
"""The quality layer that says where cells lie to the model's training data."""
INSIDE, EDGE, OUTSIDE = 0, 1, 2
"""Its classes (`models.domain.look` says what decides them)."""

RANKS = 1 << 14
"""Feature id of a cell's r-th taxon in ``cell_taxa`` = cell × RANKS + r.

More than the taxa of any model: a square of 10 km holds well over a thousand."""


class CoverageHeadings(NamedTuple):
    """The headings of ``coverage.csv``, in order; one for each of the user's lists follows.

    The expected share (Σ p ÷ n of calibrated scores) has an interval; coverage, the share of cells whose set holds the
    taxon, has none.
    """

    id: str = "Id"
    name: str = "Name"
    family: str = "Family"
    common_name: str = "Common name"
    iucn: str = "IUCN"
    tree: str = "Tree"
    invasive: str = "Invasive"
    eu_directive: str = "EU directive"
    endemic: str = "Endemic"
    expected: str = "Expected share %"
    low: str = "Expected low %"
    high: str = "Expected high %"
    coverage: str = "Coverage %"
    mean_score: str = "Mean score"
    max_score: str = "Max score"
    scale: str = "Score scale"
    alien_in: str = "Alien in"
    origin: str = "Native or alien"
    as_of: str = "Lists as of"


HEADINGS = CoverageHeadings()

ANSWERS = {"yes": True, "no": False}
"""What tables write for an answer; a blank is *unknown*."""

NOT_LISTED = "no"
"""A status that was looked up: the taxon is not listed."""

UNSURE = "?"
"""Begins the value of a status that says that a name of the list may concern the taxon."""

CHECK_ANNEX = "check"
"""Listed in the Habitats Directive, in an annex that the source does not state."""

THREATENED = ("CR", "EN", "VU")
UNRATED = ("DD", "NE")
"""Red List categories that say nothing of the risk."""


def yes_no(answer: bool | None) -> str:
    """Return ``yes``, ``no`` or, for unknown, nothing."""
    return "" if answer is None else "yes" if answer else "no"


def is_threatened(iucn: str | None) -> bool | None:
    """Return whether a Red List category is CR, EN or VU; without one, and for DD and NE, it is unknown."""
    return None if not iucn or iucn in UNRATED else iucn in THREATENED
