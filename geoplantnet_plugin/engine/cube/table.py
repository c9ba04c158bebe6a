"""The plan as a table for people."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from geoplantnet_plugin.engine.base.columns import aligned
from geoplantnet_plugin.engine.cube.plan import Binding, CubePlan

HEADER = ("predictor", "source", "band", "CRS", "resolution", "resampling", "unit", "coverage", "file date", "bound by")


def table(plan: CubePlan) -> str:
    """Return the plan as aligned text, one line a predictor; a series is one line with its number of steps."""
    rows = [HEADER, *(_row(list(steps)) for _, steps in groupby(plan.bindings, lambda entry: entry.predictor))]
    return "\n".join([*aligned(rows), "", f"Effective resolution: {plan.effective_resolution:g} m"])


def _row(steps: list[Binding]) -> tuple[str, ...]:
    name = steps[0].predictor + (f" × {len(steps)}" if steps[0].step else "")
    coverage = min(step.coverage for step in steps)
    return (name, _span(Path(step.band.path).name for step in steps), _span(str(step.band.index) for step in steps),
            _span(_crs_name(step.crs) for step in steps), f"{max(step.resolution for step in steps):g} m",
            _span(step.resampling for step in steps), steps[0].unit or "–", f"{coverage:.1f} %",
            _span(sorted(step.band.modified for step in steps)), _span(step.how for step in steps))


def _span(values: Iterable[str]) -> str:
    """First and last of what differs."""
    different = list(dict.fromkeys(values))
    return different[0] if len(different) == 1 else f"{different[0]} … {different[-1]}"


def _crs_name(crs: str) -> str:
    from pyproj import CRS

    return crs if ":" in crs and len(crs) < 20 else str(CRS.from_user_input(crs).name)
