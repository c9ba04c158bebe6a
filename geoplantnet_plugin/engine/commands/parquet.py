"""The command ``geoplantnet parquet`` and the job of the same name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Command, Result, placed


@dataclass(frozen=True)
class ParquetRequest:
    """The cells of the assessment in `folder` into the file `out`; of a map each tile into one in the folder `out`."""

    folder: Path
    out: Path


def _write(asked: ParquetRequest, reporter: Reporter) -> Result:
    from geoplantnet_plugin.engine.assessment.geoparquet import write_geoparquet
    from geoplantnet_plugin.engine.tiles.result import tiles_of

    tiles = tiles_of(asked.folder)
    wanted = [(tile, asked.out / f"{tile.name}.parquet") for tile in tiles] or [(asked.folder, asked.out)]
    cells = 0
    for done, (folder, file) in enumerate(wanted, 1):
        file.parent.mkdir(parents=True, exist_ok=True)
        cells += write_geoparquet(folder, file)
        reporter.progress("tables", done, len(wanted))
        reporter.checkpoint()
    told = {"out": asked.out, "files": len(wanted), "cells": cells}
    return {"out": str(asked.out), "files": len(wanted), "cells": cells, "text": render("parquet_done", told)}


COMMANDS = (
    Command(_write, ParquetRequest, "parquet", "the cells of an assessment or a map as GeoParquet, for analyses", (
        placed("folder", "folder of a finished assessment, or of a map of tiles", metavar="DIR"),
        placed("out", "file to write; for a map a folder with a file for each tile", metavar="OUT")), job="parquet",
            opens="folder"),
)
