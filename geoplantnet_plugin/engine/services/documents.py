"""JSON documents over the network, kept with their validators and usable offline."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from geoplantnet_plugin.common.addresses import split_address
from geoplantnet_plugin.engine.base.events import Warner
from geoplantnet_plugin.engine.services.cache import Cache, Document
from geoplantnet_plugin.engine.services.http import JSON_LIMIT, Answer, Fetcher, ServiceError

_AWAY = ("service_unreachable", "service_down", "service_slow", "service_broken_answer", "service_proxy")
"""Faults that a cached document may stand in for."""


@dataclass(frozen=True)
class Read:
    """A parsed document, its version as the host states it, and when the host last confirmed it."""

    content: dict[str, Any]
    version: str
    fetched: float


class Documents:
    """Reads documents through the cache; `offline` never asks the network."""

    def __init__(self, fetcher: Fetcher, cache: Cache, warner: Warner, offline: bool = False) -> None:
        self._fetcher = fetcher
        self._cache = cache
        self._warner = warner
        self._offline = offline

    def read(self, url: str) -> Read:
        """Return the JSON object at `url`; one that has not changed is not transferred again.

        When the host is away a cached copy is used with the warning ``service_cached_copy``.

        Raises:
            ServiceError: the host refuses, sends something else, or is away and nothing is cached.
        """
        document = self._document(url)
        return Read(parse(document.body, url), document.etag or document.modified, document.fetched)

    def _document(self, url: str) -> Document:
        cached = self._cache.document(url)
        if self._offline:
            if cached is None:
                raise ServiceError("service_offline", file=_file(url))
            return cached
        validators = {}
        if cached and cached.etag:
            validators["If-None-Match"] = cached.etag
        if cached and cached.modified:
            validators["If-Modified-Since"] = cached.modified
        try:
            answer = self._fetcher.get(url, JSON_LIMIT, headers=validators)
        except ServiceError as error:
            if cached is None or error.code not in _AWAY:
                raise
            self._warner.warning("service_cached_copy", file=_file(url), date=day(cached.fetched),
                                 reason=str(error))
            return cached
        document = self._kept(cached, answer, url)
        self._cache.keep_document(url, document)
        return document

    @staticmethod
    def _kept(cached: Document | None, answer: Answer, url: str) -> Document:
        if answer.status == 304 and cached:
            return Document(cached.body, cached.etag, cached.modified, time.time())
        parse(answer.body, url)  # what is no JSON is not kept
        return Document(answer.body, answer.etag, answer.modified, time.time())


def parse(body: bytes, url: str) -> dict[str, Any]:
    """Return the JSON object in `body`.

    Raises:
        ServiceError: it is something else (a web page, say).
    """
    content = parse_any(body, url)
    if not isinstance(content, dict):
        raise ServiceError("service_not_json", host=split_address(url).netloc, file=_file(url))
    return content


def parse_any(body: bytes, url: str) -> Any:
    """Return the JSON value in `body`."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ServiceError("service_not_json", host=split_address(url).netloc, file=_file(url)) from error


def day(seconds: float) -> str:
    """Return the UTC day of a time in seconds since 1970, as YYYY-MM-DD."""
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))


def _file(url: str) -> str:
    return "/".join(split_address(url).path.split("/")[-2:])
