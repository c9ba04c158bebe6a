"""The miniature: three countries, 320 species, and scores that are known in closed form.

Scores are defined on the equal-area side (EPSG:3035): constant on squares of 500 m, aligned on the grid. A map
of a species is that function looked up at the centres of the pixels of EPSG:3857, so the truth for a cell is
`truth`, computed without any resampling. A pixel of 50 Mercator metres is about 35 m on the ground here, its half
diagonal 24.4 m: the pixel that holds the centre of a 50 m cell never has its own centre in another square, whose
edge is 25 m away. Only along the borders of countries can cell and pixel differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer

MAP_CRS, GRID_CRS = "EPSG:3857", "EPSG:3035"
PIXEL = 50.0
SQUARE = 500.0
SPECIES = 320
CONSTANT = 3.25
"""The score of species 0 everywhere."""

FLOOR = -4.0
"""Species with a hole have no value where their score is below this."""

_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "xo", "za", "bre")
_AUTHORS = ("Inv.", "Fict. & Inv.", "(Inv.) Fict.", "Séném.", "L. f.")


@dataclass(frozen=True)
class Species:
    """One invented species; `number` is its place, `id` its public one.

    A copy is the same map under another id and name, for long catalogues.
    """

    number: int
    copy: int = 0

    @property
    def id(self) -> str:
        return str(1000 + 7 * self.number + 100_000 * self.copy)

    @property
    def name(self) -> str:
        base = len(_SYLLABLES)
        high, low = divmod(self.number, base)
        genus = "Ficta" + _SYLLABLES[high % base] + ("ria" if high < base else "lia")
        return f"{genus} {_SYLLABLES[low]}{_SYLLABLES[(low + high) % base]}ta"

    @property
    def author(self) -> str:
        return _AUTHORS[self.number % len(_AUTHORS)]

    @property
    def slug(self) -> str:
        """Lower case, every other character ``_``, as in ``pinus_sylvestris_l``."""
        text = f"{self.name} {self.author}".lower()
        text += f" copy {self.copy}" if self.copy else ""
        return "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in text).split())

    @property
    def hole(self) -> float | None:
        """What stands where the score is below `FLOOR`: NaN, −1 or nothing (None)."""
        return {3: float("nan"), 7: -1.0}.get(self.number % 10)

    @property
    def nodata(self) -> float:
        """The declared nodata value, which also stands outside the country."""
        return -1.0 if self.number % 10 in (7, 8, 9) else float("nan")


ALL = tuple(Species(number) for number in range(SPECIES))


@dataclass(frozen=True)
class Country:
    """A rectangle of map pixels; the land in it lies between the lines y = low(x) and y = high(x).

    `left`, `top` in metres of EPSG:3857, `width`, `height` in pixels; lines by their y at the left and right edge.
    """

    name: str
    left: float
    top: float
    width: int
    height: int
    low: tuple[float, float]
    high: tuple[float, float]
    skip: int

    @property
    def transform(self) -> Affine:
        return Affine(PIXEL, 0, self.left, 0, -PIXEL, self.top)

    @property
    def right(self) -> float:
        return self.left + self.width * PIXEL

    @property
    def bottom(self) -> float:
        return self.top - self.height * PIXEL

    @property
    def species(self) -> tuple[Species, ...]:
        """Every `skip`-th species has no map here."""
        return tuple(species for species in ALL if self.skip == 0 or species.number % self.skip != 1)

    @property
    def ring(self) -> list[tuple[float, float]]:
        """The land's outline in EPSG:3857."""
        return [(self.left, self.low[0]), (self.right, self.low[1]), (self.right, self.high[1]),
                (self.left, self.high[0]), (self.left, self.low[0])]

    def holds(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether points of EPSG:3857 are on land."""
        share = (x - self.left) / (self.right - self.left)
        low = self.low[0] + share * (self.low[1] - self.low[0])
        high = self.high[0] + share * (self.high[1] - self.high[0])
        return (x >= self.left) & (x < self.right) & (y > low) & (y <= high)

    @cached_property
    def squares(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Row and column of the square of every pixel, and whether it is on land; all (height, width)."""
        x = self.left + (np.arange(self.width) + 0.5) * PIXEL
        y = self.top - (np.arange(self.height) + 0.5) * PIXEL
        x, y = np.meshgrid(x, y)
        return (*squares_of(*Transformer.from_crs(MAP_CRS, GRID_CRS, always_xy=True).transform(x, y)),
                self.holds(x, y))


BORDER = (5_812_000.0, 5_818_000.0)

COUNTRIES = (
    Country("northland", 760_000.0, 5_850_000.0, 1200, 800, BORDER, (5_850_000.0, 5_850_000.0), 5),
    Country("southland", 760_000.0, 5_820_000.0, 1200, 1000, (5_770_000.0, 5_770_000.0), BORDER, 4),
    Country("far_island", 900_000.0, 5_830_000.0, 500, 400, (5_812_000.0, 5_814_000.0),
            (5_828_000.0, 5_826_000.0), 0),
)


def squares_of(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and column of the squares of points in EPSG:3035."""
    return np.floor(y / SQUARE).astype(np.int64), np.floor(x / SQUARE).astype(np.int64)


def score(species: Species, row: NDArray[np.int64], col: NDArray[np.int64]) -> NDArray[np.float32]:
    """The logit of a species in squares: in [−6, 6], to two decimals and a half so that it is never −1."""
    if species.number == 0:
        return np.full(row.shape, CONSTANT, np.float32)
    mixed = (row * 73856093) ^ (col * 19349663) ^ (species.number * 83492791)
    mixed = (mixed ^ (mixed >> 13)) * 1274126177 & 0xFFFF
    return (np.round(mixed / 0xFFFF * 12 - 6, 2) + 0.005).astype(np.float32)


def truth(species: Species, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float32]:
    """The score at points of EPSG:3035 on land, NaN where the published map has a hole."""
    values = score(species, *squares_of(x, y))
    return values if species.hole is None else np.where(values < FLOOR, np.float32(np.nan), values)


def pixels(country: Country, species: Species) -> NDArray[np.float32]:
    """The published pixels (height, width)."""
    row, col, land = country.squares
    values = score(species, row, col)
    if species.hole is not None:
        values[values < FLOOR] = species.hole
    values[~land] = species.nodata
    return values


@lru_cache(maxsize=1024)
def geotiff(country: Country, species: Species, crs: str = MAP_CRS) -> bytes:
    """The published file: a cloud-optimised GeoTIFF with tiles of 512 pixels and overviews."""
    from rasterio.io import MemoryFile
    from rasterio.shutil import copy

    profile = {"driver": "GTiff", "dtype": "float32", "count": 1, "height": country.height,
               "width": country.width, "crs": crs, "transform": country.transform, "nodata": species.nodata}
    with MemoryFile() as plain, MemoryFile() as published:
        with plain.open(**profile) as dataset:
            dataset.write(pixels(country, species), 1)
        with plain.open() as dataset:
            copy(dataset, published.name, driver="COG", compress="DEFLATE", level=1, blocksize=512,
                 overview_resampling="nearest")
        return published.read()
