"""The taxa whose cells are ranked within larger squares, as an assessment has them."""

from __future__ import annotations

from dataclasses import dataclass

from geoplantnet_plugin.common.assessment import RANKS_TABLE
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder


@dataclass(frozen=True)
class Ranked:
    """A taxon whose cells are ranked, as the GeoPackage has it."""

    band: int
    name: str
    family: str
    reasons: str
    endemic: str
    recorded: str

    @property
    def why(self) -> list[str]:
        """The kinds of status that make it worth looking for."""
        return self.reasons.split()


def ranked_rows(folder: AssessmentFolder) -> list[Ranked]:
    """Return the ranked taxa as the tables have them."""
    columns = ", ".join(Ranked.__dataclass_fields__)
    with folder.tables() as connection:
        query = f"SELECT {columns} FROM {RANKS_TABLE} ORDER BY band"  # nosec B608
        return [Ranked(*row) for row in connection.execute(query)]
