"""The output folder: used by one job at a time, resumed only by the job that began it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geoplantnet_plugin.common.assessment import (
    ALL_SCORES,
    AREAS,
    COMPLETE,
    COVERAGE,
    COVERAGE_BY_AREA,
    INDICATORS,
    MANIFEST,
    MAP,
    QUALITY,
    SPECIES,
    SURVEY_LIST,
    TABLES,
)
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.assessment.manifest import read_document
from geoplantnet_plugin.engine.assessment.parts import remove_parts
from geoplantnet_plugin.engine.base.holding import held, is_own

PARTS = "parts"
LAYER_SUFFIXES = (".tif", ".qml", ".tif.aux.xml")
OUTPUTS = (SPECIES, str(Path(SPECIES).with_suffix(".qml")), ALL_SCORES, TABLES, COVERAGE, AREAS, COVERAGE_BY_AREA,
           SURVEY_LIST, MAP)
"""Files that are made from parts."""


@contextmanager
def output_folder(out: Path, digest: str) -> Iterator[Path]:
    """Hold `out` for the job with `digest` (what its scores depend on) while it runs.

    A folder with an unfinished assessment of the same job is continued.

    Raises:
        EngineError: another process uses the folder, or it holds something else.
    """
    with held(out, out):
        _check(out, digest)
        yield out


def _check(out: Path, digest: str) -> None:
    if not (out / MANIFEST).exists():
        if any(not is_own(path.name) for path in out.iterdir()):
            raise EngineError("out_not_empty", out=out)
        return
    document = read_document(out)
    same = document.get("job", {}).get("digest") == digest
    if document.get("state") == COMPLETE:
        if same:
            remove_parts(out / PARTS)  # which a job that was killed at its very end has left
        raise EngineError("out_complete", out=out)
    if not same:
        raise EngineError("out_other_job", out=out)
    _remove_outputs(out)


def own_files(out: Path) -> list[Path]:
    """Return the files that an assessment consists of, but the manifest: a person's own beside them are none."""
    layers = [path for folder in (INDICATORS, QUALITY) for suffix in LAYER_SUFFIXES
              for path in (out / folder).glob(f"*{suffix}")]
    return sorted(path for path in (*(out / name for name in OUTPUTS), *layers) if path.is_file())


def _remove_outputs(out: Path) -> None:
    """Remove what an unfinished assessment has written from its parts: other options may not write all of it again."""
    for path in own_files(out):
        path.unlink()
