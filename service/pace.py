"""What a job will take: a line through what finished jobs of the same model and cube took here."""

from __future__ import annotations

from dataclasses import dataclass

from .database import Pool

JOBS = 50
"""The newest finished jobs that count."""


@dataclass(frozen=True)
class Pace:
    """What `jobs` finished jobs say of one of so many cells; `minutes` and `megabytes` are None before the first."""

    jobs: int
    minutes: float | None
    megabytes: float | None
    queued: int


def pace(pool: Pool, model: str, cube: str, cells: int) -> Pace:
    """Return what a job of so many cells would take, and how many jobs are before it."""
    with pool.connection() as connection:
        row = connection.execute(
            "SELECT count(*) AS n, regr_slope(seconds, cells) AS slope, regr_intercept(seconds, cells) AS start, "
            "percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS typical, sum(bytes) / sum(cells) AS bytes "
            "FROM (SELECT seconds, cells, bytes FROM service.job WHERE process = 'assess' AND status = 'successful' "
            "AND cells > 0 AND inputs->>'model' = %s AND inputs->>'cube' = %s ORDER BY finished DESC LIMIT %s) AS done",
            [model, cube, JOBS]).fetchone() or {}
        queued = connection.execute("SELECT count(*) AS n FROM service.job WHERE status = 'accepted'").fetchone() or {}
    if not row["n"]:
        return Pace(0, None, None, queued["n"])
    # Without jobs of different sizes, or with a line that falls, the typical job is all that is known.
    rising = row["slope"] is not None and row["slope"] > 0
    seconds = max(row["start"] + row["slope"] * cells, 1.0) if rising else row["typical"]
    return Pace(row["n"], round(seconds / 60, 2), round(float(row["bytes"]) * cells / 1e6, 2), queued["n"])
