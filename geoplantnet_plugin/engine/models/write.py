"""Writing a model package: whole and checked, or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.holding import new_folder
from geoplantnet_plugin.engine.models.card import CARD_SCHEMA
from geoplantnet_plugin.engine.models.check import Finding, check_folder
from geoplantnet_plugin.engine.models.package import CARD, GRAPH, TAXA, ModelPackage, checksum, read_package
from geoplantnet_plugin.engine.taxa.table import TAXON_COLUMNS


def write_package(target: Path, card: Mapping[str, Any], graph: bytes,
                  taxa: Iterable[Mapping[str, str]]) -> tuple[ModelPackage, list[Finding]]:
    """Write a package to the new folder `target` and return it with what is weak about it.

    `card` is the card's JSON without ``schema`` and ``checksums``; `taxa` are rows of ``taxa.csv``. Raises
    `EngineError` when the folder exists or the package is not in order; then nothing is left behind.
    """
    if target.exists():
        raise EngineError("model_exists", folder=target)
    with new_folder(target) as folder:
        (folder / GRAPH).write_bytes(graph)
        write_taxa(folder / TAXA, taxa)
        sums = {file: checksum(folder / file) for file in (GRAPH, TAXA)}
        document = {"schema": CARD_SCHEMA, **card, "checksums": sums}
        text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
        (folder / CARD).write_text(text + "\n", encoding="utf-8")
        weak = refuse_errors(check_folder(folder))
    return read_package(target), weak


def write_taxa(path: Path, taxa: Iterable[Mapping[str, str]]) -> None:
    """Write a ``taxa.csv``; columns that a row lacks stay blank, which means unknown."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, TAXON_COLUMNS, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(taxa)


def refuse_errors(findings: list[Finding]) -> list[Finding]:
    """Return the warnings among `findings`; raise the first error."""
    for finding in findings:
        if finding.severity == "error":
            raise EngineError(finding.code, **finding.params)
    return findings
