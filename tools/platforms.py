"""Whether the engine's requirements can be had as wheels for every platform: the table of docs/compatibility.md.

``python tools/platforms.py`` asks pip to resolve them (nothing is installed) and prints a row a Python version.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import tomllib

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
PLATFORMS = {
    "Windows": ("win_amd64",),
    "macOS, Apple chip": tuple(f"macosx_{version}_0_arm64" for version in (14, 13, 12, 11)),
    "macOS, Intel chip": (*(f"macosx_{version}_0_x86_64" for version in (14, 13, 12, 11)), "macosx_10_15_x86_64",
                          "macosx_10_13_x86_64", "macosx_10_12_x86_64", "macosx_10_9_x86_64"),
    "Linux": (*tuple(f"manylinux_2_{minor}_x86_64" for minor in (34, 31, 28, 27, 24, 17)), "manylinux2014_x86_64")}
SHOWN = "onnxruntime"
"""The package whose newest wheels first leave a platform behind."""


def main() -> int:
    """Print the table; 1 when any combination cannot be resolved."""
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    print(f"| Python | {' | '.join(PLATFORMS)} |\n|---{'|---' * len(PLATFORMS)}|", flush=True)
    failed = False
    for python in PYTHONS:
        cells = [resolved(needed, python, tags) for tags in PLATFORMS.values()]
        failed = failed or "no" in cells
        print(f"| {python} | {' | '.join(cells)} |", flush=True)
    return int(failed)


def resolved(needed: list[str], python: str, tags: tuple[str, ...]) -> str:
    """Return the version of `SHOWN` that pip chooses, "no" where it finds no way."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-",
             "--disable-pip-version-check", "--only-binary", ":all:", "--target", folder, "--python-version", python,
             *(part for tag in tags for part in ("--platform", tag)), *needed], capture_output=True, text=True)
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return "no"
    chosen = {entry["metadata"]["name"]: entry["metadata"]["version"] for entry in json.loads(done.stdout)["install"]}
    return f"yes ({SHOWN} {chosen[SHOWN]})"


if __name__ == "__main__":
    sys.exit(main())
