"""What clients read instead of the server's paths: the ids of models and cubes, and names below them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.resources import RESOURCES

from .folders import JobFolder
from .settings import Settings


@dataclass(frozen=True)
class Names:
    """Paths with what stands for them, the longest first."""

    known: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, settings: Settings, folder: JobFolder | None = None) -> Names:
        """Return the names of all that is offered, and of a job's own folder."""
        known = {str(settings.results): "results", str(RESOURCES): "resources"}
        if folder:
            known |= {str(folder.area): folder.area.name, str(folder.assessment): folder.assessment.name,
                      str(folder.path): "."}
        known |= {model.package: id for id, model in settings.models.items() if "/" in model.package}
        known |= {path: cube_name(id, path) for id, cube in settings.cubes.items() for path in cube.predictors}
        return cls(tuple(sorted(known.items(), key=lambda pair: -len(pair[0]))))

    def told(self, value: Any) -> Any:
        """Return a document in which no path of the server is left."""
        if isinstance(value, str):
            for path, name in self.known:
                value = re.sub(rf"(?<![\w./-]){re.escape(path)}", name.replace("\\", r"\\"), value)
            return value
        if isinstance(value, Path):
            return self.told(str(value))
        if isinstance(value, Mapping):
            return {key: self.told(entry) for key, entry in value.items()}
        return [self.told(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def cube_name(id: str, path: str) -> str:
    """Return how a raster, or a folder of rasters, of a cube is called."""
    return id if Path(path).is_dir() else f"{id}/{Path(path).name}"
