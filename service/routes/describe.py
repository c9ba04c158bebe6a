"""What the service is and offers: pages, conformance, processes, collections, health and metrics."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, request
from pygeoapi.api import conformance, describe_collections, itemtypes, landing_page, processes

from ..guard import caller
from ..metrics import metrics
from ..problems import NO_PROCESS, Problem
from ..tokens import ADMIN
from .pages import Web, page

CONFORMANCE = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
OURS = ("job-list", "dismiss")
"""Classes that pygeoapi does not claim, and our manager meets."""
KEPT = ("jobControlOptions", "outputTransmission")
"""What pygeoapi says of every process in the same words, whatever the process says of itself."""


def add_descriptions(app: Flask, web: Web) -> None:
    """Add the routes to `app`."""
    app.add_url_rule("/", "landing", lambda: page(
        web, landing_page, template="landing_page.html", mend=lambda entry: _say_offered(web, entry)))
    app.add_url_rule("/conformance", "conformance", lambda: page(
        web, conformance, template="conformance.html", mend=_conform))
    app.add_url_rule("/openapi", "openapi", lambda: _openapi(web))
    app.add_url_rule("/processes", "processes", lambda: page(
        web, processes.describe_processes, template="processes.html", mend=lambda entry: _mend_all(web, entry)))
    app.add_url_rule("/processes/<id>", "process", lambda id: _process(web, id))
    app.add_url_rule("/collections", "collections", lambda: page(
        web, describe_collections, template="collections.html"))
    app.add_url_rule("/collections/<id>", "collection", lambda id: page(
        web, describe_collections, id, template="collections.html"))
    app.add_url_rule("/collections/<id>/items", "items", lambda id: page(
        web, itemtypes.get_collection_items, id, template="items.html"))
    app.add_url_rule("/collections/<id>/items/<item>", "item", lambda id, item: page(
        web, itemtypes.get_collection_item, id, item, template="item.html"))
    app.add_url_rule("/health", "health", lambda: _health(web))
    app.add_url_rule("/metrics", "metrics", lambda: _metrics(web))


def _openapi(web: Web) -> Response:
    """Return the document; a page that shows it would run scripts from elsewhere."""
    asked = request.args.get("f", "json")
    if asked != "json":
        raise Problem(400, "served_format", format=asked[:20])
    return Response(json.dumps(web.api.openapi, ensure_ascii=False), mimetype=OPENAPI)


def _process(web: Web, id: str) -> Response:
    if id not in web.api.manager.processes:
        raise Problem(404, "served_no_process", NO_PROCESS, process=id[:60])
    return page(web, processes.describe_processes, id, template="process.html", mend=lambda entry: _mend(web, entry))


def _mend_all(web: Web, document: dict[str, Any]) -> None:
    for entry in document["processes"]:
        _mend(web, entry)


def _mend(web: Web, entry: dict[str, Any]) -> None:
    entry.update({key: web.api.manager.processes[entry["id"]][key] for key in KEPT})


def _conform(document: dict[str, Any]) -> None:
    document["conformsTo"] = sorted({*document["conformsTo"], *(f"{CONFORMANCE}/{name}" for name in OURS)})


def _say_offered(web: Web, document: dict[str, Any]) -> None:
    """Add what a generic client looks for on the landing page."""
    address = web.tools.settings.address
    document["links"] += [
        {"rel": "http://www.opengis.net/def/rel/ogc/1.0/conformance", "type": "application/json",
         "href": f"{address}/conformance", "title": "Conformance"}]


def _health(web: Web) -> Response:
    with web.tools.pool.connection(timeout=2) as connection:
        connection.execute("SELECT 1")
    return Response('{"status": "ok"}', mimetype="application/json")


def _metrics(web: Web) -> Response:
    if ADMIN not in caller().scopes:
        raise Problem(403, "served_scope", scope=ADMIN)
    return Response(metrics(web.tools.pool), mimetype="text/plain")
