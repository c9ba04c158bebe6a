"""Documents are transferred once, checked by their validators and usable offline."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoplantnet_plugin.engine.services.cache import Cache
from geoplantnet_plugin.engine.services.documents import Documents
from geoplantnet_plugin.engine.services.http import Fetcher, ServiceError
from geoplantnet_plugin.engine.services.settings import HttpSettings, allowed_hosts
from tests.server.http_server import Server


class Warnings:
    def __init__(self) -> None:
        self.codes: list[str] = []

    def warning(self, code: str, **params: object) -> None:
        self.codes.append(code)


def documents_of(server: Server, http: HttpSettings, cache: Cache, warner: Warnings, offline: bool = False
                 ) -> Documents:
    return Documents(Fetcher(http, allowed_hosts(server.address, ())), cache, warner, offline)


def test_an_unchanged_document_is_not_sent_again(server: Server, http: HttpSettings, tmp_path: Path) -> None:
    with Cache(tmp_path, 10) as cache:
        fetcher = Fetcher(http, allowed_hosts(server.address, ()))
        reader = Documents(fetcher, cache, Warnings())
        first = reader.read(server.catalogue)
        sent = fetcher.bytes
        again = reader.read(server.catalogue)
        assert again.content == first.content
        assert again.fetched >= first.fetched
        assert fetcher.bytes == sent > 0
        assert "If-None-Match" in server.requests[1].headers


def test_a_changed_document_is_read_anew(server: Server, http: HttpSettings, tmp_path: Path) -> None:
    server.extra["/x.json"] = b'{"a": 1}'
    with Cache(tmp_path, 10) as cache:
        reader = documents_of(server, http, cache, Warnings())
        assert reader.read(server.address + "/x.json").content == {"a": 1}
        server.extra["/x.json"] = b'{"a": 2}'
        assert reader.read(server.address + "/x.json").content == {"a": 2}


def test_offline_and_away_the_cached_copy_serves(server: Server, http: HttpSettings, tmp_path: Path) -> None:
    warnings = Warnings()
    with Cache(tmp_path, 10) as cache:
        online = documents_of(server, http, cache, warnings).read(server.catalogue)
        asked = len(server.requests)
        assert documents_of(server, http, cache, warnings, offline=True).read(server.catalogue) == online
        assert len(server.requests) == asked
        assert not warnings.codes
        server.stop()
        assert documents_of(server, http, cache, warnings).read(server.catalogue).content == online.content
        assert warnings.codes == ["service_cached_copy"]
        with pytest.raises(ServiceError) as caught:
            documents_of(server, http, cache, warnings, offline=True).read(server.address + "/other.json")
        assert caught.value.code == "service_offline"


@pytest.mark.parametrize("body", [b"<html></html>", b"[1, 2]", b"", b"[" * 100_000, b'{"a": \xff}'])
def test_what_is_no_json_object_is_refused_and_not_kept(
        server: Server, http: HttpSettings, tmp_path: Path, body: bytes) -> None:
    server.extra["/x.json"] = body
    with Cache(tmp_path, 10) as cache:
        with pytest.raises(ServiceError) as caught:
            documents_of(server, http, cache, Warnings()).read(server.address + "/x.json")
        assert caught.value.code == "service_not_json"
        assert cache.document(server.address + "/x.json") is None


def test_a_key_refused_is_not_hidden_by_the_cache(server: Server, http: HttpSettings, tmp_path: Path) -> None:
    with Cache(tmp_path, 10) as cache:
        documents_of(server, http, cache, Warnings()).read(server.catalogue)
        server.fail("catalog.json", "403")
        with pytest.raises(ServiceError) as caught:
            documents_of(server, http, cache, Warnings()).read(server.catalogue)
        assert caught.value.code == "service_forbidden"
