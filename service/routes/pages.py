"""pygeoapi's answers, as the standard has them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request
from pygeoapi.api import API, APIRequest

from ..problems import Problem
from ..queue import Tools


@dataclass(frozen=True)
class Web:
    """What the routes work with."""

    tools: Tools
    api: API


def page(web: Web, function: Callable[..., tuple[dict[str, str], int, Any]], *arguments: Any,
         mend: Callable[[dict[str, Any]], None] | None = None) -> Response:
    """Return what one of pygeoapi's functions answers; `mend` changes its JSON in place.

    Raises:
        Problem: pygeoapi refuses, or the asked format is unknown.
    """
    asked = APIRequest.from_flask(request, web.api.locales)
    if not asked.is_valid():
        raise Problem(400, "served_format", format=str(asked.format or request.args.get("f"))[:20])
    headers, status, content = function(web.api, asked, *arguments)
    if status >= 400:
        raise Problem(status, "served_refused", reason=_reason(content))
    if mend and headers.get("Content-Type", "").startswith("application/json"):
        document = json.loads(content)
        mend(document)
        content = json.dumps(document, ensure_ascii=False)
    response = make_response(content, status)
    response.headers.update(headers)
    return response


def shown(web: Web, template: str, **values: Any) -> Response:
    """Return a page of our own for people."""
    return make_response(render_template(template, config=web.api.config, **values))


def wants_html() -> bool:
    """Whether a person reads it, in a browser.

    Raises:
        Problem: the asked format is unknown.
    """
    asked = request.args.get("f")
    if asked and asked not in ("html", "json"):
        raise Problem(400, "served_format", format=asked[:20])
    if asked:
        return asked == "html"
    return request.accept_mimetypes.best_match(["application/json", "text/html"], "application/json") == "text/html"


def _reason(content: Any) -> str:
    try:
        return str(json.loads(content).get("description", ""))[:200]
    except (ValueError, AttributeError, TypeError):
        return ""
