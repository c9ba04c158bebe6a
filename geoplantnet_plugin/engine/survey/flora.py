"""The flora that a model's records speak of: every species recorded, modelled or not, and the squares it was found in.

A model package may hold it beside its graph (``flora.csv``, ``records.npz``; ``docs/model-packages.md``).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon

if TYPE_CHECKING:
    from geopandas import GeoSeries

FLORA, RECORDS = "flora.csv", "records.npz"
HABITATS = ("forest", "scrub", "grassland", "rock", "wetland", "coast", "arable", "ruderal")
SIDE = 10_000.0
"""Metres: the squares are those of the 10 km MGRS grid."""
ANSWERS: Mapping[str, bool | None] = {"yes": True, "no": False, "": None}


@dataclass(frozen=True)
class Species:
    """One species of the flora; blank and None mean unknown.

    `taxon` is its id among the model's taxa, blank where it is not modelled. `endemic` is ``yes``, ``subspecies``
    (only some of its subspecies) or ``no``. `squares` is in how many it was recorded, `rare` whether that is in the
    lowest quarter. `mean_score` is its mean chance over the territory, `weak` whether the model ranks it poorly;
    `altitude` (m) is of the squares in which it was recorded; `fits` says by habitat whether the species' preferences
    fit it.
    """

    name: str
    taxon: str
    authorship: str
    family: str
    gbif_id: str
    life_form: str
    endemic: str
    squares: int
    rare: bool
    mean_score: float | None
    weak: bool
    altitude: tuple[float, float] | None
    fits: Mapping[str, bool | None]


@dataclass(frozen=True)
class Flora:
    """The species, and where they were recorded: `lon`, `lat` (n,) degrees, the centres of the squares `codes` (n,).

    `present` (species, ⌈n ÷ 8⌉) uint8 has one bit a square.
    """

    species: tuple[Species, ...]
    codes: NDArray[np.str_]
    lon: NDArray[np.float32]
    lat: NDArray[np.float32]
    present: NDArray[np.uint8]

    def recorded(self, squares: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return in how many of `squares` (positions) each species was recorded (species,)."""
        bits = np.unpackbits(self.present, axis=1, count=len(self.codes))
        return np.asarray(bits[:, squares].sum(axis=1, dtype=np.intp))

    def boxes(self, lon: tuple[float, float], lat: tuple[float, float]) -> GeoSeries:
        """Return the squares whose centres lie in these ranges of degrees as polygons in EPSG:4326.

        The index holds their positions. A square's zone is that of its code, as in the MGRS grid.
        """
        import geopandas
        import pandas
        from shapely import box

        chosen = np.flatnonzero((self.lon >= lon[0]) & (self.lon <= lon[1])
                                & (self.lat >= lat[0]) & (self.lat <= lat[1]))
        parts = [geopandas.GeoSeries([], crs="EPSG:4326")]
        for zone in np.unique([code[:2] for code in self.codes[chosen]]):
            own = np.array([i for i in chosen if self.codes[i][:2] == zone], np.intp)
            crs = f"EPSG:326{zone}"
            centres = geopandas.GeoSeries.from_xy(self.lon[own], self.lat[own], crs="EPSG:4326").to_crs(crs)
            left, bottom = (np.floor(axis.to_numpy() / SIDE) * SIDE for axis in (centres.x, centres.y))
            squares = geopandas.GeoSeries(box(left, bottom, left + SIDE, bottom + SIDE), index=own, crs=crs)
            parts.append(squares.to_crs("EPSG:4326"))
        return geopandas.GeoSeries(pandas.concat(parts), crs="EPSG:4326")


def read_flora(folder: Path) -> Flora | None:
    """Return the flora of the model package in `folder`, None where it holds none.

    Raises:
        EngineError: its tables cannot be read or do not belong together.
    """
    if not (folder / FLORA).is_file():
        return None
    try:
        with (folder / FLORA).open(encoding="utf-8-sig", newline="") as file:
            species = tuple(_species(row) for row in csv.DictReader(file))
        with np.load(folder / RECORDS, allow_pickle=False) as stored:
            flora = Flora(species, stored["square"], stored["lon"], stored["lat"], stored["present"])
        if flora.present.shape != (len(species), -(-len(flora.codes) // 8)):
            raise ValueError(f"{RECORDS}: {flora.present.shape}")
    except (OSError, ValueError, KeyError) as error:
        raise EngineError("flora_unreadable", folder=folder, reason=str(error)) from error
    return flora


def as_taxa(flora: Flora) -> TaxaTable:
    """Return the species as a taxa table in the flora's order, so that lists can be joined to them."""
    return TaxaTable(tuple(
        Taxon(str(i), entry.name, entry.name, entry.authorship, entry.gbif_id, "species", entry.family,
              entry.name.partition(" ")[0], entry.life_form) for i, entry in enumerate(flora.species)))


def bare_flora(taxa: TaxaTable) -> Flora:
    """Return the flora of a model that brings no records: its taxa, of which nothing more is known."""
    species = tuple(Species(taxon.accepted_name, taxon.id, taxon.authorship, taxon.family, taxon.gbif_id,
                            taxon.life_form, "", 0, False, None, False, None, dict.fromkeys(HABITATS))
                    for taxon in taxa)
    none = np.zeros(0, np.float32)
    return Flora(species, np.zeros(0, "U7"), none, none, np.zeros((len(species), 0), np.uint8))


def _species(row: Mapping[str, str]) -> Species:
    low, high = row["altitude_low"], row["altitude_high"]
    return Species(
        row["name"], row["id"], row["authorship"], row["family"], row["gbif_id"], row["life_form"], row["endemic"],
        int(row["squares"]), row["rare"] == "yes", float(row["mean_score"]) if row["mean_score"] else None,
        row["weak"] == "yes", (float(low), float(high)) if low and high else None,
        {habitat: ANSWERS[row[f"fits_{habitat}"]] for habitat in HABITATS})
