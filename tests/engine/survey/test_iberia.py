"""The shipped Iberian flora on real land: what lies outside is said, and a site in Andalusia gets its list offline."""

from __future__ import annotations

import csv
from pathlib import Path

import geopandas
import pytest
from cube.cube_helpers import area_in_degrees
from shapely import box

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob
from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.survey.flora import Flora, read_flora
from geoplantnet_plugin.engine.survey.squares import squares_of

MODEL = RESOURCES / "models" / "iberian-flora"


@pytest.fixture(scope="module")
def flora() -> Flora:
    found = read_flora(MODEL)
    assert found is not None
    return found


@pytest.mark.parametrize(("lon", "lat"), [(1.2, 39.8), (-11.5, 40.0), (2.0, 44.0), (-16.5, 28.3), (-17.0, 32.75),
                                          (-25.5, 37.8), (-4.0, 34.5)],
                         ids=["sea", "ocean", "France", "Canaries", "Madeira", "Azores", "Morocco"])
def test_areas_beyond_mainland_and_balearics_are_outside(flora: Flora, lon: float, lat: float) -> None:
    with pytest.raises(EngineError, match="outside the land") as caught:
        squares_of(flora, area_in_degrees(lon, lat, lon + 0.02, lat + 0.02, "EPSG:3035"), "Iberia")
    assert caught.value.code == "territory_outside"


@pytest.mark.parametrize(("lon", "lat"), [(-3.37, 37.07), (-8.6, 41.2), (2.9, 39.6), (-7.9, 37.1)],
                         ids=["Granada", "Porto", "Mallorca", "Faro"])
def test_a_site_touches_the_square_in_which_it_lies(flora: Flora, lon: float, lat: float) -> None:
    found = squares_of(flora, area_in_degrees(lon, lat, lon + 0.01, lat + 0.01, "EPSG:3035"), "Iberia")
    assert 1 <= len(found.here) <= 4 and found.outside < 0.01
    east, north = flora.lon[found.here] - lon, flora.lat[found.here] - lat
    assert (abs(east) < 0.13).all() and (abs(north) < 0.11).all()


def test_an_area_across_the_border_is_outside_in_part(flora: Flora) -> None:
    found = squares_of(flora, area_in_degrees(0.6, 42.5, 1.0, 43.2, "EPSG:3035"), "Iberia")
    assert 0.3 < found.outside < 0.9


def test_a_site_in_andalusia_gets_its_list_offline(tmp_path: Path) -> None:
    path = tmp_path / "site.gpkg"
    geopandas.GeoDataFrame(geometry=[box(-3.38, 37.07, -3.36, 37.085)], crs="EPSG:4326").to_file(path)
    assess(AssessJob(str(path), tmp_path / "out", country="ES"), Reporter())
    with (tmp_path / "out" / "survey_list.csv").open(encoding="utf-8") as file:
        rows = {row["Name"]: row for row in csv.DictReader(file)}
    plum = rows["Prunus ramburii"]
    assert (plum["Group"], plum["Endemic"], plum["Recorded"]) == ("a", "yes", "here")
    assert float(plum["Chance of being recorded"]) > 0.5 and float(plum["Times the mean"]) > 10
    unmodelled = [row for row in rows.values() if row["Modelled"] == "no"]
    assert len(unmodelled) > 50 and not any(row["Chance of being recorded"] for row in unmodelled)
    assert sum(row["Group"] == "a" for row in rows.values()) > 100
    assert any("eu_directive" in row["Why"] for row in rows.values())
