"""Scores of small graphs beside the same arithmetic in numpy."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.models.package import open_package
from geoplantnet_plugin.engine.models.runtime import MAX_BATCH, Session, batch_for
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale

from .conftest import TAXA, Build, linear_card, linear_graph, weights


def session(folder) -> Session:
    return Session(open_package(str(folder)), threads=1)


def cells(n: int, predictors: int = 3) -> np.ndarray:
    return np.random.default_rng(n).normal(size=(n, predictors)).astype(np.float32)


@pytest.mark.parametrize("opset", [11, 13, 17, 21])
@pytest.mark.parametrize("keep", [1, 3, TAXA])
@pytest.mark.parametrize("batch", [1, 4, 100])
def test_ranks_like_numpy(build: Build, opset: int, keep: int, batch: int) -> None:
    x, matrix = cells(10), weights()
    ranked = session(build(linear_graph(matrix, opset=opset))).rank({"climate": x}, keep, batch)
    dense = RankedScores.from_dense(x @ matrix, keep, Scale.LOGIT)
    assert ranked.scale is Scale.LOGIT and ranked.ids.dtype == np.int32
    np.testing.assert_array_equal(ranked.ids, dense.ids)
    np.testing.assert_allclose(ranked.values, dense.values, rtol=1e-5)


def test_of_equal_scores_the_earlier_taxon_comes_first(build: Build) -> None:
    matrix = np.repeat(np.array([[1, 2, 1, 2, 1, 2, 0]], np.float32), 3, axis=0)
    ranked = session(build(linear_graph(matrix))).rank({"climate": np.ones((5, 3), np.float32)}, 5, 2)
    assert ranked.ids.tolist() == [[1, 3, 5, 0, 2]] * 5


def test_ties_among_many_taxa(build: Build) -> None:
    """Every way of ranking (in the graph, by a partition, by a sort) keeps the taxa's order."""
    matrix = np.round(weights(3, 2000), 1)
    x = np.round(cells(20), 0)
    opened = session(build(linear_graph(matrix), taxa=2000))
    for keep in (5, 300, 2000):
        expected = np.argsort(-(x @ matrix), axis=1, kind="stable")[:, :keep]
        np.testing.assert_array_equal(opened.rank({"climate": x}, keep, 8).ids, expected)


@pytest.mark.parametrize("seed", range(40))
def test_dense_scores_are_ranked_as_a_stable_sort_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(-3, 4, (6, 30)).astype(np.float32) if seed % 2 else cells(6, 30)
    scores[rng.random(scores.shape) < 0.1 * (seed % 5)] = -np.inf
    scores[:3][rng.random((3, 30)) < 0.1 * (seed % 3)] = np.nan
    scores[scores == 0] *= rng.choice([-1, 1], (scores == 0).sum())
    for keep in (1, 7, 29, 30):
        ranked = RankedScores.from_dense(scores, keep, Scale.LOGIT)
        expected = np.argsort(-scores, axis=1, kind="stable")[:, :keep]
        np.testing.assert_array_equal(ranked.ids, expected)
        np.testing.assert_array_equal(ranked.values, np.take_along_axis(scores, expected, axis=1))


def test_normalises_with_offset_and_scale(build: Build) -> None:
    entry = {**linear_card()["inputs"][0], "offset": [1, 2, 3], "scale": [2, 4, 8]}
    ranked = session(build(card=linear_card(inputs=[entry]))).rank({"climate": cells(6)}, TAXA, 4)
    dense = ((cells(6) - [1, 2, 3]) / [2, 4, 8]) @ weights()
    np.testing.assert_allclose(np.take_along_axis(dense, ranked.ids, 1), ranked.values, rtol=1e-4, atol=1e-5)


