"""Rules of the house that a reader of one file cannot see broken."""

from __future__ import annotations

import ast
import json
import re
import string
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from geoplantnet_plugin.common import assessment, comparison

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "geoplantnet_plugin"
ENGINE = PLUGIN / "engine"
COMMON = PLUGIN / "common"
QGIS_SIDE = [place for place in sorted(PLUGIN.iterdir()) if place not in (ENGINE, COMMON)]
TELLERS = ("EngineError", "ServiceError", "warning", "message", "render")
OURS = ("geoplantnet_plugin", "service", "training", "tests", "tools", "benchmarks")
CODE = re.compile(r"^[a-z]+(_[a-z0-9]+)+$")


def sources(*places: Path) -> Iterator[Path]:
    for place in places:
        yield from [place] if place.is_file() else sorted(place.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the modules that a file imports, with the number of leading dots."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.level


def codes_used() -> dict[str, Path]:
    """Return the message codes that the engine raises or reports, with a file that does."""
    found = {}
    for path in sources(ENGINE, COMMON, ROOT / "training" / "workshop"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in TELLERS and CODE.match(str(node.args[0].value)):
                    found[str(node.args[0].value)] = path
    return found


def catalogue(language: str) -> dict[str, str]:
    path = ROOT / "resources" / "messages" / f"{language}.json"
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def names_of(path: Path) -> set[str]:
    """Return every name that a module may give away."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
    return names


def test_what_is_imported_from_our_own_modules_is_there() -> None:
    """Renames reach every file, also those that no other check reads or that a test imports late."""
    files = list(sources(*(ROOT / folder for folder in OURS)))
    modules = {file.with_suffix("").relative_to(ROOT).parts: names_of(file) for file in files}
    known = {parts[:-1] if parts[-1] == "__init__" else parts: names for parts, names in modules.items()}
    for file in files:
        place = file.relative_to(ROOT).parts[:-1]
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.ImportFrom):
                above = place[:len(place) - node.level + 1] if node.level else ()
                module = (*above, *(node.module or "").split(".")) if node.module else above
                for name in (alias.name for alias in node.names if module[0] in OURS):
                    found = name in known.get(module, ()) or (*module, name) in known or (
                        ROOT.joinpath(*module, name)).is_dir()
                    assert found, f"{file.relative_to(ROOT)}: {'.'.join(module)} has no {name}"


def test_the_engine_never_imports_qgis() -> None:
    for path in sources(ENGINE):
        for module, _ in imports(path):
            assert module.split(".")[0] not in ("qgis", "PyQt5", "PyQt6", "osgeo", "processing"), f"{path}: {module}"


def test_the_engine_knows_only_itself_and_what_both_sides_share() -> None:
    for path in sources(ENGINE):
        for module, level in imports(path):
            room = module.split(".")
            assert level == 0 and (room[0] != PLUGIN.name or room[1] in ("common", "engine")), f"{path}: {module}"
            assert room[0] not in ("training", "service", "benchmarks", "tools", "tests"), f"{path}: {module}"


def test_inside_qgis_only_what_qgis_ships_is_imported() -> None:
    for path in sources(*QGIS_SIDE):
        for module, level in imports(path):
            top = module.split(".")[0]
            allowed = level or top in sys.stdlib_module_names or top in ("qgis", "osgeo", "numpy", "processing")
            assert allowed, f"{path} imports {module}"
            assert "engine" not in module.split("."), f"{path} knows the engine's inside: {module}"


def test_both_sides_share_only_the_standard_library() -> None:
    for path in sources(COMMON):
        for module, level in imports(path):
            top = module.split(".")[0]
            assert level == 1 or top in sys.stdlib_module_names or top == "_typeshed", f"{path} imports {module}"


def test_the_format_of_an_assessment_is_written_once() -> None:
    written = {assessment.MANIFEST, assessment.SPECIES, assessment.TABLES, assessment.COVERAGE, assessment.AREAS,
               assessment.COVERAGE_BY_AREA, assessment.MAP, assessment.PROJECT, assessment.REPORT_HTML,
               assessment.REPORT_PDF, comparison.TABLE, comparison.DIFFERENCES, comparison.JACCARD, comparison.SORENSEN}
    for path in sources(ENGINE, *QGIS_SIDE):
        for node in ast.walk(tree(path)):
            assert not isinstance(node, ast.Constant) or node.value not in written, f"{path}: {node.value}"


def test_the_architecture_names_every_room() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^    (\w+)/", text, re.MULTILINE))
    assert told == {path.name for path in ENGINE.iterdir() if (path / "__init__.py").is_file()}


def test_every_code_has_its_sentence_in_english() -> None:
    texts = catalogue("en")
    missing = {code: str(path.relative_to(ROOT)) for code, path in codes_used().items() if code not in texts}
    assert not missing


def test_french_says_all_that_english_says_with_the_same_parameters() -> None:
    english, french = catalogue("en"), catalogue("fr")
    assert english.keys() == french.keys()
    for code, text in english.items():
        assert fields(text) == fields(french[code]), code


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_catalogue_is_sorted_so_that_changes_merge(language: str) -> None:
    assert list(catalogue(language)) == sorted(catalogue(language))


def test_nothing_untrusted_is_executed() -> None:
    """No pickle, eval or exec in what ships."""
    for path in sources(PLUGIN):
        for module, _ in imports(path):
            assert module.split(".")[0] not in ("pickle", "marshal", "shelve"), path
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec"), path
