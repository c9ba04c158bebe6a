"""Jobs: accepted, listed, followed and dismissed."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, request
from pygeoapi.api import processes

from geoplantnet_plugin.common.messages import render

from .. import jobs, maps
from ..folders import JobFolder
from ..guard import caller, language
from ..inputs import read_body
from ..jobs import Record
from ..problems import NO_PROCESS, Problem
from ..status import results_document, status_info
from .pages import Web, page, shown, wants_html

MOST = 1000


def add_jobs(app: Flask, web: Web) -> None:
    """Add the routes to `app`."""
    app.add_url_rule("/processes/<id>/execution", "execute", lambda id: _execute(web, id), methods=["POST"])
    app.add_url_rule("/jobs", "jobs", lambda: _list(web))
    app.add_url_rule("/jobs/<id>", "job", lambda id: _show(web, id))
    app.add_url_rule("/jobs/<id>", "dismiss", lambda id: _dismiss(web, id), methods=["DELETE"])
    app.add_url_rule("/jobs/<id>/log", "log", lambda id: _log(web, id))


def _execute(web: Web, id: str) -> Response:
    if id not in web.api.manager.processes:
        raise Problem(404, "served_no_process", NO_PROCESS, process=id[:60])
    body = read_body(request.get_data())
    known = web.api.manager.processes[id]["outputs"]
    if unknown := sorted(set(body.get("outputs") or ()) - set(known)):
        raise Problem(400, "served_input", input=f"outputs.{unknown[0][:60]}", reason=", ".join(known))
    response = page(web, processes.execute_process, id)
    # pygeoapi gives an accepted job no body where a document was asked for.
    if response.status_code == 201 and body.get("response") == "document":
        record = jobs.find(web.tools.pool, caller(), response.headers["Location"].rsplit("/", 1)[1])
        response.set_data(_json(status_info(web.tools.settings, record)))
    response.headers["Content-Type"] = "application/json"
    return response


def _list(web: Web) -> Response:
    limit, offset = _number("limit", 100, 1, MOST), _number("offset", 0, 0, 10**9)
    status, process = request.args.get("status"), request.args.get("processID")
    if status is not None and status not in jobs.STATES:
        raise Problem(400, "served_input", input="status", reason=status[:40])
    found, total = jobs.search(web.tools.pool, caller(), limit, offset, status, _plain(process))
    infos = [_info(web, record) for record in found]
    address = f"{web.tools.settings.address}/jobs"
    links = [{"href": address, "rel": "self", "type": "application/json"}]
    if offset + limit < total:
        query = {**request.args, "limit": limit, "offset": offset + limit}
        links.append({"href": f"{address}?{urlencode(query)}", "rel": "next", "type": "application/json"})
    document = {"jobs": infos, "links": links, "numberMatched": total}
    return shown(web.tools.settings, "jobs.html", data=document) if wants_html() else _answer(document)


def _show(web: Web, id: str) -> Response:
    record = jobs.find(web.tools.pool, caller(), id)
    info = _info(web, record)
    if not wants_html():
        return _answer(info)
    there = record.status == jobs.SUCCESSFUL and not record.expired
    outputs = web.api.manager.processes[record.process]["outputs"]
    return shown(web.tools.settings, "job.html", data=info, outputs=outputs,
                 results=results_document(web.tools.settings, record) if there else {})


def _info(web: Web, record: Record) -> dict[str, Any]:
    """Return the statusInfo of a job: programs read its own language, a person who looks at a page reads his."""
    return status_info(web.tools.settings, replace(record, language=language()) if wants_html() else record)


def _dismiss(web: Web, id: str) -> Response:
    """Stop a job, or delete what it made; of two who dismiss at once one is told that it is gone."""
    tools = web.tools
    record = jobs.find(tools.pool, caller(), id)
    if not jobs.dismiss(tools.pool, record.id):
        raise Problem(410, "served_gone", job=id)
    if record.queue_id is not None:
        tools.queue.job_manager.cancel_job_by_id(record.queue_id, abort=True)
    maps.forget(tools.pool, str(record.id))
    if record.status != jobs.RUNNING:
        # A running job's folder is deleted by its worker, once the child is dead.
        shutil.rmtree(JobFolder(tools.settings.results, record.id).path, ignore_errors=True)
    return _answer(status_info(tools.settings, jobs.find(tools.pool, caller(), id)))


def _log(web: Web, id: str) -> Response:
    record: Record = jobs.find(web.tools.pool, caller(), id)
    return _answer({"events": [{"at": event["at"].isoformat(), "kind": event["kind"], "code": event["code"],
                                "text": render(event["code"], event["params"], record.language)}
                               for event in jobs.events(web.tools.pool, record.id)]})


def _number(name: str, default: int, least: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and least <= int(text)):
        raise Problem(400, "served_input", input=name, reason=text[:40])
    return min(int(text), most)


def _plain(text: str | None) -> str | None:
    """Return a text that PostgreSQL takes: it has no zero bytes."""
    return text.replace("\0", "") if text is not None else None


def _answer(document: dict[str, Any]) -> Response:
    return Response(_json(document), mimetype="application/json")


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)
