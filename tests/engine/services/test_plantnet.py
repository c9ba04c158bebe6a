"""The Pl@ntNet API: answers become data classes, faults sentences, and the key is seen nowhere."""

from __future__ import annotations

import logging
import traceback
from dataclasses import replace
from pathlib import Path

import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.services import plantnet
from geoplantnet_plugin.engine.services.plantnet import PlantNet, as_taxa, enrich
from geoplantnet_plugin.engine.services.settings import HttpSettings, read_services
from geoplantnet_plugin.engine.taxa.table import Status, TaxaTable, Taxon
from tests.server.api import FLORA, KEY
from tests.server.fixtures import impatient
from tests.server.http_server import Server
from tests.server.miniature import ALL

HERE = (6.9, 46.2, 7.1, 46.4)
SEA = (-30.0, 46.0, -29.0, 46.5)


def api_of(server: Server, http: HttpSettings, key: str = KEY) -> PlantNet:
    return PlantNet(replace(read_services().api, url=server.address + "/v2"), http, key)


def test_the_quick_list_ranks_and_says_that_its_scores_are_relative(server: Server, http: HttpSettings) -> None:
    found = api_of(server, http).expected(HERE)
    assert found.scale is Scale.RELATIVE
    assert [entry.name for entry in found.species] == [species.name for species in ALL[:40]]
    best = found.species[0]
    assert (best.score, best.observations, best.gbif_id, best.family) == (0.9, 1000, "9000000", "Inventaceae")
    (request,) = server.requests
    assert "topLeftLat=46.4" in request.query
    assert "bottomRightLon=7.1" in request.query


def test_nothing_found_is_an_empty_list(server: Server, http: HttpSettings) -> None:
    assert api_of(server, http).expected(SEA).species == ()


def test_a_flora_is_read_page_by_page(server: Server, http: HttpSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plantnet, "PAGE", 60)
    species = api_of(server, http).flora(FLORA)
    assert [entry.name for entry in species] == [entry.name for entry in ALL[:200]]
    assert len(server.requests) == 4
    assert (species[2].iucn, species[3].iucn) == ("VU", "")


def test_floras_and_quota(server: Server, http: HttpSettings) -> None:
    api = api_of(server, http)
    assert api.floras(7.0, 46.3)[0].id == FLORA
    quota = api.quota()
    assert (quota.remaining, quota.total) == (480, 500)


@pytest.mark.parametrize(("fault", "code"), [
    ("401", "service_key"), ("403", "service_forbidden"), ("404", "service_not_found"), ("413", "service_too_much"),
    ("429", "service_quota"), ("500", "service_down"), ("html", "service_not_json"),
    ("slow-loris", "service_slow"), ("truncated", "service_broken_answer")])
def test_faults_are_sentences_without_the_key(
        server: Server, http: HttpSettings, caplog: pytest.LogCaptureFixture, fault: str, code: str) -> None:
    caplog.set_level(logging.DEBUG)
    server.fail("/v2/", fault)
    with pytest.raises(EngineError) as caught:
        api_of(server, impatient(http, fault)).quota()
    assert caught.value.code == code
    _check_silent(caught.value, caplog)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/v2", "https://127.0.0.1:9/v2", "http://nowhere.invalid/v2"])
def test_a_host_that_is_away_does_not_show_the_key(
        http: HttpSettings, caplog: pytest.LogCaptureFixture, address: str) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(EngineError) as caught:
        PlantNet(replace(read_services().api, url=address), http, KEY).quota()
    _check_silent(caught.value, caplog)


def test_a_redirect_to_another_host_does_not_take_the_key_along(
        server: Server, http: HttpSettings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    other = Server()
    server.fail("/v2/", "redirect", value=f"{other.address}/v2/quota/daily?api-key={KEY}")
    with pytest.raises(EngineError) as caught:
        api_of(server, http).quota()
    assert caught.value.code == "service_other_host"
    assert not other.requests
    _check_silent(caught.value, caplog)
    other.stop()


def _check_silent(error: EngineError, caplog: pytest.LogCaptureFixture) -> None:
    shown = [str(error), repr(error), repr(error.params), caplog.text,
             "".join(traceback.format_exception(error, chain=True))]
    shown += [str(value) for record in caplog.records for value in (record.getMessage(), record.args)]
    assert not [text for text in shown if KEY in text]


def test_the_key_comes_from_the_environment_or_is_asked_for(
        server: Server, http: HttpSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTNET_API_KEY", KEY)
    api = api_of(server, http, key="")
    assert api.quota().remaining == 480
    assert KEY not in repr(api)
    monkeypatch.delenv("PLANTNET_API_KEY")
    with pytest.raises(EngineError) as caught:
        api_of(server, http, key="")
    assert caught.value.code == "plantnet_no_key"


def test_a_wrong_key_and_an_unknown_flora(server: Server, http: HttpSettings) -> None:
    with pytest.raises(EngineError) as caught:
        api_of(server, http, "wrong").quota()
    assert caught.value.code == "service_forbidden"
    with pytest.raises(EngineError) as caught:
        api_of(server, http).flora("../../secret")
    assert caught.value.code == "service_not_found"
    assert server.requests[-1].path == "/v2/projects/../../secret/species"  # one segment, sent as %2F


@pytest.mark.parametrize("body", [b'{"results": 3}', b'["a"]', b'"text"'])
def test_an_answer_of_another_form_is_refused(server: Server, http: HttpSettings, body: bytes) -> None:
    server.extra["/odd/projects"] = body
    api = PlantNet(replace(read_services().api, url=server.address + "/odd"), http, KEY)
    with pytest.raises(EngineError) as caught:
        api.floras(7, 46)
    assert caught.value.code == "plantnet_bad_answer"


def test_enriching_adds_what_was_unknown_and_changes_nothing_else(server: Server, http: HttpSettings) -> None:
    species = api_of(server, http).flora(FLORA)
    mine = Status("iucn", "LC", "Red List of mine", "XX", "a book", "2020-01-01")
    taxa = TaxaTable((Taxon("1", ALL[2].name, ALL[2].name),
                      Taxon("2", ALL[6].name, ALL[6].name, gbif_id="77", common_en="mine", statuses=(mine,)),
                      Taxon("3", "Nemo ignotus", "Nemo ignotus"), Taxon("4", ALL[3].name, ALL[3].name)))
    found = enrich(taxa, species, FLORA, date="2026-11-24")
    assert (found[0].gbif_id, found[0].common_en) == ("9000002", "invented 2")
    source = f"Pl@ntNet API, flora {FLORA}"
    assert found[0].statuses == (Status("iucn", "VU", "IUCN Red List", "", source, "2026-11-24"),)
    assert (found[1].gbif_id, found[1].common_en, found[1].statuses) == ("77", "mine", (mine,))
    assert found[2] == taxa[2]
    assert found[3].statuses == ()


def test_the_quick_list_as_a_taxa_table(server: Server, http: HttpSettings, tmp_path: Path) -> None:
    taxa = as_taxa(api_of(server, http).expected(HERE).species)
    assert (taxa[0].accepted_name, taxa[0].family, taxa[0].gbif_id) == (ALL[0].name, "Inventaceae", "9000000")