def test_patch_series_and_point_together(build: Build) -> None:
    """Three inputs, normalised per band, each averaged over its pixels or steps: known by hand."""
    values = {"patch": (2, 4, 6), "series": (1, 2, 5), "point": (3,)}
    nodes, parts = [], []
    for name, shape in values.items():
        flat = name
        if len(shape) == 3:
            nodes.append(helper.make_node("ReduceMean", [name], [f"{name}_mean"], axes=[2, 3], keepdims=0))
            flat = f"{name}_mean"
        parts.append(flat)
    nodes.append(helper.make_node("Concat", parts, ["scores"], axis=1))
    graph = helper.make_graph(
        nodes, "three",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *shape]) for name, shape in values.items()],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 6])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    extra = {"patch": {"size": [4, 6], "pixel": 10, "offset": [1, 0], "scale": [1, 2]},
             "series": {"time_shape": [2, 5]}, "point": {"offset": [0, 1, 0]}}
    inputs = [{"name": n, "kind": n, "resolution": 10, **extra[n],
               "predictors": [{"name": f"{n}{i}", "title": "", "unit": ""} for i in range(s[0])]}
              for n, s in values.items()]
    for entry in inputs:
        for predictor in entry["predictors"]:
            predictor["title"] = predictor["name"]
    opened = session(build(model, linear_card(inputs=inputs), taxa=6))
    rng = np.random.default_rng(3)
    x = {n: rng.normal(size=(5, *s)).astype(np.float32) for n, s in values.items()}
    means = np.stack([x["patch"][:, 0].mean((1, 2)) - 1, x["patch"][:, 1].mean((1, 2)) / 2,
                      x["series"][:, 0].mean((1, 2)),
                      x["point"][:, 0], x["point"][:, 1] - 1, x["point"][:, 2]], axis=1)
    ranked = opened.rank(x, 6, 2)
    np.testing.assert_allclose(np.take_along_axis(means, ranked.ids, 1), ranked.values, atol=1e-6)


def test_reports_provider_and_threads(build: Build) -> None:
    opened = session(build())
    assert (opened.provider, opened.threads) == ("CPUExecutionProvider", 1)
    with pytest.raises(EngineError, match=r"no abacus on this computer; it has .*cpu"):
        Session(opened.package, device="abacus")


def test_another_device_gives_the_same_in_larger_batches(build: Build) -> None:
    """ONNX Runtime's wheel for processors has a second provider, which leaves such operators to the processor."""
    if "AzureExecutionProvider" not in onnxruntime.get_available_providers():
        pytest.skip("this ONNX Runtime has one provider alone")
    opened = session(build())
    other = Session(opened.package, device="Azure")
    assert (other.provider, other.threads) == ("AzureExecutionProvider", 1)
    assert other.batch(2**31) > opened.batch(2**31)
    x = {"climate": cells(9)}
    np.testing.assert_array_equal(other.rank(x, 3, 4).ids, opened.rank(x, 3, 4).ids)


def test_scores_that_are_no_number_are_refused_even_when_not_kept(build: Build) -> None:
    opened = session(build())
    x = cells(4)
    x[2, 1] = np.nan
    with pytest.raises(EngineError, match="not a number for 1 cells"):
        opened.rank({"climate": x}, 1, 4)
    spoilt = weights()
    spoilt[:, 6] = np.nan
    with pytest.raises(EngineError, match="not a number for 4 cells"):
        session(build(linear_graph(spoilt), name="spoilt")).rank({"climate": cells(4)}, 1, 4)


@pytest.mark.parametrize("inputs", [
    {}, {"climate": np.ones((2, 4), np.float32)}, {"climate": np.ones((2, 3))},
    {"other": np.ones((2, 3), np.float32)}])
def test_inputs_of_another_shape_are_refused(build: Build, inputs: dict) -> None:
    with pytest.raises(EngineError) as caught:
        session(build()).rank(inputs, 2, 4)
    assert caught.value.code == "model_input_values"


def two_inputs(first: str, second: str) -> onnx.ModelProto:
    graph = helper.make_graph(
        [helper.make_node("Add", [first, second], ["scores"])], "two",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", TAXA]) for name in (first, second)],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", TAXA])])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def two_input_card(first: str, second: str) -> dict:
    entry = linear_card(TAXA)["inputs"][0]
    return linear_card(inputs=[{**entry, "name": first}, {**entry, "name": second}])


WRONG = {
    "model_inputs_number": lambda: (two_inputs("a", "b"), linear_card()),
    "model_inputs_names": lambda: (linear_graph(weights(), name="soil"), linear_card()),
    "model_inputs_order": lambda: (two_inputs("a", "b"), two_input_card("b", "a")),
    "model_input_dtype": lambda: (linear_graph(weights(), dtype=TensorProto.DOUBLE), linear_card()),
    "model_input_batch": lambda: (linear_graph(weights(), batch=1), linear_card()),
    "model_input_shape": lambda: (linear_graph(weights(4)), linear_card()),
    "model_output_missing": lambda: (linear_graph(weights()), linear_card(output="logits")),
    "model_taxa_count": lambda: (linear_graph(weights(taxa=9)), linear_card()),
    "model_graph_opset": lambda: (linear_graph(weights(), opset=9), linear_card()),
}


