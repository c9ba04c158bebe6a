"""The five questions for cells that are ranked within larger squares: what a rank is, and what is not said."""

from __future__ import annotations

from collections.abc import Sequence

from geoplantnet_plugin.common.verdicts import Verdict
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.ranked import ranked_rows
from geoplantnet_plugin.engine.assessment.report.model import Section, Table
from geoplantnet_plugin.engine.assessment.report.section import section
from geoplantnet_plugin.engine.assessment.report.survey import why
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.survey.listing import HERE


def ranks_sections(folder: AssessmentFolder, text: Texts, verdicts: Sequence[Verdict]) -> list[Section]:
    """Return the five sections: of each, that ranks do not answer it, or what they do tell."""
    known = [text("ranks_meaning"), text("ranks_resolution", effective=_km(
        folder.document["grid"]["effective_resolution"]))]
    return [section(text, verdict, known if verdict.id == "species" else [], [], None, "", [text("ranks_untested")],
                    f"pool_{verdict.id}_check") for verdict in verdicts]


def ranked_table(folder: AssessmentFolder, text: Texts) -> Table:
    """Return the ranked taxa in the order of the raster's bands."""
    rows = ranked_rows(folder)
    where = {HERE: text("survey_recorded_here")}
    header = [text(f"survey_column_{name}") for name in ("name", "family", "why", "recorded")]
    return Table(text("ranks_table", count=len(rows)), [text("column_band"), *header],
                 [[str(row.band), row.name, row.family, why(row, text),
                   where.get(row.recorded, text("survey_recorded_near"))] for row in rows],
                 (8, 34, 25, 30, 25), frozenset((0,)), frozenset((1,)), folded=True)


def _km(metres: float) -> str:
    return f"{metres / 1000:g}"
