"""Plants recorded in 10 km squares of Spain and Portugal (AFLIBER), with predictors of the European base cube.

A square holds a taxon when somebody recorded it there. A blank is a non-record: the number of taxa recorded in a
square says as much of how well it was explored as of what grows there (`Plots.effort`). Subspecies count for their
species.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.card import ModelInput, Predictor
from training.base_cube import TARGET as CUBE
from training.base_layers import CLIMATE, PLACE, TERRAIN, Layer
from training.datasets.plots import POINT, Modality, Plots, Source
from training.datasets.sampling import Rasters, sample

NAME = "iberian-flora"
CRS, SIDE = "EPSG:3035", 10_000.0
LEAST_SQUARES = 50
"""Species recorded in fewer squares are not modelled."""

AROUND, REACH = "around", 15
"""What lies around a square: patches of so many pixels of the base cube a side."""

WHERE = "place"
MISSING = -32768.0

SOURCE = Source(
    title="AFLIBER: occurrences of vascular plants in 10 km squares of the Iberian Peninsula and the Balearic Islands",
    source="Pakillo/FloraIberica @ c885af1 (Distributions.rda); iramosgutierrez/AFLIBER_update @ 1bc6ac1 (species "
           "list); Ramos-Gutiérrez et al. (2021), Global Ecology and Biogeography 30: 1740–1757, doi:10.1111/geb.13363",
    licence="CC0 (data on Dryad, doi:10.5061/dryad.gmsbcc2kv); GPL-3 (R package FloraIberica)",
    url="https://doi.org/10.5061/dryad.gmsbcc2kv",
    date="2021",
    period="not stated by the source",
)


@dataclass(frozen=True)
class Atlas:
    """`n` squares × `s` species, in alphabetical order.

    `squares` (n,) are codes of the MGRS grid, `lonlat` (n, 2) their centres in degrees, `xy` (n, 2) the same in `CRS`;
    `present` (n, s) is 1 where the species was recorded.
    """

    squares: NDArray[np.str_]
    lonlat: NDArray[np.float64]
    xy: NDArray[np.float64]
    names: tuple[str, ...]
    present: NDArray[np.uint8]

    @property
    def modelled(self) -> NDArray[np.bool_]:
        """Which species (s,) are recorded in `LEAST_SQUARES` squares or more."""
        return np.asarray(self.present.sum(0, dtype=np.int64) >= LEAST_SQUARES)


def read_atlas(data: Path) -> Atlas:
    """Return the records of all species."""
    import pyreadr
    from pyproj import Transformer

    table = pyreadr.read_r(str(data / "iberia" / "Distributions.rda"))["Distributions"]
    squares = table.groupby("UTM.cell")[["lng", "lat"]].first()
    names = (table["Genus"].astype(str) + " " + table["Species"].astype(str)).astype("category").cat
    present = np.zeros((len(squares), len(names.categories)), np.uint8)
    present[squares.index.get_indexer(table["UTM.cell"]), names.codes] = 1
    lonlat = squares[["lng", "lat"]].to_numpy(np.float64)
    xy = np.stack(Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(*lonlat.T), 1)
    return Atlas(squares.index.to_numpy(str), lonlat, xy, tuple(map(str, names.categories)), present)


def read_regions(plots: Plots, data: Path) -> NDArray[np.str_]:
    """Return the biogeographic region (n,) of each square, for figures only: the table states no terms."""
    import pyreadr

    table = pyreadr.read_r(str(data / "predictors_europe" / "biogeographic_regions_eur.rda"))
    known = {(x, y): name for x, y, name in next(iter(table.values()))[["X", "Y", "biogeographical_region"]].itertuples(
        index=False)}
    cells = np.floor(plots.xy / SIDE) * SIDE + SIDE / 2
    return np.array([known.get((x, y), "unknown") for x, y in cells])


def predictors(bands: tuple[Layer, ...]) -> tuple[Predictor, ...]:
    """Return bands of the base cube as predictors."""
    return tuple(Predictor(band.name, band.title, band.unit, synonyms=_synonyms(band.name), sources=_sources(band.name))
                 for band in bands)


def _synonyms(name: str) -> tuple[str, ...]:
    return (f"bio_{name[3:]}",) if name.startswith("bio") else ()


def _sources(name: str) -> tuple[dict[str, str], ...]:
    """Return where a user can get the predictor: the base cube, for climate also CHELSA by its preset."""
    base = {"cube": "europe", "band": name}
    return (base, {"preset": "chelsa", "variable": name}) if name.startswith("bio") else (base,)


def read_iberia(data: Path, cube: Path = CUBE) -> Plots:
    """Return the squares that have all predictors, with the species recorded in at least `LEAST_SQUARES`."""
    atlas, known = read_atlas(data), predictors(CLIMATE + TERRAIN)
    inputs = (ModelInput(POINT, "point", known, SIDE),
              ModelInput(AROUND, "patch", known, SIDE, missing=MISSING, size=(REACH, REACH), pixel=SIDE),
              ModelInput(WHERE, "point", predictors(PLACE), SIDE))
    values, around, place = sample(inputs, Rasters((str(cube),)), atlas.xy, CRS, SIDE)
    full = np.isfinite(values).all(1)
    around = np.where(np.isfinite(around), around, np.float32(MISSING))
    present = atlas.present[full][:, atlas.modelled].astype(np.float32)
    taxa = tuple(np.array(atlas.names)[atlas.modelled])
    return Plots(NAME, values[full], present, atlas.xy[full], CRS, SIDE, known, taxa, SOURCE,
                 (Modality(inputs[1], around[full]), Modality(inputs[2], place[full])),
                 effort=atlas.present[full].sum(1, dtype=np.int64).astype(np.float32))
