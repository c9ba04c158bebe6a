"""What is asked for of one source, and where."""

from __future__ import annotations

from dataclasses import dataclass

from geoplantnet_plugin.engine.cube.geometry import Bounds, project_bounds
from geoplantnet_plugin.engine.cube.net.presets import Preset, Variable
from geoplantnet_plugin.engine.where.grid import Grid


@dataclass(frozen=True)
class Asked:
    """Variables of one source."""

    preset: Preset
    variables: tuple[Variable, ...]


@dataclass(frozen=True)
class Place:
    """Where: the bounds to be covered, in the CRS of the area's grid, and the grid when one was asked for."""

    crs: str
    bounds: Bounds
    grid: Grid | None

    @property
    def degrees(self) -> Bounds:
        """West, south, east, north."""
        return project_bounds(self.crs, "EPSG:4326", self.bounds)
