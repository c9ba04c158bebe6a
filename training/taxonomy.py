"""``taxa.csv`` rows: names as in the data, and only what a citable table says of them.

- accepted name: where FloraVeg.EU's life form table (Dřevojan et al. 2023) or disturbance values (Midolo et al.
  2023, nomenclature of the Euro+Med PlantBase; both CC BY 4.0) has the plain name; a name in the broad or narrow
  sense keeps its marker and counts only where the table has the marker too;
- family: of the genus in the disturbance values, where all its rows agree;
- life form: the plugin's own table ``resources/taxa/life_forms.csv`` (FloraVeg.EU);
- author and GBIF id: the GBIF backbone as matched in the EEA's and the Commission's lists (``resources/taxa``), where
  the name is accepted there;
- genus: the first word of the name.
Everything else stays blank: unknown.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.taxa.joining import join, read_life_forms
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon

DISTURBANCE = Path("taxa") / "disturbance_indicator_values_Midolo_2023.xlsx"
BACKBONE = (Path("taxa") / "habitats_directive_art_17_checklist+gbif_updated2025.csv",
            Path("taxa") / "IAS_list_union_concern+gbif.csv")
MARKERS = {"sstr": "s. str.", "sl": "s. l.", "aggr": "aggr.", "agg": "aggr."}
"""Endings of names as the data write them → the usual marker."""


def plain_name(text: str) -> str:
    """Return a data set's name with spaces and the usual markers: ``Festuca_pratensis_sl`` → ``… s. l.``."""
    words = text.replace("_", " ").split()
    return " ".join([*words[:-1], MARKERS.get(words[-1], words[-1])])


def table_of(names: Sequence[str]) -> TaxaTable:
    """Return a data set's names as a table with what the shipped tables know of them."""
    return join(TaxaTable(tuple(Taxon(name, name, name) for name in map(plain_name, names))), ()).taxa


def taxa_rows(names: Sequence[str], thresholds: NDArray[np.float64], data: Path) -> list[dict[str, str]]:
    """Return a row of ``taxa.csv`` for every name of the data, in order; ids count from 1."""
    accepted, families = _disturbance(data / DISTURBANCE)
    accepted |= set(read_life_forms())
    backbone = _backbone(data)
    plain, forms = [plain_name(name) for name in names], table_of(names)
    rows = []
    for number, (name, text, taxon, threshold) in enumerate(zip(names, plain, forms, thresholds), 1):
        genus = text.split()[0]
        rows.append({"id": str(number), "name": name, "accepted_name": text if text in accepted else "",
                     "genus": genus, "family": families.get(genus, ""), "life_form": taxon.life_form,
                     **backbone.get(text, {}), "lambda": f"{threshold:.6g}"})
    return rows


def _disturbance(path: Path) -> tuple[set[str], dict[str, str]]:
    """Return the table's names, and the family of every genus whose rows have one family; nothing without the table."""
    import pandas as pd

    if not path.is_file():
        return set(), {}
    sheet = pd.read_excel(path, sheet_name="disturbance_indicator_values").dropna(subset=["species", "family"])
    families = defaultdict(set)
    for name, family in zip(sheet["species"], sheet["family"]):
        families[name.split()[0]].add(family)
    return set(sheet["species"]), {genus: found.pop() for genus, found in families.items() if len(found) == 1}


def _backbone(data: Path) -> dict[str, dict[str, str]]:
    """Return name → author, GBIF id and rank of the plant species that the lists' match says are accepted."""
    found = {}
    for path in filter(lambda path: (data / path).is_file(), BACKBONE):
        with (data / path).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if (row["kingdom"], row["matchType"], row["status"], row["rank"]) == (
                        "Plantae", "EXACT", "ACCEPTED", "SPECIES"):
                    found[row["canonicalName"]] = {"authorship": row["authorship"].strip(), "gbif_id": row["key"],
                                                   "rank": "species"}
    return found
