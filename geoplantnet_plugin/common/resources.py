"""Where the files that ship with the plugin are. Standard library only."""

from pathlib import Path

from .assessment import MANIFEST

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "resources"
ICON = RESOURCES / "icons" / "geoplantnet.svg"
TRAINING_MAP = "training.geojson"
"""In a model package: squares with the number of plots that it was trained on."""


def demo_assessment() -> Path | None:
    """Return the finished assessment of the demo area: packed into the zip, or made by ``make demo``; None without."""
    folders = (ROOT / "demo", ROOT / "build" / "demo")
    return next((folder for folder in folders if (folder / MANIFEST).is_file()), None)


def help_page(name: str) -> Path:
    """Return a page of the manual: HTML where the plugin was installed from its zip, else the text it is made of."""
    packed = ROOT / "help" / f"{name}.html"
    return packed if packed.is_file() else ROOT / "docs" / f"{name}.md"
