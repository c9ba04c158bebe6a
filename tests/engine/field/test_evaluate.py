"""What the survey says, counted by hand on a site whose scores are known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
from field.sites import COL, HEIGHT, ROW, WIDTH, add, centre, sql, tablet
from worlds import BIAS, LAMBDAS, NAMES, WEIGHTS

from geoplantnet_plugin.common.jobs import ReadFieldRequest
from geoplantnet_plugin.engine.assessment.report.surveyed import tables
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.field.evaluate import Verdict
from geoplantnet_plugin.engine.field.read import read_field


@pytest.fixture(scope="session")
def predicted(site: Path) -> np.ndarray:
    """Which taxa (rows, columns, 3) the world's model predicts in the site's cells, from its weights alone."""
    with rasterio.open(site.parent / "predictors.tif") as dataset:
        values = dataset.read()[:, ROW:ROW + HEIGHT, COL:COL + WIDTH]
    scores = 1 / (1 + np.exp(-(np.moveaxis(values, 0, -1) @ WEIGHTS + BIAS)))
    return np.asarray(scores > np.array(LAMBDAS))


def verdict(assessment: Path, folder: Path) -> Verdict:
    return read_field(ReadFieldRequest(assessment, (folder,)), Reporter()).verdict


def points(folder: Path) -> list[tuple[str, int, float]]:
    plan = pyogrio.read_dataframe(folder / "survey.gpkg", layer="plan")
    return list(zip(plan["point_id"], plan["cell"], plan["draw"], strict=True))


def visit(folder: Path, point: str, cell: int, found: set[int], area: float = 2500.0) -> None:
    """Write a complete list of taxa (their positions) at a point of the plan."""
    releve = add(folder, "releves", centre(*divmod(cell, WIDTH)), point_id=point, area_m2=area, complete=True)
    for taxon in sorted(found):
        add(folder, "releve_species", releve_id=releve, taxon_id=str(taxon + 1))


def test_outcomes_hit_rates_and_the_estimate(assessment: Path, package: Path, predicted: np.ndarray,
                                                 tmp_path: Path) -> None:
    folder = tablet(package, tmp_path / "tablet")
    chosen = points(folder)[:4]
    for point, cell, _ in chosen:
        visit(folder, point, cell, {0})
    said = verdict(assessment, folder)
    expected = [predicted[divmod(cell, WIDTH)] for _, cell, _ in chosen]
    missed = [int(taxa[1:].sum()) for taxa in expected]
    extra = [int(not taxa[0]) for taxa in expected]
    assert sorted(result.predicted_only for result in said.lists) == sorted(missed)
    assert said.estimates["predicted_only"].mean == pytest.approx(np.mean(missed))
    assert said.estimates["found_only"].mean == pytest.approx(np.mean(extra))
    assert said.comparable and said.left_out == 0
    abies = next(row for row in said.species if row.name == NAMES[0])
    tries = sum(bool(taxa[0]) for taxa in expected)
    assert abies.outcome == "confirmed" and abies.present == 4
    assert (abies.found, abies.tried) == ((tries, tries) if tries else (None, None))
    for number in (1, 2):
        row = next(row for row in said.species if row.name == NAMES[number])
        searched = any(taxa[number] for taxa in expected)
        assert row.outcome == ("not_found" if searched else "not_looked")
        assert row.found in (0, None)


def test_the_report_tells_it_in_both_languages(assessment: Path, package: Path, tmp_path: Path) -> None:
    assert tables(assessment, Texts("en")) == []
    folder = tablet(package, tmp_path / "tablet")
    for point, cell, _ in points(folder)[:3]:
        visit(folder, point, cell, {0, 1})
    verdict(assessment, folder)
    for language, word in (("en", "Horvitz–Thompson estimate"), ("fr", "estimation de Horvitz–Thompson")):
        done, counts, species = tables(assessment, Texts(language))
        assert sum(word in row[1] for row in done.rows) == 3
        assert counts.rows[0][1:] == ["3", "2", "0"], "three species predicted, two confirmed"
        assert {row[0] for row in species.rows} == set(NAMES)


def test_plots_of_another_size_say_nothing_of_hit_rates(assessment: Path, package: Path, tmp_path: Path) -> None:
    folder = tablet(package, tmp_path / "tablet")
    (point, cell, _), *_ = points(folder)
    visit(folder, point, cell, {0}, area=100.0)
    said = verdict(assessment, folder)
    assert said.left_out == 1 and not said.lists and not said.estimates
    assert all(row.tried is None for row in said.species)


def test_a_pool_of_ten_kilometres_is_never_compared_with_plots(assessment: Path, package: Path, tmp_path: Path) -> None:
    manifest = json.loads((assessment / "assessment.json").read_text())
    manifest["survey"] = {"side": 10_000}
    (assessment / "assessment.json").write_text(json.dumps(manifest))
    folder = tablet(package, tmp_path / "tablet")
    (point, cell, _), *_ = points(folder)
    visit(folder, point, cell, {0})
    said = verdict(assessment, folder)
    assert not said.comparable and not said.estimates
    assert next(row for row in said.species if row.name == NAMES[0]).outcome == "confirmed"


def test_inaccessible_points_and_doubtful_records_count_for_nothing(assessment: Path, package: Path,
                                                                    tmp_path: Path) -> None:
    folder = tablet(package, tmp_path / "tablet")
    (first, cell, _), (second, other, _), *_ = points(folder)
    visit(folder, first, cell, {0})
    visit(folder, second, other, {0})
    add(folder, "observations", centre(1, 1), taxon_id="3", status="present", certainty="doubtful")
    with sql(folder) as connection:
        connection.execute("UPDATE plan SET visit = 'inaccessible' WHERE point_id = ?", [second])
    said = verdict(assessment, folder)
    assert said.points == {"planned": 7, "inaccessible": 1}
    assert said.estimates["both"].points == 1
    assert next(row for row in said.species if row.name == NAMES[2]).outcome != "confirmed"
