"""The terms of the data: shown before the first download, accepted once for each publisher and machine."""

from __future__ import annotations

from datetime import datetime, timezone

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.services.cache import Cache
from geoplantnet_plugin.engine.services.settings import MapSettings


def terms_params(settings: MapSettings) -> dict[str, str]:
    """Return what fills ``published_terms``: what a person has to know before the first download."""
    return {"title": settings.title, "home": settings.home, "attribution": settings.attribution}


def accept_terms(settings: MapSettings, cache: Cache) -> None:
    """Note that the terms were shown and accepted; the first time counts."""
    if terms_accepted(settings, cache):
        return
    cache.keep_note(_name(settings), datetime.now(timezone.utc).isoformat(timespec="seconds"))


def terms_accepted(settings: MapSettings, cache: Cache) -> str:
    """Return when the terms were accepted, "" when they were not."""
    return cache.note(_name(settings))


def check_terms(settings: MapSettings, cache: Cache) -> None:
    """Stop before the first download while the terms have not been accepted.

    Raises:
        EngineError: they have not.
    """
    if not terms_accepted(settings, cache):
        raise EngineError("published_terms_first", title=settings.title, home=settings.home)


def _name(settings: MapSettings) -> str:
    return f"terms accepted: {settings.catalogue}"
