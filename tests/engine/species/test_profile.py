"""What a species card shows: altitudes, response curves and months, against sums computed by hand."""

import json
import shutil

import numpy as np
import pytest
import rasterio
import worlds
from worlds import BIAS, RESOLUTION, WEIGHTS, cells_box

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ProfileRequest
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.line import main
from geoplantnet_plugin.engine.species.profile import profile

ROWS, COLS, HEIGHT, WIDTH = 40, 60, 9, 12
TAXON = 1


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = worlds.make_world(tmp_path_factory.mktemp("world"))
    assess(made.job(made.area(cells_box(ROWS, COLS, HEIGHT, WIDTH))), Reporter())
    return made


@pytest.fixture(scope="module")
def dem(world):
    """A slope that falls to the south: row r of the world lies at 2,000 − 10 r metres."""
    path = world.folder / "heights.tif"
    with rasterio.open(world.raster) as like:
        frame = like.profile
    heights = np.repeat(2000 - 10 * np.arange(frame["height"], dtype=np.float32), frame["width"])
    with rasterio.open(path, "w", **{**frame, "count": 1}) as out:
        out.write(heights.reshape(1, frame["height"], frame["width"]))
    return str(path)


def of(world, **asked):
    return profile(ProfileRequest(world.folder / "out", worlds.NAMES[TAXON], **asked), Reporter())


def test_a_response_curve_is_the_mean_over_the_sites_own_cells(world):
    told = of(world)["responses"]
    own = world.values[:, ROWS:ROWS + HEIGHT, COLS:COLS + WIDTH].reshape(2, -1).astype(np.float64)
    assert told["cells"] == own.shape[1] and told["scale"] == "sigmoid" and told["left_out"] == []
    card = json.loads((world.model / "card.json").read_text(encoding="utf-8"))
    for number, curve in enumerate(told["curves"]):
        predictor = card["inputs"][0]["predictors"][number]
        assert curve["predictor"] == predictor["name"]
        assert curve["training"] == (tuple(predictor["range"]) if predictor.get("range") else None)
        assert curve["site"] == pytest.approx(np.quantile(own[number], (0.05, 0.95)), abs=1e-5)
        for value, score, low, high in zip(curve["values"], curve["scores"], curve["low"], curve["high"], strict=True):
            changed = own.copy()
            changed[number] = value
            scores = 1 / (1 + np.exp(-(changed.T @ WEIGHTS[:, TAXON] + BIAS[TAXON])))
            assert score == pytest.approx(scores.mean(), abs=1e-5)
            assert (low, high) == pytest.approx(np.quantile(scores, (0.1, 0.9)), abs=1e-5)


def test_the_altitude_profile_counts_every_cell_of_the_site_and_of_the_species(world, dem):
    found = of(world, dem=dem)
    told = found["altitudes"]
    heights = np.repeat(2000 - 10 * np.arange(ROWS, ROWS + HEIGHT), WIDTH)
    with open_folder(world.folder / "out").tables() as tables:
        cells = [cell for (cell,) in tables.execute("SELECT cell FROM taxon_cells WHERE taxon = ?", (TAXON,))]
    assert 0 < len(cells) < len(heights)
    assert told["site"] == np.histogram(heights, told["edges"])[0].tolist() and sum(told["site"]) == len(heights)
    assert told["predicted"] == np.histogram(heights[np.sort(cells)], told["edges"])[0].tolist()
    assert told["site_quantiles"] == pytest.approx(np.quantile(heights, (0.05, 0.5, 0.95)))
    assert told["source"] == "heights.tif" and told["resolution"] == RESOLUTION and not told["thinned"]


def test_without_a_raster_of_altitudes_the_reason_is_told_and_the_rest_is_there(world):
    found = of(world)
    assert found["absent"]["altitudes"]["code"] == "altitude_no_raster" and "altitudes" not in found
    assert found["responses"]["curves"]


def test_a_predictor_in_metres_that_is_an_altitude_is_taken(world, dem):
    folder = shutil.copytree(world.folder / "out", world.folder / "named")
    path = folder / "assessment.json"
    document = json.loads(path.read_text("utf-8"))
    entry = {"input": "point", "source": dem, "band": 1, "crs": "EPSG:3035"}
    for name, unit, taken in (("altitude_sd", "m", False), ("altitude", "feet", False), ("Altitude mean", "m", True)):
        document["predictors"] = [{**entry, "name": name, "predictor": name, "unit": unit}]
        path.write_text(json.dumps(document), encoding="utf-8")
        found = profile(ProfileRequest(folder, worlds.NAMES[0]), Reporter())
        assert ("altitudes" in found) is taken


def test_a_model_that_is_gone_is_named(world):
    folder = shutil.copytree(world.folder / "out", world.folder / "without")
    document = json.loads((folder / "assessment.json").read_text("utf-8"))
    document["job"]["model"] = str(world.folder / "gone")
    (folder / "assessment.json").write_text(json.dumps(document), encoding="utf-8")
    absent = profile(ProfileRequest(folder, worlds.NAMES[0]), Reporter())["absent"]["responses"]
    assert "gone" in str(EngineError(absent["code"], **absent["params"]))
    with pytest.raises(EngineError, match="Nobody knows it"):
        profile(ProfileRequest(folder, "Nobody knows it"), Reporter())


RECORDS = {
    "iso": ("scientificName,eventDate,occurrenceStatus\n"
            "Carex nigra (L.) Reichard,2021-05-03,present\nCarex nigra,2021-05,\nCarex nigra,2021-06-01/2021-06-09,\n"
            "Carex nigra,2021-06-28/2021-07-02,\nCarex nigra,2020-11-13/15,\nCarex nigra,2021-07-01,absent\n"
            "Salix alba,2021-05-03,\nCarex nigra,2021,\nCarex nigra,2021-13-01,\n",
            {5: 2, 6: 1, 11: 1}, 3),
    "day first": ("nom scientifique;date\nCarex nigra;03/05/2021\nSalix alba;25/12/2021\nCarex nigra;07.08.2020\n",
                  {5: 1, 8: 1}, 0),
    "month first": ("name,date\nCarex nigra,03/05/2021\nCarex nigra,12/25/2021\n", {3: 1, 12: 1}, 0),
    "nobody can tell": ("name,date\nCarex nigra,03/05/2021\nCarex nigra,06/06/2021\n", {6: 1}, 1),
    "month": ("species\tmonth\nCarex nigra\t4\nCarex nigra\t04\nCarex nigra\t13\nCarex cf. nigra\t4\n", {4: 2}, 1),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_records_are_counted_by_month(world, tmp_path, kind):
    text, counts, undated = RECORDS[kind]
    (tmp_path / "records.csv").write_text(text, encoding="utf-8")
    told = of(world, records=tmp_path / "records.csv")["months"]
    assert {month: count for month, count in enumerate(told["counts"], 1) if count} == counts
    assert told["undated"] == undated


def test_a_table_without_dates_is_refused_with_its_columns(world, tmp_path):
    (tmp_path / "records.csv").write_text("name,place\nCarex nigra,here\n")
    absent = of(world, records=tmp_path / "records.csv")["absent"]["months"]
    assert absent["code"] == "months_no_dates" and absent["params"]["found"] == ["name", "place"]


def test_the_command_tells_it_in_short(world, dem, capsys):
    assert main(["species", "profile", str(world.folder / "out"), "--taxon", worlds.NAMES[TAXON], "--dem", dem]) == 0
    told = capsys.readouterr().out
    assert worlds.NAMES[TAXON] in told and "heights.tif" in told and "warmth:" in told
