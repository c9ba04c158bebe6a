"""The shipped models state what their figures files hold, and their taxa say nothing that no table says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from geoplantnet_plugin.engine.models.package import open_package

FOLDERS = sorted(card.parent for card in (Path(__file__).parents[2] / "resources" / "models").glob("*/card.json")
                 if "effort" not in json.loads(card.read_text(encoding="utf-8")))
"""The models of plots; that of an atlas is evaluated in another way (`test_atlas`)."""


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request):
    return request.param


def _told(name, model, protocol):
    """A baseline that saw fewer assignments than the model says which."""
    fewer = f" (assignments {', '.join(map(str, model['seeds']))})"
    return name if model["seeds"] == protocol["seeds"] else name + fewer


def _rivals(found, protocol):
    """The means of the rivals that the report's own baselines are not, with the assignments that they saw."""
    rivals = found.get("rivals", {"seeds": [], "auc": {}})
    seen = ", ".join(map(str, rivals["seeds"]))
    return {f"{name} (assignments {seen})": round(sum(auc) / len(auc), 4)
            for name, auc in rivals["auc"].items() if name not in protocol["models"]}


def test_the_card_states_the_means_of_the_figures_file(folder):
    card = open_package(str(folder)).card
    found = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    assert len(card.evaluation) == len(found["protocols"])
    for entry, (kind, protocol) in zip(card.evaluation, found["protocols"].items(), strict=True):
        means = {_told(name, model, protocol): round(sum(model["auc"]) / len(model["auc"]), 4)
                 for name, model in protocol["models"].items()}
        if kind == "blocks":
            means |= _rivals(found, protocol)
        assert {"network": entry.value, **entry.baselines} == pytest.approx(means, abs=1e-4)
        assert list(entry.seeds) == protocol["seeds"]
        assert entry.block_km == protocol["block_km"]
    assert card.conformal == found["conformal"]


def test_gains_are_paired_differences(folder):
    found = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    for protocol in found["protocols"].values():
        ours = protocol["models"]["network"]["auc"]
        for name, gain in protocol["gains"].items():
            theirs = protocol["models"][name]["auc"]
            assert gain["differences"] == pytest.approx([a - b for a, b in zip(ours, theirs)])
            assert gain["mean"] == pytest.approx(sum(gain["differences"]) / len(theirs))
            assert protocol["models"][name]["seeds"] == protocol["seeds"][:len(theirs)]


def test_sets_are_as_rich_as_the_plots(folder):
    found = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    sets = found["protocols"]["blocks"]["models"]["network"]["set"]
    assert abs(sets["richness"] / sets["observed_richness"] - 1) < 0.3


def test_the_report_states_whether_the_target_is_reached(folder):
    text = (folder / "evaluation.md").read_text(encoding="utf-8")
    found = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    mean = found["protocols"]["blocks"]["gains"]["random forest"]["mean"]
    target = float(re.search(r"target of \+([0-9.]+) is", text).group(1))
    assert (f"target of +{target:.3f} is reached" in text) == (mean >= target)


def test_lambda_of_every_taxon_is_a_probability(folder):
    taxa = open_package(str(folder)).taxa
    assert all(taxon.lambda_ is not None and 0 < taxon.lambda_ < 1 for taxon in taxa)


def test_the_alps_are_sampled_from_the_raster(plots, data):
    import rasterio

    with rasterio.open(data / "vaud_alps" / "ecospat.testEnv.tif") as raster:
        bands, transform = raster.read(), raster.transform
    columns = ((plots.xy[:, 0] - transform.c) / 250).astype(int)
    rows = ((transform.f - plots.xy[:, 1]) / 250).astype(int)
    assert (plots.values == bands[:, rows, columns].T).all()
    assert plots.present.shape == (300, 55)
    card = open_package("western-swiss-alps").card
    for predictor, column in zip(card.predictors, plots.values.T, strict=True):
        assert predictor.range == (column.min(), column.max())
        assert np.allclose(card.domain["values"][predictor.name][50], np.median(column), atol=1e-3)


def test_five_baselines_stand_beside_every_model(folder):
    found = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    for protocol in found["protocols"].values():
        assert set(protocol["models"]) == {"network", "random forest", "gradient boosting", "logistic regression",
                                           "maxent", "most frequent taxa"}
    assert set(found["protocols"]["blocks"]["contributions"]) == {
        predictor.name for predictor in open_package(str(folder)).card.predictors}


def test_without_the_extra_training_says_what_it_needs(monkeypatch, capsys):
    from training import cli

    monkeypatch.setattr(cli, "NEEDED", {"no_such_module": "Something"})
    assert cli.main(["evaluate", "western-swiss-alps"]) == 2
    assert "Training needs Something" in capsys.readouterr().err
