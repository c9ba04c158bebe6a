"""Fixtures shared by the tests of services and of published maps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from geoplantnet_plugin.engine.services.settings import HttpSettings, read_services
from tests.server.http_server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of its own for each test."""
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def http() -> HttpSettings:
    """The shipped settings with short pauses and a patience that a loaded machine does not exhaust."""
    return replace(read_services().http, attempts=3, backoff=0.01, read_timeout=600, deadline=600, longest_wait=3.0,
                   connect_timeout=600)


def impatient(http: HttpSettings, fault: str) -> HttpSettings:
    """Return settings with little patience where the `fault` is a slow host, and only there."""
    return replace(http, read_timeout=0.5, deadline=1.0) if fault.startswith("slow") else http
