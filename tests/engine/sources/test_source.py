"""The score source gives back scores that are known in closed form on the grid's side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.engine.assemblage import parse_rule
from geoplantnet_plugin.engine.assessment.parts import strip_of
from geoplantnet_plugin.engine.coverage.table import Coverage
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.scores.states import State
from geoplantnet_plugin.engine.services.cache import Cache
from geoplantnet_plugin.engine.sources.published.selection import SpeciesFilter
from geoplantnet_plugin.engine.sources.published.source import PublishedMaps
from tests.engine.sources.worlds_of_maps import (
    ACROSS,
    INLAND,
    ISLAND,
    Events,
    MapsWorld,
    counts_of,
    dense,
    expected,
    near_edge,
    score_all,
)
from tests.server.miniature import ALL, CONSTANT, COUNTRIES

FEW = [species for species in ALL[:14] if species.number % 5 != 1]
NORTH_ONLY = next(s for s in ALL if s in COUNTRIES[0].species and s not in COUNTRIES[1].species)


def species_of(source: PublishedMaps, position: int) -> object:
    return ALL[(int(source.taxa[position].id) - 1000) // 7]


def test_inland_scores_are_exact(maps: MapsWorld) -> None:
    source = maps.open(INLAND, FEW)
    assert source.scale is Scale.LOGIT
    assert [taxon.name for taxon in source.taxa] == [species.name for species in FEW]
    compared = 0
    for block, scored in score_all(source):
        found = dense(scored, len(source.taxa))
        for position in range(len(source.taxa)):
            species = species_of(source, position)
            wanted = expected(source.grid, block, scored.cells, species)
            np.testing.assert_array_equal(found[:, position], wanted, err_msg=str(species))
            compared += np.isfinite(wanted).sum()
        assert np.isfinite(found[:, 0]).all()
        assert (found[:, 0] == np.float32(CONSTANT)).all()
    assert compared > 50_000


def test_coverage_of_a_set_rule_is_exact(maps: MapsWorld) -> None:
    source = maps.open(INLAND, FEW)
    rule = parse_rule("lambda:2", source.taxa, source.scale)
    coverage = Coverage(source.taxa)
    truth = []
    for block, scored in score_all(source):
        coverage.add(rule.apply(scored.scores))
        truth.append(np.stack([expected(source.grid, block, scored.cells, species_of(source, i)) > 2
                               for i in range(len(source.taxa))], axis=1))
    wanted = 100 * np.concatenate(truth).mean(axis=0)
    found = {row.taxon.id: row.share for row in coverage.rows()}
    assert {taxon.id: found.get(taxon.id, 0.0) for taxon in source.taxa} == pytest.approx(
        {taxon.id: share for taxon, share in zip(source.taxa, wanted, strict=True)}, abs=1e-9)


def test_countries_are_mosaicked_and_states_stay_apart(maps: MapsWorld) -> None:
    source = maps.open(ACROSS, FEW)
    assert {country.name for country in source.countries} == {"northland", "southland"}
    outside = np.zeros(len(source.taxa), int)
    missing = np.zeros(len(source.taxa), int)
    for block, scored in score_all(source):
        found = dense(scored, len(source.taxa))
        inner = ~near_edge(source.grid, block, scored.cells)
        for position in range(len(source.taxa)):
            species = species_of(source, position)
            wanted = expected(source.grid, block, scored.cells, species)
            np.testing.assert_array_equal(found[inner, position], wanted[inner], err_msg=str(species))
    counts = counts_of(source)
    cells = sum(len(scored.cells) for _, scored in score_all(source))
    assert (counts.sum(axis=1) == cells).all()
    for position, taxon in enumerate(source.taxa):
        species = species_of(source, position)
        countries = [country.name for country in COUNTRIES[:2] if species in country.species]
        outside[position], missing[position] = counts[position, State.OUTSIDE], counts[position, State.MISSING]
        assert (outside[position] > 100) == (len(countries) == 1), taxon
        assert (missing[position] > 100) == (species.hole is not None), taxon


@pytest.mark.parametrize(("setting", "number"), [("nodata_means", 7), ("nan_means", 3)])
def test_an_empty_pixel_can_mean_below_the_floor(maps: MapsWorld, setting: str, number: int) -> None:
    maps.settings = replace(maps.settings, **{setting: "below_floor"})
    source = maps.open(ACROSS, [ALL[number], ALL[0], NORTH_ONLY])
    position = [taxon.id for taxon in source.taxa].index(ALL[number].id)
    for block, scored in score_all(source):
        found = dense(scored, len(source.taxa))[:, position]
        wanted = expected(source.grid, block, scored.cells, ALL[number])
        inner = ~near_edge(source.grid, block, scored.cells)
        assert (found[inner & np.isnan(wanted)] == -np.inf).all()
        assert (np.isnan(wanted) & inner).sum() > 100
        rule = parse_rule("lambda:-99", source.taxa, source.scale)
        assert position not in rule.apply(scored.scores).ids[rule.apply(scored.scores).values == -np.inf]
    assert counts_of(source)[position, State.BELOW_FLOOR] > 100
    assert counts_of(source)[position, State.OUTSIDE] == 0


def test_a_country_without_a_map_of_the_species_is_outside_not_below(maps: MapsWorld) -> None:
    maps.settings = replace(maps.settings, nan_means="below_floor", nodata_means="below_floor")
    source = maps.open(ACROSS, [NORTH_ONLY, ALL[0]])
    position = [taxon.id for taxon in source.taxa].index(NORTH_ONLY.id)
    for block, scored in score_all(source):
        found = dense(scored, 2)[:, position]
        south = np.isnan(expected(source.grid, block, scored.cells, NORTH_ONLY))
        inner = ~near_edge(source.grid, block, scored.cells)
        assert np.isnan(found[inner & south]).all()
    assert counts_of(source)[position, State.OUTSIDE] > 100


def test_cells_at_sea_are_not_scored(maps: MapsWorld) -> None:
    source = maps.open((905_000.0, 5_812_500.0, 908_000.0, 5_816_500.0), [ALL[0], ALL[2]])
    (block, scored), = score_all(source)
    inside = source.area.inside(source.grid)
    wanted = expected(source.grid, block, np.flatnonzero(inside), ALL[0])
    assert 0 < len(scored.cells) < inside.sum()
    assert abs(len(scored.cells) - np.isfinite(wanted).sum()) < 0.02 * inside.sum()


def test_strips_of_any_height_give_the_block(maps: MapsWorld) -> None:
    source = maps.open(ACROSS, FEW[:5])
    (block, whole), = score_all(source)
    inside = source.area.inside(source.grid)
    banded = maps.open(ACROSS, FEW[:5], memory=200_000)
    assert banded.strip_rows < 20
    for again in (source, banded):
        cells, values, row = [], [], 0
        for height in (1, 30, 7, 200):
            strip = strip_of(block, row, height)
            scored = again.score(strip, inside[row:row + strip.height])
            cells.append(scored.cells + row * block.width)
            values.append(scored.scores.values)
            row += strip.height
        assert row == block.height
        np.testing.assert_array_equal(np.concatenate(cells), whole.cells)
        np.testing.assert_array_equal(np.concatenate(values), whole.scores.values)


def test_only_the_best_are_kept(maps: MapsWorld) -> None:
    full, few = maps.open(INLAND, FEW), maps.open(INLAND, FEW, keep=3)
    for (_, whole), (_, cut) in zip(score_all(full), score_all(few), strict=True):
        np.testing.assert_array_equal(cut.scores.ids, whole.scores.ids[:, :3])
        np.testing.assert_array_equal(cut.scores.values, whole.scores.values[:, :3])


def test_headers_are_read_once_and_tiles_are_not_fetched_again(maps: MapsWorld) -> None:
    source = maps.open(INLAND, FEW[:6])
    before = len(maps.server.requests)
    score_all(source)
    asked = [request.path for request in maps.server.requests[before:]]
    assert len(asked) <= 2 * source.maps  # header and tiles; a small map comes with its header
    assert len(set(asked)) == source.maps
    again = maps.open(INLAND, FEW[:6])
    before = len(maps.server.requests)
    score_all(again)
    assert len(maps.server.requests) == before


def test_provenance_says_what_was_used(maps: MapsWorld) -> None:
    found = maps.open(INLAND, FEW[:3]).provenance()
    assert (found.countries, found.taxa, found.scale, found.resampling) == (("northland",), 3, "logit", "nearest")
    assert found.licences == ("CC-BY-4.0",)
    assert found.pixel_metres == pytest.approx(34.5, abs=0.3)
    assert found.effective_resolution == 50.0


def test_an_area_outside_all_countries_is_refused(maps: MapsWorld) -> None:
    with pytest.raises(EngineError) as caught:
        maps.open((2_000_000.0, 5_825_000.0, 2_006_000.0, 5_830_000.0))
    assert caught.value.code == "published_outside"
    with pytest.raises(EngineError) as caught:  # in the box of southland, north of its border, south of northland
        maps.open((830_000.0, 5_780_000.0, 835_000.0, 5_790_000.0))
    assert caught.value.code == "published_outside"


def test_nothing_is_asked_before_the_terms_are_accepted(maps: MapsWorld, tmp_path: object) -> None:
    area = maps.area(INLAND)
    with Cache(maps.folder / "other", 10) as cache, pytest.raises(EngineError) as caught:
        PublishedMaps.open(maps.settings, maps.http, area, area.grid(None), SpeciesFilter(), cache, Events())
    assert caught.value.code == "published_terms_first"
    assert not maps.server.requests


def test_a_cancelled_run_stops_and_what_is_fetched_stays(maps: MapsWorld) -> None:
    maps.events = Events(stop_after=4)
    source = maps.open(ISLAND, ALL[:60])
    with pytest.raises(Cancelled):
        score_all(source)
    source.close()
    fetched = maps.cache.size().files
    assert 4 <= fetched < 60
    maps.events = Events()
    again = maps.open(ISLAND, ALL[:60])
    before = len(maps.server.requests)
    score_all(again)
    assert len(maps.server.requests) - before <= 2 * (60 - fetched) + 2 * 8
