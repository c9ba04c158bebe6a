"""The process manager that takes the place of pygeoapi's: jobs are records and queue entries, never threads."""

from __future__ import annotations

import logging
from collections import OrderedDict
from datetime import datetime, timezone
from typing import Any

from pygeoapi.process.base import BaseProcessor, UnknownProcessError
from pygeoapi.process.manager.base import BaseManager
from pygeoapi.util import JobStatus

from geoplantnet_plugin.engine.assess.ground import ground_of
from geoplantnet_plugin.engine.base.events import SILENT

from . import jobs, maps
from .callbacks import check_subscriber
from .choices import check_choices, check_country
from .descriptions import ASYNC, describe
from .folders import JobFolder
from .guard import caller, language
from .inputs import check_offered, checked_inputs, request_key
from .jobs import Record
from .offered import Catalogue
from .pace import pace
from .problems import Problem
from .queue import Tools
from .request_area import RequestArea, read_request_area
from .status import status_info
from .steps import is_complete
from .submit import Request, submit

log = logging.getLogger(__name__)


class Manager(BaseManager):  # type: ignore[misc]
    """Answers pygeoapi out of the database."""

    def __init__(self, tools: Tools, catalogue: Catalogue) -> None:
        super().__init__({"name": "service.manager.Manager"})
        self.supports_subscribing = True
        self._tools = tools
        self._catalogue = catalogue
        self._limits = tools.settings.limits
        self.processes = OrderedDict(describe(catalogue))

    def get_processor(self, process_id: str) -> BaseProcessor:
        """Return what pygeoapi describes a process with."""
        if process_id not in self.processes:
            raise UnknownProcessError(process_id)
        return BaseProcessor({"name": process_id}, self.processes[process_id])

    def execute_process(self, process_id: str, data_dict: dict[str, Any], execution_mode: Any = None,
                        requested_outputs: Any = None, subscriber: Any = None, requested_response: Any = None,
                        ) -> tuple[str | None, str, Any, JobStatus, dict[str, str]]:
        """Answer at once, or accept a job: each process has one way, whatever the client prefers."""
        description = self.processes[process_id]
        inputs = checked_inputs(description, data_dict)
        if ASYNC in description["jobControlOptions"]:
            record = self._accept(process_id, inputs, _addresses(subscriber))
            headers = {"Location": f"{self._tools.settings.address}/jobs/{record.id}",
                       **({"Preference-Applied": "respond-async"} if execution_mode is not None else {})}
            return (str(record.id), "application/json", status_info(self._tools.settings, record),
                    JobStatus.accepted, headers)
        value = {"estimate": self._estimate, "coverage": self._coverage}[process_id](inputs)
        if requested_response == "document":
            value = {process_id: {"value": value, "mediaType": "application/json"}}
        return None, "application/json", value, JobStatus.successful, {}

    def _accept(self, process: str, inputs: dict[str, Any], subscriber: dict[str, str] | None) -> Record:
        check_subscriber(self._tools.settings, subscriber)
        if process == "assess":
            found = self._checked_place(inputs)
            title, cells = found.name(datetime.now(timezone.utc)), found.cells
        else:
            check_country(inputs.get("country"))
            title, cells = self._finished(inputs["assessment"]).title, 0
        record = submit(self._tools, caller(), Request(
            process, title, inputs, cells, inputs.get("language") or language(), subscriber, request_key()))
        log.info("job %s: accepted", record.id)
        return record

    def _checked_place(self, inputs: dict[str, Any]) -> RequestArea:
        """Return the area of an assessment that can be made as asked."""
        found = self._place(inputs)
        check_choices(self._tools.settings, self._catalogue.models[inputs["model"]], inputs)
        if inputs.get("areas_by"):
            found.area.named(inputs["areas_by"], SILENT)
        return found

    def _finished(self, assessment: str) -> Record:
        """Return the job of a finished assessment that is still here."""
        record = jobs.find(self._tools.pool, caller(), assessment)
        if (record.process != "assess" or record.status != jobs.SUCCESSFUL or record.expired
                or not is_complete(JobFolder(self._tools.settings.results, record.id))):
            raise Problem(409, "served_not_finished", job=assessment)
        return record

    def _place(self, inputs: dict[str, Any]) -> RequestArea:
        """Return the area of a request, on a cube that its model may run on, in cells that the model can have."""
        cube, resolution = inputs["cube"], inputs.get("resolution")
        check_offered(self._tools.settings, inputs["model"], cube)
        support = self._catalogue.supports[inputs["model"]]
        found = read_request_area(inputs["area"], inputs.get("crs"), resolution or support.side, self._limits)
        if not self._share_inside(found, cube):
            raise Problem(400, "served_outside_cube", cube=cube)
        ground_of(found.area, resolution, support, SILENT)
        return found

    def _share_inside(self, found: RequestArea, cube: str) -> float:
        """Return the share of an area that lies within a cube's frame, in percent."""
        around = found.area.polygons.to_crs("EPSG:4326").geometry.make_valid().union_all()
        return float(100 * around.intersection(self._catalogue.cubes[cube].extent).area / around.area)

    def _estimate(self, inputs: dict[str, Any]) -> dict[str, Any]:
        found = self._place(inputs)
        expected = pace(self._tools.pool, inputs["model"], inputs["cube"], found.cells)
        return {"cells": found.cells, "hectares": round(found.area.hectares, 2), "minutes": expected.minutes,
                "megabytes": expected.megabytes, "measuredJobs": expected.jobs, "position": expected.queued + 1,
                "insideCube": round(self._share_inside(found, inputs["cube"]), 2)}

    def _coverage(self, inputs: dict[str, Any]) -> dict[str, Any]:
        found = maps.find_map(self._tools.pool, caller(), inputs["map"])
        area = read_request_area(inputs["area"], inputs.get("crs"), found.resolution, self._limits)
        return maps.coverage(self._tools.pool, found, area.area.polygons.to_crs(found.crs).union_all())


def _addresses(subscriber: Any) -> dict[str, str] | None:
    """Return a subscriber's addresses by the standard's names."""
    if subscriber is None:
        return None
    named = {"successUri": subscriber.success_uri, "inProgressUri": subscriber.in_progress_uri,
             "failedUri": subscriber.failed_uri}
    return {name: uri for name, uri in named.items() if uri}
