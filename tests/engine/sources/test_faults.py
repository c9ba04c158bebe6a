"""What happens when the maps, the catalogue or the network are not what they should be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.scores.states import State
from geoplantnet_plugin.engine.sources.published import source as module
from geoplantnet_plugin.engine.sources.published.source import PublishedMaps
from tests.engine.sources.worlds_of_maps import INLAND, ISLAND, Events, MapsWorld, counts_of, dense, expected, score_all
from tests.server.fixtures import impatient
from tests.server.http_server import Server
from tests.server.miniature import ALL, COUNTRIES
from tests.server.stac import MAPS, map_name

THREE = [ALL[0], ALL[2], ALL[4]]
BAD = ALL[2]
BAD_MAP = f"stacs-download.*far_island_{BAD.id}_"


def scores_of(source: PublishedMaps) -> np.ndarray:
    (_, scored), = score_all(source)
    return dense(scored, len(source.taxa))


@pytest.mark.parametrize(("fault", "code"), [
    ("404", "published_no_map"), ("wrong-crs", "published_wrong_crs"), ("html", "service_no_ranges"),
    ("no-ranges", "service_no_ranges"), ("short-range", "service_truncated"), ("garbage", "published_not_tiff"),
    ("truncated", "service_broken_answer")])
def test_one_bad_map_is_missing_and_named_while_the_others_count(maps: MapsWorld, fault: str, code: str) -> None:
    maps.server.fail(BAD_MAP, fault)
    source = maps.open(ISLAND, THREE)
    found = scores_of(source)
    assert np.isnan(found[:, 1]).all()
    assert np.isfinite(found[:, [0, 2]]).all()
    (warning,) = maps.events.warnings
    assert warning[0] == "published_maps_unusable"
    assert (warning[1]["fault"], warning[1]["count"]) == (code, 1)
    assert warning[1]["names"] == [f"{BAD.slug} (far_island)"]
    wanted = State.OUTSIDE if fault == "404" else State.MISSING
    assert (counts_of(source)[1] > 0).nonzero()[0].tolist() == [wanted]


@pytest.mark.parametrize(("fault", "code"), [
    ("401", "service_key"), ("403", "service_forbidden"), ("429", "service_quota"), ("500", "service_down"),
    ("413", "service_too_much"), ("slow-loris", "service_slow"), ("redirect-loop", "service_redirects")])
def test_a_host_that_refuses_ends_the_run(maps: MapsWorld, fault: str, code: str) -> None:
    maps.http = replace(impatient(maps.http, fault), attempts=2)
    source = maps.open(ISLAND, THREE)
    maps.server.fail("stacs-download", fault)
    with pytest.raises(EngineError) as caught:
        score_all(source)
    assert caught.value.code == code
    source.close()


def test_a_run_that_broke_off_goes_on_with_what_it_has(maps: MapsWorld) -> None:
    source = maps.open(ISLAND, ALL[:8])
    fault = maps.server.fail(f"far_island_{ALL[7].id}_", "500")
    with pytest.raises(EngineError):
        score_all(source)
    source.close()
    maps.server.faults.remove(fault)
    again = maps.open(ISLAND, ALL[:8])
    before = len(maps.server.requests)
    found = scores_of(again)
    asked = {request.path for request in maps.server.requests[before:]}
    assert asked == {MAPS + map_name(COUNTRIES[2], ALL[7])}
    assert np.isfinite(found[:, 0]).all()


def test_a_redirected_map_is_fetched_only_from_allowed_hosts(maps: MapsWorld) -> None:
    other = Server()
    maps.server.fail(BAD_MAP, "redirect", value=other.address + MAPS + map_name(COUNTRIES[2], BAD))
    with pytest.raises(EngineError) as caught:
        score_all(maps.open(ISLAND, THREE))
    assert caught.value.code == "service_other_host"
    assert not other.requests
    maps.settings = replace(maps.settings, other_hosts=(other.address.removeprefix("http://"),))
    assert np.isfinite(scores_of(maps.open(ISLAND, THREE))).all()
    assert other.requests
    other.stop()


def test_where_the_rule_for_addresses_fails_the_item_says_where_the_map_is(maps: MapsWorld) -> None:
    wanted = scores_of(maps.open(ISLAND, THREE))
    maps.cache.clear()
    for rule in ("", "/elsewhere/{country}/{id}_{slug}.tif"):
        maps.settings = replace(maps.settings, map_path=rule)
        np.testing.assert_array_equal(scores_of(maps.open(ISLAND, THREE)), wanted)
        np.testing.assert_array_equal(scores_of(maps.open(ISLAND, THREE, offline=True)), wanted)
        maps.cache.clear()


def test_when_most_maps_are_broken_the_run_stops(maps: MapsWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FEW", 3)
    maps.server.fail("stacs-download", "wrong-crs")
    with pytest.raises(EngineError) as caught:
        score_all(maps.open(ISLAND, ALL[:6]))
    assert caught.value.code == "published_many_faults"
    assert caught.value.params["fault"] == "published_wrong_crs"


def test_maps_that_change_under_us_are_read_anew(maps: MapsWorld) -> None:
    source = maps.open(INLAND, [ALL[2], ALL[4]])
    score_all(source)
    with maps.cache._guard():  # the tiles are lost, the headers stay
        maps.cache._database.execute("DELETE FROM pieces WHERE start > 0")
    maps.server.edition = 2
    before = len(maps.server.requests)
    again = maps.open(INLAND, [ALL[2], ALL[4]])
    for block, scored in score_all(again):
        np.testing.assert_array_equal(dense(scored, 2)[:, 0], expected(again.grid, block, scored.cells, ALL[2]))
    spans = [request.headers["Range"] for request in maps.server.requests[before:] if "Range" in request.headers]
    assert sum(span.startswith("bytes=0-") for span in spans) == 2  # both headers again
    assert not maps.events.warnings


def test_old_headers_are_checked_once_a_run(maps: MapsWorld) -> None:
    score_all(maps.open(INLAND, [ALL[4]]))
    maps.settings = replace(maps.settings, keep_days=0.0)
    for edition, requests in ((1, 1), (2, 3)):  # unchanged: one byte; changed: one byte, header, tiles
        maps.server.edition = edition
        source = maps.open(INLAND, [ALL[4]])
        before = len(maps.server.requests)
        score_all(source)
        assert len(maps.server.requests) - before == requests


def test_offline_what_is_cached_works_and_the_rest_is_said(maps: MapsWorld) -> None:
    wanted = scores_of(maps.open(ISLAND, THREE[:2]))
    maps.server.stop()
    maps.events = Events()
    source = maps.open(ISLAND, THREE, offline=True)
    found = scores_of(source)
    np.testing.assert_array_equal(found[:, :2], wanted)
    assert np.isnan(found[:, 2]).all()
    (warning,) = maps.events.warnings
    assert (warning[1]["fault"], warning[1]["count"]) == ("service_offline", 1)
    maps.events = Events()
    away = maps.open(ISLAND, THREE[:2])
    assert set(maps.events.codes) == {"service_cached_copy"}
    np.testing.assert_array_equal(scores_of(away), wanted)
    with pytest.raises(EngineError) as caught:
        score_all(maps.open(ISLAND, THREE))
    assert caught.value.code == "service_unreachable"


def test_a_full_disk_in_the_cache_ends_the_run_with_a_sentence(maps: MapsWorld) -> None:
    source = maps.open(ISLAND, ALL[:6])
    maps.cache._database.execute("PRAGMA max_page_count = 20")
    with pytest.raises(EngineError) as caught:
        score_all(source)
    assert caught.value.code == "service_cache_full"


@pytest.mark.parametrize(("pattern", "fault", "code"), [
    ("catalog.json", "html", "service_not_json"), ("catalog.json", "404", "service_not_found"),
    ("northland/collection.json", "500", "service_down"), ("southland/collection.json", "html", "service_not_json"),
    ("catalog.json", "huge", "service_too_large")])
def test_a_catalogue_that_cannot_be_read_says_so(maps: MapsWorld, pattern: str, fault: str, code: str) -> None:
    maps.server.fail(pattern, fault)
    with pytest.raises(EngineError) as caught:
        maps.open(INLAND, THREE)
    assert caught.value.code == code


def test_a_document_that_is_no_catalogue_is_refused(maps: MapsWorld) -> None:
    maps.server.extra["/other.json"] = b'{"type": "FeatureCollection", "links": "none"}'
    maps.settings = replace(maps.settings, catalogue=maps.server.address + "/other.json")
    from geoplantnet_plugin.engine.sources.published.terms import accept_terms

    accept_terms(maps.settings, maps.cache)
    with pytest.raises(EngineError) as caught:
        maps.open(INLAND, THREE)
    assert caught.value.code == "published_no_catalogue"
