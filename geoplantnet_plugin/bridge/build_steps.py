"""How far the building of the engine's environment has come, read from what pip says."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ..i18n import tr
from .events import Progress

PACKAGES = 70
"""What the requirements come to with all that they need, measured in November 2026."""

BUILD_SECONDS = 170.0
"""Measured beside it on two busy cores, from a mirror of the package index: the download itself took no time."""

MADE, FETCHED, INSTALLED = 0.35, 0.65, 0.97
"""The share of the whole that is done when the environment is made, the packages are there, and installed."""


@dataclass
class BuildSteps:
    """Tells a `Progress` for every line that is one."""

    tell: Callable[[Progress], None]
    began: float = field(default_factory=time.monotonic)
    _packages: int = 0

    def begin(self) -> None:
        """The environment is being made."""
        self._say(tr("Making the environment"), 0.0)

    def hear(self, line: str) -> None:
        """Take a line of pip's output."""
        if line.startswith(("Collecting ", "Processing ")):
            self._packages += 1
            fetched = min(self._packages / PACKAGES, 1.0)
            self._say(tr("Fetching packages"), MADE + (FETCHED - MADE) * fetched, self._packages)
        elif line.startswith("Installing collected packages"):
            self._say(tr("Installing packages"), FETCHED)
        elif line.startswith("Successfully installed"):
            self._say(tr("Checking"), INSTALLED)

    def _say(self, stage: str, share: float, done: int = 0) -> None:
        spent = time.monotonic() - self.began
        left = BUILD_SECONDS if share < MADE else spent * (1 - share) / share
        self.tell(Progress(stage, done, max(done, PACKAGES) if done else 0, share, left))
