"""The commands ``geoplantnet service offers|estimate|jobs|fetch|cancel``, and the jobs of these names."""

from __future__ import annotations

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ServiceJob, ServiceOptions
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.assess import AREA, RESOLUTION, read_job, read_typed
from geoplantnet_plugin.engine.commands.command import Command, Result, placed, typed
from geoplantnet_plugin.engine.commands.source_arguments import SERVICE, Options
from geoplantnet_plugin.engine.services.processes import open_processes


def _offers(asked: ServiceJob, reporter: Reporter) -> Result:
    """Return the service's models and cubes as GeoJSON features; ``text`` names them."""
    with open_processes(asked.service, asked.language) as service:
        found = service.offers()
    lines = [f"{feature['id']}: {feature['properties'].get('title', '')} "
             f"({feature['properties'].get('taxa', '?')} taxa; cubes: "
             f"{', '.join(feature['properties'].get('cubes', [])) or '–'})" for feature in found.models]
    lines += [f"{feature['id']}: {feature['properties'].get('title', '')} (cube, "
              f"{feature['properties'].get('resolution', '?')} m)" for feature in found.cubes]
    return {"models": found.models, "cubes": found.cubes, "text": "\n".join(lines)}


def _estimate(job: AssessJob, reporter: Reporter) -> Result:
    """Return what the service says a job would take; ``said`` puts it in words, with what leaves this computer."""
    from geoplantnet_plugin.engine.assess.served_request import request_of

    if not isinstance(job.source, ServiceOptions):
        raise EngineError("job_invalid", reason=f"source {job.source.KIND}")
    with open_processes(job.source.service, job.source.language) as service:
        request = request_of(service, job, job.source, reporter)
        asked = {name: value for name, value in request.inputs.items()
                 if name in ("area", "crs", "resolution", "model", "cube")}
        found = service.estimate(asked)
        host = service.host
    code = "service_estimate" if found.get("minutes") is not None else "service_estimate_unknown"
    said = [render(code, found, job.source.language),
            render("service_leaves", {"host": host, "vertices": request.vertices}, job.source.language)]
    if float(found.get("insideCube", 100)) < WHOLE:
        said.insert(0, render("service_partly_inside", {"share": found["insideCube"]}, job.source.language))
    return {"estimate": found, "said": "\n".join(said), "text": "\n".join(said)}


def _jobs(asked: ServiceJob, reporter: Reporter) -> Result:
    """Return the caller's jobs there, newest first."""
    with open_processes(asked.service, asked.language) as service:
        found = service.jobs()
    lines = [f"{job['jobID']}  {job.get('created', '')[:16]}  {job.get('processID', ''):8}  {job['status']:10}  "
             f"{job.get('progress', 0):3} %  {job.get('title') or ''}  {job.get('message') or ''}" for job in found]
    return {"jobs": found, "text": "\n".join(lines)}


def _fetch(asked: ServiceJob, reporter: Reporter) -> Result:
    """Fetch the folder of a finished job, into one that is new or was begun by an earlier fetch of the same job.

    Raises:
        EngineError: the job is not finished, or the folder holds something else.
    """
    from geoplantnet_plugin.engine.assess.served import fetch_job

    with open_processes(asked.service, asked.language) as service:
        fetch_job(service, asked.id, asked.out.absolute(), reporter)
    return {"out": str(asked.out.absolute())}


def _cancel(asked: ServiceJob, reporter: Reporter) -> Result:
    """Stop a job there; what it made is deleted."""
    with open_processes(asked.service, asked.language) as service:
        status = service.dismiss(asked.id)
    return {"status": status, "text": str(status.get("message", status["status"]))}


ADDRESS = typed("service", "address of the service; the token is in GEOPLANTNET_SERVICE_TOKEN", metavar="URL")
JOB = placed("id", "id or address of the job", metavar="JOB")

WHOLE = 99.9
"""Percent of an area inside a cube's frame that count as all of it: the frame is known in longitude and latitude."""
GROUPS = {"service": "a service that computes assessments: what it offers, your jobs"}
COMMANDS = (
    Command(_offers, ServiceJob, "service offers", "list its models and cubes", (ADDRESS,), job="service_offers"),
    Command(_estimate, AssessJob, "service estimate", "what assessing an area there would take; no job is made",
            (AREA, RESOLUTION, Options(ServiceOptions, SERVICE)), {"source": ServiceOptions.KIND, "out": "."},
            job="service_estimate", read=read_job, read_typed=read_typed),
    Command(_jobs, ServiceJob, "service jobs", "list your jobs there", (ADDRESS,), job="service_jobs"),
    Command(_fetch, ServiceJob, "service fetch", "fetch the folder of a finished job",
            (JOB, ADDRESS, typed("out", "folder, new or begun by an earlier fetch", required=True)),
            job="service_fetch"),
    Command(_cancel, ServiceJob, "service cancel", "stop a job there, or delete what it made", (JOB, ADDRESS),
            job="service_cancel"),
)
