"""pygeoapi's answers, as the standard has them, and pages for people."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request
from pygeoapi.api import API, F_JSON, APIRequest

from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.common.model_titles import model_title, model_words

from ..guard import language
from ..problems import Problem
from ..queue import Tools
from ..settings import Settings


@dataclass(frozen=True)
class Web:
    """What the routes work with."""

    tools: Tools
    api: API


def page(web: Web, function: Callable[..., tuple[dict[str, str], int, Any]], *arguments: Any, template: str = "",
         mend: Callable[[dict[str, Any]], None] | None = None) -> Response:
    """Return what one of pygeoapi's functions answers, as a page of our own where a person reads it and there is a
    `template`; `mend` changes its JSON in place.

    Raises:
        Problem: pygeoapi refuses, or the asked format is unknown.
    """
    asked = APIRequest.from_flask(request, web.api.locales)
    if not asked.is_valid():
        raise Problem(400, "served_format", format=str(asked.format or request.args.get("f"))[:20])
    for_people = bool(template) and wants_html()
    if for_people:
        asked._format = F_JSON  # pygeoapi's own pages load what lies elsewhere
    headers, status, content = function(web.api, asked, *arguments)
    if status >= 400:
        raise Problem(status, "served_refused", reason=_reason(content))
    if mend and headers.get("Content-Type", "").startswith("application/json"):
        document = json.loads(content)
        mend(document)
        content = json.dumps(document, ensure_ascii=False)
    if for_people:
        return shown(web.tools.settings, template, data=json.loads(content))
    response = make_response(content, status)
    response.headers.update(headers)
    return response


def shown(settings: Settings, template: str, **values: Any) -> Response:
    """Return a page for people, in their language."""
    spoken = language()
    return make_response(render_template(
        template, place=settings.address, locale=spoken, say=lambda code, **params: render(code, params, spoken),
        titled=lambda text: model_title(text, spoken), worded=lambda text: model_words(text or "", spoken), **values))


def wants_html() -> bool:
    """Whether a person reads it, in a browser.

    Raises:
        Problem: the asked format is unknown.
    """
    asked = request.args.get("f")
    if asked and asked not in ("html", "json"):
        raise Problem(400, "served_format", format=asked[:20])
    return asked == "html" if asked else in_browser()


def in_browser() -> bool:
    """Whether pages are liked better than JSON."""
    return request.accept_mimetypes.best_match(["application/json", "text/html"], "application/json") == "text/html"


def _reason(content: Any) -> str:
    try:
        return str(json.loads(content).get("description", ""))[:200]
    except (ValueError, AttributeError, TypeError):
        return ""
