"""In what two assessments were made differently, and what of them can still be compared."""

from __future__ import annotations

from collections.abc import Iterator

from ..i18n import tr
from .difference import check_grids
from .manifest import Assessment
from .problem import LayerProblem


def apart(first: Assessment, second: Assessment) -> str:
    """Return a line for each difference, then both folders in full; blank where there is none."""
    lines = list(_differences(first, second))
    if not lines:
        return ""
    return "\n".join([tr("Made differently:"), *(f"• {line}" for line in lines),
                      tr("Here: {folder}").format(folder=first.folder),
                      tr("There: {folder}").format(folder=second.folder)])


def _differences(first: Assessment, second: Assessment) -> Iterator[str]:
    if _model(first) != _model(second):
        yield tr("Model: {first} here, {second} there. Ranks and the species that both know can be compared; scores, "
                 "sets and richness cannot.").format(first=_model_text(first, second),
                                                     second=_model_text(second, first))
    if first.scale != second.scale:
        yield tr("Scale of scores: {first} here, {second} there. Only the order of species can be compared.").format(
            first=first.scale, second=second.scale)
    if first.effort != second.effort:
        yield tr("Effort: {first} here, {second} there. The order of species can be compared; chances cannot, they "
                 "rise with the effort.").format(first=_effort(first), second=_effort(second))
    if first.rule != second.rule:
        yield tr("Set rule: “{first}” here, “{second}” there. Scores and expected shares can be compared; sets, "
                 "coverage and richness differ because of the rule.").format(first=first.rule, second=second.rule)
    try:
        check_grids(first, second)
    except LayerProblem as problem:
        yield tr("{problem} The areas can still be compared as tables: shares with their intervals, means of "
                 "indicators.").format(problem=problem)


def _model(assessment: Assessment) -> tuple[str, str, str]:
    return assessment.source_title, assessment.source_version, assessment.source_digest


def _model_text(assessment: Assessment, other: Assessment) -> str:
    """Return title and version; the digest too where nothing else tells the two apart."""
    text = f"{assessment.source_title} {assessment.source_version}".strip()
    same = _model(assessment)[:2] == _model(other)[:2]
    return f"{text} ({assessment.source_digest[:19]})" if same else text


def _effort(assessment: Assessment) -> str:
    return tr("not stated") if assessment.effort is None else f"{assessment.effort:g}"
