"""Models as people export them: few species, labels before scores, dictionaries; and predictors that do not fit."""

import zipfile

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import SILENT
from geoplantnet_plugin.engine.sources.model import plan_model
from geoplantnet_plugin.engine.where.area import read_area
from tests.torture.worlds import write_world

from .test_wrap import arguments, wrap

INPUT = helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 2])


def few(folder, species, scale="Sigmoid"):
    weights = [numpy_helper.from_array(np.full((2, species), 0.5, "f4"), "w")]
    nodes = [helper.make_node("MatMul", ["x", "w"], ["l"]), helper.make_node(scale, ["l"], ["p"])]
    save(folder, nodes, INPUT, [helper.make_tensor_value_info("p", TensorProto.FLOAT, [None, species])], weights)


def classifier(folder, zipmap=False):
    """A classifier as skl2onnx writes it: the label first; with or without ZipMap."""
    nodes = [helper.make_node("LinearClassifier", ["x"], ["label", "pr"], domain="ai.onnx.ml",
                              coefficients=[.5, -.5, -.5, .5, .1, .2], intercepts=[0., 0., 0.],
                              classlabels_ints=[0, 1, 2], post_transform="LOGISTIC", multi_class=0)]
    outputs = [helper.make_tensor_value_info("label", TensorProto.INT64, [None])]
    if zipmap:
        nodes.append(helper.make_node("ZipMap", ["pr"], ["maps"], domain="ai.onnx.ml", classlabels_int64s=[0, 1, 2]))
        value = helper.make_map_type_proto(TensorProto.INT64, helper.make_tensor_type_proto(TensorProto.FLOAT, []))
        outputs.append(helper.make_value_info("maps", helper.make_sequence_type_proto(value)))
    else:
        outputs.append(helper.make_tensor_value_info("pr", TensorProto.FLOAT, [None, 3]))
    graph = helper.make_graph(nodes, "g", [INPUT], outputs)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), str(folder / "m.onnx"))


def wrapped(folder, names, *flags):
    (folder / "names.txt").write_text("\n".join(names) + "\n\n")
    return wrap(arguments(str(folder / "m.onnx"), "--predictors", "warm,wet", "--resolution", "100", "--taxa",
                          str(folder / "names.txt"), "--out", str(folder / "package"), *flags), SILENT)[0]


@pytest.mark.parametrize("species, scale, flags, rule", [
    (1, "Sigmoid", [], "lambda:0.5"), (2, "Sigmoid", [], "lambda:0.5"),
    (2, "Identity", ["--scale", "logit"], "lambda:0"), (3, "Sigmoid", [], "topk:1"), (2, "Softmax", [], "lambda:0.5")])
def test_few_species_get_a_rule_that_works(tmp_path, monkeypatch, species, scale, flags, rule):
    monkeypatch.setattr("sys.stdin", (tmp_path / "none").open("w+"))
    few(tmp_path, species, scale)
    package = wrapped(tmp_path, ["Zea mays", "Abies alba", "Acer opalus"][:species], *flags)
    assert package.card.default_rule == rule and len(package.taxa) == species


