"""Assessments as PostGIS tables, written by binary COPY: what is in them is what is in the folder."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from served import Finished, Running, small_area

from geoplantnet_plugin.common.assessment import TABLES
from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.common.tables import cell_taxa, open_tables
from geoplantnet_plugin.engine.assessment.postgis import Sets, binary_rows
from geoplantnet_plugin.engine.commands.line import main
from service.cli import main as serve
from service.database import open_pool
from service.settings import read_settings


def test_rows_are_those_of_the_folder(service: Running, finished: Finished) -> None:
    with open_tables(finished.out / TABLES) as tables:
        expected = list(cell_taxa(tables, 0, 10**9))
    grid = json.loads((finished.out / "assessment.json").read_text(encoding="utf-8"))["grid"]
    with open_pool(read_settings(service.folder / "settings.toml").database, 1) as pool, pool.connection() as connection:
        rows = connection.execute(
            "SELECT c.cell, t.taxon, t.score, ST_X(c.geom) AS x, ST_Y(c.geom) AS y, ST_SRID(c.geom) AS srid "
            "FROM maps.cells c, unnest(c.taxa, c.scores) WITH ORDINALITY AS t (taxon, score, rank) "
            "WHERE c.assessment = %s ORDER BY c.cell, t.rank", [finished.id]).fetchall()
        cells = connection.execute("SELECT count(*) AS n FROM maps.cells WHERE assessment = %s", [finished.id]).fetchone()
    assert [(row["cell"], row["taxon"], row["score"]) for row in rows] == expected
    assert {row["srid"] for row in rows} == {3035}
    for row in rows[:: len(rows) // 50]:
        assert row["x"] == grid["left"] + (row["cell"] % grid["width"] + 0.5) * grid["resolution"]
        assert row["y"] == grid["top"] - (row["cell"] // grid["width"] + 0.5) * grid["resolution"]
    assert cells["n"] == 687


def test_cells_without_taxa_and_names_of_any_script_are_copied(service: Running) -> None:
    """Numbers of 32 bits with either sign, against what PostgreSQL makes of the same rows as text."""
    name, grid = "каштан/é", {"width": 3, "left": 10.0, "top": 90.0, "resolution": 10.0}
    sets = Sets(np.array([0, 4, 7]), np.array([2, 0, 2]), np.array([5, 2**31 - 1, 0, 70_000]),
                np.array([-(2**31), -1, 0, 32_767]))
    with open_pool(read_settings(service.folder / "settings.toml").database, 1) as pool, pool.connection() as connection:
        connection.execute("CREATE TEMP TABLE copied (LIKE maps.cells) ON COMMIT DROP")
        with connection.cursor().copy("COPY copied (assessment, cell, geom, taxa, scores) FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
            for piece in binary_rows(name, grid, 2154, sets):
                copy.write(piece)
        rows = connection.execute("SELECT assessment, cell, ST_AsEWKT(geom) AS geom, taxa, scores FROM copied "
                                  "ORDER BY cell").fetchall()
    assert [tuple(row.values()) for row in rows] == [
        (name, 0, "SRID=2154;POINT(15 85)", [5, 2**31 - 1], [-(2**31), -1]),
        (name, 4, "SRID=2154;POINT(25 75)", [], []),
        (name, 7, "SRID=2154;POINT(25 65)", [0, 70_000], [0, 32_767])]


def test_tiles_are_published_as_one_map(service: Running, finished: Finished, tmp_path: Path) -> None:
    area = tmp_path / "area.geojson"
    area.write_text(json.dumps(small_area()), encoding="utf-8")
    assert main(["map", "--area", str(area), "--model", "western-swiss-alps", "--predictors",
                 str(RESOURCES / "demo" / "predictors.tif"), "--tiles", "1km", "--out", str(tmp_path / "map")]) == 0
    publish = ["--settings", str(service.folder / "settings.toml"), "publish", str(tmp_path / "map"), "--name", "valley"]
    assert serve(publish) == serve(publish) == 0
    answer = service.other.execute("coverage", {"area": small_area(), "map": "valley"}).json()
    with (finished.out / "coverage.csv").open(encoding="utf-8-sig") as file:
        expected = {row["Name"]: float(row["Coverage %"]) for row in csv.DictReader(file)}
    assert answer["cells"] == 687
    assert {taxon["name"]: taxon["coverage"] for taxon in answer["taxa"]} == pytest.approx(expected, abs=0.01)
