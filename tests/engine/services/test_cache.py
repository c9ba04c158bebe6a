"""What the cache keeps, forgets, and says when the disk fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.services.cache import Cache, CachedFile, Document

FILE = CachedFile("v1", 1000, 100.0)


def test_pieces_are_found_by_any_span_inside_them_and_survive(tmp_path: Path) -> None:
    with Cache(tmp_path, 10) as cache:
        cache.keep_file("a", FILE)
        cache.keep_piece("a", 100, bytes(range(100)))
    with Cache(tmp_path, 10) as cache:
        assert cache.piece("a", 100, 200) == bytes(range(100))
        assert cache.piece("a", 110, 120) == bytes(range(10, 20))
        assert cache.piece("a", 190, 201) is None
        assert cache.piece("a", 90, 110) is None
        assert cache.file("a") == FILE


def test_pieces_are_kept_together_or_not_at_all(tmp_path: Path) -> None:
    with Cache(tmp_path, 10) as cache:
        cache.keep_file("a", FILE)
        cache.keep_pieces("a", [(0, b"abc"), (3, b"de")])
        assert cache.spans("a") == {(0, 3), (3, 5)} and cache.spans("b") == set()
        with pytest.raises(EngineError) as caught:
            cache.keep_pieces("a", [(5, b"new"), (8, ("no bytes",))])  # type: ignore[list-item]
        assert caught.value.code == "service_cache_broken"
        assert cache.spans("a") == {(0, 3), (3, 5)}
        cache.keep_piece("a", 5, b"f")
        assert cache.piece("a", 5, 6) == b"f"


def test_many_pieces_at_once_are_bounded_too(tmp_path: Path) -> None:
    with Cache(tmp_path, 1.0) as cache:
        for name in "ab":
            cache.keep_file(name, FILE)
            cache.keep_pieces(name, [(at, bytes(3000)) for at in range(0, 600_000, 3000)])
        assert cache.size().megabytes <= 1.0 and cache.spans("b")


def test_another_version_of_a_file_forgets_its_pieces(tmp_path: Path) -> None:
    with Cache(tmp_path, 10) as cache:
        cache.keep_file("a", FILE)
        cache.keep_piece("a", 0, b"old")
        cache.keep_file("a", CachedFile("v1", 1000, 200.0))
        assert cache.piece("a", 0, 3) == b"old"
        cache.keep_file("a", CachedFile("v2", 1000, 200.0))
        assert cache.piece("a", 0, 3) is None


def test_files_unused_for_longest_are_forgotten_first(tmp_path: Path) -> None:
    with Cache(tmp_path, 1.0) as cache:
        for name in "abcd":
            cache.keep_file(name, FILE)
            cache.keep_piece(name, 0, bytes(300_000))
        assert cache.piece("a", 0, 10)
        cache.trim()
        assert [name for name in "abcd" if cache.piece(name, 0, 1)] in (["a", "d"], ["a", "c"])
        assert cache.size().megabytes <= 1.0


def test_a_full_disk_says_so_and_keeps_what_was_there(tmp_path: Path) -> None:
    with Cache(tmp_path, 10) as cache:
        cache.keep_document("a", Document(b"kept", "", "", 0.0))
        cache._database.execute("PRAGMA max_page_count = 30")  # SQLite's own way of running out of space
        with pytest.raises(EngineError) as caught:
            cache.keep_document("b", Document(bytes(1_000_000), "", "", 0.0))
        assert caught.value.code == "service_cache_full"
        assert cache.document("a") == Document(b"kept", "", "", 0.0)


def test_a_damaged_cache_and_an_unusable_folder_say_so(tmp_path: Path) -> None:
    (tmp_path / "services.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(EngineError) as caught:
        Cache(tmp_path, 10)
    assert caught.value.code == "service_cache_broken"
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError) as caught:
        Cache(tmp_path / "file", 10)
    assert caught.value.code == "service_cache_unwritable"


def test_clearing_keeps_notes(tmp_path: Path) -> None:
    with Cache(tmp_path, 10) as cache:
        cache.keep_note("terms", "accepted")
        cache.keep_document("a", Document(b"x", "", "", 0.0))
        cache.clear()
        assert cache.size().documents == 0
        assert cache.note("terms") == "accepted"
