"""Limits, fairness, expiry and what the service refuses to do at its start."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask.testing import FlaskClient
from psycopg.types.json import Jsonb
from served import Running, assess_inputs, small_area

from geoplantnet_plugin.common.errors import EngineError
from service.database import migrate
from service.expiry import delete_expired
from service.queue import Tools, open_tools
from service.settings import Limits, Settings, read_settings
from service.tokens import create_token, list_tokens, revoke_token
from service.web import make_app, serve

CELLS = 687
"""Cells of the small area."""


@pytest.fixture(scope="module")
def settings(service: Running) -> Settings:
    """Return the running service's settings with tight limits."""
    return replace(read_settings(service.folder / "settings.toml"),
                   limits=Limits(open_jobs=3, cells_a_day=4 * CELLS, keep_days=300))


@pytest.fixture(scope="module")
def tools(settings: Settings) -> Iterator[Tools]:
    """Give the tools of a second web process on the same database."""
    with open_tools(settings) as made:
        yield made


@pytest.fixture(scope="module")
def web(tools: Tools) -> FlaskClient:
    """Return a client of that web process."""
    return make_app(tools).test_client()


def new_owner(tools: Tools, name: str) -> dict[str, str]:
    """Return the headers of somebody new."""
    return {"Authorization": f"Bearer {create_token(tools.pool, f'{name} {uuid4()}', ('read', 'run'))}"}


def submit(web: FlaskClient, headers: dict[str, str]) -> Any:
    return web.post("/processes/assess/execution", json={"inputs": assess_inputs(small_area())}, headers=headers)


def dismiss(web: FlaskClient, headers: dict[str, str], *answers: Any) -> None:
    for answer in answers:
        assert web.delete(f"/jobs/{answer.json['jobID']}", headers=headers).status_code == 200


def test_one_owner_does_not_block_another(tools: Tools, web: FlaskClient) -> None:
    many, one = new_owner(tools, "many"), new_owner(tools, "one")
    first = [submit(web, many) for _ in range(3)]
    last = submit(web, one)
    refused = submit(web, many)
    places = [web.get(f"/jobs/{answer.json['jobID']}", headers=headers).json.get("queuePosition", 0)
              for answer, headers in ((first[2], many), (last, one))]
    dismiss(web, many, *first)
    dismiss(web, one, last)
    assert places[1] < places[0]
    assert (refused.status_code, refused.json["code"]) == (429, "served_open_jobs")
    assert int(refused.headers["Retry-After"]) > 0


def test_cells_of_a_day_are_counted(tools: Tools, web: FlaskClient) -> None:
    headers = new_owner(tools, "eager")
    with tools.pool.connection() as connection:
        owner = list_tokens(tools.pool)[-1].owner
        connection.execute(
            "INSERT INTO service.job (id, owner, process, inputs, cells, status, created, started) VALUES "
            "(%s, %s, 'assess', '{}', %s, 'failed', now() - interval '23 hours', now())", [uuid4(), owner, 4 * CELLS])
    refused = submit(web, headers)
    assert (refused.status_code, refused.json["code"]) == (429, "served_cells_a_day")
    assert 0 < int(refused.headers["Retry-After"]) <= 3600


def test_results_expire(tools: Tools, web: FlaskClient) -> None:
    headers, job = new_owner(tools, "old"), uuid4()
    with tools.pool.connection() as connection:
        connection.execute(
            "INSERT INTO service.job (id, owner, process, inputs, status, created, started, finished) SELECT %s, %s, "
            "'assess', %s, 'successful', day, day, day FROM (SELECT now() - interval '301 days' AS day) AS past",
            [job, list_tokens(tools.pool)[-1].owner, Jsonb({})])
    folder = tools.settings.results / str(job)
    (folder / "assessment").mkdir(parents=True)
    assert web.get(f"/jobs/{job}/results", headers=headers).status_code == 200
    assert delete_expired(tools) and not folder.exists()
    gone = web.get(f"/jobs/{job}/results", headers=headers)
    assert (gone.status_code, gone.json["code"]) == (410, "served_expired") and "300" in gone.json["detail"]


def test_a_revoked_token_opens_nothing(tools: Tools, web: FlaskClient) -> None:
    headers = new_owner(tools, "gone")
    assert web.get("/jobs", headers=headers).status_code == 200
    revoke_token(tools.pool, list_tokens(tools.pool)[-1].id)
    assert web.get("/jobs", headers=headers).status_code == 401
    late = create_token(tools.pool, "late", ("read",), days=-1)
    assert web.get("/jobs", headers={"Authorization": f"Bearer {late}"}).status_code == 401


def test_tokens_are_stored_as_hashes(tools: Tools) -> None:
    token = create_token(tools.pool, "me", ("read",))
    with tools.pool.connection() as connection:
        rows = connection.execute("SELECT to_jsonb(t) AS all FROM service.token t").fetchall()
    assert token not in json.dumps([row["all"] for row in rows])
    with pytest.raises(EngineError):
        create_token(tools.pool, "me", ("everything",))


def test_beyond_loopback_it_does_not_start_without_tokens(settings: Settings) -> None:
    """On a database of its own; whose tables are made once, however often that is asked."""
    name = f"empty{uuid4().hex}"
    with psycopg.connect(settings.database, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    database = settings.database.replace("dbname=geoplantnet", f"dbname={name}")
    empty = replace(settings, host="0.0.0.0", database=database)
    assert migrate(empty.database) and not migrate(empty.database)
    with pytest.raises(EngineError) as caught:
        serve(empty)
    assert caught.value.code == "served_no_tokens"


@pytest.mark.parametrize(("text", "named"), [
    ("", "database"), ('[service]\ndatabase = 1\nresults = "r"', "database"),
    ('[service]\ndatabase = "d"\nresults = "r"\n[limit]', "limit"),
    ('[service]\ndatabase = "d"\nresults = "r"\n[limits]\nopen_jobs = "many"', "open_jobs"),
    ("[service", "table"), ('[service]\ndatabase = "d"\nresults = "r"\n[cubes.a]\ntitle = "no rasters"', "predictors")])
def test_settings_that_are_wrong_are_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EngineError) as caught:
        read_settings(path)
    assert caught.value.code == "served_settings" and named in str(caught.value)
