"""The command ``geoplantnet terrain``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Command, Result, placed, typed
from geoplantnet_plugin.engine.cube.terrain import HORIZON


@dataclass(frozen=True)
class TerrainRequest:
    """What `derive_terrain` needs: elevations, the file to write, variables, and how it should do it."""

    dem: Path
    out: Path
    variables: tuple[str, ...]
    climate: Path | None = None
    horizon: float = HORIZON


def derive(asked: TerrainRequest, reporter: Reporter) -> Result:
    """Derive the variables and name the bands that hold them."""
    from geoplantnet_plugin.engine.cube.terrain.derive import derive_terrain

    bands = derive_terrain(asked.dem, asked.out, asked.variables, reporter, asked.climate, asked.horizon)
    lines = [f"{number:3d}  {band.name:<20} {band.unit:<12} {band.source}" for number, band in enumerate(bands, 1)]
    return {"out": str(asked.out), "bands": [{"name": band.name, "unit": band.unit} for band in bands],
            "text": "\n".join([str(asked.out), *lines])}


COMMANDS = (
    Command(
        derive, TerrainRequest, "terrain", "derive slope, radiation, climate … from an elevation model", (
            placed("dem", "elevations in metres, in a projected CRS in metres", metavar="DEM"),
            typed("out", "GeoTIFF to write, one band a variable", metavar="FILE"),
            typed("variables", "slope northness eastness profile_curvature plan_curvature tpi:RADIUS (m) srad:MONTH "
                               "ddeg:BASE (°C) moisture:FIRST-LAST (months)", metavar="NAME[:VALUE]"),
            typed("climate", "station or coarse climate grid for ddeg and moisture (docs/terrain.md)",
                  metavar="FILE.json"),
            typed("horizon", f"how far mountains may stand that shade the sun (default {HORIZON:g} m)", metavar="M"))),
)
