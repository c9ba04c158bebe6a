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
    """The shipped settings with short pauses."""
    return replace(read_services().http, attempts=3, backoff=0.01, read_timeout=0.5, deadline=1.0, longest_wait=3.0,
                   connect_timeout=2.0)
