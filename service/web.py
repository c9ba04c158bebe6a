"""The web process: pygeoapi's pages and descriptions, with our jobs, results and refusals."""

from __future__ import annotations

import json
import logging

import psycopg
from flask import Flask, Response
from psycopg_pool import PoolTimeout
from pygeoapi.api import API
from werkzeug.exceptions import HTTPException

from geoplantnet_plugin.common.errors import EngineError

from .descriptions import describe
from .guard import guard, language
from .manager import Manager
from .offered import CATALOGUE, open_catalogue
from .openapi import openapi_document
from .problems import HTTP, MEDIA_TYPE, Problem
from .pygeoapi_config import pygeoapi_config
from .queue import Tools, open_tools
from .routes.describe import add_descriptions
from .routes.jobs import add_jobs
from .routes.pages import Web, in_browser, shown
from .routes.results import add_results
from .settings import Settings
from .tokens import list_tokens

log = logging.getLogger(__name__)
AWAY = 10
"""Seconds after which a client may ask again while the database is away."""


def make_app(tools: Tools) -> Flask:
    """Return the application, ready to be served.

    Raises:
        EngineError: an offered model cannot be used.
    """
    settings = tools.settings
    catalogue = open_catalogue(settings)
    catalogue.write(settings.results / CATALOGUE)
    described = describe(catalogue)
    api = API(pygeoapi_config(settings, settings.results / CATALOGUE, list(described)),
              openapi_document(settings.address, described))
    api.manager = Manager(tools, catalogue)
    app = Flask("service", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.limits.body_bytes
    app.url_map.strict_slashes = False
    guard(app, tools.pool)
    _refuse_in_sentences(app, settings)
    for add in (add_descriptions, add_jobs, add_results):
        add(app, Web(tools, api))
    return app


def _refuse_in_sentences(app: Flask, settings: Settings) -> None:
    """Let whatever goes wrong leave in the exception format of the standard, and for a person as a page."""

    def refuse(problem: Problem) -> Response:
        document = problem.document(language())
        response = (shown(settings, "problem.html", data=document) if in_browser()
                    else Response(json.dumps(document, ensure_ascii=False), mimetype=MEDIA_TYPE))
        response.status_code = problem.status
        response.headers.update(problem.headers())
        return response

    @app.errorhandler(EngineError)
    def engine_error(error: EngineError) -> Response:
        return refuse(error if isinstance(error, Problem) else Problem.of(400, error))

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        return refuse(Problem(status, HTTP.get(status, "served_refused"), reason=error.name))

    @app.errorhandler(psycopg.OperationalError)
    @app.errorhandler(PoolTimeout)
    def database_away(error: Exception) -> Response:
        log.warning("the database is away: %s", error)
        return refuse(Problem(503, "served_database_away", retry_after=AWAY))

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        log.error("fault", exc_info=error)
        return refuse(Problem(500, "served_fault"))


def serve(settings: Settings) -> None:
    """Serve until a signal ends it.

    Raises:
        EngineError: others than this computer could reach it, and there is no token.
    """
    from .listening import THREADS, listen

    with open_tools(settings, THREADS) as tools:
        if not settings.is_local and not any(token.valid for token in list_tokens(tools.pool)):
            raise EngineError("served_no_tokens", host=settings.host)
        app = make_app(tools)
        log.info("listening on %s:%d for %s", settings.host, settings.port, settings.address)
        listen(app, settings)
