"""What a service is asked: the outline of the area and the person's choices, and nothing else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ServiceOptions
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.services.http import ServiceError
from geoplantnet_plugin.engine.services.processes import Offers, Processes
from geoplantnet_plugin.engine.where.area import read_placed

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


@dataclass(frozen=True)
class Request:
    """The `inputs` of the process, how many `vertices` their outline has, and a `digest` that tells it from others."""

    inputs: dict[str, Any]
    vertices: int
    digest: str


def request_of(service: Processes, job: AssessJob, options: ServiceOptions, reporter: Reporter) -> Request:
    """Return what `job` asks of `service`.

    Raises:
        EngineError: the area cannot be read, the model or cube is not offered, or the job has what only a run here can.
    """
    if job.grid_crs:
        raise EngineError("service_not_there", option="grid CRS")
    model, cube = choose(service, service.offers(), options)
    area, crs, vertices = _outline(job, reporter)
    optional = {"resolution": job.resolution, "set_rule": job.set_rule, "country": job.country,
                "areas_by": job.areas_by, "habitats": job.habitats,
                "indicators": None if job.indicators == ("all",) else list(job.indicators)}
    # The standard takes an object by its value and media type only.
    inputs = {"area": {"value": area, "mediaType": "application/geo+json"}, "crs": crs, "model": model, "cube": cube,
              **{name: value for name, value in optional.items() if value is not None}}
    digest = hashlib.sha256(json.dumps([service.address, inputs], sort_keys=True).encode()).hexdigest()
    return Request(inputs, vertices, digest)


def choose(service: Processes, offers: Offers, options: ServiceOptions) -> tuple[str, str]:
    """Return the ids of model and cube: those named, or the only ones.

    A service that lists nothing is taken at the person's word.

    Raises:
        ServiceError: what is named is not offered, or nothing is named and there is a choice.
    """
    models = {str(feature["id"]): feature["properties"] for feature in offers.models}
    model = _one(service, "model", options.model, list(models))
    cubes = list(models[model].get("cubes", [])) if model in models else []
    return model, _one(service, "cube", options.cube, cubes)


def _one(service: Processes, kind: str, named: str, offered: list[str]) -> str:
    if named and (named in offered or not offered):
        return named
    if not named and len(offered) == 1:
        return offered[0]
    raise ServiceError("service_not_offered", host=service.host, kind=kind, name=named or "–", offered=offered or "–")


def _outline(job: AssessJob, reporter: Reporter) -> tuple[dict[str, Any], str, int]:
    """Return the area's polygons as GeoJSON with no more properties than asked for, their CRS, and their vertices."""
    import shapely

    polygons, _, _ = read_placed(job.area, reporter)
    code = polygons.crs.to_epsg()
    if code is None or code == 4326:
        polygons = polygons.to_crs("EPSG:4326")
    kept = [job.areas_by] if job.areas_by and job.areas_by in polygons.columns else []
    document = json.loads(polygons[[*kept, "geometry"]].to_json(drop_id=True, show_bbox=False, to_wgs84=False))
    document.pop("crs", None)
    return document, CRS84 if code in (None, 4326) else f"EPSG:{code}", int(shapely.get_num_coordinates(
        polygons.geometry.values).sum())
