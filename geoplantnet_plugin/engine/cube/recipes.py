"""Predictors that a model's card derives from other variables: an elevation model, for some monthly climate too.

A recipe stands among a predictor's ``sources`` (`docs/terrain.md`, *Recipes*): the variable as `geoplantnet terrain`
names it, or ``position:RADIUS,…``; `factor` makes the predictor's unit of it. Everything is computed in cells of `FINE`
metres and averaged over the card's resolution. What the training raster was made by may not be published: that a band
comes of a recipe is told wherever it is bound (`RECIPE_TAG`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.cube.sources import RECIPE_TAG
from geoplantnet_plugin.engine.cube.terrain import HORIZON, surface
from geoplantnet_plugin.engine.cube.terrain.derive import derive_terrain
from geoplantnet_plugin.engine.models.card import Card

ELEVATION, CLIMATE = "copernicus_dem", "chelsa_monthly"
"""The presets of ``sources.json`` that recipes are made of."""
RECIPE = "recipe:"
"""How what a fetch is asked for begins where it is a predictor to be derived."""
POSITION = "position"
FINE = 25.0
MOST_CELLS = 30_000_000
"""Cells of `FINE` metres that are derived at once, about 130 km square: positions are standardised over all of them."""
DERIVED = "derived_{}.tif"
"""The file of a derived predictor."""


@dataclass(frozen=True)
class Recipe:
    """How a predictor is derived: value = `factor` × the variable; `clear_share` as in a climate file, None unknown."""

    predictor: str
    unit: str
    variable: str
    factor: float
    clear_share: float | None

    @property
    def needs_climate(self) -> bool:
        """Whether it is made of monthly climate too."""
        return self.variable.partition(":")[0] in ("ddeg", "moisture")

    @property
    def radii(self) -> tuple[float, ...]:
        """The radii (m) of a topographic position, none for other variables."""
        kind, _, radii = self.variable.partition(":")
        return tuple(float(radius) for radius in radii.split(",")) if kind == POSITION else ()


def recipes_of(card: Card, names: Sequence[str] = ()) -> list[Recipe]:
    """Return the recipes of a card, of the predictors called `names` or of all."""
    return [Recipe(predictor.name, predictor.unit, source["recipe"], float(source["factor"]),
                   float(source["clear_share"]) if "clear_share" in source else None)
            for predictor in card.predictors for source in predictor.sources
            if "recipe" in source and (not names or predictor.name in names)]


def reach_of(recipes: Iterable[Recipe]) -> float:
    """Return how far (m) recipes look beyond a cell."""
    return max((max((HORIZON, *recipe.radii)) + 4 * FINE for recipe in recipes), default=0.0)


def derive(recipes: Sequence[Recipe], folder: Path, resolution: float, crs: str, reporter: Reporter) -> list[Path]:
    """Derive predictors from what a fetch has left in `folder`, write each as `DERIVED` there and return the files.

    Cells of `resolution` metres in the projected `crs`; a cell that lacks anything is missing.

    Raises:
        EngineError: ``recipe_too_large``, ``cube_…``.
    """
    with TemporaryDirectory(dir=folder, prefix=".recipes-") as temporary:
        work = Path(temporary)
        dem, frame = _fine_elevation(folder, work, resolution, crs)
        bands = [recipe.factor * _averaged(values, resolution)
                 for recipe, values in zip(recipes, _fine(recipes, dem, folder, work, reporter), strict=True)]
    edge = int(reach_of(recipes) // resolution)  # what lies there sees too little of the land around it
    frame = Affine(frame.a, 0, frame.c + edge * frame.a, 0, frame.e, frame.f + edge * frame.e)
    return [_write(folder, recipe, band[edge:band.shape[0] - edge, edge:band.shape[1] - edge], crs, frame)
            for recipe, band in zip(recipes, bands, strict=True)]


def _write(folder: Path, recipe: Recipe, band: NDArray[np.float64], crs: str, frame: Affine) -> Path:
    """Write a derived predictor with its recipe and whom to name."""
    import rasterio

    origins = [folder / f"{ELEVATION}_elevation.tif", *(_climate_files(folder)[:1] if recipe.needs_climate else ())]
    tags = [_tags(path) for path in origins]
    path = folder / DERIVED.format(recipe.predictor)
    with writing(path) as temporary, rasterio.open(
            temporary, "w", driver="GTiff", count=1, height=band.shape[0], width=band.shape[1], dtype="float32",
            crs=crs, transform=frame, nodata=np.nan, compress="deflate") as raster:
        raster.write(band.astype(np.float32), 1)
        raster.descriptions, raster.units = [recipe.predictor], [recipe.unit]
        raster.update_tags(**{RECIPE_TAG: recipe.variable}, **{
            key: "; ".join(dict.fromkeys(filter(None, (one.get(key) for one in tags))))
            for key in ("ATTRIBUTION", "LICENCE", "TERMS", "RETRIEVED")})
    return path


def _fine_elevation(folder: Path, work: Path, resolution: float, crs: str) -> tuple[Path, Affine]:
    """Write the elevation in cells of `FINE` metres, whole cells of `resolution`; return it and these cells' frame."""
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.vrt import WarpedVRT
    from rasterio.warp import transform_bounds

    with rasterio.open(folder / f"{ELEVATION}_elevation.tif") as source:
        left, bottom, right, top = transform_bounds(source.crs, crs, *source.bounds)
        left, bottom = np.floor(left / resolution) * resolution, np.floor(bottom / resolution) * resolution
        width, height = (int(np.ceil((high - low) / resolution)) for low, high in ((left, right), (bottom, top)))
        top, share = bottom + height * resolution, round(resolution / FINE)
        if width * height * share**2 > MOST_CELLS:
            raise EngineError("recipe_too_large", cells=width * height * share**2, most=MOST_CELLS)
        frame = Affine(FINE, 0, left, 0, -FINE, top)
        with WarpedVRT(source, crs=crs, transform=frame, width=width * share, height=height * share, dtype="float32",
                       resampling=Resampling.bilinear, nodata=np.nan) as fine, rasterio.open(
                work / "dem.tif", "w", driver="GTiff", count=1, height=fine.height, width=fine.width, dtype="float32",
                crs=crs, transform=frame, nodata=np.nan) as dem:
            dem.write(fine.read())
    return work / "dem.tif", Affine(resolution, 0, left, 0, -resolution, top)


