"""The whole of an area's tiles as one assessment: its manifest, its coverage, its tables.

Cells stay in the tiles: the manifest's ``tiles`` say where each lies, for who asks for a cell or a part of the area.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.assessment import COVERAGE, MANIFEST, SPECIES, TABLES
from geoplantnet_plugin.common.jobs import AssessJob, as_document
from geoplantnet_plugin.engine.assessment.gpkg import append_table, timeless_gpkg
from geoplantnet_plugin.engine.assessment.manifest import ClassEntry, IndicatorEntry, SpeciesBand, SpeciesEntry
from geoplantnet_plugin.engine.assessment.styles import write_species_style, write_style
from geoplantnet_plugin.engine.assessment.tables import write_outline
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import write_csv, writing
from geoplantnet_plugin.engine.tiles.coverage import expected, lines, merged
from geoplantnet_plugin.engine.tiles.mosaic import species_of, virtual
from geoplantnet_plugin.engine.tiles.result import LAYERS, TileResult, mean
from geoplantnet_plugin.engine.where.area import Area, read_area

if TYPE_CHECKING:
    from pandas import DataFrame

KNOWN = ("taxa", "statuses", "lists")
"""Tables that are the same in every tile: what is known of the taxa of the score source."""


def write_whole(job: AssessJob, results: Sequence[TileResult], reporter: Reporter) -> None:
    """Write coverage, tables, styles and, last, the manifest of the whole into ``job.out``, where the rasters are.

    Raises:
        EngineError: the area cannot be read.
    """
    area = read_area(job.area, results[0].document["grid"]["crs"], reporter)
    write_csv(job.out / COVERAGE, *lines(results))
    _write_tables(job.out / TABLES, area, results)
    document = whole_document(job, area, results)
    for key in LAYERS:
        for entry in document[key]:
            write_style(job.out, _entry(entry))
    if document["species"]:
        bands = [SpeciesBand(**band) for band in document["species"]["bands"]]
        write_species_style(job.out, SpeciesEntry(**{**document["species"], "bands": bands}))
    with writing(job.out / MANIFEST) as path:
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False, default=str), encoding="utf-8")


def whole_document(job: AssessJob, area: Area, results: Sequence[TileResult]) -> dict[str, Any]:
    """Return the manifest: what tiles have in common is the first one's."""
    documents = [result.document for result in results]
    first, grid = documents[0], whole_grid(documents)
    return {
        **first, "title": f"{job.out.name} ({first['score_source']['title']})",
        "created": max(document["created"] for document in documents), "job": as_document(job), "grid": grid,
        "area": {"hectares": round(area.hectares, 2), "cells": _sum(documents, "area", "cells"), "file": TABLES,
                 "layer": "area"},
        **{key: _layers(documents, key) for key in LAYERS}, "species": _species(job.out, results),
        "all_scores": None, "coverage": _coverage(results), "survey": None, "verdicts": [],
        "blocks": {name: _sum(documents, "blocks", name) for name in first["blocks"]},
        "cell_states": {name: _sum(documents, "cell_states", name) for name in first["cell_states"]},
        "warnings": list({json.dumps(said): said for document in documents for said in document["warnings"]}.values()),
        "timings": {name: round(sum(document["timings"].get(name, 0) for document in documents), 3)
                    for name in first["timings"]},
        "checksums": {}, "tiles": [_tile(result, job.out) for result in results]}


def whole_grid(documents: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the grid that holds those of all tiles."""
    grids = [document["grid"] for document in documents]
    step = grids[0]["resolution"]
    left, top = min(grid["left"] for grid in grids), max(grid["top"] for grid in grids)
    right = max(grid["left"] + grid["width"] * step for grid in grids)
    bottom = min(grid["top"] - grid["height"] * step for grid in grids)
    return {**grids[0], "left": left, "top": top, "height": round((top - bottom) / step),
            "width": round((right - left) / step),
            "effective_resolution": max(grid["effective_resolution"] for grid in grids)}


def _tile(result: TileResult, out: Path) -> dict[str, Any]:
    grid = result.document["grid"]
    return {"folder": result.folder.relative_to(out).as_posix(), "cells": result.cells,
            **{name: grid[name] for name in ("left", "top", "height", "width")}}


def _sum(documents: Iterable[dict[str, Any]], key: str, name: str) -> int:
    return sum(document[key].get(name, 0) for document in documents)


def _layers(documents: Iterable[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """Return the layers that some tile has; the classes of one are those of all tiles."""
    found: dict[str, dict[str, Any]] = {}
    for document in documents:
        for entry in document[key] or ():
            known = found.setdefault(entry["id"], {**entry, "file": virtual(entry["file"])})
            classes = {item["value"]: item for item in (*known["classes"], *entry["classes"])}
            known["classes"] = [classes[value] for value in sorted(classes)]
    return list(found.values())


def _entry(entry: dict[str, Any]) -> IndicatorEntry:
    return IndicatorEntry(**{**entry, "classes": [ClassEntry(**item) for item in entry["classes"]]})


def _species(out: Path, results: Sequence[TileResult]) -> dict[str, Any] | None:
    """Describe the species' raster, None where there would be too many bands of too many tiles."""
    if not (out / virtual(SPECIES)).is_file():
        return None
    cells, taxa = sum(result.cells for result in results), merged(results)
    bands = [asdict(SpeciesBand(number, id, name, round(100 * taxa[id].cells / cells, 4) if id in taxa else 0.0))
             for number, (id, name) in enumerate(species_of(results).items(), 1)]
    return {**results[0].document["species"], "file": virtual(SPECIES), "bands": bands}


def _coverage(results: Sequence[TileResult]) -> dict[str, Any]:
    """Describe the coverage table; the bounds of the expected richness are merged as those of shares are."""
    cells, asked = sum(result.cells for result in results), _sum([one.document for one in results], "area", "cells")
    entries = [result.document["coverage"] for result in results]
    shares = {name: mean([entry[name] for entry in entries], results)
              for name in ("outside_domain_share", "edge_domain_share", "mean_richness")}
    richness = {name: mean([entry["richness"][name] for entry in entries], results)
                for name in ("expected", "low", "high")}
    return {"file": COVERAGE, "cells": cells, "area_cells": asked, "missing_share": 1 - cells / asked, **shares,
            "richness": richness}


def _write_tables(path: Path, area: Area, results: Sequence[TileResult]) -> None:
    from pyogrio import read_dataframe

    with timeless_gpkg(path) as temporary:
        write_outline(temporary, area)
        for table in KNOWN:
            append_table(read_dataframe(results[0].folder / TABLES, layer=table, read_geometry=False), temporary, table)
        append_table(_coverage_frame(results), temporary, "coverage")


def _coverage_frame(results: Sequence[TileResult]) -> DataFrame:
    from pandas import DataFrame

    cells, shares = sum(result.cells for result in results), expected(results)
    rows = [(id, taxon.name, *shares.get(id, (None, None, None)), taxon.cells, 100 * taxon.cells / cells,
             taxon.total / taxon.cells, taxon.highest) for id, taxon in merged(results).items()]
    columns = ["id", "name", "expected_share", "expected_low", "expected_high", "cells", "coverage", "mean_score",
               "max_score"]
    return DataFrame(rows, columns=columns)
