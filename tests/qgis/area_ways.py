"""Run by the engine's Python: what areas are that came in by several ways, as JSON on standard output.

Standard input: ``{"[area, way]": path}``. The way ``service`` is a file whose outline a client sends and a service
reads.
"""

import json
import sys
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.base.events import SILENT
from geoplantnet_plugin.engine.where.area import Area, read_area


def served(path: str) -> Area:
    from geoplantnet_plugin.engine.assess.served_request import _outline
    from service.problems import Problem
    from service.request_area import read_request_area
    from service.settings import Limits

    outline, crs, _ = _outline(AssessJob(path, Path(), ModelOptions("")), SILENT)
    try:
        return read_request_area(outline, crs, 1000.0, Limits()).area
    except Problem as problem:
        raise EngineError(problem.code, **problem.params) from problem


found = {}
for way, path in json.load(sys.stdin).items():
    try:
        area = served(path) if json.loads(way)[1] == "service" else read_area(path, None, SILENT)
        found[way] = [round(area.hectares, 2), area.crs]
    except ImportError:  # the service's packages
        continue
    except EngineError as error:
        found[way] = error.code
print(json.dumps(found))
