"""Which CRS a raster is taken to be in, and whether its pixels can be found at all."""

from __future__ import annotations

import math
from functools import lru_cache

from affine import Affine

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.sources import Band


def usable_crs(label: str, band: Band, predictor_crs: str | None) -> str:
    """Return the CRS of a band, `predictor_crs` where it has none or a local one.

    Raises:
        EngineError: ``cube_complex`` (its values are no single numbers), ``cube_not_georeferenced``, ``cube_no_crs``,
            ``cube_crs_unknown``, ``cube_crs_local``.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    told = {"predictor": label, "file": band.path}
    if band.dtype.startswith("complex"):
        raise EngineError("cube_complex", **told, band=band.index)
    transform = band.transform
    if transform == Affine.identity() or not all(map(math.isfinite, transform)) or not transform.determinant:
        raise EngineError("cube_not_georeferenced", **told)
    crs = band.crs or predictor_crs
    if crs is None:
        raise EngineError("cube_no_crs", **told)
    for known in (crs, predictor_crs):
        try:
            if known and _has_a_place(known):
                return known
        except CRSError as error:
            raise EngineError("cube_crs_unknown", **told, crs=known) from error
    raise EngineError("cube_crs_local", **told, crs=CRS.from_user_input(crs).name)


@lru_cache(maxsize=64)
def _has_a_place(crs: str) -> bool:
    """Whether coordinates in a CRS are places on earth; those of local ones, of sites and plans, are not.

    Looked up once for all bands that share it: it takes long.
    """
    from pyproj import CRS, Transformer
    from pyproj.exceptions import ProjError

    known = CRS.from_user_input(crs)  # its error says that there is no such CRS, and is a ProjError too
    try:
        Transformer.from_crs(known, "EPSG:4326", always_xy=True)
    except ProjError:
        return False
    return True
