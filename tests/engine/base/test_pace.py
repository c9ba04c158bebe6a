"""The share of a whole job: it never falls, and moves with the seconds that stages really take."""

from __future__ import annotations

import pytest

from geoplantnet_plugin.engine.base.pace import MOST, Pace


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_share_is_elapsed_by_elapsed_and_left() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.expect({"prepare": 4.0, "scores": 8.0, "finish": 8.0})
    clock.now += 4
    outlook = pace.at("prepare", 3, 3)
    assert (outlook.share, outlook.left) == (4 / 20, 16.0)
    pace.at("scores", 0, 100)
    clock.now += 12  # a quarter in 12 s: 36 s more, and the 8 s expected of the end
    outlook = pace.at("scores", 25, 100)
    assert outlook.left == pytest.approx(44.0) and outlook.share == pytest.approx(16 / 60)


def test_the_share_never_falls_and_ends_below_one() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.expect({"scores": 2.0, "finish": 1.0})
    shares = []
    for done, seconds in ((1, 1.0), (2, 60.0), (3, 1.0), (100, 100.0)):
        clock.now += seconds
        shares.append(pace.at("scores", done, 100).share)
    clock.now += 1
    shares.append(pace.at("finish", 2, 2).share)
    assert shares == sorted(shares) and shares[-1] == MOST


def test_stages_beside_each_other_are_each_left_until_they_end() -> None:
    pace = Pace(Clock())
    pace.expect({"species": 3.0, "tables": 5.0})
    assert pace.at("tables", 1, 2).left == 2.5, "species, which came before and never began, is not waited for"
    assert pace.at("species", 1, 3).left == 4.5
    assert pace.at("species", 3, 3).left == 2.5


def test_a_job_that_expects_nothing_goes_by_its_own_pace() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.at("fetch", 0, 10)
    clock.now += 3
    outlook = pace.at("fetch", 3, 10)
    assert outlook.share == pytest.approx(0.3) and outlook.left == pytest.approx(7.0)


def test_an_unknown_total_says_nothing_of_the_end() -> None:
    assert Pace(Clock()).at("queue", 0, 0).share == 0.0


def test_what_nobody_expected_moves_nothing_before_its_own_pace_is_known() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.expect({"prepare": 2.0, "maps": 0.0, "finish": 1.0})
    clock.now += 10
    share = pace.at("prepare", 3, 3).share
    clock.now += 0.5
    assert pace.at("maps", 1, 100).share == share
    clock.now += 2
    outlook = pace.at("maps", 2, 100)
    assert outlook.left == pytest.approx(98 * 2 + 1.0)


def test_a_stage_that_comes_again_begins_again() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.at("maps", 50, 100)
    clock.now += 10
    pace.at("maps", 100, 100)
    pace.at("maps", 1, 100)
    clock.now += 2
    assert pace.at("maps", 2, 100).left == pytest.approx(196.0)
