"""A small atlas whose answer is known: four squares near Granada, two predictors in a base cube, eight species."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import onnx
import pytest
from affine import Affine
from cube.cube_helpers import write
from onnx import TensorProto, helper, numpy_helper
from shapely import Polygon, box

from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.cube import base_cube
from geoplantnet_plugin.engine.models.package import checksum

UTM = "EPSG:32630"
LEFT, BOTTOM = 440_000, 4_100_000
"""The lower left corner of the four squares, on the lines of the 10 km grid."""
WARMTH = 15.0
WEIGHT = np.array([[0.2, 0.1, 0.1, -0.4, 0.0]], np.float32)
BIAS = np.array([-1.0, -4.0, -1.0, 4.0, -5.0], np.float32)
CHANCES = 1 / (1 + np.exp(-(WARMTH * WEIGHT[0].astype(float) + BIAS)))
"""0.881, 0.076, 0.622, 0.119, 0.007: by hand from weights and the base cube's one value."""

# name, id, life form, endemic, squares of the four where recorded, mean score, weak, altitude, fits (forest, rock)
SPECIES = (("Thymus vulgaris", "1", "chamaephyte", "no", (0, 1), 0.80, "no", (0, 500), ("no", "yes")),
           ("Prunus ramburii", "2", "shrub", "yes", (1,), 0.01, "no", (1200, 2000), ("", "")),
           ("Stipa tenacissima", "3", "hemicryptophyte", "no", (0,), 0.10, "no", (0, 900), ("no", "")),
           ("Quercus suber", "4", "tree", "subspecies", (2,), 0.40, "yes", (0, 1500), ("yes", "no")),
           ("Abies pinsapo", "5", "tree", "yes", (), 0.01, "no", (900, 1800), ("yes", "")),
           ("Crocus nevadensis", "", "geophyte", "yes", (3,), None, "", (1500, 2500), ("", "")),
           ("Lactuca singularis", "", "therophyte; geophyte", "no", (0,), None, "", (0, 300), ("", "")),
           ("Ricinus absens", "", "shrub", "no", (), None, "", None, ("", "")))
HABITATS = ("forest", "scrub", "grassland", "rock", "wetland", "coast", "arable", "ruderal")


@dataclass(frozen=True)
class Atlas:
    """Where the model lies, and how to ask it."""

    folder: Path
    model: Path

    def area(self, shape: Polygon, crs: str = UTM, name: str = "site") -> str:
        """Write `shape` as a file and return its path."""
        path = self.folder / f"{name}.gpkg"
        geopandas.GeoDataFrame(geometry=[shape], crs=crs).to_file(path)
        return str(path)

    def job(self, area: str, out: str = "out", **changes: object) -> AssessJob:
        """Return a job on this model, without a raster."""
        return AssessJob(area, self.folder / out, ModelOptions(str(self.model)), **{"country": "ES", **changes})  # type: ignore[arg-type]


def site(row: int, col: int, side: float = 1000.0) -> Polygon:
    """Return a site in the middle of one of the squares (row 0 is the southern)."""
    x, y = LEFT + 10_000 * col + 5000, BOTTOM + 10_000 * row + 5000
    return box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)


def make_atlas(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Atlas:
    """Write model, records and base cube into `folder`; the squares are numbered row by row from the south west."""
    cube = folder / "cube" / "tiny"
    cube.mkdir(parents=True)
    write(cube / "climate.tif", np.full((1, 60, 60), WARMTH, np.float32),
          Affine(10_000, 0, 2_700_000, 0, -10_000, 2_000_000), names=("warmth",))
    (cube / "base.json").write_text(json.dumps({"files": [
        {"file": "climate.tif", "resolution": 10_000, "checksum": checksum(cube / "climate.tif")}]}), encoding="utf-8")
    monkeypatch.setattr(base_cube, "CUBES", folder / "cube")
    model = folder / "atlas"
    model.mkdir()
    _write_graph(model)
    _write_records(model)
    _write_card(model)
    return Atlas(folder, model)


def _write_graph(folder: Path) -> None:
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["point", "w"], ["xw"]), helper.make_node("Add", ["xw", "b"], ["z"]),
         helper.make_node("Sigmoid", ["z"], ["scores"])], "atlas",
        [helper.make_tensor_value_info("point", TensorProto.FLOAT, ["cells", 1])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["cells", 5])],
        [numpy_helper.from_array(WEIGHT, "w"), numpy_helper.from_array(BIAS, "b")])
    onnx.save_model(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8),
                    str(folder / "model.onnx"))
    rows = [f"{id},{name},0.5" for name, id, *_ in SPECIES if id]
    (folder / "taxa.csv").write_text("id,name,lambda\n" + "\n".join(rows) + "\n", encoding="utf-8")


def _write_records(folder: Path) -> None:
    centres = geopandas.GeoSeries.from_xy([LEFT + 5000, LEFT + 15_000] * 2, [BOTTOM + 5000] * 2 + [BOTTOM + 15_000] * 2,
                                          crs=UTM).to_crs("EPSG:4326")
    present = np.array([[square in recorded for square in range(4)] for *_, recorded, _, _, _, _ in SPECIES])
    np.savez(folder / "records.npz", square=np.array(["30SVG40", "30SVG50", "30SVG41", "30SVG51"]),
             lon=centres.x.to_numpy(np.float32), lat=centres.y.to_numpy(np.float32), taxa=np.zeros(4, np.int16),
             present=np.packbits(present, axis=1))
    with (folder / "flora.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "id", "authorship", "family", "gbif_id", "life_form", "endemic", "squares", "rare",
                         "altitude_low", "altitude_high", "mean_score", "weak", *(f"fits_{name}" for name in HABITATS)])
        for name, id, form, endemic, squares, mean, weak, altitude, (forest, rock) in SPECIES:
            fits = {"forest": forest, "rock": rock}
            writer.writerow([name, id, "L.", "Familiaceae", "", form, endemic, len(squares), "no" if id else "yes",
                             *(altitude or ("", "")), "" if mean is None else mean, weak,
                             *(fits.get(habitat, "") for habitat in HABITATS)])


def _write_card(folder: Path) -> None:
    files = ("model.onnx", "taxa.csv", "flora.csv", "records.npz")
    card = {"schema": 1, "name": "atlas", "title": "Atlas", "version": "1.0", "description": "One weight a species.",
            "licence": "CC0-1.0", "output": "scores", "scale": "sigmoid", "default_rule": "lambda",
            "resolution": 10_000.0, "simulated": False, "support": {"side": 10_000.0},
            "effort": {"level": 500.0, "measure": "taxa recorded in the square", "chosen": "by hand"},
            "training": [{"title": "ATLAS: records made up", "source": "test", "licence": "CC0-1.0"}],
            "calibration": {"method": "true by construction", "richness": {"dispersion": 1.0}},
            "inputs": [{"name": "point", "kind": "point", "resolution": 10_000.0, "predictors": [
                {"name": "warmth", "title": "Warmth", "unit": "°C", "range": [0, 30],
                 "sources": [{"cube": "tiny", "band": "warmth"}]}]}],
            "domain": {"method": "mess", "source": "test", "values": {"warmth": np.linspace(5, 25, 101).tolist()}},
            "checksums": {name: "sha256:" + hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
