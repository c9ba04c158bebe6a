"""The map of an indicator on paper: raster, area, legend, scale bar, north, and what the numbers are."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.messages import in_language, render
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.indicators.base import IndicatorClass

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from shapely.geometry.base import BaseGeometry

MOST_PIXELS = 1600
"""Longest side of what is read of the raster: more would not show."""

RAMP = "YlGnBu"
"""Of scores and indicators. Its lightness falls from low to high, so that the map reads in black and white too."""

WIDTH_INCHES, DPI = 8.0, 150
PART_COLOUR = "#d81e05"
NOTE_CHARACTERS, LABEL_CHARACTERS = 140, 22
"""Where lines below the map and in the legend of classes break."""


@dataclass(frozen=True)
class MapText:
    """What is written on a map: `notes` are the lines below it (set rule, source, resolution).

    `closing` is the code of the last line, `ramp` Matplotlib's name of the colours.
    """

    title: str
    unit: str
    notes: Sequence[str] = ()
    simulated: bool = False
    language: str = "en"
    closing: str = "map_predicted"
    ramp: str = RAMP


def draw_map(raster: Path, area: BaseGeometry, out: Path, text: MapText, bounds: tuple[float, float],
             classes: Sequence[IndicatorClass] = (), part: BaseGeometry | None = None) -> None:
    """Draw the first band of `raster` as a PNG at `out`.

    `area` is in the raster's CRS (projected, metres); `bounds` are the fixed ends of the colour ramp.
    With `classes` the raster's values are classes and the legend names those that occur. A `part` is outlined. A map
    whose cells all have one value says so.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    values, extent = _read(raster)
    if _is_constant(values):
        text = replace(text, notes=(render("map_constant", {}, text.language), *text.notes))
    figure = _frame(extent, text)
    axes = figure.axes[0]
    if classes:
        _draw_classes(axes, values, extent, classes, text.language)
    else:
        _draw_ramp(axes, values, extent, bounds, text)
    _outline(axes, area)
    if part is not None:
        _outline(axes, part, PART_COLOUR, 2.0)
    _scale_bar(axes, extent)
    _north(axes)
    with writing(out) as temporary:
        FigureCanvasAgg(figure)
        figure.savefig(temporary, dpi=DPI, metadata={"Software": None, "Description": text.title})


def varies(raster: Path) -> bool:
    """Return whether the first band of `raster` has more than one value."""
    return not _is_constant(_read(raster)[0])


def _is_constant(values: NDArray[Any]) -> bool:
    known = np.ma.compressed(values)
    return bool(known.size == 0 or known.min() == known.max())


def _read(raster: Path) -> tuple[NDArray[Any], tuple[float, float, float, float]]:
    """Return the values, masked where nodata, and left, right, bottom, top."""
    import rasterio

    with rasterio.open(raster) as dataset:
        factor = max(1.0, max(dataset.shape) / MOST_PIXELS)
        shape = tuple(max(1, round(side / factor)) for side in dataset.shape)
        values = np.ma.masked_invalid(dataset.read(1, out_shape=shape, masked=True))
        left, bottom, right, top = dataset.bounds
    return values, (left, right, bottom, top)


def _frame(extent: tuple[float, float, float, float], text: MapText) -> Figure:
    from matplotlib.figure import Figure

    left, right, bottom, top = extent
    height = np.clip(WIDTH_INCHES * 0.74 * (top - bottom) / (right - left), 3.0, 10.0)
    notes = [*text.notes, render(text.closing, {}, text.language)]
    lines = [line for note in notes for line in textwrap.wrap(note, NOTE_CHARACTERS)]
    head, foot = 0.5 + 0.35 * text.simulated, 0.25 + 0.19 * len(lines)
    total = head + height + foot
    figure = Figure(figsize=(WIDTH_INCHES, total), facecolor="white")
    figure.text(0.03, 1 - 0.14 / total, text.title, fontsize=14, fontweight="bold", va="top")
    figure.text(0.03, 0.1 / total, "\n".join(lines), fontsize=7.5, va="bottom", linespacing=1.3)
    if text.simulated:
        figure.text(0.03, 1 - 0.5 / total, render("map_simulated", {}, text.language), fontsize=10,
                    fontweight="bold", va="top", color="white", backgroundcolor="#b00020")
    axes = figure.add_axes((0.03, foot / total, 0.76, height / total))
    axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal", xticks=[], yticks=[])
    axes.margins(0.02)
    return figure


