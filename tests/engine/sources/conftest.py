from collections.abc import Iterator
from pathlib import Path

import pytest

from geoplantnet_plugin.engine.services.settings import HttpSettings
from tests.engine.sources.worlds_of_maps import MapsWorld
from tests.server.fixtures import http, server
from tests.server.http_server import Server

__all__ = ["http", "server"]


@pytest.fixture
def maps(server: Server, http: HttpSettings, tmp_path: Path) -> Iterator[MapsWorld]:
    """A world with the miniature's server and an empty cache; the server makes its files when they are asked for."""
    world = MapsWorld(server, http, tmp_path)
    yield world
    world.cache.close()
