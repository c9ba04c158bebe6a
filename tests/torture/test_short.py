"""The short form of ``make torture``: a few kills of every job, a few mutated inputs of every kind."""

import json
import os
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork (no Windows)")

if hasattr(os, "fork"):
    import geoplantnet_plugin.engine.assess.run
    import geoplantnet_plugin.engine.commands.cube
    import geoplantnet_plugin.engine.commands.taxa  # noqa: F401 (forks find all imported)
    from tests.torture import inputs, kills, manifests, mishaps, signals, typed
    from tests.torture.worlds import write_world


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return write_world(tmp_path_factory.mktemp("torture") / "world")


@pytest.mark.parametrize("name, kills_", [("assess", 1), ("cube build", 2), ("taxa import", 5)])
def test_killed_jobs_end_with_the_same_bytes(world, tmp_path, name, kills_):
    count = kills.torture(name, world, tmp_path, kills_, seed=1)
    assert count.faults == [] and count.resumed == kills_


@pytest.mark.parametrize("name", ["cube build", "taxa import"])
def test_of_three_at_once_one_makes_it(world, tmp_path, name):
    assert mishaps.together(name, world, tmp_path, 3) == []


@pytest.mark.parametrize("name", ["cube build", "taxa import"])
def test_a_full_disk_is_told_and_nothing_lost(world, tmp_path, name):
    if os.geteuid() != 0 or subprocess.run(("mount", "-t", "tmpfs", "tmpfs", str(tmp_path))).returncode:
        pytest.skip("only root may mount a small disk")
    subprocess.run(("umount", str(tmp_path)), check=True)
    full, faults = mishaps.full_disk(name, world, tmp_path, 1, seed=3)
    assert faults == [] and full


def test_two_processors_one_and_a_run_of_other_options_before_give_the_same_bytes(world, tmp_path):
    out, ends, writes = tmp_path / "out", [], 0
    for before, job in ((None, kills.assess), (None, kills.assess_on_one), (kills.assess_otherwise, kills.assess)):
        if before:
            code, _ = kills.forked(before, world, out, kill_at=writes - 15)
            assert code < 0 and (out / "indicators" / "shannon.tif").is_file()
        code, text = kills.forked(job, world, out)
        assert code == 0, text
        writes = json.loads(text)[0]
        ends.append(kills.digest(out))
        shutil.rmtree(out)
    assert ends[0] == ends[1] == ends[2]


def test_a_stray_file_among_parts_fails_nothing(world, tmp_path):
    out = tmp_path / "out"
    kills.forked(kills.assess, world, out, kill_at=40)
    (out / "parts" / "notes.txt").write_text("mine")
    next((out / "parts").glob("*.npz")).write_bytes(b"")
    assert kills.forked(kills.assess, world, out)[0] == 0
    assert [path.name for path in (out / "parts").iterdir()] == ["notes.txt"]


def test_mutated_inputs(world, tmp_path):
    inputs.write_inputs(world)
    for kind in inputs.READINGS:
        if kind != "package.json":
            assert inputs.READINGS[kind](world / kind) is not None
    tally = inputs.torture(world, tmp_path, count=140, seed=100_000)
    assert tally.faults == []
    assert tally.read.total() + tally.refused.total() == 140


def test_commands_that_are_typed_wrongly_and_manifests_that_are_spoilt(world, tmp_path):
    if not (world / "made").is_dir():
        inputs.write_inputs(world)
    assert manifests.torture(world, world / "made", tmp_path / "spoilt", 8, seed=2) == []
    count, faults = typed.torture(world, world / "made", tmp_path / "typed", share=83, quick=True)
    assert faults == [] and count > 10


@pytest.mark.parametrize("call", [200, 5_000])
def test_every_long_command_hears_signals_wherever_it_is(world, tmp_path, monkeypatch, call):
    """Each stands still at a call for ever; nothing is timed, but none would end by itself."""
    if not (world / "made").is_dir():
        inputs.write_inputs(world)
    monkeypatch.setenv("GEOPLANTNET_LISTS", str(tmp_path / "lists"))
    good = typed.good_words(world, world / "made", tmp_path / "out")
    few = signals.COMMANDS if call < 1000 else tuple(
        command for command in signals.COMMANDS if command.startswith(("map", "cube build", "assess", "report")))
    stopped, faults = signals.torture(good, lambda: call, few)
    assert faults == [] and len(stopped) == len(few)
