"""What a person says of a site for its survey list: habitats that are there, when species show, an elevation model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.survey.flora import HABITATS
from geoplantnet_plugin.engine.taxa.match import Matcher
from geoplantnet_plugin.engine.taxa.read import read_rows
from geoplantnet_plugin.engine.taxa.table import TaxaTable
from geoplantnet_plugin.engine.where.area import Area

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

MONTHS_COLUMN = "months"
FIRST = 5
"""So many of the names that were not found are told."""


def checked_habitats(names: Sequence[str]) -> tuple[str, ...]:
    """Return the habitats in their usual order, each once.

    Raises:
        EngineError: there is no such habitat.
    """
    if unknown := sorted(set(names) - set(HABITATS)):
        raise EngineError("present_unknown", habitats=unknown, known=list(HABITATS))
    return tuple(habitat for habitat in HABITATS if habitat in names)


def read_months(path: Path, taxa: TaxaTable, reporter: Reporter) -> dict[int, str]:
    """Return what a table (a column of names and one called ``months``) says of the taxa, by position.

    Names that are none of the taxa are told.

    Raises:
        EngineError: it cannot be read, or none of its names is one of the taxa.
    """
    matcher, found, strangers = Matcher(taxa), {}, []
    for row in read_rows(path, MONTHS_COLUMN, reporter, value_column=MONTHS_COLUMN):
        own = [match.taxon for match in matcher.find(row.name, row.accepted_name, row.gbif_id)
               if match.taxon is not None and match.how.carries]
        found.update(dict.fromkeys(own, row.value))
        strangers += [] if own else [row.name]
    if not found:
        raise EngineError("months_no_match", path=path)
    if strangers:
        reporter.warning("months_some_unknown", path=path, count=len(strangers), names=strangers[:FIRST])
    return found


def altitude_of(raster: str, area: Area) -> tuple[float, float]:
    """Return the lowest and the highest value (metres) of an elevation model on the area, pixels that it touches.

    Raises:
        EngineError: the raster cannot be read, has no CRS, or no value there.
    """
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(raster) as dataset:
            if dataset.crs is None:
                raise EngineError("cube_no_crs", predictor=Path(raster).name, file=raster)
            return _range(dataset, area)
    except (RasterioError, ValueError) as error:  # ValueError: the area does not overlap the raster
        raise EngineError("elevation_unusable", file=raster) from error


def _range(dataset: DatasetReader, area: Area) -> tuple[float, float]:
    from rasterio.mask import mask

    shapes = area.polygons.to_crs(dataset.crs).geometry
    values, _ = mask(dataset, shapes, crop=True, all_touched=True, indexes=1, filled=False)
    values = values.compressed()
    values = values[np.isfinite(values)]
    if not values.size:
        raise ValueError("no value")
    return float(values.min()), float(values.max())
