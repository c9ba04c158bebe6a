"""Where a site without a map of scores lies: its outline and the square of its list on the relief around it."""

from __future__ import annotations

from pathlib import Path

from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.map import MapText, draw_map
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.cube.base_cube import CUBES

RELIEF, BAND = CUBES / "europe" / "terrain.tif", "altitude_mean"
SQUARES_AROUND = 15
"""So many squares of the list's side are shown on each side of the site's."""
RAMP = "YlOrBr"
"""Its lightest colour is not the sea's white."""
STEPS = 10
"""Of the relief in a square: it is smoothed, since nothing is read off it but where the site lies."""


def site_map(folder: AssessmentFolder, out: Path, text: Texts) -> str:
    """Draw the surroundings of a site at `out` and return what the picture shows; blank where the relief is unknown."""
    from shapely.geometry import box

    grid = folder.grid
    side = grid.resolution
    square = box(grid.left, grid.top - side, grid.left + side, grid.top)
    highest = _relief(folder, square.buffer(SQUARES_AROUND * side, join_style="mitre").bounds, side / STEPS,
                      out.with_suffix(".tif"))
    if highest is None:
        return ""
    shown = text("site_map", side=f"{side / 1000:g}")
    words = MapText(shown, text("site_map_unit"), [text("site_map_source")], bool(folder.document["simulated"]),
                    text.language, closing="report_site_map_closing", ramp=RAMP)
    draw_map(out.with_suffix(".tif"), square, out, words, (0.0, highest), part=folder.area)
    return shown


def _relief(folder: AssessmentFolder, bounds: tuple[float, float, float, float], resolution: float, out: Path
            ) -> float | None:
    """Write the altitudes within `bounds` (grid CRS) to `out`; return the highest, None where none is known."""
    import numpy as np
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.transform import from_origin
    from rasterio.vrt import WarpedVRT

    left, bottom, right, top = bounds
    placed = {"crs": folder.document["grid"]["crs"], "transform": from_origin(left, top, resolution, resolution),
              "height": round((top - bottom) / resolution), "width": round((right - left) / resolution)}
    with rasterio.open(RELIEF) as source, WarpedVRT(source, resampling=Resampling.cubic, **placed) as warped:
        values = warped.read(source.descriptions.index(BAND) + 1, masked=True).astype(np.float32)
    if values.count() == 0:
        return None
    with rasterio.open(out, "w", driver="GTiff", count=1, dtype="float32", nodata=np.nan, **placed) as file:
        file.write(values.filled(np.nan), 1)
    return float(values.max())
