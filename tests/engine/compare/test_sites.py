"""Candidate sites side by side: shared and own species, ranked only where they share no land."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from shapely import box
from survey.atlas import BOTTOM, LEFT, Atlas, make_atlas, site

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import CompareRequest, SitesRequest
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.compare import compare_candidates, compare_folders
from geoplantnet_plugin.engine.compare.sites import compare_sites


@pytest.fixture
def atlas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Atlas:
    return make_atlas(tmp_path, monkeypatch)


def assessed(atlas: Atlas, name: str, shape) -> Path:
    assess(atlas.job(atlas.area(shape, name=f"{name}-area"), name), Reporter())
    return atlas.folder / name


def test_sites_apart_are_ranked_by_what_was_recorded_there(atlas: Atlas) -> None:
    west, east = assessed(atlas, "west", site(0, 0)), assessed(atlas, "east", site(1, 1))
    found = compare_sites([west, east], atlas.folder / "sites", "en")
    assert found.ranked
    assert [(place.name, place.recorded_first) for place in found.sites] == [("east", 1), ("west", 0)]
    assert set(found.shared) == {"Prunus ramburii", "Crocus nevadensis", "Stipa tenacissima"}
    assert [found.own(place) for place in found.sites] == [[], []]
    with (atlas.folder / "sites" / "sites.csv").open(encoding="utf-8") as file:
        rows = {row["Name"]: row for row in csv.DictReader(file)}
    crocus = rows["Crocus nevadensis"]
    assert (crocus["east: recorded"], crocus["west: recorded"], crocus["east: chance"]) == ("here", "near", "")
    assert "Quercus suber" not in rows, "the model ranks it poorly"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_sites_in_one_square_are_not_ranked(atlas: Atlas, language: str) -> None:
    near = box(LEFT + 2000, BOTTOM + 2000, LEFT + 2500, BOTTOM + 2500)
    folders = assessed(atlas, "one", site(0, 0)), assessed(atlas, "other", near)
    result = compare_candidates(SitesRequest(folders, atlas.folder / "sites", language), Reporter())
    assert result["ranked"] is False and result["sites"] == ["one", "other"], "in the order given"
    page = (atlas.folder / "sites" / "sites.html").read_text(encoding="utf-8")
    assert {"en": "Not ranked", "fr": "Non classés"}[language] in page


def test_what_cannot_be_compared_is_said(atlas: Atlas, tmp_path: Path) -> None:
    folder = assessed(atlas, "alone", site(0, 0))
    with pytest.raises(EngineError) as caught:
        compare_sites([folder], tmp_path / "sites", "en")
    assert caught.value.code == "sites_too_few"
    (tmp_path / "empty").mkdir()
    with pytest.raises(EngineError) as caught:
        compare_sites([folder, tmp_path / "empty"], tmp_path / "sites", "en")
    assert caught.value.code == "assessment_unreadable"


def test_a_list_alone_is_not_compared_cell_by_cell(atlas: Atlas, tmp_path: Path) -> None:
    folder = assessed(atlas, "alone", site(0, 0))
    with pytest.raises(EngineError, match="Compare candidate sites") as caught:
        compare_folders(CompareRequest(folder, folder, tmp_path / "comparison"), Reporter())
    assert caught.value.code == "compare_pool"
