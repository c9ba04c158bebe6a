"""Two assessments side by side, against what the world's own scores say of both areas."""

import csv
import json

import numpy as np
import pytest
from worlds import LAMBDAS, NAMES, World, cells_box

from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.reporters import Recorder, TerminalReporter
from geoplantnet_plugin.engine.commands.line import main
from geoplantnet_plugin.engine.compare.areas import PAGE, IndicatorContrast, Share, TaxonContrast, contrast

REFERENCE, SITE = (slice(20, 60), slice(20, 60)), (slice(100, 140), slice(200, 230))


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def assessed(world, name, rows, cols, **changes):
    shape = cells_box(rows.start, cols.start, rows.stop - rows.start, cols.stop - cols.start)
    job = world.job(world.area(shape, name=name), name, **changes)
    assess(job, TerminalReporter())
    return job.out


@pytest.fixture
def pair(world: World):
    return assessed(world, "reference", *REFERENCE), assessed(world, "site", *SITE)


def test_differences_are_those_of_the_scores(world: World, pair, tmp_path):
    contrast(*pair, tmp_path / "c", TerminalReporter())
    taxa = {row["Name"]: row for row in read(tmp_path / "c" / "coverage_differences.csv")}
    scores = [world.scores[where].reshape(-1, 3) for where in (REFERENCE, SITE)]
    present = [side > np.array(LAMBDAS) for side in scores]
    for i, name in enumerate(NAMES):
        shares = [100 * side[:, i].mean() for side in scores]
        found = [float(taxa[name][column]) for column in ("Share % first", "Share % second", "Second - first")]
        assert taxa[name]["Share is"] == "expected"
        assert found == pytest.approx([*shares, shares[1] - shares[0]], abs=0.011)
    assert [abs(float(row["Second - first"])) for row in taxa.values()] == sorted(
        (abs(float(row["Second - first"])) for row in taxa.values()), reverse=True)
    richness = next(row for row in read(tmp_path / "c" / "indicator_differences.csv") if row["Unit"] == "taxa")
    means = [side.sum(axis=1).mean() for side in present]
    assert [float(richness[f"Mean {side}"]) for side in ("first", "second")] == pytest.approx(means, abs=1e-3)
    assert float(richness["Second - first"]) == pytest.approx(means[1] - means[0], abs=2e-3)


def test_one_assessment_does_not_differ_from_itself(pair, tmp_path):
    result = contrast(pair[0], pair[0], tmp_path / "c", TerminalReporter())
    assert {entry.difference for entry in result.taxa} == {0.0}
    assert {entry.difference for entry in result.indicators} <= {0.0, None}


def test_the_other_way_round_only_the_signs_change(pair, tmp_path):
    there = contrast(*pair, tmp_path / "a", TerminalReporter())
    back = contrast(*pair[::-1], tmp_path / "b", TerminalReporter())
    assert {entry.name: entry.difference for entry in there.taxa} == {
        entry.name: -entry.difference for entry in back.taxa}


def test_another_rule_is_told(world: World, pair, tmp_path):
    other = assessed(world, "after", *SITE, set_rule="lambda:0.5")
    recorder = Recorder(TerminalReporter())
    contrast(pair[1], other, tmp_path / "c", recorder)
    assert [entry["code"] for entry in recorder.warnings] == ["apart_rule", "apart_folders"]
    assert str(pair[1]) in str(recorder.warnings[1]["params"]) and str(other) in str(recorder.warnings[1]["params"])


@pytest.mark.parametrize(("first", "second", "apart", "difference"), [
    (Share(10, 5, 15), Share(30, 20, 40), True, 20), (Share(30, 20, 40), Share(10, 5, 20), False, -20),
    (Share(10), Share(30, 20, 40), None, 20), (None, Share(30, 20, 40), None, None)])
def test_apart_means_that_the_intervals_do_not_overlap(first, second, apart, difference):
    entry = TaxonContrast("A", "", first, second)
    assert entry.apart is apart and entry.difference == difference


def test_an_unknown_mean_has_no_difference():
    assert IndicatorContrast("rare", "Rare", "taxa", None, 2.0, (0, 3)).difference is None


def test_the_command_compares_areas_without_a_common_cell(pair, tmp_path, capsys):
    assert main(["--json", "compare", *map(str, pair), "--out", str(tmp_path / "c"), "--lang", "fr"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert "contrast_no_cells" in {event.get("code") for event in events}
    page = (tmp_path / "c" / PAGE).read_text(encoding="utf-8")
    assert 'lang="fr"' in page and "Abies alba" in page and "Richesse" in page and "{{" not in page
    assert "comparison" not in events[-1]


def test_the_command_also_compares_cells_where_there_are_common_ones(world: World, pair, tmp_path, capsys):
    after = assessed(world, "after", *SITE, set_rule="lambda:0.5")
    assert main(["--json", "compare", str(pair[1]), str(after), "--out", str(tmp_path / "c")]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["comparison"]["cells"] == 40 * 30 and (tmp_path / "c" / "differences.tif").is_file()


def test_a_folder_that_holds_something_is_not_written_to(pair, tmp_path, capsys):
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "mine.txt").write_text("x", encoding="utf-8")
    assert main(["compare", *map(str, pair), "--out", str(tmp_path / "c")]) == 2
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["mine.txt"]
