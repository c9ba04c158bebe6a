"""Coverage of a polygon in a large map."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator

from psycopg.types.json import Jsonb

from benchmarks.service.client import Client
from geoplantnet_plugin.engine.assessment.postgis import Sets, copy_cells
from service.alone import Alone
from service.database import open_pool
from service.settings import read_settings

SQUARE_KM = 5
MAP_CELLS, TAXA, TAXA_A_CELL = 500, 11_255, 60


def coverage(alone: Alone, args: argparse.Namespace) -> Iterator[str]:
    """25 km² of a map of 250,000 cells with 60 of 11,255 taxa each, made up; the same answer as counting in numpy."""
    import numpy as np
    import shapely

    pool = open_pool(read_settings(alone.settings).database, 1)
    rng = np.random.default_rng(1)
    taxa = rng.integers(0, TAXA, (MAP_CELLS**2, TAXA_A_CELL))
    left, bottom = 4_000_000, 2_500_000
    x, y = np.meshgrid(left + 50 * np.arange(MAP_CELLS) + 25, bottom + 50 * np.arange(MAP_CELLS)[::-1] + 25)
    frame = shapely.box(left, bottom, left + 25_000, bottom + 25_000)
    with pool.connection() as connection:
        connection.execute(
            "INSERT INTO maps.area (assessment, title, crs, srid, resolution, step, simulated, source, set_rule, "
            "cells, geom) VALUES ('bench', 'bench', 'EPSG:3035', 3035, 50, 2e-5, true, %s, '', %s, %s::geometry)",
            [Jsonb({}), MAP_CELLS**2, shapely.to_wkb(shapely.set_srid(frame, 3035), hex=True, include_srid=True)])
        columns = "assessment, taxon, id, accepted_name, family"
        with connection.cursor().copy(f"COPY maps.taxa ({columns}) FROM STDIN") as copy:
            for number in range(TAXA):
                copy.write_row(("bench", number, str(number), f"Taxon {number}", ""))
        begun = time.monotonic()
        grid = {"width": MAP_CELLS, "left": left, "top": bottom + 50 * MAP_CELLS, "resolution": 50}
        copy_cells(connection, "bench", grid, 3035, [
            Sets(part, np.full(len(part), TAXA_A_CELL), taxa[part].ravel(), taxa[part].ravel())
            for part in np.split(np.arange(MAP_CELLS**2), 25)])
    yield f"{MAP_CELLS**2:,} cells with {TAXA_A_CELL} taxa each into the tables: {time.monotonic() - begun:.1f} s"
    with pool.connection() as connection:
        connection.execute("ANALYZE maps.cells")
    pool.close()
    corner = (left + 7_000, bottom + 9_000)
    square = shapely.box(*corner, corner[0] + 1000 * SQUARE_KM, corner[1] + 1000 * SQUARE_KM)
    client, times = Client(alone.address, alone.token), []
    for _ in range(args.repeats):
        begun = time.monotonic()
        answer = client.ask("POST", "/processes/coverage/execution", json={
            "inputs": {"map": "bench", "crs": "EPSG:3035", "area": json.loads(shapely.to_geojson(square))}})
        times.append(time.monotonic() - begun)
    found = answer.json()
    inside = ((x.ravel() > corner[0]) & (x.ravel() < corner[0] + 1000 * SQUARE_KM)
              & (y.ravel() > corner[1]) & (y.ravel() < corner[1] + 1000 * SQUARE_KM))
    counts = np.bincount(taxa[inside].ravel(), minlength=TAXA)
    right = (found["cells"] == inside.sum()
             and all(counts[int(entry["id"])] == entry["cells"] for entry in found["taxa"]))
    yield (f"25 km² ({found['cells']} cells, {len(found['taxa'])} taxa found of {TAXA}): "
           f"median {statistics.median(times):.2f} s, longest {max(times):.2f} s; "
           f"{'as counted' if right else 'NOT as counted'} in numpy")
