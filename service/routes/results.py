"""Results: links, files with ranges, a zip, a STAC item and map services."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, request, send_file

from geoplantnet_plugin.common.messages import render

from .. import files, jobs, mapserver
from ..folders import JobFolder
from ..guard import caller
from ..jobs import Record
from ..problems import NOT_READY, Problem
from ..status import job_address, results_document
from .pages import Web


def add_results(app: Flask, web: Web) -> None:
    """Add the routes to `app`."""
    app.add_url_rule("/jobs/<id>/results", "results", lambda id: _results(web, id))
    app.add_url_rule("/jobs/<id>/files", "files", lambda id: _files(web, id))
    app.add_url_rule("/jobs/<id>/files/<path:name>", "file", lambda id, name: _file(web, id, name))
    app.add_url_rule("/jobs/<id>/assessment.zip", "zip", lambda id: _zip(web, id))
    app.add_url_rule("/jobs/<id>/item.json", "stac", lambda id: _item(web, id))
    app.add_url_rule("/jobs/<id>/ows", "ows", lambda id: _ows(web, id, "ows", ""))
    app.add_url_rule("/jobs/<id>/wfs3", "wfs3", lambda id: _ows(web, id, "wfs3", "wfs3"))
    app.add_url_rule("/jobs/<id>/wfs3/<path:rest>", "wfs3_part", lambda id, rest: _ows(web, id, "wfs3", f"wfs3/{rest}"))


def _results(web: Web, id: str) -> Response:
    record = _successful(web, id)
    return _answer(results_document(web.tools.settings, record))


def _successful(web: Web, id: str) -> Record:
    """Return a job whose results can be had.

    Raises:
        Problem: 404 while it is not ready, 410 when it was dismissed or has expired, 500 with its sentence where it
            failed.
    """
    record = jobs.find(web.tools.pool, caller(), id)
    if record.status in jobs.OPEN:
        raise Problem(404, "served_not_ready", NOT_READY, job=id)
    if record.status == jobs.DISMISSED:
        raise Problem(410, "served_gone", job=id)
    if record.expired:
        raise Problem(410, "served_expired", job=id, days=web.tools.settings.limits.keep_days)
    if record.status == jobs.FAILED:
        raise Problem(500, "served_failed", reason=render(record.code, record.params, record.language))
    return record


def _folder(web: Web, id: str) -> tuple[Record, JobFolder]:
    record = _successful(web, id)
    folder = JobFolder(web.tools.settings.results, record.id)
    if not folder.assessment.is_dir():
        raise Problem(404, "served_no_file", file="assessment")
    return record, folder


def _files(web: Web, id: str) -> Response:
    record, folder = _folder(web, id)
    return _answer(files.listing(folder, job_address(web.tools.settings, record)))


def _file(web: Web, id: str, name: str) -> Response:
    _, folder = _folder(web, id)
    path = files.find_file(folder, name)
    if path is None:
        raise Problem(404, "served_no_file", file=name[:100])
    # An HTML report is somebody's text: as a download it runs nothing under this address.
    return send_file(path, mimetype=files.media_type(path), conditional=True, as_attachment=path.suffix == ".html",
                     download_name=path.name)


def _zip(web: Web, id: str) -> Response:
    record, folder = _folder(web, id)
    body, size = files.zipped(folder)
    return Response(body, mimetype="application/zip", headers={
        "Content-Length": str(size), "Content-Disposition": f'attachment; filename="assessment-{record.id}.zip"'})


def _item(web: Web, id: str) -> Response:
    record, folder = _folder(web, id)
    item = files.stac_item(record, folder, job_address(web.tools.settings, record), web.tools.settings.address)
    return Response(json.dumps(item, ensure_ascii=False), mimetype="application/geo+json")


def _ows(web: Web, id: str, below: str, path: str) -> Response:
    record, folder = _folder(web, id)
    address = f"{job_address(web.tools.settings, record)}/{below}"
    status, headers, body = mapserver.ask(web.tools.settings, folder, address, path, request.args.items(multi=True))
    return Response(body, status, headers)


def _answer(document: dict[str, Any]) -> Response:
    return Response(json.dumps(document, ensure_ascii=False), mimetype="application/json")
