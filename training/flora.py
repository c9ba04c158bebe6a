"""What the records say of every species of an atlas: ``flora.csv`` and ``records.npz`` of a model package.

Formats: ``docs/model-packages.md``. Species that are not modelled are there too: nothing that was recorded is lost.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.base.files import write_csv
from training.datasets.iberia import Atlas
from training.preferences import FITS, VALUES, Preferences, fits, joined, read_preferences

FLORA, RECORDS = "flora.csv", "records.npz"
COLUMNS = ("name", "id", "authorship", "family", "gbif_id", "powo_name", "life_form", "endemic", "squares", "rare",
           "altitude_low", "altitude_high", "mean_score", "auc", "weak", *VALUES, *FITS)
RARE_SHARE, WEAK, LEAST_LIST = 0.25, 0.7, 30


def names_of(data: Path) -> dict[str, dict[str, str]]:
    """Return what the species list says of each species: its rows, subspecies included, as one.

    Endemic: ``yes`` where every row is, ``subspecies`` where some are. Author, GBIF id and POWO name are those of the
    species' own row; of a species that is listed by subspecies only they stay blank.
    """
    found: dict[str, dict[str, str]] = {}
    endemic: dict[str, set[str]] = {}
    with (data / "iberia" / "AFLIBER_Species_list.csv").open(encoding="latin-1", newline="") as file:
        for row in csv.DictReader(file):
            name = f"{row['Genus']} {row['Species']}"
            entry = found.setdefault(name, {"family": row["Family"]})
            endemic.setdefault(name, set()).add(row["Endemic"].upper())
            if row["Subspecies"] in ("", "NA"):
                entry |= {"authorship": row["Scientific_Name"].removeprefix(name).strip(),
                          "gbif_id": _whole(row["GBIF_id"]), "powo_name": row["POW_Name"].removesuffix("NA")}
    for name, values in endemic.items():
        found[name]["endemic"] = "yes" if values == {"TRUE"} else "subspecies" if "TRUE" in values else "no"
    return found


@dataclass(frozen=True)
class Groups:
    """What species (taxa,) have in common: the `family` of each, and `lists` as people ask for them."""

    family: NDArray[np.str_]
    lists: dict[str, NDArray[np.bool_]]


def groups_of(taxa: Sequence[str], data: Path) -> Groups:
    """Return what the species have in common: lists are the endemic ones, and those of each frequent life form."""
    known, preferences = names_of(data), read_preferences(data)
    found = [joined(preferences.get(name), preferences.get(known[name].get("powo_name", ""))) for name in taxa]
    forms = np.array([one.life_form if one else "" for one in found])
    frequent = [form for form in np.unique(forms) if form and ";" not in form and (forms == form).sum() >= LEAST_LIST]
    return Groups(np.array([known[name]["family"] for name in taxa]),
                  {"endemic": np.array([known[name]["endemic"] == "yes" for name in taxa]),
                   **{str(form): forms == form for form in frequent}})


def _whole(text: str) -> str:
    return text if text.isdigit() else ""


def flora_rows(atlas: Atlas, altitude: tuple[NDArray[np.float64], NDArray[np.float64]],
               modelled: Mapping[str, dict[str, Any]], data: Path) -> list[dict[str, Any]]:
    """Return the rows of ``flora.csv`` in the atlas' order.

    `altitude` holds the lowest and the highest altitude (squares,) of each square, NaN unknown; `modelled` gives of
    each modelled species ``id``, ``mean_score`` and ``auc``.
    """
    known, preferences = names_of(data), read_preferences(data)
    squares = atlas.present.sum(0, dtype=np.int64)
    rare = squares <= np.quantile(squares, RARE_SHARE)
    return [_row(name, known[name], joined(preferences.get(name), preferences.get(known[name].get("powo_name", ""))),
                 int(squares[i]), bool(rare[i]), _span(altitude, atlas.present[:, i] > 0), modelled.get(name, {}))
            for i, name in enumerate(atlas.names)]


def _span(altitude: tuple[NDArray[np.float64], NDArray[np.float64]], where: NDArray[np.bool_]) -> tuple[str, str]:
    low, high = (values[where & np.isfinite(values)] for values in altitude)
    return (f"{low.min():.0f}", f"{high.max():.0f}") if len(low) else ("", "")


def _row(name: str, known: dict[str, str], preference: Preferences | None, squares: int, rare: bool,
         span: tuple[str, str], modelled: dict[str, Any]) -> dict[str, Any]:
    row = {**known, "name": name, "squares": squares, "rare": "yes" if rare else "no",
           "altitude_low": span[0], "altitude_high": span[1], **dict(zip(FITS, fits(preference), strict=True))}
    if preference:
        row |= {"life_form": preference.life_form, **preference.values}
    if modelled:
        row |= {"id": modelled["id"], "mean_score": f"{modelled['mean_score']:.4g}"}
        if modelled["auc"] is not None:
            row |= {"auc": f"{modelled['auc']:.3f}", "weak": "yes" if modelled["auc"] < WEAK else "no"}
    return row


def write_flora(folder: Path, atlas: Atlas, rows: list[dict[str, Any]]) -> None:
    """Write ``flora.csv`` and ``records.npz``."""
    write_csv(folder / FLORA, COLUMNS, ([row.get(column, "") for column in COLUMNS] for row in rows))
    with (folder / RECORDS).open("wb") as file:
        np.savez_compressed(file, square=atlas.squares, lon=atlas.lonlat[:, 0].astype(np.float32),
                            lat=atlas.lonlat[:, 1].astype(np.float32),
                            taxa=atlas.present.sum(1, dtype=np.int64).astype(np.int16),
                            present=np.packbits(atlas.present.T, axis=1))
