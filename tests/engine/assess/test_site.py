"""What a job says of the site: areas told apart, the country, a habitat table."""

import csv
import json
import sqlite3

import geopandas
import numpy as np
import pytest
import rasterio
from shapely import box
from worlds import LAMBDAS, LEFT, NAMES, TOP, World, cells_box

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.reporters import TerminalReporter
from geoplantnet_plugin.engine.taxa.lists import ListRow, SpeciesList, user_lists_folder, write_list


def polygons(world: World, shapes, **columns) -> str:
    path = world.folder / "areas.gpkg"
    geopandas.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:3035").to_file(path)
    return str(path)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def truth(world, rows, cols):
    """Coverage in % of each taxon over the cells that have data, from the scores themselves."""
    scores = world.scores[rows, cols].reshape(-1, 3)
    scores = scores[~np.isnan(scores[:, 0])]
    return {name: 100 * (scores[:, i] > LAMBDAS[i]).mean() for i, name in enumerate(NAMES)}, scores


def test_areas_are_told_apart_exactly_and_their_overlap_counts_in_both(world: World) -> None:
    # 250–260: across the edge of two blocks
    shapes = [cells_box(5, 20, 12, 10), cells_box(250, 250, 10, 12), cells_box(255, 250, 10, 12),
              cells_box(0, 0, 2, 2)]
    area = polygons(world, shapes, name=["north", "south", "south 2", None])
    manifest = assess(world.job(area, areas_by="name"), TerminalReporter())
    out = world.folder / "out"
    areas = {row["Area"]: row for row in read(out / "areas.csv")}
    assert list(areas) == ["north", "south", "south 2"]
    warnings = {entry["code"]: entry["params"] for entry in manifest.warnings}
    assert warnings["areas_overlap"]["hectares"] == pytest.approx(5 * 12 * 0.25)
    assert warnings["area_unnamed"]["count"] == 1
    rows = read(out / "coverage_by_area.csv")
    for name, where in {"north": (slice(5, 17), slice(20, 30)), "south": (slice(250, 260), slice(250, 262)),
                        "south 2": (slice(255, 265), slice(250, 262))}.items():
        expected, scores = truth(world, *where)
        found = {row["Name"]: float(row["Coverage %"]) for row in rows if row["Area"] == name}
        assert found == pytest.approx({key: value for key, value in expected.items() if value}, abs=0.006)
        assert int(areas[name]["Cells"]) == len(scores)
        richness = (scores > np.array(LAMBDAS)).sum(axis=1)
        assert float(areas[name]["Mean richness"]) == pytest.approx(richness.mean(), abs=1e-3)
    union = 12 * 10 - 4 * 10 + 15 * 12 + 4
    assert manifest.coverage.cells == union
    with sqlite3.connect(out / "assemblage.gpkg") as tables:
        assert tables.execute("SELECT area, cells FROM areas ORDER BY fid").fetchall() == [
            (name, int(row["Cells"])) for name, row in areas.items()]
        assert tables.execute("SELECT count(*) FROM coverage_by_area").fetchone() == (len(rows),)


def test_an_area_below_a_cell_has_the_cell_that_contains_it(world: World) -> None:
    tiny = box(LEFT + 60, TOP - 90, LEFT + 61, TOP - 89)
    assess(world.job(polygons(world, [cells_box(0, 0, 4, 4), tiny], id=[1.0, 2.0]), areas_by="id"), TerminalReporter())
    rows = read(world.folder / "out" / "areas.csv")
    assert [(row["Area"], row["Cells"]) for row in rows] == [("1", "16"), ("2", "1")]


def test_a_field_that_is_not_there_is_refused_before_anything_is_written(world: World) -> None:
    with pytest.raises(EngineError) as raised:
        assess(world.job(polygons(world, [cells_box(0, 0, 4, 4)], name=["a"]), areas_by="nom"), TerminalReporter())
    assert raised.value.code == "area_no_field" and raised.value.params["fields"] == ["name"]
    assert not (world.folder / "out").exists()


def swiss_list() -> None:
    write_list(user_lists_folder(), SpeciesList("ch_invasive", "Swiss list", "invasive", "Swiss ordinance", "CH", "",
                                                "", "", False, (ListRow("Abies alba"), ListRow("Carex nigra"))))
    write_list(user_lists_folder(), SpeciesList("be", "Belgian list", "alien", "GRIIS", "BE", "", "", "", False,
                                                (ListRow("Salix alba", value="alien"),)))


@pytest.mark.parametrize(("country", "invasive", "origin"), [
    ("CH", {"yes"}, {""}), ("be", {"no"}, {"", "alien"}), (None, {"yes"}, {""})])
def test_lists_count_only_where_they_are_in_force(world: World, country, invasive, origin, tmp_path,
                                                  monkeypatch) -> None:
    monkeypatch.setenv("GEOPLANTNET_LISTS", str(tmp_path / "lists"))
    swiss_list()
    area = world.area(cells_box(20, 20, 30, 30))
    assess(world.job(area, country=country, indicators=("invasive",)), TerminalReporter())
    out = world.folder / "out"
    rows = read(out / "coverage.csv")
    found = {row["Invasive"] for row in rows if row["Name"] != "Salix alba"}
    assert found <= invasive and {row["Native or alien"] for row in rows} == origin
    with rasterio.open(out / "indicators" / "invasive.tif") as raster:
        values = raster.read(1)
    if country == "be":
        # the Swiss list is not in force; the Union's is and names neither
        assert not (values > 0).any()
    else:
        assert (values > 0).any()
    with sqlite3.connect(out / "assemblage.gpkg") as tables:
        stored = dict(tables.execute("SELECT DISTINCT territory, in_force FROM statuses WHERE territory <> ''"))
    assert stored["CH"] == {"CH": "yes", "be": "no", None: ""}[country]


def test_a_country_that_is_none_is_refused(world: World) -> None:
    with pytest.raises(EngineError) as raised:
        assess(world.job(world.area(cells_box(0, 0, 4, 4)), country="Switzerland"), TerminalReporter())
    assert raised.value.code == "country_invalid"


def test_a_habitat_table_becomes_a_class_layer_with_its_legend(world: World) -> None:
    table = world.folder / "types.csv"
    table.write_text("habitat,name,taxon,constancy\nT1,Fir forest,Abies alba,100\nQ5,Sedge fen,Carex nigra,100\n",
                     encoding="utf-8")
    manifest = assess(world.job(world.area(cells_box(30, 30, 20, 20)), habitats=str(table)), TerminalReporter())
    entry = next(layer for layer in manifest.indicators if layer.id == "habitat")
    with rasterio.open(world.folder / "out" / entry.file) as raster:
        values = raster.read(1)
    scores = world.scores[30:50, 30:50]
    fir, sedge = (scores[..., i] > LAMBDAS[i] for i in (0, 1))
    np.testing.assert_array_equal(values, np.where(fir & ~sedge, 1, np.where(sedge & ~fir, 2, np.where(fir, 1, 0))))
    style = (world.folder / "out" / "indicators" / "habitat.qml").read_text(encoding="utf-8")
    assert 'type="paletted"' in style and 'label="Q5 Sedge fen"' in style and 'label="unclassified"' in style
    document = json.loads((world.folder / "out" / "assessment.json").read_text(encoding="utf-8"))
    assert document["job"]["habitats"] == str(table)
