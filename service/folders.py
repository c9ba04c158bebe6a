"""Where the files of a job lie: one folder a job, which all workers and the web process see."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID


@dataclass(frozen=True)
class JobFolder:
    """The folder of one job below `results`."""

    results: Path
    id: UUID

    @property
    def path(self) -> Path:
        """The folder itself."""
        return self.results / str(self.id)

    @property
    def assessment(self) -> Path:
        """What the client gets."""
        return self.path / "assessment"

    @property
    def area(self) -> Path:
        """The area as it was asked for."""
        return self.path / "area.geojson"

    @property
    def log(self) -> Path:
        """The engine's log."""
        return self.path / "engine.log"

    @property
    def lock(self) -> Path:
        """Held by the worker and the engine child that are at work."""
        return self.path / "lock"

    def files(self) -> list[Path]:
        """Return the files of the assessment; hidden ones are not part of it."""
        return sorted(path for path in self.assessment.rglob("*")
                      if path.is_file() and not any(part.startswith(".") for part in path.relative_to(self.path).parts))

    def size(self) -> int:
        """Return the bytes of the assessment."""
        return sum(path.stat().st_size for path in self.files())
