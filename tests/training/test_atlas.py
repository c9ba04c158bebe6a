"""Learning from an atlas: surroundings, the field of neighbours' records, the graph, and what is never looked at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the training extra (PyTorch)")

from tests.training.atlases import MISSING, RECIPE, squares_of  # noqa: E402
from training.atlas_evaluate import folds_of  # noqa: E402
from training.atlas_field import Smoothing, fit_field  # noqa: E402
from training.surroundings import Surroundings  # noqa: E402


@pytest.fixture(scope="module")
def plots():
    torch.set_num_threads(1)  # as the command line does; a second thread only waits for the first on so little
    return squares_of()


@pytest.fixture(scope="module")
def fitted(plots):
    return RECIPE.fit(plots, 1)


def test_surroundings_are_means_and_spreads_of_what_is_there(plots):
    raw = Surroundings(plots, (3,)).raw(torch.from_numpy(plots.values), torch.from_numpy(plots.more[0].values)).numpy()
    window = plots.more[0].values[:, :, 1:4, 1:4].astype(np.float64)
    window[window == MISSING] = np.nan
    mean, spread = plots.values.mean(0, dtype=np.float64), plots.values.std(0, ddof=1, dtype=np.float64)
    scaled = (window - mean[:, None, None]) / spread[:, None, None]
    assert raw[:, 2:4] == pytest.approx(np.nanmean(scaled, (2, 3)), abs=1e-4)
    assert raw[:, 4:6] == pytest.approx(np.nanstd(scaled, (2, 3)), abs=1e-3)
    assert raw[:, 6] == pytest.approx(np.isfinite(window[:, 0]).mean((1, 2)))


def test_a_node_of_the_field_is_a_newton_step_towards_the_records_around():
    place = np.array([[0, 0], [30, 0], [0, 40]], np.float32)
    present, chances = torch.tensor([[1.0], [0.0], [1.0]]), torch.tensor([[0.2], [0.4], [0.7]])
    field = fit_field(place, present, chances, Smoothing(bandwidth=25.0, spacing=10.0, prior=0.5, rank=1))
    weight = np.exp(-np.array([0, 900, 1600]) / (2 * 625))
    expected = (weight @ [0.8, -0.4, 0.3]) / (weight @ [0.16, 0.24, 0.21] + 0.5)
    assert float(field.at(np.array([[0, 0]], np.float32))) == pytest.approx(expected, rel=1e-4)


def test_between_nodes_the_field_is_bilinear_and_off_the_lattice_nothing(fitted):
    from scipy.interpolate import RegularGridInterpolator

    field = fitted.field
    lattice = (field.nodes @ field.taxa).reshape(len(field.rows), len(field.columns), -1)
    places = np.random.default_rng(2).uniform(5, 130, (40, 2)).astype(np.float32)
    expected = RegularGridInterpolator((field.rows, field.columns), lattice)(places[:, ::-1])
    assert field.at(places).numpy() == pytest.approx(expected, abs=1e-4)
    assert not field.at(np.array([[900, 900]], np.float32)).any()


def test_the_field_of_full_rank_loses_nothing(plots):
    place, present = plots.more[1].values, torch.from_numpy(plots.present)
    chances = torch.full_like(present, 0.4)
    whole, most = (fit_field(place, present, chances, Smoothing(20.0, 20.0, 0.5, rank)) for rank in (12, 99))
    assert whole.at(place).numpy() == pytest.approx(most.at(place).numpy(), abs=1e-4)


def test_the_graph_gives_the_scores(plots, fitted):
    import onnxruntime

    session = onnxruntime.InferenceSession(fitted.onnx(plots))
    found, = session.run(None, {"point": plots.values, "around": plots.more[0].values, "place": plots.more[1].values})
    assert found == pytest.approx(fitted.scores(plots), abs=2e-3)  # weights are kept in half precision


def test_the_effort_of_a_scored_square_is_never_looked_at(plots, fitted):
    strange = replace(plots, effort=np.full(len(plots), 7, np.float32), present=1 - plots.present)
    assert (fitted.scores(strange) == fitted.scores(plots)).all()


def test_held_out_squares_do_not_touch_what_is_learnt(plots):
    held = folds_of(plots, RECIPE, 0.0, 0) == 0
    other = plots.present.copy()
    other[held] = 1 - other[held]
    first, second = (RECIPE.fit(one.take(~held), 3).scores(plots.take(held)) for one in (
        plots, replace(plots, present=other)))
    assert (first == second).all()


def test_the_level_of_effort_meets_the_richness_of_well_explored_squares(plots, fitted):
    well = plots.take(plots.effort >= 300)
    assert fitted.scores(well).sum(1).mean() == pytest.approx(well.present.sum(1).mean(), rel=0.02)


def test_blocks_from_another_origin_make_other_folds(plots):
    first, second = (folds_of(plots, RECIPE, origin, 0) for origin in (0.0, 20_000.0))
    assert (first != second).any()
    columns = (plots.xy[:, 0] + 20_000) // 40_000 * 100 + (plots.xy[:, 1] + 20_000) // 40_000
    assert all(len(np.unique(second[columns == block])) == 1 for block in np.unique(columns))