@pytest.mark.parametrize("code", WRONG)
def test_a_graph_that_contradicts_its_card(build: Build, code: str) -> None:
    with pytest.raises(EngineError) as caught:
        session(build(*WRONG[code]()))
    assert caught.value.code == code
    assert "{" not in str(caught.value) and str(caught.value).endswith(".")


def test_taxa_of_an_open_output_axis_are_counted_when_it_runs(build: Build) -> None:
    model = linear_graph(weights(taxa=9))
    model.graph.output[0].type.tensor_type.shape.dim[1].ClearField("dim_value")
    with pytest.raises(EngineError) as caught:
        session(build(model)).rank({"climate": cells(2)}, 2, 2)
    assert caught.value.code == "model_scores_shape"


def foreign_operator() -> onnx.ModelProto:
    model = linear_graph(weights())
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    model.graph.node[0].domain = "com.microsoft"
    model.graph.node[0].op_type = "FusedMatMul"
    return model


def test_foreign_operators_are_refused(build: Build) -> None:
    with pytest.raises(EngineError, match=r"operator FusedMatMul of “com\.microsoft”"):
        session(build(foreign_operator()))


def test_foreign_operators_in_a_branch_are_refused(build: Build) -> None:
    branch = helper.make_graph(list(foreign_operator().graph.node), "branch", [], [
        helper.make_tensor_value_info("scores", TensorProto.FLOAT, None)])
    model = linear_graph(weights())
    model.graph.node.append(helper.make_node("If", ["yes"], ["x"], then_branch=branch, else_branch=branch))
    model.graph.initializer.append(numpy_helper.from_array(np.array(True), "yes"))
    with pytest.raises(EngineError, match="FusedMatMul"):
        session(build(model))


def test_weights_outside_the_package_are_refused(build: Build, tmp_path) -> None:
    (tmp_path / "secret.bin").write_bytes(bytes(3 * TAXA * 4))
    for number, location in enumerate(("../secret.bin", str(tmp_path / "secret.bin"), "absent.bin")):
        model = linear_graph(weights())
        onnx.external_data_helper.set_external_data(model.graph.initializer[0], location)
        model.graph.initializer[0].ClearField("raw_data")
        with pytest.raises(EngineError, match="is not a file inside its package"):
            session(build(model, name=f"outside{number}"))


def test_weights_beside_the_graph_are_used(build: Build) -> None:
    from .conftest import seal

    folder = build()
    onnx.save_model(linear_graph(weights(seed=5)), str(folder / "model.onnx"), save_as_external_data=True,
                    location="weights.bin", size_threshold=0)
    seal(folder, linear_card())
    ranked = session(folder).rank({"climate": cells(3)}, TAXA, 4)
    dense = cells(3) @ weights(seed=5)
    np.testing.assert_allclose(np.take_along_axis(dense, ranked.ids, 1), ranked.values, rtol=1e-5)


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x80\x04\x95", b"GIF89a" + bytes(1000)])
def test_a_foreign_file_is_refused(build: Build, content: bytes) -> None:
    from .conftest import seal

    folder = build()
    (folder / "model.onnx").write_bytes(content)
    seal(folder, linear_card())
    with pytest.raises(EngineError, match="is not an ONNX model"):
        session(folder)


def test_a_cut_off_graph_is_refused(build: Build) -> None:
    from .conftest import seal

    folder = build()
    whole = (folder / "model.onnx").read_bytes()
    for length in (20, len(whole) // 2, len(whole) - 3):
        (folder / "model.onnx").write_bytes(whole[:length])
        seal(folder, linear_card())
        with pytest.raises(EngineError, match=r"is not an ONNX model|cannot open the model"):
            session(folder)


def test_a_graph_that_onnxruntime_refuses(build: Build) -> None:
    model = linear_graph(weights())
    model.graph.node[0].op_type = "NoSuchOperator"
    with pytest.raises(EngineError, match="ONNX Runtime cannot open the model"):
        session(build(model))


def test_batch_stays_within_memory() -> None:
    assert batch_for(2**30, 11_255) * 11_255 * 4 <= 8 * 2**20
    assert batch_for(1000, 11_255) == 1
    assert batch_for(2**30, 50) == MAX_BATCH
