"""Packing: what is in the folder, what is refused, and nothing left behind."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from zipfile import ZipFile

import geopandas
import pyogrio
import pytest
import rasterio
from field.sites import COL, HEIGHT, ROW, WIDTH, Heard, pack_site
from shapely import box
from worlds import cells_box

from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.common.fieldpackage import PackageUnreadable, ascii_name, package_of, read_package, zip_package
from geoplantnet_plugin.common.jobs import PackRequest
from geoplantnet_plugin.common.survey import SURVEY
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.field.package import pack, write_track
from geoplantnet_plugin.engine.field.plan import make_plan


def test_a_package_says_what_it_holds(package: Path) -> None:
    about = read_package(package)
    assert about.points == 8 and about.name == "meadow" and about.simulated
    assert about.plot_area == 2500
    assert about.size == sum(about.sizes.values()) < about.budget
    with sqlite3.connect(package / "survey.gpkg") as connection:
        (text,) = connection.execute("SELECT about FROM package").fetchone()
    assert package_of(text).id == about.id, "the GeoPackage alone tells whose it is"
    layers = {name for name, _ in pyogrio.list_layers(package / "survey.gpkg")}
    assert layers == {"area", "taxa", "coverage", "package", "plan", "expected", *(table.name for table in SURVEY)}


def test_rasters_are_cloud_optimised_with_tiles_for_tablets(package: Path) -> None:
    about = read_package(package)
    kinds = [entry.kind for entry in about.rasters]
    assert "indicator" in kinds and "species" in kinds
    for entry in about.rasters:
        with rasterio.open(package / entry.file) as dataset:
            assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert dataset.block_shapes[0] == (512, 512) or dataset.width < 512
            assert dataset.crs.to_epsg() == 3035


def test_the_lists_by_cell_are_those_of_the_assessment(site: Path, package: Path) -> None:
    with sqlite3.connect(site / "assemblage.gpkg") as connection:
        counted = dict(connection.execute("SELECT cell, count(*) FROM cell_taxa GROUP BY cell"))
    with sqlite3.connect(package / "survey.gpkg") as connection:
        lists = dict(connection.execute("SELECT cell, taxa FROM expected"))
    assert {cell: len(text.strip(";").split(";")) for cell, text in lists.items()} == counted


def plan_of(site: Path, **changes: object) -> geopandas.GeoDataFrame:
    """Return the plan alone, without the package around it."""
    request = PackRequest(site, site / "nowhere", **changes)  # type: ignore[arg-type]
    return make_plan(open_folder(site), request, {}, {}, Reporter())


def test_points_lie_in_their_cells_inside_the_mask_and_are_the_same_again(site: Path, tmp_path: Path) -> None:
    mask = tmp_path / "mask.gpkg"
    inside = cells_box(ROW, COL, HEIGHT, 6)
    geopandas.GeoDataFrame(geometry=[inside], crs="EPSG:3035").to_crs("EPSG:4326").to_file(mask)
    plan, again = (plan_of(site, points=12, access=str(mask), seed=5) for _ in range(2))
    assert plan.geometry.equals(again.geometry)
    assert plan.within(inside.buffer(1)).all()
    assert sorted(plan["walk"]) == list(range(1, 13))
    assert plan["draw"].between(0, 1 / 12 + 1e-9).all()
    write_track(tmp_path / "plan.gpx", plan.assign(targets="Salix alba"))
    waypoints = pyogrio.read_dataframe(tmp_path / "plan.gpx", layer="waypoints")
    assert list(waypoints["name"]) == list(plan.sort_values("walk")["point_id"])


def test_hours_buy_as_many_points_as_fit_and_strata_each_get_one(site: Path) -> None:
    assert 1 <= len(plan_of(site, hours=2.0)) <= 4 < len(plan_of(site, hours=4.0)) <= 8
    plan = plan_of(site, points=9, strata="richness")
    assert plan["stratum"].nunique() >= 2
    for _, rows in plan.groupby("stratum"):
        assert (rows["inclusion"] - rows["draw"] * len(rows)).abs().max() < 1e-9


@pytest.mark.parametrize(("code", "changes"), [
    ("field_more_points_than_cells", {"points": HEIGHT * WIDTH + 1}),
    ("field_points", {"points": 0}),
    ("field_weight", {"weight": "gold"}),
    ("field_strata", {"strata": "moon"}),
    ("field_species_unknown", {"species": ("Quercus lunaris",)}),
    ("field_over_budget", {"budget": 0.001})])
def test_what_is_impossible_is_refused_and_leaves_nothing(code: str, changes: dict[str, object], site: Path,
                                                          tmp_path: Path) -> None:
    with pytest.raises(EngineError) as error:
        pack_site(site, tmp_path / "walk", **changes)
    assert error.value.code == code and str(error.value)
    assert not list(tmp_path.iterdir())


def test_a_mask_outside_the_area_is_refused(site: Path, tmp_path: Path) -> None:
    mask = tmp_path / "mask.gpkg"
    geopandas.GeoDataFrame(geometry=[box(0, 0, 1, 1)], crs="EPSG:4326").to_file(mask)
    with pytest.raises(EngineError) as error:
        pack_site(site, tmp_path / "walk", access=str(mask))
    assert error.value.code in ("field_mask_outside", "area_not_in_crs")


def test_an_assessment_without_species_and_one_that_is_packed_already_are_refused(
        assessment: Path, package: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as error:
        pack_site(assessment, package)
    assert error.value.code == "field_exists"
    with sqlite3.connect(assessment / "assemblage.gpkg") as connection:
        connection.execute("DELETE FROM coverage")
    with pytest.raises(EngineError) as error:
        pack_site(assessment, tmp_path / "walk")
    assert error.value.code == "field_no_species"


def test_a_disk_without_space_is_told_before_anything_is_written(site: Path, tmp_path: Path,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(EngineError) as error:
        pack_site(site, tmp_path / "walk")
    assert error.value.code == "disk_full" and not list(tmp_path.iterdir())


def test_a_cancel_leaves_nothing(site: Path, tmp_path: Path) -> None:
    class Stopping(Reporter):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        pack(PackRequest(site, tmp_path / "walk"), Stopping())
    assert not list(tmp_path.iterdir())


def test_the_size_is_told_first(site: Path, tmp_path: Path) -> None:
    heard = Heard()
    pack(PackRequest(site, tmp_path / "walk", points=2), heard)
    code, params = heard.said[0]
    assert code == "field_size" and params["budget"] == 500


def test_a_zip_holds_the_whole_folder(package: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(package, tmp_path / "meadow"))
    with ZipFile(zip_package(folder)) as archive:
        assert {"meadow/survey.gpkg", "meadow/DCIM/", "meadow/package.json"} <= set(archive.namelist())


def test_names_of_files_are_plain_and_damaged_packages_say_so(tmp_path: Path) -> None:
    assert ascii_name("Prés de la Côte / 2026") == "pres-de-la-cote-2026"
    with pytest.raises(PackageUnreadable):
        read_package(tmp_path)
    with pytest.raises(PackageUnreadable):
        package_of('{"schema": 1, "name": "x"}')
