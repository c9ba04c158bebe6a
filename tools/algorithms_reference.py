"""Writes docs/reference/algorithms.md from the algorithms themselves. Run it with the Python of QGIS."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "algorithms.md"

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(ROOT))

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingDestinationParameter,
    QgsProcessingParameterDefinition,
)
from qgis.PyQt.QtCore import QLocale  # noqa: E402

HEAD = """# Algorithms

All are in the Processing toolbox under *GeoPl@ntNet*, in the model designer, in `qgis_process` and in Python
(`processing.run("geoplantnet:…", {…})`). This page is made from the code by `make docs`.
"""


def main() -> int:
    """Write the page, in English whatever the language of the machine."""
    application = QgsApplication([], False)
    QgsApplication.setLocale(QLocale("en"))
    application.initQgis()
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is up to date")
    return 0


def page() -> str:
    """Return the page; QGIS must be running."""
    from geoplantnet_plugin.bridge.settings import data_folder
    from geoplantnet_plugin.processing.provider import Provider

    provider = Provider()
    provider.refreshAlgorithms()
    sections = [_section(algorithm) for algorithm in sorted(provider.algorithms(), key=lambda entry: entry.name())]
    return "\n".join([HEAD, *sections]).replace(str(data_folder()), "PROFILE/geoplantnet")


def _section(algorithm: QgsProcessingAlgorithm) -> str:
    rows = [_row(parameter) for parameter in algorithm.parameterDefinitions()]
    outputs = [f"| `{output.name()}` | {_cell(output.description())} |" for output in algorithm.outputDefinitions()]
    return "\n".join([
        f"## {algorithm.displayName()}", "", f"`geoplantnet:{algorithm.name()}`", "",
        algorithm.shortHelpString(), "",
        "| parameter | what it is | |", "|---|---|---|", *rows, "",
        *(["| output | |", "|---|---|", *outputs, ""] if outputs else [])])


def _row(parameter: QgsProcessingParameterDefinition) -> str:
    flags = parameter.flags()
    kinds = QgsProcessingParameterDefinition.Flag
    notes = [text for text, given in (
        ("optional", flags & kinds.FlagOptional and not isinstance(parameter, QgsProcessingDestinationParameter)),
        ("advanced", flags & kinds.FlagAdvanced)) if given]
    default = parameter.defaultValue()
    if default not in (None, "", []):
        notes.append(f"default `{default}`")
    return (f"| `{parameter.name()}` | **{_cell(parameter.description())}** {_cell(parameter.help())} "
            f"| {', '.join(notes)} |")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main())
