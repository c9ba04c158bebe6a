"""In what two assessments of the project were made differently, and what of them can still be compared."""

from __future__ import annotations

from ..common.apart import Made, differences
from ..i18n import language
from .manifest import Assessment


def apart(first: Assessment, second: Assessment) -> str:
    """Return a line for each difference, then both folders in full; blank where there is none."""
    return "\n".join(message.text(language()) for message in differences(made(first), made(second)))


def made(assessment: Assessment) -> Made:
    """Return how an assessment was made."""
    return Made(str(assessment.folder), f"{assessment.source_title} {assessment.source_version}".strip(),
                assessment.source_digest, assessment.scale, assessment.effort, assessment.rule, assessment.crs,
                assessment.resolution, assessment.grid.left, assessment.grid.top)
