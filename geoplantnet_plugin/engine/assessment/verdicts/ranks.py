"""The verdicts on cells that are ranked within larger squares: ranks answer none of the questions by a number."""

from __future__ import annotations

from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.ranked import ranked_rows
from geoplantnet_plugin.engine.assessment.verdicts.entries import VerdictEntry, sentence
from geoplantnet_plugin.engine.survey.listing import HERE


def ranks_verdicts(folder: AssessmentFolder) -> list[VerdictEntry]:
    """Return the five verdicts."""
    rows = ranked_rows(folder)
    species = [sentence("ranks_species", count=len(rows), here=sum(row.recorded == HERE for row in rows)),
               sentence("survey_absent")]
    listed = [sentence("ranks_listed", count=sum(bool(row.reasons) for row in rows))]
    return [VerdictEntry("species", True, species), _unanswered("habitat"),
            VerdictEntry("conservation", True, listed, remedy=[sentence("no_red_list")]), _unanswered("ecosystem"),
            _unanswered("threat")]


def _unanswered(id: str) -> VerdictEntry:
    return VerdictEntry(id, False, [sentence("ranks_unavailable")])
