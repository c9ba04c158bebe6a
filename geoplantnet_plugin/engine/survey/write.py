"""The survey list as a table for the field (``survey_list.csv``) and as the table ``survey_list`` of the GeoPackage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from geoplantnet_plugin.common.spreadsheets import escape_formula
from geoplantnet_plugin.engine.base.files import write_csv
from geoplantnet_plugin.engine.survey.listing import Entry

if TYPE_CHECKING:
    from pandas import DataFrame

HEADER = ("Group", "Name", "Author", "Family", "Life form", "Why", "Lists as of", "Endemic", "Chance of being recorded",
          "Times the mean", "Recorded", "Squares of the site", "Squares in all", "Rarely recorded", "Modelled", "Weak",
          "Habitat", "Seasonal", "Months", "Altitude differs", "Found", "Looked for, not found", "Not looked for")
"""The last three are for the field and come blank."""


def write_survey_csv(path: Path, entries: Sequence[Entry]) -> None:
    """Write the list in its order; blank is unknown."""
    write_csv(path, HEADER, ((*row, "", "", "") for row in _rows(entries)))


def survey_frame(entries: Sequence[Entry]) -> DataFrame:
    """Return the list as a data frame; chances and numbers as numbers."""
    from pandas import DataFrame

    return DataFrame({
        "grp": [entry.group for entry in entries], "name": [entry.species.name for entry in entries],
        "taxon": [entry.species.taxon for entry in entries],
        "authorship": [entry.species.authorship for entry in entries],
        "family": [entry.species.family for entry in entries],
        "gbif_id": [entry.species.gbif_id for entry in entries],
        "life_form": [entry.species.life_form for entry in entries],
        "reasons": [" ".join(entry.reasons) for entry in entries],
        "lists_as_of": [entry.as_of for entry in entries],
        "endemic": [entry.species.endemic for entry in entries],
        "chance": [entry.chance for entry in entries], "ratio": [entry.ratio for entry in entries],
        "recorded": [entry.recorded for entry in entries],
        "recorded_squares": [entry.recorded_squares for entry in entries],
        "squares": [entry.species.squares for entry in entries],
        "rare": [int(entry.species.rare) for entry in entries], "weak": [int(entry.species.weak) for entry in entries],
        "tier": [entry.tier for entry in entries], "seasonal": [int(entry.seasonal) for entry in entries],
        "months": [entry.months for entry in entries],
        "altitude_differs": [int(entry.altitude_differs) for entry in entries],
    }).astype({"chance": float, "ratio": float})


def _rows(entries: Sequence[Entry]) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        species = entry.species
        yield (entry.group, *map(escape_formula, (species.name, species.authorship, species.family, species.life_form)),
               " ".join(entry.reasons), escape_formula(entry.as_of), species.endemic,
               "" if entry.chance is None else f"{entry.chance:.3f}",
               "" if entry.ratio is None else f"{entry.ratio:.1f}", entry.recorded, str(entry.recorded_squares),
               str(species.squares), _yes(species.rare), _yes(bool(species.taxon)), _yes(species.weak), entry.tier,
               _yes(entry.seasonal), escape_formula(entry.months), _yes(entry.altitude_differs))


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
