"""What the sections of a report share: how an indicator's estimate is written, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from geoplantnet_plugin.common.verdicts import Verdict
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report.coverage import bounds_text
from geoplantnet_plugin.engine.assessment.report.model import Section, Table
from geoplantnet_plugin.engine.assessment.report.texts import Texts, domain_sentence
from geoplantnet_plugin.engine.indicators.base import COUNTED
from geoplantnet_plugin.engine.indicators.share_interval import LEVEL

Draw = Callable[[str], "Path | None"]
"""Draws the map of an indicator, None where there is nothing to show."""

MOST_ROWS = 25


def expected(folder: AssessmentFolder, id: str, text: Texts, decimals: int) -> str:
    """Return the mean of the cells' estimates with the mean of their bounds, a dash where there are none."""
    middle, low, high = (folder.statistics(f"{id}_{layer}") for layer in COUNTED)
    if not (middle and low and high):
        return "–"
    return f"{text.number(middle.mean, decimals)}{bounds_text(low.mean, high.mean, text, decimals)}"


def sure(folder: AssessmentFolder, text: Texts, id: str) -> list[str]:
    """Return how sure an indicator is, in sentences."""
    sentences = [domain_sentence(folder, text)]
    middle, low, high = (folder.statistics(f"{id}_{layer}") for layer in COUNTED)
    sets = folder.statistics(id)
    if sets and sets.low == sets.high and not folder.layers[id].get("classes"):
        sentences.append(text("sure_constant", title=folder.title(id, text.language), value=sets.low))
    if middle and low and high and sets:
        sentences.append(text("sure_interval", title=folder.title(id, text.language), expected=middle.mean,
                              low=low.mean, high=high.mean, sets=sets.mean, percent=round(100 * LEVEL)))
    elif not folder.document.get("uncertainty"):
        sentences.append(text("sure_shares_only" if folder.expected else "sure_none"))
    return sentences


def section(text: Texts, verdict: Verdict, known: Sequence[str], tables: Sequence[Table], picture: Path | None,
            picture_text: str, how_sure: Sequence[str], check: str = "") -> Section:
    """Return the section on the question of `verdict`; `check` is the code of what to check in the field."""
    return Section(verdict.title, verdict.question, [*verdict.sentences, *verdict.remedy], known, tables, picture,
                   picture_text, how_sure, [text(check or f"{verdict.id}_check")])


def figures_table(verdicts: Sequence[Verdict], text: Texts) -> Table:
    """Return the figures behind the verdicts, each with its interval, its source and the day of which it speaks."""
    columns = ("question", "meaning", "score", "interval", "origin", "as_of")
    return Table(text("table_figures", percent=round(100 * LEVEL)), [text(f"column_{name}") for name in columns],
                 [[verdict.title, figure.meaning, figure.value, figure.interval or "–", figure.source, figure.as_of]
                  for verdict in verdicts for figure in verdict.figures],
                 (19, 37, 12, 14, 32, 16), frozenset((2, 3)))
