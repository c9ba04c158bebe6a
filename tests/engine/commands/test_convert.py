"""Every field of every job refuses what is of another type."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from geoplantnet_plugin.common import jobs
from geoplantnet_plugin.common.convert import from_document
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.table import jobs as commands

KINDS = [kind for kind in vars(jobs).values() if isinstance(kind, type) and is_dataclass(kind)
         and not issubclass(kind, jobs.AssessJob)]
RIGHT: dict[Any, Any] = {str: "text", bool: True, int: 3, float: 2.5, Path: "a/path"}
WRONG: dict[Any, tuple[Any, ...]] = {
    str: (3, True, ["a"], {}), bool: ("no", "yes", 1, 0, []), int: ("3", 2.5, True, []),
    float: ("fifty", True, float("nan"), float("inf"), []), Path: (3, "", [], True)}


def types_of(hint: Any) -> tuple[Any, bool]:
    """Return the type that a hint asks for, and whether as a list of such."""
    text = str(hint)
    inner = next(kind for kind in (bool, int, float, Path, str) if kind.__name__ in text)
    return inner, "tuple" in text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_field_takes_its_type_and_nothing_else(kind: type) -> None:
    hints = {field.name: types_of(get_type_hints(kind)[field.name]) for field in fields(kind)}
    good = {name: [RIGHT[inner]] if several else RIGHT[inner] for name, (inner, several) in hints.items()}
    made = from_document(kind, good)
    for name, (inner, several) in hints.items():
        expected = Path("a/path") if inner is Path else RIGHT[inner]
        assert getattr(made, name) == ((expected,) if several else expected)
        for value in WRONG[inner]:
            bad = [value] if several else value
            with pytest.raises(EngineError, match=name):
                from_document(kind, {**good, name: bad})
        if several:
            with pytest.raises(EngineError, match=f"{name} is 'a.tif', not a list"):
                from_document(kind, {**good, name: "a.tif"})


def test_what_is_missing_or_unknown_is_named() -> None:
    with pytest.raises(EngineError, match="missing: area, out"):
        from_document(jobs.FetchJob, {"model": "m"})
    with pytest.raises(EngineError, match="unknown: aera"):
        from_document(jobs.FetchJob, {"aera": "a", "area": "a", "out": "o"})


@pytest.mark.parametrize(("field", "value"), [
    ("resolution", "fifty"), ("predictors", "a.tif"), ("accept_terms", "no"), ("memory", "2GB"), ("area", 5),
    ("indicators", "all"), ("predictors", [1])])
def test_an_assessments_job_is_as_strict(field: str, value: object) -> None:
    kinds = {"model": jobs.ModelOptions, "geoplantnet": jobs.PublishedOptions}
    source = "geoplantnet" if field == "accept_terms" else "model"
    with pytest.raises(EngineError, match=field):
        jobs.assess_job({"area": "a", "out": "o", "source": source, field: value}, kinds)


@pytest.mark.parametrize(("field", "value"), [("workers", "four"), ("tiles", 25), ("scheduler", True), ("area", 5)])
def test_a_maps_job_is_as_strict(field: str, value: object) -> None:
    with pytest.raises(EngineError, match=field):
        commands()["map"].of_job({"area": "a", "out": "o", field: value}, Reporter())
