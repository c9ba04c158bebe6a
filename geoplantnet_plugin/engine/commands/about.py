"""The job ``about``: versions in use and what is cached."""

from __future__ import annotations

from dataclasses import asdict

from geoplantnet_plugin.common.jobs import AboutRequest
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Command, Result


def _about(asked: AboutRequest, reporter: Reporter) -> Result:
    from geoplantnet_plugin.engine.assessment.describe import software
    from geoplantnet_plugin.engine.services.cache import open_cache

    with open_cache() as cache:
        if asked.empty_cache:
            cache.clear()
        size = asdict(cache.size())
    return {"software": software(), "cache": {**size, "folder": str(size["folder"])}}


COMMANDS = (Command(_about, AboutRequest, job="about"),)
