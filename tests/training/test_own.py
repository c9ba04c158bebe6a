"""A person's own plots and rasters, through the command line: description, evaluation, package, assessment."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pd = pytest.importorskip("pandas", reason="needs the training extra (pandas)")
torch = pytest.importorskip("torch", reason="needs the training extra (PyTorch)")
pytest.importorskip("sklearn", reason="needs the training extra (scikit-learn)")

import rasterio  # noqa: E402
from affine import Affine  # noqa: E402
from shapely import box  # noqa: E402

from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions  # noqa: E402
from geoplantnet_plugin.engine.assess.run import assess  # noqa: E402
from geoplantnet_plugin.engine.base.events import Reporter  # noqa: E402
from geoplantnet_plugin.engine.models.package import open_package  # noqa: E402
from training.cli import main  # noqa: E402
from training.datasets.description import read_description  # noqa: E402
from training.datasets.own import read_own  # noqa: E402
from training.evaluate import out_of_fold  # noqa: E402
from training.folds import Blocks, block_folds  # noqa: E402
from training.metrics import auc  # noqa: E402
from training.staged import Staged  # noqa: E402

LEFT, TOP, SIDE, PIXEL = 4_000_000.0, 2_600_000.0, 200, 50.0
BLOCKS = Blocks(2500.0)
QUICK = {"epochs": 12, "inner_folds": 2, "forest_trees": 20}


class World:
    """Rasters of 10 km and plots whose four taxa follow warmth, soil, texture around the plot, and a season.

    Warm taxon: `warmth` > 0. Soil taxon: class 2. Rough taxon: `green` varies within 250 m. Late taxon: `wet` rises.
    """

    def __init__(self, folder: Path) -> None:
        rng = np.random.default_rng(1)
        self.folder, shape = folder, (SIDE, SIDE)
        coarse = rng.integers(0, 2, (SIDE // 10, SIDE // 10)).astype(float)
        rough = np.kron(coarse, np.ones((10, 10)))
        late = np.kron(rng.integers(0, 2, (SIDE // 10, SIDE // 10)), np.ones((10, 10)))
        self.bands = {"warmth": rng.normal(0, 1, shape), "soil": rng.integers(1, 4, shape).astype(float),
                      "green": rng.choice([-1.0, 1.0], shape) * rough}
        seasons = {1: 1 - late, 4: late}
        for month in range(1, 7):
            self.bands[f"wet_{month}"] = rng.normal(0, 0.3, shape) + seasons.get(month, 0)
        profile = {"driver": "GTiff", "width": SIDE, "height": SIDE, "count": 1, "dtype": "float32",
                   "crs": "EPSG:3035", "transform": Affine(PIXEL, 0, LEFT, 0, -PIXEL, TOP)}
        (folder / "rasters").mkdir()
        for name, values in self.bands.items():
            with rasterio.open(folder / "rasters" / f"{name}.tif", "w", **profile) as file:
                file.write(values.astype(np.float32), 1)
        rows, cols = rng.integers(5, SIDE - 5, (2, 500))
        self.truth = np.stack([self.bands["warmth"] > 0, self.bands["soil"] == 2, rough > 0, late > 0])
        present = self.truth[:, rows, cols] ^ (rng.random((4, 500)) < 0.05)
        self.plots = pd.DataFrame({"lon": LEFT + (cols + 0.5) * PIXEL, "lat": TOP - (rows + 0.5) * PIXEL,
                                   **dict(zip(("Warm one", "Soil one", "Rough one", "Late one"), present.astype(int)))})
        self.plots.to_csv(folder / "plots.csv", index=False)
        rows, cols = rng.integers(5, SIDE - 5, (2, 800))
        taxon = [rng.choice(np.flatnonzero(self.truth[:, row, col])) if self.truth[:, row, col].any() else 0
                 for row, col in zip(rows, cols)]
        records = {"lon": LEFT + (cols + 0.5) * PIXEL, "lat": TOP - (rows + 0.5) * PIXEL,
                   "taxon": [list(self.plots)[2:][one] for one in taxon]}
        pd.DataFrame(records).to_csv(folder / "records.csv", index=False)

    def describe(self, **changes: object) -> Path:
        """Write a description with `describe`, then the changes a person makes."""
        path = self.folder / "my-model.json"
        path.unlink(missing_ok=True)
        assert main(["describe", str(path), "--plots", str(self.folder / "plots.csv"), "--rasters",
                     str(self.folder / "rasters"), "--crs", "EPSG:3035", "--x", "lon", "--y", "lat"]) == 0
        document = {**json.loads(path.read_text(encoding="utf-8")), **changes}
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    def assess(self, model: Path) -> np.ndarray:
        """Return the scores (taxa, rows, cols) that an assessment of 2 km gives."""
        import geopandas

        area = self.folder / "area.gpkg"
        geopandas.GeoDataFrame(geometry=[box(LEFT + 2000, TOP - 4000, LEFT + 4000, TOP - 2000)],
                               crs="EPSG:3035").to_file(area)
        assess(AssessJob(str(area), self.folder / "out", ModelOptions(str(model), (str(self.folder / "rasters"),)),
                         indicators=("richness",)), Reporter())
        with rasterio.open(self.folder / "out" / "species.tif") as species:
            bands = dict(zip(species.descriptions, species.read() * species.scales[0]))
        return np.stack([bands[name] for name in list(self.plots)[2:]])


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


POINT = [{"name": "warmth", "unit": "K"}, {"name": "soil", "unit": "code", "categorical": True}]
MORE = {"point": POINT, "patches": [{"name": "view", "predictors": ["green"], "size": [5, 5], "pixel": 50}],
        "series": [{"name": "year", "predictors": ["wet"], "time": [1, 2, 3, 4, 5, 6]}],
        "block_km": 2.5, "assignments": 1}


def test_plots_and_rasters_become_a_package_that_assess_runs(world):
    path = world.describe(point=POINT, block_km=2.5, assignments=1, recipe=QUICK, baselines=["most frequent taxa"])
    told = ["--build", str(world.folder / "build"), "--data", str(world.folder / "no public data here")]
    assert main(["evaluate", str(path), *told]) == 0
    assert main(["package", str(path), *told, "--out", str(world.folder / "models")]) == 0
    package = open_package(str(world.folder / "models" / "my-model"))
    assert package.card.predictors[1].categories == (1, 2, 3)
    assert package.card.evaluation[0].baselines.keys() == {"random forest", "most frequent taxa"}
    scores = world.assess(package.folder)
    there = world.truth[:, 40:80, 40:80]
    assert (auc(there[:2].reshape(2, -1).T, scores[:2].reshape(2, -1).T) > 0.9).all()
    assert "Conformal sets" in (package.folder / "evaluation.md").read_text(encoding="utf-8")


def test_every_modality_teaches_its_taxon(world):
    plots = read_own(read_description(world.describe(**MORE)))
    recipe = Staged(BLOCKS, epochs=25, members=2)
    held = block_folds(plots.xy, recipe.blocks, 0) == 0

    def scored(some):
        return auc(some.present[held], recipe.fit(some.take(~held), 0).scores(some.take(held)))

    whole, without = scored(plots), {group: scored(plots.without(group)) for group in plots.groups}
    assert list(without) == ["point", "view", "year"]
    assert whole.min() > 0.75
    losses = {group: whole - found for group, found in without.items()}
    assert losses["point"][:2].min() > 0.15 and losses["view"][2] > 0.15 and losses["year"][3] > 0.15
    assert np.abs(losses["view"][:2]).max() < 0.12


def test_plots_with_all_modalities_and_records_become_a_package_that_assess_runs(world):
    path = world.describe(**MORE, records="records.csv", recipe={"epochs": 8, "members": 2, "forest_trees": 20},
                          baselines=["most frequent taxa"])
    told = ["--build", str(world.folder / "build")]
    assert main(["evaluate", str(path), *told]) == 0
    assert main(["package", str(path), *told, "--out", str(world.folder / "models")]) == 0
    package = open_package(str(world.folder / "models" / "my-model"))
    assert [entry.kind for entry in package.card.inputs] == ["point", "patch", "series"]
    assert package.card.training[0]["presence_only_records"] > 700
    assert "| view |" in (package.folder / "evaluation.md").read_text(encoding="utf-8")
    scores = world.assess(package.folder)
    there = world.truth[:, 40:80, 40:80].reshape(4, -1)
    assert auc(there.T, scores.reshape(4, -1).T)[0] > 0.8


def test_the_graph_is_the_network_of_all_modalities(world):
    import onnxruntime

    plots = read_own(read_description(world.describe(**MORE)))
    fitted = Staged(BLOCKS, epochs=2, members=2).fit(plots, 0)
    session = onnxruntime.InferenceSession(fitted.onnx(plots))
    inputs = {"point": plots.values, **{one.entry.name: one.values for one in plots.more}}
    np.testing.assert_allclose(session.run(["scores"], inputs)[0], fitted.scores(plots), atol=1e-5)


def test_presence_only_records_teach_and_those_near_held_out_plots_do_not(world):
    """With 40 plots, records are what tells the taxa."""
    path = world.describe(**{**MORE, "patches": [], "series": []}, records="records.csv")
    plots = read_own(read_description(path))
    few = plots.take(np.arange(len(plots)) < 40)
    recipe = Staged(BLOCKS, epochs=25, members=2)
    with_records = auc(plots.present, recipe.fit(few, 0).scores(plots))[0]
    alone = auc(plots.present, recipe.fit(replace(few, records=None), 0).scores(plots))[0]
    assert with_records > 0.85 and with_records >= alone - 0.02
    seen = []

    def predict(train, test, seed):
        seen.append(({tuple(xy // 2500) for xy in train.records.xy}, {tuple(xy // 2500) for xy in test.xy}))
        return np.zeros(test.present.shape, np.float32)

    out_of_fold(plots, predict, block_folds(plots.xy, BLOCKS, 0), 0, BLOCKS)
    assert all(not train & test for train, test in seen)


def test_a_long_table_gives_the_same_plots(world):
    wide = read_own(read_description(world.describe(point=POINT, block_km=2.5)))
    table = world.plots.assign(plot=range(len(world.plots)))
    long = table.melt(["plot", "lon", "lat"], var_name="taxon", value_name="there")
    empty = table.loc[~table[list(world.plots)[2:]].any(axis=1), ["plot", "lon", "lat"]]
    pd.concat([long[long.there == 1].drop(columns="there"), empty]).to_csv(world.folder / "plots.csv", index=False)
    path = world.folder / "long.json"
    assert main(["describe", str(path), "--plots", str(world.folder / "plots.csv"), "--rasters",
                 str(world.folder / "rasters"), "--crs", "EPSG:3035", "--x", "lon", "--y", "lat", "--taxon", "taxon",
                 "--plot", "plot"]) == 0
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "point": POINT}), encoding="utf-8")
    other = read_own(read_description(path))
    order = [other.taxa.index(name) for name in wide.taxa]
    assert (other.present[:, order] == wide.present).all() and (other.xy == wide.xy).all()
    assert (other.values == wide.values).all()


@pytest.mark.parametrize(("changes", "said"), [
    ({"point": ["warmt"]}, "warmt"), ({"x": "easting"}, "no column easting"),
    ({"crs": "EPSG:4326", "grid_crs": ""}, "metres"),
    ({"block_km": 50}, "blocks"), ({"species": ["lon"]}, "0 and 1"), ({"colour": 1}, "unknown entries: colour"),
    ({"fewest": 5000}, "5000 presences"), ({"recipe": {"depth": 3}}, "no depth"), ({"block_km": 0}, "lacks block_km")])
def test_a_fault_is_told_in_a_sentence(world, capsys, changes, said):
    path = world.describe(**{"point": POINT, "block_km": 2.5, **changes})
    assert main(["evaluate", str(path), "--build", str(world.folder / "build")]) == 2
    assert said in capsys.readouterr().err
