"""``make package``: the zip that QGIS installs, checked as plugins.qgis.org checks it.

Runs with the Python of .venv-package. Only files that git knows are packed, besides the compiled translations, the help
pages and the demo assessment, which are made first.
"""

from __future__ import annotations

import configparser
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
ZIP = BUILD / "geoplantnet.zip"
DEMO = BUILD / "demo"
FOLDER = "geoplantnet"

PACKED = ("__init__.py", "metadata.txt", "pyproject.toml", "LICENSE", "README.md", "CHANGELOG.md", "geoplantnet_plugin",
          "resources")

MOST_BYTES = 25_000_000
REQUIRED = ("name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker",
            "repository")
BINARIES = {".so", ".dll", ".dylib", ".exe", ".pyc", ".pyd"}
"""Rules of https://plugins.qgis.org/docs/publish and /docs/security-scanning."""
OWN_PLACES = [f"{place.as_posix()}/".encode() for place in (ROOT, Path.home())]
"""Paths of the machine that builds: no packed file names them."""


def main() -> int:
    """Build and check the zip; 1 when plugins.qgis.org would refuse it."""
    help_pages = _build_help()
    BUILD.mkdir(exist_ok=True)
    partial = ZIP.with_suffix(".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file, name in (*_files(), *_below(help_pages, "help"), *_below(DEMO, "demo")):
            archive.writestr(zipfile.ZipInfo.from_file(file, f"{FOLDER}/{name}"), _portable(file), zipfile.ZIP_DEFLATED)
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(partial).extractall(folder)
        problems = [*_problems(partial, Path(folder) / FOLDER)]
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 1
    partial.replace(ZIP)
    print(f"{ZIP.relative_to(ROOT)}: {ZIP.stat().st_size / 1e6:.1f} MB; bandit, detect-secrets and flake8-qgis found "
          "nothing. In QGIS: Plugins > Manage and Install Plugins > Install from ZIP.")
    return 0


def _portable(file: Path) -> bytes:
    """Return what is packed of a file: the demo's manifest names its inputs from the project's folder on."""
    data = file.read_bytes()
    return data.replace(f"{ROOT.as_posix()}/".encode(), b"") if file == DEMO / "assessment.json" else data


def _build_help() -> Path:
    site = BUILD / "site"
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet", "--clean"], cwd=ROOT, check=True,
                   env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    return site


def _files() -> Iterator[tuple[Path, str]]:
    listed = subprocess.run(["git", "ls-files", "-z", "--", *PACKED], cwd=ROOT, check=True, capture_output=True)
    for name in sorted(filter(None, listed.stdout.decode().split("\0"))):
        if (ROOT / name).is_file():
            yield ROOT / name, name
    for catalogue in sorted((ROOT / "i18n").glob("*.qm")):
        yield catalogue, f"i18n/{catalogue.name}"


def _below(folder: Path, name: str) -> Iterator[tuple[Path, str]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix not in {".map", ".gz"} and not file.name.endswith(".aux.xml"):
            yield file, f"{name}/{file.relative_to(folder).as_posix()}"


def _problems(archive: Path, unpacked: Path) -> Iterator[str]:
    if archive.stat().st_size > MOST_BYTES:
        yield f"the zip has {archive.stat().st_size} bytes, more than {MOST_BYTES}"
    yield from _file_problems(unpacked)
    yield from _metadata_problems(unpacked / "metadata.txt")
    for tool in (["bandit", "-q", "-r", "."], ["flake8", "--config", str(ROOT / ".flake8"), "."]):
        done = subprocess.run([sys.executable, "-m", *tool], cwd=unpacked, capture_output=True, text=True, check=False)
        if done.returncode:
            yield f"{tool[0]}:\n{done.stdout}{done.stderr}"
    yield from _secrets(unpacked)


def _file_problems(unpacked: Path) -> Iterator[str]:
    if not (unpacked / "LICENSE").is_file():
        yield "no LICENSE"
    for file in unpacked.rglob("*"):
        if file.name.startswith(".") or file.name == "__pycache__" or file.suffix in BINARIES:
            yield f"{file.relative_to(unpacked)} has no place in a plugin"
        elif file.is_file() and any(place in file.read_bytes() for place in OWN_PLACES):
            yield f"{file.relative_to(unpacked)} holds a path of the machine that built it"


def _metadata_problems(path: Path) -> Iterator[str]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    general = parser["general"]
    for key in REQUIRED:
        if not general.get(key):
            yield f"metadata.txt has no {key}"
    if "plugin" in general.get("name", "").lower():
        yield "the name must not contain “plugin”"


def _secrets(unpacked: Path) -> Iterator[str]:
    scanned = subprocess.run([sys.executable, "-m", "detect_secrets", "scan", "--all-files", "."], cwd=unpacked,
                             capture_output=True, text=True, check=True)
    for file, found in json.loads(scanned.stdout)["results"].items():
        for entry in found:
            yield f"{file}:{entry['line_number']}: {entry['type']}"


if __name__ == "__main__":
    if not shutil.which("git"):
        sys.exit("make package needs git: it packs the files that git knows.")
    sys.exit(main())
