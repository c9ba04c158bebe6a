"""Keeps what the panel has run in the Processing history, from where it can be run again.

QGIS's own way (`asPythonCommand`, `asMap`) opens every raster of a list, on the window's thread: here lists are
written as they are.
"""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingUtils


def remember(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
    """Add a run to the Processing history."""
    from qgis.gui import QgsGui

    command = python_command(algorithm, parameters, context)
    if hasattr(QgsGui, "historyProviderRegistry"):
        lists = {name: value for name, value in parameters.items() if isinstance(value, list)}
        as_map = algorithm.asMap({name: parameters[name] for name in parameters.keys() - lists.keys()}, context)
        QgsGui.historyProviderRegistry().addEntry("processing", {
            "python_command": command, "algorithm_id": algorithm.id(),
            "parameters": {**as_map, "inputs": {**as_map["inputs"], **lists}}})
    else:  # QGIS 3.22
        from processing.core.ProcessingLog import ProcessingLog

        ProcessingLog.addToLog(command)


def python_command(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
    """Return the call of ``processing.run`` that does the same."""
    literals = []
    for definition in algorithm.parameterDefinitions():
        if definition.name() in parameters:
            value = parameters[definition.name()]
            text = QgsProcessingUtils.variantToPythonLiteral(value) if isinstance(value, list) else (
                definition.valueAsPythonString(value, context))
            literals.append(f"'{definition.name()}':{text}")
    return f"processing.run(\"{algorithm.id()}\", {{{','.join(literals)}}})"
