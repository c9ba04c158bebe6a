"""A job as the standard shows it: its status, and the links to its results."""

from __future__ import annotations

from datetime import timezone
from typing import Any

from geoplantnet_plugin.common.assessment import MANIFEST, PROJECT, REPORT_HTML, REPORT_PDF
from geoplantnet_plugin.common.messages import render

from . import jobs
from .folders import JobFolder
from .jobs import Record
from .settings import Settings

RESULTS = "http://www.opengis.net/def/rel/ogc/1.0/results"


def status_info(settings: Settings, record: Record) -> dict[str, Any]:
    """Return the statusInfo of a job, with its place in the queue or the seconds left, and what it has warned of."""
    times = {"created": record.created, "started": record.started, "finished": record.finished,
             "updated": record.updated}
    extra: dict[str, Any] = {"queuePosition": record.position} if record.position else {}
    if record.title:
        extra["title"] = record.title
    if (left := _seconds_left(record)) is not None:
        extra["secondsLeft"] = left
    return {"type": "process", "processID": record.process, "jobID": str(record.id), "status": record.status,
            "message": sentence(record), "progress": record.progress,
            **{name: time.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
               for name, time in times.items() if time is not None},
            **extra, "code": record.code,
            "warnings": [render(said["code"], said["params"], record.language) for said in record.warnings],
            "links": _links(settings, record)}


def sentence(record: Record) -> str:
    """Return what a person reads of a job."""
    if record.position:
        return render("served_waiting", {"position": record.position}, record.language)
    params = dict(record.params)
    if record.code == "served_stage":
        params["stage"] = render(f"stage_{params['stage']}", {}, record.language)
    return render(record.code, params, record.language)


def _seconds_left(record: Record) -> int | None:
    """Return how long the rest takes at the pace so far, None where nothing says so yet.

    All times are the database's: clocks of other computers may be wrong.
    """
    if record.status != jobs.RUNNING or record.started is None or not 5 <= record.progress < 100:
        return None
    elapsed = (record.updated - record.started).total_seconds()
    return round(elapsed * (100 - record.progress) / record.progress)


def _links(settings: Settings, record: Record) -> list[dict[str, str]]:
    job = job_address(settings, record)
    links = [{"href": job, "rel": "self", "type": "application/json", "title": "This job"},
             {"href": f"{job}/log", "rel": "describedby", "type": "application/json", "title": "What the job said"},
             {"href": f"{settings.address}/jobs", "rel": "up", "type": "application/json", "title": "Jobs"}]
    if record.status == jobs.SUCCESSFUL and not record.expired:
        links.append({"href": f"{job}/results", "rel": RESULTS, "type": "application/json", "title": "Results"})
    return links


def job_address(settings: Settings, record: Record) -> str:
    """Return the address of a job."""
    return f"{settings.address}/jobs/{record.id}"


def results_document(settings: Settings, record: Record) -> dict[str, Any]:
    """Return the results of a successful job: a link for each output."""
    if record.process == "report":
        base = f"{settings.address}/jobs/{record.inputs['assessment']}/files"
        return {"html": _link(f"{base}/{REPORT_HTML}", "text/html"),
                "pdf": _link(f"{base}/{REPORT_PDF}", "application/pdf")}
    job = job_address(settings, record)
    results = {"assessment": _link(f"{job}/assessment.zip", "application/zip"),
               "files": _link(f"{job}/files", "application/json"),
               "manifest": _link(f"{job}/files/{MANIFEST}", "application/json"),
               "item": _link(f"{job}/item.json", "application/geo+json")}
    if (JobFolder(settings.results, record.id).assessment / PROJECT).is_file() and settings.qgis_server:
        results["wms"] = _link(f"{job}/ows?SERVICE=WMS&REQUEST=GetCapabilities", "text/xml")
        results["wmts"] = _link(f"{job}/ows?SERVICE=WMTS&REQUEST=GetCapabilities", "text/xml")
        results["features"] = _link(f"{job}/wfs3/collections", "application/json")
    return results


def _link(href: str, media_type: str) -> dict[str, str]:
    return {"href": href, "type": media_type}
