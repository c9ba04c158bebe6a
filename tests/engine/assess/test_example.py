"""The example that uses the engine from Python does what it says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from worlds import World, cells_box, make_world

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "species_of_a_site.py"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


def test_it_names_the_species_of_a_site(world: World) -> None:
    spec = importlib.util.spec_from_file_location("example", EXAMPLE)
    assert spec and spec.loader
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    head, *lines = example.species_of(world.area(cells_box(0, 0, 20, 30)), str(world.model), (str(world.raster),),
                                      world.folder / "out")
    assert head.startswith("Species richness: ") and "on average" in head
    assert lines and all(" % of the cells, mean score " in line for line in lines)
