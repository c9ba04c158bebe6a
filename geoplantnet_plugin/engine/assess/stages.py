"""What the stages of an assessment are expected to take, so that its progress runs evenly.

Measured on the two machines of benchmarks/RESULTS.md from the times of the events of whole runs. Another computer is
quicker or slower in all of them alike; the stage under way foretells its own end (`base.pace`).
"""

from __future__ import annotations

FIXED = {"prepare": 3.0, "maps": 0.0, "scores": 0.3, "indicators": 1.0, "quality": 0.3, "species": 0.5, "tables": 0.5,
         "all_scores": 0.0, "finish": 1.8}
"""Seconds whatever the area."""

PER_MILLION = {"scores": 60.0, "indicators": 30.0, "quality": 4.0, "species": 20.0, "tables": 30.0, "finish": 10.0}
"""Seconds more for a million cells."""


PER_MAP = 0.1
"""Seconds of one published map, from the net."""

PER_CELL_AGAIN = 3e-4
"""Seconds of a cell that is scored once more for all its scores."""

USUAL_CELLS = 50_000
"""What is expected as long as the area has not been read."""


def expected(cells: int = USUAL_CELLS, maps: int = 0, all_scores: bool = False) -> dict[str, float]:
    """Return the seconds of every stage, in their order, for so many cells and published maps; with a second pass."""
    seconds = {stage: fixed + PER_MILLION.get(stage, 0.0) * cells / 1e6 for stage, fixed in FIXED.items()}
    return {**seconds, "maps": PER_MAP * maps, "all_scores": all_scores * PER_CELL_AGAIN * cells}
