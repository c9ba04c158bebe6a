"""Assessments as PostGIS tables, written by binary COPY: what is in them is what is in the folder."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import psycopg
import pytest
from served import Finished, Running, small_area

from geoplantnet_plugin.common.assessment import SCHEMA, TABLES
from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.common.tables import cell_taxa, open_tables
from geoplantnet_plugin.engine.assessment.postgis import Sets, copy_cells
from geoplantnet_plugin.engine.commands.line import main
from service import jobs
from service.cli import main as serve
from service.cluster import Cluster
from service.database import migrate, open_pool
from service.folders import JobFolder
from service.maps import forget, load_job, publish
from service.queue import open_tools
from service.settings import read_settings


def test_rows_are_those_of_the_folder(service: Running, finished: Finished) -> None:
    with open_tables(finished.out / TABLES) as tables:
        expected = list(cell_taxa(tables, 0, 10**9))
    grid = json.loads((finished.out / "assessment.json").read_text(encoding="utf-8"))["grid"]
    with service.database() as connection:
        rows = connection.execute(
            "SELECT c.cell, t.taxon, t.score, ST_X(c.geom) AS x, ST_Y(c.geom) AS y, ST_SRID(c.geom) AS srid "
            "FROM maps.cells c, unnest(c.taxa, c.scores) WITH ORDINALITY AS t (taxon, score, rank) "
            "WHERE c.assessment = %s ORDER BY c.cell, t.rank", [finished.id]).fetchall()
        cells = connection.execute("SELECT cell FROM maps.cells WHERE assessment = %s", [finished.id]).fetchall()
    assert [(row["cell"], row["taxon"], row["score"]) for row in rows] == expected
    assert {row["srid"] for row in rows} == {3035}
    for row in rows[:: len(rows) // 50]:
        assert row["x"] == grid["left"] + (row["cell"] % grid["width"] + 0.5) * grid["resolution"]
        assert row["y"] == grid["top"] - (row["cell"] // grid["width"] + 0.5) * grid["resolution"]
    assert len(cells) == 687


def test_a_map_whose_tables_are_being_filled_is_asked_for_again(service: Running, finished: Finished) -> None:
    """By its owner; nobody else hears of it."""
    with open_tools(read_settings(service.folder / "settings.toml"), 1) as tools:
        later = tools.queue.configure_task("tables", schedule_in={"days": 1}).defer(job=finished.id)
        forget(tools.pool, finished.id)
        mine, others = (client.execute("coverage", {"area": small_area(), "map": finished.id})
                        for client in (service.me, service.other))
        tools.queue.job_manager.cancel_job_by_id(later)
        load_job(tools, UUID(finished.id))
    assert (mine.status_code, mine.json()["code"], mine.headers["Retry-After"]) == (404, "served_map_soon", "1")
    assert (others.status_code, others.json()["code"]) == (404, "served_no_map")
    assert service.me.wait_for_map(finished.id).json()["cells"] == 687


def test_a_map_says_nothing_of_land_without_its_cells(service: Running, finished: Finished) -> None:
    """Not that nothing grows there."""
    away = {"type": "Polygon", "coordinates": [[[8, 47], [8.1, 47], [8.1, 47.1], [8, 47]]]}
    service.me.wait_for_map(finished.id)
    answer = service.me.execute("coverage", {"area": away, "map": finished.id})
    assert (answer.status_code, answer.json()["code"]) == (400, "served_outside_map")


def test_nothing_of_a_dismissed_job_stays_in_the_tables(service: Running, finished: Finished) -> None:
    """Though its folder is still there when its entry of the queue comes up."""
    with open_tools(read_settings(service.folder / "settings.toml"), 1) as tools, service.database() as connection:
        id = uuid4()
        jobs.add(connection, {"id": id, "owner": "me", "key": None, "process": "assess", "title": "", "language": "en",
                              "inputs": {}, "subscriber": None, "cells": 687})
        connection.commit()
        shutil.copytree(service.folder / "results" / finished.id, JobFolder(tools.settings.results, id).path)
        jobs.dismiss(tools.pool, id)
        load_job(tools, id)
        assert not connection.execute("SELECT FROM maps.area WHERE assessment = %s", [str(id)]).fetchall()
    shutil.rmtree(JobFolder(tools.settings.results, id).path)


def test_cells_without_taxa_and_names_of_any_script_are_copied(service: Running, finished: Finished) -> None:
    """Numbers of 32 bits with either sign."""
    name, grid = "каштан/é", {"width": 3, "left": 10.0, "top": 90.0, "resolution": 10.0}
    sets = Sets(np.array([0, 4, 7]), np.array([2, 0, 2]), np.array([5, 2**31 - 1, 0, 70_000]),
                np.array([-(2**31), -1, 0, 32_767]))
    with service.database() as connection:
        connection.execute(
            "INSERT INTO maps.area SELECT %s, owner, title, crs, srid, resolution, step, simulated, source, set_rule, "
            "cells, created, geom FROM maps.area WHERE assessment = %s", [name, finished.id])
        copy_cells(connection, name, grid, 2154, [sets])
        rows = connection.execute("SELECT assessment, cell, ST_AsEWKT(geom) AS geom, taxa, scores FROM maps.cells "
                                  "WHERE assessment = %s ORDER BY cell", [name]).fetchall()
    assert [tuple(row.values()) for row in rows] == [
        (name, 0, "SRID=2154;POINT(15 85)", [5, 2**31 - 1], [-(2**31), -1]),
        (name, 4, "SRID=2154;POINT(25 75)", [], []),
        (name, 7, "SRID=2154;POINT(25 65)", [0, 70_000], [0, 32_767])]


def test_a_database_that_is_restarted_meanwhile_ends_with_the_same_rows(finished: Finished, tmp_path: Path) -> None:
    """A map is published, the database restarted while its second tile is put in."""
    whole = tmp_path / "map"
    for name in ("a", "b"):
        shutil.copytree(finished.out, whole / "tiles" / name)
    (whole / "assessment.json").write_text(json.dumps({"schema": SCHEMA, "tiles": [
        {"folder": f"tiles/{name}"} for name in ("a", "b")]}))
    with tempfile.TemporaryDirectory(prefix="gpn-restart-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        cluster = Cluster(Path(folder) / "database")
        database = cluster.start()
        try:
            migrate(database)
            with open_pool(database, 4) as pool, ThreadPoolExecutor(1) as thread:
                assert publish(pool, "calm", whole, 1) == 2
                holding = psycopg.connect(database)
                holding.execute(HOLD)
                publishing = thread.submit(publish, pool, "disturbed", whole, 1)
                while not rows_of(database, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
                    time.sleep(0.05)
                assert rows_of(database, "SELECT assessment FROM maps.area WHERE whole = 'disturbed'") == [
                    ("disturbed/a",)]
                cluster.restart()
                assert publishing.result() == 2
            for table in ("cells", "taxa"):
                calm, disturbed = (rows_of(database, f"SELECT right(assessment, 1), to_jsonb(t) - 'assessment' "
                                                     f"FROM maps.{table} t WHERE assessment LIKE '{name}/%' "
                                                     f"ORDER BY 1, 2") for name in ("calm", "disturbed"))
                assert disturbed == calm and calm
        finally:
            cluster.stop()


HOLD = """
CREATE FUNCTION maps.wait() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$;
CREATE TRIGGER wait BEFORE INSERT ON maps.area FOR EACH ROW WHEN (NEW.assessment = 'disturbed/b')
  EXECUTE FUNCTION maps.wait();
