"""What the service offers: models and cubes by id, described for people and programs, never by their paths."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shapely import Geometry, box, union_all
from shapely.geometry import mapping

from geoplantnet_plugin.common.jobs import ModelOptions
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.models.package import ModelPackage, open_package
from geoplantnet_plugin.engine.scores.support import Support
from geoplantnet_plugin.engine.sources.table import support_of

from .settings import Cube, Settings

CATALOGUE = ".catalogue"
"""Folder below the results for what is known of the offered models and cubes."""
EDGE_POINTS = 21
"""Points along a raster's edge: a straight edge bends when it is brought into longitude and latitude."""


@dataclass(frozen=True)
class OfferedCube:
    """A cube with its `extent` in longitude and latitude, its finest pixel in metres and its bands."""

    id: str
    cube: Cube
    extent: Geometry
    resolution: float
    bands: tuple[str, ...]

    def properties(self) -> dict[str, Any]:
        """Return what anyone may know of it."""
        return {"title": self.cube.title or self.id, "resolution": self.resolution, "predictors": list(self.bands),
                "date": self.cube.date, "licence": self.cube.licence, "simulated": self.cube.simulated}


@dataclass(frozen=True)
class Catalogue:
    """Every offered model and cube, opened once; `supports` say of which piece of land a model speaks."""

    settings: Settings
    models: dict[str, ModelPackage]
    supports: dict[str, Support]
    cubes: dict[str, OfferedCube]

    def model_properties(self, id: str) -> dict[str, Any]:
        """Return what anyone may know of a model: its card, what it is worth and where it is offered."""
        package = self.models[id]
        card = package.card
        shown = {**asdict(card), "domain": card.domain and {"method": card.domain.get("method", "ranges")},
                 "calibration": None, "conformal": None}
        return {"title": card.title, "version": card.version, "description": card.description,
                "licence": card.licence, "attribution": card.attribution, "simulated": card.simulated,
                "digest": package.digest, "taxa": len(package.taxa), "scale": card.scale,
                "resolution": card.resolution, "default_rule": card.default_rule,
                "predictors": [{"name": entry.name, "title": entry.title, "unit": entry.unit}
                               for entry in card.predictors],
                "evaluation": [asdict(entry) for entry in card.evaluation], "training": list(card.training),
                "limits": list(card.limits), "domain": (card.domain or {}).get("method", "ranges"),
                "cubes": list(self.settings.cubes_of(id)), "card": json.loads(json.dumps(shown, default=str))}

    def model_extent(self, id: str) -> Geometry:
        """Return where a model is offered: on its cubes (longitude and latitude)."""
        return union_all([self.cubes[cube].extent for cube in self.settings.cubes_of(id)])

    def write(self, folder: Path) -> None:
        """Write ``models.geojson`` and ``cubes.geojson``, which pygeoapi serves as collections."""
        folder.mkdir(parents=True, exist_ok=True)
        models = ((id, self.model_extent(id), self.model_properties(id)) for id in self.models)
        _write(folder / "models.geojson", models)
        _write(folder / "cubes.geojson", ((id, cube.extent, cube.properties()) for id, cube in self.cubes.items()))


def open_catalogue(settings: Settings) -> Catalogue:
    """Open every offered model and look at every offered cube.

    Raises:
        EngineError: a model cannot be used; rasterio's errors where a raster cannot be read.
    """
    return Catalogue(settings, {id: open_package(model.package) for id, model in settings.models.items()},
                     {id: support_of(ModelOptions(model.package)) for id, model in settings.models.items()},
                     {id: _look(id, cube) for id, cube in settings.cubes.items()})


def _look(id: str, cube: Cube) -> OfferedCube:
    import rasterio
    from rasterio.warp import transform_bounds

    extents, pixels, bands = [], [], []
    for path in rasters(cube):
        with rasterio.open(path) as raster:
            extents.append(box(*transform_bounds(raster.crs, "EPSG:4326", *raster.bounds, densify_pts=EDGE_POINTS)))
            pixels.append(min(raster.res) * (raster.crs.linear_units_factor[1] if raster.crs.is_projected else 111_320))
            bands += [name or path.stem for name in raster.descriptions]
    return OfferedCube(id, cube, union_all(extents), round(min(pixels), 3), tuple(dict.fromkeys(bands)))


def rasters(cube: Cube) -> Iterator[Path]:
    """Yield the files of a cube."""
    for name in cube.predictors:
        path = Path(name)
        yield from sorted(path.glob("*.tif")) if path.is_dir() else [path]


def _write(path: Path, entries: Iterator[tuple[str, Geometry, dict[str, Any]]]) -> None:
    features = [{"type": "Feature", "id": id, "geometry": mapping(extent), "properties": {"id": id, **properties}}
                for id, extent, properties in entries]
    with writing(path) as temporary:
        temporary.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False),
                             encoding="utf-8")
