"""The one table of score sources that ``geoplantnet:assess`` offers, in the order of its parameter SOURCE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsProcessingContext

from ..common.jobs import SourceOptions
from ..i18n import tr
from .base import Values
from .published import PublishedAlgorithm
from .service import ServiceAlgorithm
from .site import SiteAlgorithm


@dataclass(frozen=True)
class SourceKind:
    """A choice of “From what”: its title, what reads options and secrets, whether it needs predictors."""

    title: Callable[[], str]
    options: Callable[[Any, Values, QgsProcessingContext], SourceOptions]
    secrets: Callable[[Any, Values, QgsProcessingContext], dict[str, str]]
    needs_model: bool = False


SOURCE_KINDS = (
    SourceKind(lambda: tr("Local model"), SiteAlgorithm.model_options, lambda *_: {}, needs_model=True),
    SourceKind(lambda: tr("GeoPl@ntNet's published maps (unofficial client)"), PublishedAlgorithm.published_options,
               PublishedAlgorithm.published_secrets),
    SourceKind(lambda: tr("Service"), ServiceAlgorithm.service_options, ServiceAlgorithm.service_secrets),
)