def test_scores_are_proposed_and_not_the_label(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", (tmp_path / "none").open("w+"))
    classifier(tmp_path)
    assert wrapped(tmp_path, ["Zea mays", "Abies alba", "Acer opalus"], "--scale", "sigmoid").card.output == "pr"


def several(folder, outputs):
    """A model of several outputs, (name, step before, columns, type) each."""
    weights, nodes, values = [], [], []
    for name, step, columns, kind in outputs:
        weights.append(numpy_helper.from_array(np.ones((2, columns), "f4"), f"{name}_w"))
        nodes += [helper.make_node("MatMul", ["x", f"{name}_w"], [f"{name}_l"]),
                  helper.make_node(step, [f"{name}_l"], [f"{name}_p"]),
                  helper.make_node("Cast", [f"{name}_p"], [name], to=kind)]
        values.append(helper.make_tensor_value_info(name, kind, [None, columns]))
    save(folder, nodes, INPUT, values, weights)


def save(folder, nodes, given, values, weights=()):
    graph = helper.make_graph(nodes, "g", [given], values, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(folder / "m.onnx"))


@pytest.mark.parametrize("first", [
    ("label", "Identity", 1, TensorProto.FLOAT), ("label", "Identity", 1, TensorProto.INT64),
    ("embedding", "Identity", 8, TensorProto.FLOAT)])
def test_scores_are_proposed_beside_any_other_output(tmp_path, monkeypatch, first):
    monkeypatch.setattr("sys.stdin", (tmp_path / "none").open("w+"))
    several(tmp_path, [first, ("pr", "Sigmoid", 3, TensorProto.FLOAT)])
    card = wrapped(tmp_path, ["Zea mays", "Abies alba", "Acer opalus"]).card
    assert (card.output, card.scale.value) == ("pr", "sigmoid")


def test_scores_of_another_type_are_named_and_not_the_label(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", (tmp_path / "none").open("w+"))
    several(tmp_path, [("label", "Identity", 1, TensorProto.INT64), ("pr", "Softmax", 3, TensorProto.DOUBLE)])
    with pytest.raises(EngineError, match="output pr of the ONNX model is float64"):
        wrapped(tmp_path, ["Zea mays", "Abies alba", "Acer opalus"])


def test_channels_last_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", (tmp_path / "none").open("w+"))
    nodes = [helper.make_node("ReduceMean", ["x"], ["m"], axes=[1, 2], keepdims=0),
             helper.make_node("Sigmoid", ["m"], ["p"])]
    save(tmp_path, nodes, helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 4, 4, 2]),
         [helper.make_tensor_value_info("p", TensorProto.FLOAT, [None, 2])])
    with pytest.raises(EngineError, match="channels before height and width"):
        wrapped(tmp_path, ["Zea mays", "Abies alba"], "--kind", "patch")


def test_dictionaries_are_told_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", (tmp_path / "none").open("w+"))
    classifier(tmp_path, zipmap=True)
    with pytest.raises(EngineError, match="'zipmap': False"):
        wrapped(tmp_path, ["Zea mays", "Abies alba", "Acer opalus"])


def test_a_graph_without_input_is_told(tmp_path):
    few(tmp_path, 3)
    model = onnx.load(str(tmp_path / "m.onnx"))
    del model.graph.input[:]
    onnx.save(model, str(tmp_path / "m.onnx"))
    with pytest.raises(EngineError) as raised:
        wrapped(tmp_path, ["Zea mays", "Abies alba", "Acer opalus"])
    assert raised.value.code == "model_no_inputs"


def test_all_predictors_that_do_not_fit_are_told_at_once_and_bind_helps(tmp_path):
    world = write_world(tmp_path / "world")
    raster = world / "env.tif"
    import rasterio

    with rasterio.open(raster, "r+") as file:
        file.descriptions = ("a", "b")
    job = AssessJob(area=str(world / "site.gpkg"), out=tmp_path / "out", resolution=1000.0,
                    source=ModelOptions(model=str(world / "model"), predictors=(str(raster),)))
    with pytest.raises(EngineError) as raised:
        assess(job, SILENT)
    assert (raised.value.code, raised.value.params["predictor"]) == ("cube_predictor_missing", "warm, wet")
    bound = ModelOptions(model=str(world / "model"), bind=(f"warm={raster}:2", f"wet={raster}"))
    manifest = assess(AssessJob(area=job.area, out=job.out, resolution=1000.0, source=bound), SILENT)
    assert [entry["band"] for entry in manifest.predictors] == [2, 1]
    with pytest.raises(EngineError, match="cold"):
        assess(AssessJob(area=job.area, out=tmp_path / "no", source=ModelOptions(
            model=str(world / "model"), bind=(f"cold={raster}",))), SILENT)


