"""Spread of coverage and niche breadth: by hand, in a simulation, and in the shipped packages."""

import csv
import json

import numpy as np
import pytest

from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.models.package import open_package
from training.annotate import annotate, block_sd, coverage_entry, inside, niche_breadths, turnover


def world(sd, blocks=120, plots=40, taxa=6, seed=0):
    """Plots whose truth is off from the scores by one normal shift a block and taxon."""
    rng = np.random.default_rng(seed)
    block = np.repeat(np.arange(blocks), plots)
    logit = rng.normal(-0.5, 1, (len(block), taxa))
    shift = rng.normal(0, sd, (blocks, taxa))[block]
    present = rng.random(logit.shape) < 1 / (1 + np.exp(-(logit + shift)))
    return present.astype(float), 1 / (1 + np.exp(-logit)), block


@pytest.mark.parametrize("sd", [0.0, 0.6, 1.2])
def test_the_spread_of_a_simulation_is_found(sd):
    present, scores, block = world(sd)
    assert block_sd(present, [scores], block, np.ones(len(block), bool)) == pytest.approx(sd, abs=0.15)


def test_intervals_hold_blocks_they_were_not_fitted_on():
    present, scores, block = world(0.8)
    entry = coverage_entry(present, [scores], block, 8.0)
    assert 0.86 < entry["held"] < 0.94 and entry["held_without"] < 0.75


def test_blocks_that_say_nothing_of_a_taxon_are_left_out():
    scores = np.full((4, 2), [0.001, 0.5])
    assert len(inside(np.zeros((4, 2)), scores, np.zeros(4, int), 0.5)) == 1


def test_turnover_by_hand():
    """Plots {a, b}, {b, c}, {d}: min(b, c) is 1, 1, 1; Σ S − γ = 5 − 4 = 1; so 3 ÷ (1 + 3). Nested plots have none."""
    plots = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1]], bool)
    assert turnover(plots) == 0.75
    assert turnover(np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0]], bool)) == 0


def test_niche_breadth_by_hand():
    """Taxon 0 always grows with the same two others, taxon 1 with one of ten each time."""
    same = np.zeros((10, 14))
    same[:, [0, 2, 3]] = 1
    other = np.zeros((10, 14))
    other[:, 1] = 1
    other[range(10), range(4, 14)] = 1
    breadths = niche_breadths(np.concatenate([same, other]))
    assert breadths[0] == 0 and breadths[1] == 1
    assert breadths[4] is None, "one plot is too few"


def test_a_generalist_is_broader_than_a_specialist():
    rng = np.random.default_rng(2)
    pools = np.repeat(np.eye(4), 8, axis=1)
    habitat = rng.integers(4, size=800)
    present = rng.random((800, 32)) < 0.5 * pools[habitat]
    everywhere, one = rng.random(800) < 0.5, (habitat == 2) & (rng.random(800) < 0.9)
    breadths = niche_breadths(np.column_stack([everywhere, one, present]).astype(float))
    assert breadths[0] > 1.2 * breadths[1]


@pytest.mark.parametrize("name", ["western-swiss-alps", "netherlands-lmf"])
def test_shipped_packages_are_annotated(name):
    package = open_package(name)
    entry = package.card.calibration["coverage"]
    assert 0 < entry["block_sd"] < 3 and 0.85 < entry["held"] < 0.95 and entry["held_without"] < entry["held"]
    breadths = [taxon.niche_breadth for taxon in package.taxa if taxon.niche_breadth is not None]
    assert len(breadths) >= 0.9 * len(package.taxa) and 0 < min(breadths) < max(breadths) < 1


def test_annotating_keeps_the_rest_of_the_package(tmp_path):
    import shutil

    folder = tmp_path / "copy"
    shutil.copytree(RESOURCES / "models" / "western-swiss-alps", folder)
    before = open_package(str(folder))
    annotate(folder, {"block_sd": 0.5}, [1.5] * len(before.taxa))
    after = open_package(str(folder))
    assert {taxon.niche_breadth for taxon in after.taxa} == {1.5}
    assert after.card.calibration == {**before.card.calibration, "coverage": {"block_sd": 0.5}}
    assert [taxon.lambda_ for taxon in after.taxa] == [taxon.lambda_ for taxon in before.taxa]
    assert json.loads((folder / "card.json").read_text(encoding="utf-8"))["evaluation"]


def test_the_shipped_habitat_table_is_whole_and_its_page_states_both_figures():
    folder = RESOURCES / "habitats"
    with (folder / "netherlands-land-use.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["habitat"] for row in rows}) == 4 and len({row["taxon"] for row in rows}) == 50
    page = (folder / "netherlands-land-use.md").read_text(encoding="utf-8")
    right, majority = (float(line.split("|")[2].strip(" *%").split("%")[0]) for line in page.splitlines()
                       if line.startswith("| right") and "among" not in line)
    assert right > majority + 15
