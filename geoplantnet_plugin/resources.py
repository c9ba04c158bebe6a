"""Where the files that ship with the plugin are. Standard library only."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = ROOT / "resources"