COMMIT;
SELECT pg_advisory_lock(1);
"""
"""Lets the second tile wait for as long as this connection, or the server, lives."""


def rows_of(database: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(question.encode()).fetchall()


def test_tiles_are_published_as_one_map(service: Running, finished: Finished, tmp_path: Path) -> None:
    area = tmp_path / "area.geojson"
    area.write_text(json.dumps(small_area()), encoding="utf-8")
    assert main(["map", "--area", str(area), "--model", "western-swiss-alps", "--predictors",
                 str(RESOURCES / "demo" / "predictors.tif"), "--tiles", "3km", "--out", str(tmp_path / "map")]) == 0
    for _ in range(2):
        assert serve(["--settings", str(service.folder / "settings.toml"), "publish", str(tmp_path / "map"),
                      "--name", "valley"]) == 0
    with service.database() as connection:
        assert len(connection.execute("SELECT assessment FROM maps.area WHERE whole = 'valley'").fetchall()) == 2
    answer = service.other.execute("coverage", {"area": small_area(), "map": "valley"}).json()
    with (finished.out / "coverage.csv").open(encoding="utf-8-sig") as file:
        expected = {row["Name"]: float(row["Coverage %"]) for row in csv.DictReader(file)}
    assert answer["cells"] == 687
    assert {taxon["name"]: taxon["coverage"] for taxon in answer["taxa"]} == pytest.approx(expected, abs=0.01)
