"""The verdicts on a site smaller than the square that a chance speaks of: what is known, what is not said."""

from __future__ import annotations

from collections.abc import Sequence

from geoplantnet_plugin.common.messages import Message
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report.survey import Row, headline, known_habitats, survey_rows
from geoplantnet_plugin.engine.assessment.verdicts.entries import FigureEntry, VerdictEntry, sentence
from geoplantnet_plugin.engine.assessment.verdicts.figures import MOST_NAMES, first_of, source_of
from geoplantnet_plugin.engine.survey.listing import CHARACTERISTIC, FIRST, FITS, HERE, MISFIT

MOST_LISTED = 8


def pool_verdicts(folder: AssessmentFolder) -> list[VerdictEntry]:
    """Return the five verdicts."""
    rows = survey_rows(folder)
    return [_species(folder, rows), _habitat(folder, rows), _conservation(folder, rows),
            VerdictEntry("ecosystem", False, [sentence("pool_unavailable", what=Message("report_pool_indices"))],
                         remedy=[sentence("pool_larger")]), _threat(folder, rows)]


def _species(folder: AssessmentFolder, rows: Sequence[Row]) -> VerdictEntry:
    counted = headline(rows)
    counts = {"all": len(counted), **{name: sum(row.grp == group for row in counted)
                                      for name, group in (("first", FIRST), ("characteristic", CHARACTERISTIC))},
              "here": sum(row.recorded == HERE for row in rows)}
    return VerdictEntry("species", True, [sentence("pool_species", **counts), sentence("survey_absent")],
                        [_count(name, count, folder) for name, count in counts.items()])


def _habitat(folder: AssessmentFolder, rows: Sequence[Row]) -> VerdictEntry:
    asked = [Message(f"report_survey_habitat_{habitat}") for habitat in known_habitats(folder)]
    if not asked:
        return VerdictEntry("habitat", False, [sentence("pool_no_habitats")])
    fits, misfits = (sum(row.tier == tier for row in rows) for tier in (FITS, MISFIT))
    return VerdictEntry("habitat", True, [sentence("pool_habitats", habitats=asked, fits=fits, misfits=misfits,
                                                   unknown=len(rows) - fits - misfits)],
                        [_count("fits", fits, folder), _count("misfits", misfits, folder)])


def _conservation(folder: AssessmentFolder, rows: Sequence[Row]) -> VerdictEntry:
    first = headline([row for row in rows if row.grp == FIRST])
    kinds = {kind: [row for row in first if kind in row.why] for kind in ("endemic", "eu_directive")}
    told = [sentence(f"pool_{kind}", count=len(found), here=sum(row.recorded == HERE for row in found),
                     names=_names(found, MOST_LISTED)) for kind, found in kinds.items()]
    return VerdictEntry("conservation", True, told, [_count(kind, len(found), folder) for kind, found in kinds.items()],
                        [sentence("no_red_list")])


def _threat(folder: AssessmentFolder, rows: Sequence[Row]) -> VerdictEntry:
    invasive = [row for row in rows if "invasive" in row.why]
    told = (sentence("pool_invasive", count=len(invasive), names=_names(invasive, MOST_NAMES)) if invasive
            else sentence("pool_no_invasive"))
    return VerdictEntry("threat", True, [told], [_count("invasive", len(invasive), folder)])


def _names(rows: Sequence[Row], most: int) -> Message | list[str] | str:
    return first_of([row.name for row in rows], most) or "–"


def _count(kind: str, count: int, folder: AssessmentFolder) -> FigureEntry:
    return FigureEntry.of(Message(f"report_figure_pool_{kind}"), count, "", *source_of(folder))
