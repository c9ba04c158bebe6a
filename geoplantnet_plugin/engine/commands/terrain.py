"""The command ``geoplantnet terrain``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.terrain import HORIZON


def register(commands: Any) -> None:
    """Add ``terrain`` to the command line's subparsers."""
    parser = commands.add_parser("terrain", help="derive slope, radiation, climate … from an elevation model")
    parser.add_argument("dem", type=Path, metavar="DEM", help="elevations in metres, in a projected CRS in metres")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="GeoTIFF to write, one band a variable")
    parser.add_argument("--variables", required=True, nargs="+", metavar="NAME[:VALUE]",
                        help="slope northness eastness profile_curvature plan_curvature tpi:RADIUS (m) srad:MONTH "
                             "ddeg:BASE (°C) moisture:FIRST-LAST (months)")
    parser.add_argument("--climate", type=Path, metavar="FILE.json",
                        help="station or coarse climate grid for ddeg and moisture (docs/terrain.md)")
    parser.add_argument("--horizon", type=float, default=HORIZON, metavar="M",
                        help=f"how far mountains may stand that shade the sun (default {HORIZON:g} m)")
    parser.set_defaults(handler=_terrain)


def _terrain(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.cube.terrain.derive import derive_terrain

    bands = derive_terrain(args.dem, args.out, args.variables, reporter, args.climate, args.horizon)
    lines = [f"{number:3d}  {band.name:<20} {band.unit:<12} {band.source}" for number, band in enumerate(bands, 1)]
    return {"out": str(args.out), "bands": [{"name": band.name, "unit": band.unit} for band in bands],
            "text": "\n".join([str(args.out), *lines])}
