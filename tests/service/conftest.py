"""A real service for the tests: PostgreSQL with PostGIS, web process and worker, on loopback."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("tomllib", reason="the service needs Python 3.11")
pytest.importorskip("pygeoapi", reason="the extra [service] is not installed")

from served import Client, Finished, Running, small_area

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.commands.line import main
from geoplantnet_plugin.engine.services.processes import TOKEN
from service.alone import free_port, running_alone
from service.cluster import binaries


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of the service together where tests run side by side: one service is enough."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("service"))


@pytest.fixture(scope="session")
def service() -> Iterator[Running]:
    """Run a service of one worker."""
    try:
        version = binaries().parent.name
    except EngineError as error:
        pytest.skip(str(error))
    if not Path(f"/usr/share/postgresql/{version}/extension/postgis.control").is_file():
        pytest.skip(f"PostGIS is not installed (apt install postgresql-{version}-postgis-3)")
    # pytest's own folders are closed to the unprivileged user that PostgreSQL runs as for root.
    with tempfile.TemporaryDirectory(prefix="gpn-service-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        port = free_port()
        with running_alone(Path(folder), free_port(), with_maps=False,
                           callback_hosts=(f"127.0.0.1:{port}",)) as alone:
            me = Client(alone.address, alone.token)
            running = Running(Path(folder), me, me, port)
            yield replace(running, other=Client(alone.address, running.token("other", "read", "run")))


@pytest.fixture(scope="session")
def finished(service: Running, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Have the small area computed and fetched by the command line, as a person does."""
    folder = tmp_path_factory.mktemp("finished")
    area = {"type": "Feature", "properties": {"owner": "secret"}, "geometry": small_area()}
    (folder / "area.geojson").write_text(json.dumps(area), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TOKEN, service.me.token)
        assert main(["assess", "--source", "service", "--service", service.me.address, "--area",
                     str(folder / "area.geojson"), "--out", str(folder / "out")]) == 0
    id = service.me.get("/jobs").json()["jobs"][0]["jobID"]
    service.me.wait_for_map(id)
    return Finished(id, folder / "out")
