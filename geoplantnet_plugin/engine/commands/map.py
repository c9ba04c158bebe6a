"""The command and job ``map``: an area too large for one assessment."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from geoplantnet_plugin.common.convert import from_document
from geoplantnet_plugin.common.jobs import AssessJob, MapJob, Tiling
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands import assess
from geoplantnet_plugin.engine.commands.command import Command, Document, Result, typed


def map_area(asked: MapJob, reporter: Reporter) -> Result:
    """Assess an area tile by tile and write the whole into its folder, manifest last.

    Raises:
        EngineError: the job cannot be used, a tile was refused, a worker was lost; finished tiles are kept.
        Cancelled: the caller asked to stop; the same call continues.
    """
    from geoplantnet_plugin.engine.tiles.catalogue import write_catalogue
    from geoplantnet_plugin.engine.tiles.mosaic import write_mosaic
    from geoplantnet_plugin.engine.tiles.plan import plan_tiles, tile_size
    from geoplantnet_plugin.engine.tiles.result import TileResult
    from geoplantnet_plugin.engine.tiles.run import run_tiles
    from geoplantnet_plugin.engine.tiles.whole import write_whole

    planned = plan_tiles(asked.assessment(), tile_size(asked.tiles), reporter)
    run_tiles(planned, max(1, asked.workers), asked.scheduler, reporter)
    results = [TileResult.read(tile.job.out) for tile in planned if tile.job.out.is_dir()]
    if not results:
        return {"out": str(asked.out), "tiles": 0, "text": render("map_empty", {})}
    layers = write_mosaic(asked.out, results)
    write_whole(asked, results, reporter)
    catalogue = write_catalogue(asked.out, asked.out.name, results)
    cells = sum(result.document["coverage"]["cells"] for result in results)
    told = {"tiles": len(results), "cells": cells, "layers": len(layers), "out": asked.out}
    return {"out": str(asked.out), "tiles": len(results), "cells": cells, "layers": layers,
            "catalogue": str(catalogue.relative_to(asked.out)), "text": render("map_done", told)}


def _read(document: Document) -> MapJob:
    return _joined(document, assess.read_job)


def _read_typed(given: Document) -> MapJob:
    return _joined(given, assess.read_typed)


def _joined(document: Document, read: Any) -> MapJob:
    own = {field.name: document[field.name] for field in fields(Tiling) if field.name in document}
    job = read({name: value for name, value in document.items() if name not in own})
    return MapJob(**{field.name: getattr(job, field.name) for field in fields(AssessJob)},
                  **asdict(from_document(Tiling, own)))


COMMANDS = (
    Command(map_area, MapJob, "map", "assess a large area tile by tile, in several processes or on a cluster", (
        typed("tiles", "side of a tile (default 25km)", metavar="SIZE"),
        typed("workers", "processes on this computer (default 1)"),
        typed("scheduler", "a Dask cluster that sees the same files, instead of processes here", metavar="tcp://…"),
        *assess.COMMANDS[0].arguments), job="map", read=_read, read_typed=_read_typed),
)
