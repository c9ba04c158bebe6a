"""Photos from GBIF, only those whose author and licence are stated, from its own image server; records by month."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import MonthsRequest, PhotosRequest
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.services.gbif import Photo, licence_name, photos
from geoplantnet_plugin.engine.services.gbif_months import recorded_months
from geoplantnet_plugin.engine.services.settings import HttpSettings, Services, read_services
from tests.server.http_server import Server

JPEG = b"\xff\xd8\xff\xe0 a photo"
BY, NC = "http://creativecommons.org/licenses/by/4.0/legalcode", "https://creativecommons.org/licenses/by-nc/4.0/"


def medium(name: str, **changes: object) -> dict[str, object]:
    return {"type": "StillImage", "identifier": f"https://elsewhere.example/{name}.jpg", "creator": f"{name} Author",
            "license": BY, **changes}


RECORDS = [
    {"key": 1, "media": [medium("nobody", creator="", license=BY), medium("Ann", license=NC)], "country": "Norway",
     "eventDate": "2021-05-03"},
    {"key": 2, "media": [medium("unlicensed", license="all rights reserved")]},
    {"key": 3, "media": [medium("page")]},
    {"key": 4, "media": [medium("gone")]},
    {"key": 5, "media": "nonsense"}, "nonsense",
    {"key": 6, "media": [medium("Bob", creator=None, rightsHolder="Bob [% evil %]")]},
    {"key": 7, "media": [medium("too many")]}]


def path_of(record: int, name: str) -> str:
    digest = hashlib.md5(f"https://elsewhere.example/{name}.jpg".encode()).hexdigest()
    return f"/v1/image/cache/300x/occurrence/{record}/media/{digest}"


@pytest.fixture
def services(server: Server, http: HttpSettings) -> Services:
    server.answers["/v1/species/match"] = lambda query: {
        "matchType": "EXACT" if query["name"] == "Salix alba" else "NONE", "usageKey": 5372513}
    server.answers["/v1/occurrence/search"] = lambda query: {"results": RECORDS}
    server.extra |= {path_of(1, "Ann"): JPEG, path_of(3, "page"): b"<html>", path_of(6, "Bob"): JPEG,
                     path_of(7, "too many"): JPEG}
    shipped = read_services()
    return replace(shipped, http=http, gbif=replace(shipped.gbif, url=f"{server.address}/v1"))


def test_photos_come_with_author_licence_and_page(services: Services, server: Server, tmp_path: Path) -> None:
    found = photos(PhotosRequest("Salix alba", tmp_path, most=2), services, Reporter())
    assert found == [
        Photo(str(tmp_path / "1.jpg"), "Ann Author", "CC BY-NC 4.0", "https://www.gbif.org/occurrence/1",
              "Norway, 2021-05-03"),
        Photo(str(tmp_path / "6.jpg"), "Bob [ % evil %]", "CC BY 4.0", "https://www.gbif.org/occurrence/6", "")]
    assert (tmp_path / "1.jpg").read_bytes() == JPEG
    assert dict(parse_qsl(server.requests[1].query))["taxonKey"] == "5372513"
    assert all(request.path.startswith("/v1/") for request in server.requests), "no other host is asked"


def test_a_known_key_is_not_looked_up(services: Services, server: Server, tmp_path: Path) -> None:
    photos(PhotosRequest("whatever", tmp_path, gbif_id="99", most=1), services, Reporter())
    assert server.requests[0].path == "/v1/occurrence/search" and "taxonKey=99" in server.requests[0].query


def test_a_name_that_gbif_does_not_know_is_refused(services: Services, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        photos(PhotosRequest("Planta nulla", tmp_path), services, Reporter())
    assert caught.value.code == "gbif_no_species"


@pytest.mark.parametrize(("text", "name"), [
    (BY, "CC BY 4.0"), (NC, "CC BY-NC 4.0"), ("http://creativecommons.org/publicdomain/zero/1.0/legalcode", "CC0 1.0"),
    ("https://creativecommons.org/publicdomain/mark/1.0/", "Public Domain Mark 1.0"), ("© all rights reserved", "")])
def test_licences_are_told_by_their_short_names(text: str, name: str) -> None:
    assert licence_name(text) == name


def test_pl_ntnet_alone_is_asked_for_by_its_data_set(services: Services, server: Server, tmp_path: Path) -> None:
    photos(PhotosRequest("Salix alba", tmp_path, most=1, plantnet=True), services, Reporter())
    assert dict(parse_qsl(server.requests[1].query))["datasetKey"] == "7a3679ef-5582-4aaa-81f0-8c2545cafc81"


def counted(**counts: int) -> dict[str, object]:
    """An answer of GBIF: months in the order of their counts, those without records left out."""
    facet = [{"name": month[1:], "count": count} for month, count in sorted(counts.items(), key=lambda it: -it[1])]
    return {"offset": 0, "limit": 0, "count": 120, "results": [], "facets": [{"field": "MONTH", "counts": facet}]}


def test_months_are_counted_by_gbif_in_one_country(services: Services, server: Server) -> None:
    server.answers["/v1/occurrence/search"] = lambda query: counted(m5=70, m6=30, m11=5)
    found = recorded_months(MonthsRequest("Salix alba", country="es"), services, Reporter())
    assert found.counts == (0, 0, 0, 0, 70, 30, 0, 0, 0, 0, 5, 0) and found.undated == 15
    assert found.country == "ES" and found.page == "https://www.gbif.org/species/5372513"
    assert dict(parse_qsl(server.requests[1].query)) == {
        "taxonKey": "5372513", "occurrenceStatus": "PRESENT", "country": "ES", "facet": "month", "facetLimit": "12",
        "limit": "0"}


def test_without_a_country_all_are_counted(services: Services, server: Server) -> None:
    server.answers["/v1/occurrence/search"] = lambda query: counted()
    found = recorded_months(MonthsRequest("whatever", gbif_id="7"), services, Reporter())
    assert found.counts == (0,) * 12 and found.undated == 120 and not found.country
    assert "country" not in server.requests[0].query


@pytest.mark.parametrize("answer", [
    {"count": 3}, {"facets": None}, {"facets": [{"field": "YEAR", "counts": []}]},
    {"facets": [{"field": "MONTH", "counts": [{"name": "5", "count": "many"}]}]},
    {"facets": [{"field": "MONTH", "counts": [{"name": "5", "count": -1}]}]},
    {"facets": [{"field": "MONTH", "counts": {"5": 1}}]}])
def test_an_answer_without_counts_is_refused(services: Services, server: Server, answer: dict[str, object]) -> None:
    server.answers["/v1/occurrence/search"] = lambda query: answer
    with pytest.raises(EngineError) as caught:
        recorded_months(MonthsRequest("Salix alba"), services, Reporter())
    assert caught.value.code == "gbif_bad_months"
