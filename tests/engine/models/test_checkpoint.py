"""Checkpoints: strides honoured, code never run, forged sizes refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from geoplantnet_plugin.common.errors import EngineError
from training.workshop.importers.checkpoint import Checkpoint, read_weights

from .torch_files import call, group, mapping, name, number, tensor, text, write

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "geolifeclef_samples"
STORED = np.arange(24, dtype=np.float32)


def read(path: Path) -> dict[str, np.ndarray]:
    return read_weights(path)


def test_strides_and_offset_are_honoured(tmp_path: Path) -> None:
    file = write(tmp_path / "a.pt", mapping({
        "rows": tensor("0", 24, (4, 6), (6, 1)),
        "columns": tensor("0", 24, (6, 4), (1, 6)),
        "cube": tensor("0", 24, (2, 3, 4), (4, 8, 1)),
        "part": tensor("0", 24, (2, 2), (12, 3), offset=5),
        "one": tensor("0", 24, (), (), offset=7)}), {"0": STORED})
    found = read(file)
    rows = STORED.reshape(4, 6)
    np.testing.assert_array_equal(found["rows"], rows)
    np.testing.assert_array_equal(found["columns"], rows.T)
    np.testing.assert_array_equal(found["cube"], STORED.reshape(3, 2, 4).transpose(1, 0, 2))
    assert found["part"].tolist() == [[5, 8], [17, 20]]
    assert found["one"] == 7
    assert all(values.flags.c_contiguous for values in found.values())


@pytest.mark.parametrize(("storage", "values"), [
    ("DoubleStorage", np.array([1.5, -2.25])), ("HalfStorage", np.array([1.5, -2.25], np.float16)),
    ("BFloat16Storage", np.array([0x3FC0, 0xC010], np.uint16)), ("LongStorage", np.array([3, -4]))])
def test_other_types_become_float32(tmp_path: Path, storage: str, values: np.ndarray) -> None:
    file = write(tmp_path / "a.pt", mapping({"w": tensor("0", 2, (2,), (1,), storage=storage)}), {"0": values})
    assert read(file)["w"].dtype == np.float32
    assert read(file)["w"].tolist() == ([3, -4] if storage == "LongStorage" else [1.5, -2.25])


def test_a_lightning_checkpoint_gives_its_state_dict_without_the_first_prefix(tmp_path: Path) -> None:
    settings = call(name("omegaconf.dictconfig", "DictConfig"), text("anything")) + mapping({"x": number(1)}) + b"b"
    file = write(tmp_path / "a.ckpt", mapping({
        "epoch": number(3), "hyper_parameters": settings,
        "state_dict": mapping({"model.fc.weight": tensor("0", 24, (2,), (1,)),
                               "model.model.x": tensor("0", 24, (1,), (1,)),
                               "loss.pos_weight": tensor("0", 24, (3,), (1,))})}), {"0": STORED})
    assert set(read(file)) == {"fc.weight", "model.x", "loss.pos_weight"}


@pytest.mark.parametrize(("module", "attribute"), [
    ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("__builtin__", "exec"), ("subprocess", "Popen"),
    ("torch", "load"), ("torch.hub", "load"), ("torch._utils", "_rebuild_tensor"), ("numpy", "load"),
    ("collections", "defaultdict"), ("geoplantnet_plugin.common.errors", "EngineError")])
def test_code_in_the_pickle_is_refused_and_not_run(tmp_path: Path, module: str, attribute: str) -> None:
    trace = tmp_path / "trace"
    attack = call(name(module, attribute), text(f"touch {trace}"))
    inside = mapping({"w": attack})
    for number_, content in enumerate((attack, inside, mapping({"state_dict": inside}))):
        with pytest.raises(EngineError, match="could run code") as caught:
            read(write(tmp_path / f"{number_}.pt", content))
        assert f"{module}.{attribute}" in str(caught.value)
    assert not trace.exists()


def test_placeholders_run_nothing(tmp_path: Path) -> None:
    """What stands for Lightning's settings is not the package's own object, even if that could run code."""
    trace = tmp_path / "trace"
    attack = call(name("omegaconf", "OmegaConf.load"), text(f"touch {trace}"))
    file = write(tmp_path / "a.pt", mapping({"hyper_parameters": attack, "state_dict": mapping({})}))
    assert read(file) == {} and not trace.exists()


@pytest.mark.parametrize(("shape", "strides", "offset"), [
    ((25,), (1,), 0), ((2, 12), (13, 1), 0), ((2,), (1,), 23), ((1,), (1,), -1), ((-2,), (1,), 0), ((3,), (-1,), 5),
    ((100_000, 100_000), (0, 0), 0), ((25,), (0,), 0), ((2, 2), (1,), 0)])
def test_views_beyond_their_storage_are_refused(tmp_path: Path, shape: tuple, strides: tuple, offset: int) -> None:
    file = write(tmp_path / "a.pt", mapping({"w": tensor("0", 24, shape, strides, offset)}), {"0": STORED})
    with pytest.raises(EngineError) as caught:
        read(file)
    assert caught.value.code == "model_checkpoint_unreadable"


@pytest.mark.parametrize("content", [
    mapping({"w": tensor("0", 2**30, (2,), (1,))}),
    mapping({"w": tensor("../0", 24, (2,), (1,))}),
    mapping({"w": tensor("absent", 24, (2,), (1,))}),
    mapping({"w": tensor("0", 24, (2,), (1,), storage="FloatStorage").replace(b"storage", b"strange")}),
    group(number(1), number(2)),
    b"\xff\xff",
    b"",
    b"(" * 50_000,
])
def test_forged_content_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(EngineError) as caught:
        read(write(tmp_path / "a.pt", content, {"0": STORED}))
    assert caught.value.code == "model_checkpoint_unreadable"


def test_a_compressed_or_truncated_or_foreign_file_is_refused(tmp_path: Path) -> None:
    content = mapping({"w": tensor("0", 24, (2,), (1,))})
    bomb = write(tmp_path / "bomb.pt", content, {"0": np.zeros(10**6, np.float32)}, zipfile.ZIP_DEFLATED)
    whole = write(tmp_path / "whole.pt", content, {"0": STORED}).read_bytes()
    cut, old, none = (tmp_path / f"{number_}.pt" for number_ in range(3))
    cut.write_bytes(whole[:len(whole) // 2])
    old.write_bytes(b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.")
    for file in (bomb, cut, old, none):
        with pytest.raises(EngineError) as caught:
            read(file)
        assert caught.value.code == "model_checkpoint_unreadable"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the GeoLifeCLEF samples are not in ../shared/data")
def test_real_cubes_have_their_published_shape_and_make_sense() -> None:
    """The files hold permuted views: read without strides, temperatures and rain would be mixed."""
    files = sorted(SAMPLES.rglob("*bioclimatic*.pt"))
    assert files
    for file in files:
        checkpoint = Checkpoint(file)
        cube = checkpoint.array(checkpoint.content)
        checkpoint.close()
        assert cube.shape == (4, 19, 12)
        mean, warmest, coldest = cube[1], cube[2], cube[3]
        assert (coldest <= mean).all() and (mean <= warmest).all()
        assert coldest.min() > 2500 and warmest.max() < 3200  # K × 10
