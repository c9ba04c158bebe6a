"""What algorithms that ask the Pl@ntNet API share: the key, one question, a table of the answer, the quota."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsFeature,
    QgsFeatureSink,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterString,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..bridge.key import key_environment
from ..common.jobs import FloraJob
from ..i18n import language, tr
from .base import Values
from .site import SiteAlgorithm

TEXT, NUMBER, WHOLE = "string", "double", "int8"
"""Types of columns as the provider of memory layers names them: the same in Qt 5 and 6."""


class PlantNetAlgorithm(SiteAlgorithm):
    """Asks `ASK`; subclasses give the columns and the rows of the table."""

    ASK = ""
    COLUMNS: Sequence[tuple[str, str]] = ()

    API_URL = "API_URL"
    OUTPUT = "OUTPUT"
    COUNT = "COUNT"
    QUOTA = "QUOTA"

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare the area that is asked about, and outputs."""
        self._add_area()
        self._add_service()

    def _add_service(self) -> None:
        self.add(QgsProcessingParameterString(self.API_URL, tr("Address of the Pl@ntNet API"), optional=True),
                 tr("Blank: Pl@ntNet's own."), advanced=True)
        self.add(QgsProcessingParameterFeatureSink(self.OUTPUT, self.title(), QgsProcessing.SourceType.TypeVector),
                 tr("A table without shapes."))
        self.addOutput(QgsProcessingOutputNumber(self.COUNT, tr("Number of rows")))
        self.addOutput(QgsProcessingOutputNumber(self.QUOTA, tr("Identifications left today")))

    def prepareAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> bool:
        """Take the key on the main thread: QGIS may ask for the master password of its store."""
        self._key = key_environment()
        return super().prepareAlgorithm(parameters, context, feedback)

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Ask, write the table, tell the quota."""
        with tempfile.TemporaryDirectory(prefix="geoplantnet-") as temporary:
            answer = self._ask(self._question(parameters, context, Path(temporary)), feedback)
        if answer is None:
            return {}
        quota = self._ask(FloraJob("quota", api_url=self._url(parameters, context)), feedback)
        if quota is None:
            return {}
        rest = quota["quota"]["remaining"]
        rows = list(self._rows(answer))
        output = self._write(rows, parameters, context)
        feedback.pushInfo(tr("{count} rows, by {source}, an unofficial use without endorsement.").format(
            count=len(rows), source=answer.get("attribution") or "Pl@ntNet"))
        if rest is not None:
            feedback.pushInfo(tr("Pl@ntNet quota: {count} identifications left today.").format(count=rest))
        return {self.OUTPUT: output, self.COUNT: len(rows), self.QUOTA: rest}

    def _question(self, parameters: Values, context: QgsProcessingContext, folder: Path) -> FloraJob:
        area = self._area_file(parameters, context, folder)
        return FloraJob(self.ASK, str(area), language=language(), api_url=self._url(parameters, context))

    def _rows(self, answer: dict[str, Any]) -> Iterator[list[Any]]:
        """Yield the rows of the table, values in the order of `COLUMNS`."""
        raise NotImplementedError

    def _url(self, parameters: Values, context: QgsProcessingContext) -> str | None:
        return self.parameterAsString(parameters, self.API_URL, context).strip() or None

    def _ask(self, job: FloraJob, feedback: QgsProcessingFeedback) -> Values | None:
        return self.run_engine("flora", job, feedback, self._key)

    def _write(self, rows: list[list[Any]], parameters: Values, context: QgsProcessingContext) -> str:
        columns = "&".join(f"field={name}:{kind}" for name, kind in self.COLUMNS)
        fields = QgsVectorLayer(f"None?{columns}", "", "memory").fields()
        sink, identifier = self.parameterAsSink(parameters, self.OUTPUT, context, fields,
                                                QgsWkbTypes.Type.NoGeometry)
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, self.OUTPUT))
        for row in rows:
            feature = QgsFeature(fields)
            feature.setAttributes(row)
            sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        return identifier


def joined(names: Sequence[str]) -> str:
    """Return names as one text."""
    return ", ".join(names)