@pytest.mark.parametrize("bind, code, told", [
    (("warm={0}/gone.tif", "wet={0}/lost.tif:rain"), "cube_source_missing", ("gone.tif, ", "lost.tif:")),
    (("warm={0}/gone.tif", "wet={0}/site.gpkg"), "cube_sources", ("gone.tif", "site.gpkg")),
    (("warm={0}/env.tif:rain", "wet={0}/env.tif:b"), "cube_edit_unknown", ("rain", "1 (a), 2 (b)")),
    (("warm={0}/env.tif:7", "wet={0}/env.tif:9"), "cube_predictors",
     ("warm is bound to band 7", "wet is bound to band 9")),
    (("warm={0}/env.tif:7",), "cube_predictors",
     ("warm is bound to band 7", "No band for the predictor wet", "choose a band")),
    (("warm={0}/twice.tif", "wet={0}/twice.tif:x"), "cube_ambiguous", ("twice.tif:1 (x)", "twice.tif:2 (x)")),
    (("cold={0}/env.tif", "dry={0}/env.tif"), "cube_bind_unknown", ("cold, dry", "warm")),
    (("warm={0}/env.tif", "warm={0}/env.tif:2", "wet={0}/env.tif:2"), "cube_bind_twice", ("warm",)),
    (("warm", "=a"), "cube_bind_syntax", ("NAME=FILE",))])
def test_all_that_is_wrong_with_what_is_bound_is_told_at_once(tmp_path, bind, code, told):
    world = write_world(tmp_path / "world")
    import rasterio
    import rasterio.shutil

    with rasterio.open(world / "env.tif", "r+") as file:
        file.descriptions = ("a", "b")
    rasterio.shutil.copyfiles(world / "env.tif", world / "twice.tif")
    with rasterio.open(world / "twice.tif", "r+") as file:
        file.descriptions = ("x", "x")
    source = ModelOptions(model=str(world / "model"), bind=tuple(text.format(world) for text in bind))
    with pytest.raises(EngineError) as raised:
        assess(AssessJob(area=str(world / "site.gpkg"), out=tmp_path / "out", source=source), SILENT)
    assert raised.value.code == code and not (tmp_path / "out").exists()
    assert all(words in str(raised.value) for words in told)


@pytest.mark.parametrize("bind, bands", [
    (("warm={0}/env.tif:b", "wet={0}/env.tif:A"), [2, 1]), (("warm={0}/env.tif:2", "wet={0}/env.tif"), [2, 1]),
    (("warm={0}/env.tif:c_3", "wet={0}/env.tif:2"), [3, 2]),
    (("warm={0}/one:warm.tif", "wet={0}/env.tif:C 03"), [1, 3]),
    (("warm={0}/env.zip:warm", "wet={0}/env.zip:2"), [1, 2]), (("warm={0}/folder", "wet={0}/folder:2"), [1, 1])])
def test_a_band_is_chosen_by_number_or_by_name(tmp_path, bind, bands):
    world, bare = write_world(tmp_path / "world"), tmp_path / "bare.tif"
    import rasterio
    import rasterio.shutil

    with rasterio.open(world / "env.tif") as file, rasterio.open(bare, "w", **{**file.profile, "count": 1}) as one, \
            rasterio.open(tmp_path / "three.tif", "w", **{**file.profile, "count": 3}) as three:
        one.write(file.read(1), 1)
        three.write(file.read([1, 2, 2]))
        three.descriptions = ("a", "b", "c_3")
    (world / "folder").mkdir()
    for target in ("one:warm.tif", "folder/warm.tif", "folder/wet.tif"):
        rasterio.shutil.copyfiles(bare, world / target)
    with zipfile.ZipFile(world / "env.zip", "w") as archive:
        archive.write(world / "env.tif", "env.tif")
    (tmp_path / "three.tif").replace(world / "env.tif")
    source = ModelOptions(model=str(world / "model"), bind=tuple(text.format(world) for text in bind))
    area = read_area(str(world / "site.gpkg"), None, SILENT)
    plan = plan_model(source, area, area.grid(1000.0), SILENT)
    assert [entry["band"] for entry in plan.predictors] == bands
