"""The published checkpoints that can be imported: their network and what is known of them for the card.

Sources: GeoPlant (arXiv 2408.13928; code plantnet/GeoPlant), malpolon (plantnet/malpolon).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.models.tables import read_named
from training.workshop.importers.networks import BIOCLIM, LANDSAT, SENTINEL, geoplant_mme, malpolon_mme

if TYPE_CHECKING:
    import onnx


@dataclass(frozen=True)
class Published:
    """A published model: `card` is the card's JSON without name and checksums."""

    network: Callable[[Mapping[str, NDArray[np.float32]]], onnx.ModelProto]
    card: Mapping[str, Any]

    def taxa(self, classes: int, names: Path | None, reporter: Reporter) -> list[dict[str, str]]:
        """Return the rows of ``taxa.csv``: the classes' numbers, and the names that the user's table gives them."""
        rows = [{"id": str(number), "name": f"class {number}"} for number in range(classes)]
        for row in read_named(names, reporter) if names else ():
            number = row.get("id", "")
            if not number.isdecimal() or int(number) >= classes:
                raise EngineError("model_import_taxa", file=names, id=number, last=classes - 1)
            rows[int(number)] = {**row, "id": number}
        return rows


LANDSAT_BANDS = (("red", "Red"), ("green", "Green"), ("blue", "Blue"), ("nir", "Near infrared"),
                 ("swir1", "Short-wave infrared 1"), ("swir2", "Short-wave infrared 2"))
BIOCLIM_VARIABLES = (("pr", "Monthly precipitation", "as in the GeoPlant cubes (CHELSA)"),
                     ("tas", "Mean monthly temperature", "K × 10"),
                     ("tasmax", "Mean daily maximum temperature of the month", "K × 10"),
                     ("tasmin", "Mean daily minimum temperature of the month", "K × 10"))
SENTINEL_BANDS = (("sentinel2_red", "Sentinel-2 red"), ("sentinel2_green", "Sentinel-2 green"),
                  ("sentinel2_blue", "Sentinel-2 blue"), ("sentinel2_nir", "Sentinel-2 near infrared"))


def _inputs(statistics: Mapping[str, tuple[list[float], list[float]]]) -> list[dict[str, Any]]:
    """Return the inputs of both ensembles; `statistics` holds (offset, scale) per input, where it is normalized."""
    inputs: list[dict[str, Any]] = [
        {"name": "landsat", "kind": "series", "resolution": 30, "missing": 0, "time_shape": list(LANDSAT[1:]),
         "time": [f"{year}_q{quarter}" for quarter in range(1, 5) for year in range(2000, 2021)],
         "encoding": "Quarterly composites as in the GeoPlant Landsat cubes (0 to 255), 0 where there is no data.",
         "predictors": [{"name": f"landsat_{name}", "title": f"Landsat {title.lower()}", "unit": ""}
                        for name, title in LANDSAT_BANDS]},
        {"name": "bioclim", "kind": "series", "resolution": 1000, "missing": 0, "time_shape": list(BIOCLIM[1:]),
         "time": [f"{year}_{month:02}" for year in range(2000, 2019) for month in range(1, 13)],
         "encoding": "Monthly values as in the GeoPlant bioclimatic cubes, 0 where there is no data.",
         "predictors": [{"name": name, "title": title, "unit": unit} for name, title, unit in BIOCLIM_VARIABLES]},
        {"name": "sentinel", "kind": "patch", "resolution": 10, "pixel": 10, "size": list(SENTINEL[1:]),
         "encoding": "255 × (clip(r, 0, 10000) / 10000) ^ (1 / 2.5) of the Level-2A digital number r, as in the "
                     "GeoPlant patches (uint8).",
         "predictors": [{"name": name, "title": title, "unit": "", "range": [0, 255]}
                        for name, title in SENTINEL_BANDS]},
    ]
    for entry in inputs:
        if entry["name"] in statistics:
            entry["offset"], entry["scale"] = statistics[entry["name"]]
    return inputs


def _card(title: str, description: str, inputs: list[dict[str, Any]], source: str) -> dict[str, Any]:
    return {
        "title": title, "version": "imported", "description": description, "licence": "unknown",
        "attribution": "Pl@ntNet / Inria", "inputs": inputs, "output": "scores", "scale": "sigmoid",
        "default_rule": "topk:25", "resolution": 10, "simulated": False,
        "training": [{"source": source, "licence": "data and code MIT; of the weights unknown"}],
        "limits": ["Scores rank species; they are no calibrated probabilities.",
                   "The checkpoint was not evaluated here: published figures hold for the published file only."],
    }


IMPORTERS: Mapping[str, Published] = {
    "geoplant-mme": Published(geoplant_mme, _card(
        "GeoPlant multimodal ensemble",
        "Which of GeoPlant's plant species grow at a point of Europe, from Landsat and climate time series and a "
        "Sentinel-2 patch: three ResNet6 encoders and one linear layer (arXiv 2408.13928, three modalities: AUC 94.0, "
        "samples F1 34.1 as published).",
        _inputs({"sentinel": ([127.5] * 4, [127.5] * 4)}),
        "GeoPlant (arXiv 2408.13928), presence–absence surveys")),
    "malpolon-mme": Published(malpolon_mme, _card(
        "malpolon multimodal ensemble (GeoLifeCLEF 2024)",
        "Which of GeoLifeCLEF 2024's plant species grow at a point of Europe, from Landsat and climate time series and "
        "a Sentinel-2 patch: two ResNet-18, a Swin-T and two linear layers (plantnet/malpolon; GeoLifeCLEF 2024 test: "
        "macro AUC 0.933, samples F1@25 0.296 as published).",
        _inputs({"landsat": ([30.071] * 6, [24.860] * 6), "bioclim": ([3884.726] * 4, [2939.538] * 4),
                 "sentinel": ([78.761, 82.859, 71.288, 146.082], [26.074, 24.484, 23.275, 39.518])}),
        "GeoLifeCLEF 2024 (plantnet/malpolon), presence–absence surveys")),
}