def _draw_ramp(axes: Axes, values: NDArray[Any], extent: tuple[float, float, float, float],
               bounds: tuple[float, float], text: MapText) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.ticker import MaxNLocator

    low, high = bounds
    colours = ScalarMappable(Normalize(low, high), text.ramp)
    # As bytes: Matplotlib would take a hundred megabytes more to place values, and colour them then.
    axes.imshow(colours.to_rgba(values, bytes=True), extent=extent, interpolation="nearest")
    under, over = bool((values < low).any()), bool((values > high).any())
    extend = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}
    known = np.ma.compressed(values)
    ticks = MaxNLocator(integer=True) if (known == np.round(known)).all() else None
    axes.figure.colorbar(colours, ticks=ticks, label=text.unit, extend=extend[under, over],
                         cax=axes.inset_axes((1.03, 0.1, 0.04, 0.8)))


def _draw_classes(axes: Axes, values: NDArray[Any], extent: tuple[float, float, float, float],
                  classes: Sequence[IndicatorClass], language: str) -> None:
    from matplotlib.colors import BoundaryNorm, ListedColormap
    from matplotlib.patches import Patch

    edges = [entry.value - 0.5 for entry in classes] + [classes[-1].value + 0.5]
    colours = [entry.colour for entry in classes]
    axes.imshow(values, extent=extent, cmap=ListedColormap(colours), norm=BoundaryNorm(edges, len(colours)),
                interpolation="nearest")
    present = set(np.unique(np.ma.compressed(values)).tolist())
    handles = [Patch(facecolor=entry.colour, edgecolor="black", linewidth=0.4,
                     label=textwrap.fill(in_language(entry.label(), language), LABEL_CHARACTERS))
               for entry in classes if entry.value in present]
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.0), fontsize=7.5, frameon=False)


def _outline(axes: Axes, area: BaseGeometry, colour: str = "black", width: float = 1.0) -> None:
    for polygon in getattr(area, "geoms", [area]):
        for ring in (polygon.exterior, *polygon.interiors):
            x, y = ring.xy
            axes.plot(x, y, color="white", linewidth=width + 1.4)
            axes.plot(x, y, color=colour, linewidth=width)


def _scale_bar(axes: Axes, extent: tuple[float, float, float, float]) -> None:
    left, right, bottom, top = extent
    length = round_length((right - left) / 4)
    x, y = left + 0.03 * (right - left), bottom + 0.035 * (top - bottom)
    for width, colour in ((6, "white"), (3, "black")):
        axes.plot((x, x + length), (y, y), color=colour, linewidth=width, solid_capstyle="butt")
    label = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.annotate(label, (x + length / 2, y), (0, 5), textcoords="offset points", ha="center", va="bottom",
                  fontsize=8, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.8})


def round_length(longest: float) -> float:
    """Return the longest 1, 2 or 5 × 10ⁿ that is at most `longest`."""
    power = 10.0 ** math.floor(math.log10(longest))
    return max(step * power for step in (1, 2, 5) if step * power <= longest * (1 + 1e-9))


def _north(axes: Axes) -> None:
    axes.annotate("N", (0.955, 0.985), (0.955, 0.90), xycoords="axes fraction", ha="center", va="center",
                  fontsize=10, fontweight="bold",
                  arrowprops={"arrowstyle": "-|>", "facecolor": "black", "linewidth": 1.5},
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.8})
