"""A stranger's model with three inputs, packaged by answers at a real terminal, then checked, installed and run."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import rasterio
from onnx import TensorProto, helper, numpy_helper
from worlds import HEIGHT, WIDTH, World, cells_box

from geoplantnet_plugin.engine.models.package import open_package

RUN = "import sys; from geoplantnet_plugin.engine.commands.line import main; sys.exit(main())"
ROOT = Path(__file__).resolve().parents[3]


def run(home: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GEOPLANTNET_MODELS": str(home / "own")}
    done = subprocess.run([sys.executable, "-c", RUN, *arguments], cwd=home, env=environment, capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def answer(home: Path, answers: str, *arguments: str) -> tuple[int, str]:
    """Run the command on a terminal where a person types `answers`; return its exit code and what was on the screen."""
    try:
        person, terminal = pty.openpty()
    except OSError as error:
        pytest.skip(f"this system gives no terminal: {error}")
    child = subprocess.Popen([sys.executable, "-c", RUN, *arguments], cwd=home, stdin=terminal, stdout=terminal,
                             stderr=terminal, env={**os.environ, "PYTHONPATH": str(ROOT)})
    os.close(terminal)
    os.write(person, answers.encode())
    screen = b""
    while True:
        try:
            piece = os.read(person, 4096)
        except OSError:  # Linux: the other side is closed
            piece = b""
        if not piece:
            break
        screen += piece
    os.close(person)
    return child.wait(timeout=120), screen.decode()


def three_inputs(path: Path) -> None:
    """Scores: a point's value, the mean of its 3 × 3 pixels (a size the file leaves open), two steps of a series."""
    nodes = [helper.make_node("ReduceMean", ["image"], ["mean"], axes=[2, 3], keepdims=0),
             helper.make_node("Reshape", ["weather", "flat"], ["steps"]),
             helper.make_node("Concat", ["site", "mean", "steps"], ["scores"], axis=1)]
    shapes = {"site": [1], "image": [1, "h", "w"], "weather": [1, 2]}
    graph = helper.make_graph(
        nodes, "three", [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["n", *s]) for n, s in shapes.items()],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 4])],
        [numpy_helper.from_array(np.array([-1, 2], np.int64), "flat")])
    onnx.save_model(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))


ANSWERS = """\
Alpine Meadow
meadow
warmth
°C
50
-1e6
patch
water
-
50
3x3
50

rain
mm
50
2019,2019
2019,2020


percent
logit
absent.txt
names.txt
Meadow of the stranger

From a test
CC0-1.0
A stranger
topk:1
"""


def test_answers_at_a_terminal_make_a_model_that_is_checked_installed_and_run(world: World) -> None:
    home = world.folder
    three_inputs(home / "stranger.onnx")
    (home / "names.txt").write_text("Abies alba\nCarex nigra\nSalix alba\nViola biflora\n", encoding="utf-8")
    code, screen = answer(home, ANSWERS, "model", "package", "stranger.onnx")
    assert code == 0, screen
    for words in ("cannot be the short name", "one of them twice", "cannot be “percent”", "absent.txt", "is in meadow"):
        assert words in screen
    card = open_package(str(home / "meadow")).card
    site, image, weather = card.inputs
    assert (site.missing, site.predictors[0].unit, image.predictors[0].unit) == (-1e6, "°C", "")
    assert (image.kind, image.size, image.pixel) == ("patch", (3, 3), 50)
    assert (weather.kind, weather.time_shape, weather.time) == ("series", (2,), ("2019", "2020"))
    assert (card.scale.value, card.attribution, card.default_rule) == ("logit", "A stranger", "topk:1")

    steps = np.random.default_rng(3).normal(size=(2, HEIGHT, WIDTH)).astype(np.float32)
    with rasterio.open(world.raster) as source:
        profile = {**source.profile, "count": 2}
    with rasterio.open(home / "rain.tif", "w", **profile) as out:
        out.write(steps)
        out.descriptions = ("rain_2019", "rain_2020")
    run(home, "model", "check", "meadow")
    run(home, "model", "import", "meadow")
    run(home, "assess", "--area", world.area(cells_box(50, 60, 40, 40)), "--model", "meadow", "--predictors",
        str(world.raster), "rain.tif", "--grid-crs", "EPSG:3035", "--resolution", "50", "--out", "out")
    rows, cols = slice(50, 90), slice(60, 100)
    around = np.mean([world.values[1, 50 + i:90 + i, 60 + j:100 + j] for i in (-1, 0, 1) for j in (-1, 0, 1)], axis=0)
    expected = dict(zip((home / "names.txt").read_text().split("\n"),
                        [world.values[0, rows, cols], around, *steps[:, rows, cols]], strict=False))
    with rasterio.open(home / "out" / "species.tif") as species:
        for band, name in enumerate(species.descriptions):
            found = species.read(band + 1) * species.scales[band] + species.offsets[band]
            np.testing.assert_allclose(found, expected[name], atol=0.02)


def test_the_end_of_the_input_at_a_question_writes_nothing(world: World) -> None:
    three_inputs(world.folder / "stranger.onnx")
    code, screen = answer(world.folder, "meadow\n\x04", "model", "package", "stranger.onnx")
    assert code == 2 and "nothing was written" in screen and "Traceback" not in screen
    assert not (world.folder / "meadow").exists()