def _fine(recipes: Sequence[Recipe], dem: Path, folder: Path, work: Path, reporter: Reporter
          ) -> list[NDArray[np.float64]]:
    """Return the variable of each recipe in cells of `FINE` metres."""
    import rasterio

    plain = [recipe.variable for recipe in recipes if not recipe.radii]
    shares = [recipe.clear_share for recipe in recipes if recipe.clear_share is not None]
    found = []
    if plain:
        climate = _climate(folder, work, dem, shares) if any(recipe.needs_climate for recipe in recipes) else None
        derive_terrain(dem, work / "terrain.tif", plain, reporter, climate)
        with rasterio.open(work / "terrain.tif") as derived:
            found = list(derived.read().astype(np.float64))
    with rasterio.open(dem) as fine:
        elevation = fine.read(1).astype(np.float64)
    return [surface.multiscale_position(elevation, FINE, recipe.radii) if recipe.radii else found.pop(0)
            for recipe in recipes]


def _climate_files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{CLIMATE}_*.tif"))


def _climate(folder: Path, work: Path, dem: Path, clear_shares: Sequence[float]) -> Path:
    """Write the climate file of `derive_terrain`: the coarse grid with its own mean elevation."""
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.vrt import WarpedVRT

    bands: dict[str, NDArray[Any]] = {}
    for path in _climate_files(folder):
        with rasterio.open(path) as source:
            values = source.read(1, masked=True).astype(np.float64) * source.scales[0] + source.offsets[0]
            bands[source.descriptions[0]] = values.filled(np.nan)
            profile = {"crs": source.crs, "transform": source.transform, "height": source.height,
                       "width": source.width}
    with rasterio.open(folder / f"{ELEVATION}_elevation.tif") as fine, WarpedVRT(
            fine, **profile, resampling=Resampling.average, dtype="float32", nodata=np.nan) as mean:
        bands = {"elevation": mean.read(1), **bands}
    with rasterio.open(work / "coarse.tif", "w", driver="GTiff", count=len(bands), dtype="float32", nodata=np.nan,
                       **profile) as coarse:
        coarse.write(np.stack(list(bands.values())).astype(np.float32))
        coarse.descriptions = list(bands)
    told = {"raster": "coarse.tif", **({"clear_share": clear_shares[0]} if clear_shares else {})}
    (work / "climate.json").write_text(json.dumps(told), encoding="utf-8")
    return work / "climate.json"


def _averaged(values: NDArray[np.float64], resolution: float) -> NDArray[np.float64]:
    """Return the means of the fine cells in each cell of `resolution`; NaN where one is missing."""
    share = round(resolution / FINE)
    rows, cols = values.shape[0] // share, values.shape[1] // share
    return np.asarray(values.reshape(rows, share, cols, share).mean(axis=(1, 3)))


def _tags(path: Path) -> dict[str, str]:
    import rasterio

    with rasterio.open(path) as raster:
        return dict(raster.tags())
