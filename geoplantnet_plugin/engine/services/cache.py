"""What services have answered, on disk: documents with validators, and the pieces of files already fetched.

One SQLite file, so that it works on every system, survives a crash, serves several processes and can be
bounded in size.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.services.http import MEGABYTE
from geoplantnet_plugin.engine.services.settings import cache_folder, read_services

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (url TEXT PRIMARY KEY, body BLOB, etag TEXT, modified TEXT, fetched REAL);
CREATE TABLE IF NOT EXISTS files (url TEXT PRIMARY KEY, validator TEXT, total INTEGER, fetched REAL, used REAL);
CREATE TABLE IF NOT EXISTS pieces (url TEXT, start INTEGER, stop INTEGER, body BLOB, PRIMARY KEY (url, start));
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT);
"""

_TRIM_EVERY = 256
"""Pieces written between two looks at the size."""

_TRIM_TO = 0.8


@dataclass(frozen=True)
class Document:
    """A cached answer; `fetched` is when the host last said that it holds (seconds since 1970)."""

    body: bytes
    etag: str
    modified: str
    fetched: float


@dataclass(frozen=True)
class CachedFile:
    """A file of which pieces are cached: its version, its size in bytes, when it was last checked."""

    validator: str
    total: int
    fetched: float


@dataclass(frozen=True)
class CacheSize:
    """What the cache holds."""

    folder: Path
    documents: int
    files: int
    megabytes: float


class Cache:
    """The cache in `folder`, kept below `megabytes` by forgetting the files unused for longest."""

    def __init__(self, folder: Path, megabytes: float) -> None:
        self.folder = folder
        self._limit = megabytes * MEGABYTE
        self._lock = threading.RLock()
        self._used: dict[str, float] = {}
        self._written = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(folder / "services.sqlite", timeout=60, check_same_thread=False,
                                             isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise EngineError("service_cache_unwritable", folder=folder, reason=str(error)) from error
        with self._guard():
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.executescript(_SCHEMA)

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Note what was used and close the file."""
        with self._guard():
            self._flush_used()
            self._database.close()

    def document(self, url: str) -> Document | None:
        """Return the cached document of an address."""
        row = self._row("SELECT body, etag, modified, fetched FROM documents WHERE url = ?", url)
        return Document(*row) if row else None

    def keep_document(self, url: str, document: Document) -> None:
        """Keep a document in place of an older one."""
        self._write("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?)", url, document.body, document.etag,
                    document.modified, document.fetched)

    def file(self, url: str) -> CachedFile | None:
        """Return what is known of a file of which pieces are cached."""
        row = self._row("SELECT validator, total, fetched FROM files WHERE url = ?", url)
        return CachedFile(*row) if row else None

    def keep_file(self, url: str, file: CachedFile) -> None:
        """Note the version of a file; the pieces of another version are forgotten."""
        with self._guard():
            old = self.file(url)
            if old and (old.validator, old.total) != (file.validator, file.total):
                self._database.execute("DELETE FROM pieces WHERE url = ?", (url,))
            self._database.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)",
                                   (url, file.validator, file.total, file.fetched, time.time()))

    def piece(self, url: str, start: int, stop: int) -> bytes | None:
        """Return the bytes from `start` to before `stop`, when one cached piece holds them all."""
        row = self._row("SELECT start, body FROM pieces WHERE url = ? AND start <= ? ORDER BY start DESC LIMIT 1",
                        url, start)
        if not row or row[0] + len(row[1]) < stop:
            return None
        self._used[url] = time.time()
        body: bytes = row[1][start - row[0]:stop - row[0]]
        return body

    def head(self, url: str) -> bytes | None:
        """Return the cached piece that a file begins with, however long it is."""
        row = self._row("SELECT body FROM pieces WHERE url = ? AND start = 0", url)
        if row:
            self._used[url] = time.time()
        return row[0] if row else None

    def spans(self, url: str) -> set[tuple[int, int]]:
        """Return start and stop of the cached pieces of a file."""
        with self._guard():
            return set(self._database.execute("SELECT start, stop FROM pieces WHERE url = ?", (url,)))

    def keep_piece(self, url: str, start: int, body: bytes) -> None:
        """Keep a piece of a file whose version `keep_file` has noted."""
        self.keep_pieces(url, [(start, body)])

    def keep_pieces(self, url: str, pieces: Sequence[tuple[int, bytes]]) -> None:
        """Keep pieces (start, body) of a file whose version `keep_file` has noted, all or none."""
        rows = [(url, start, start + len(body), body) for start, body in pieces]
        with self._guard():
            self._database.execute("BEGIN")
            try:
                self._database.executemany("INSERT OR REPLACE INTO pieces VALUES (?, ?, ?, ?)", rows)
            except BaseException:
                if self._database.in_transaction:  # a full disk has rolled back already
                    self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")
            before, self._written = self._written, self._written + len(rows)
            if self._written // _TRIM_EVERY > before // _TRIM_EVERY:
                self.trim()

    def forget(self, url: str) -> None:
        """Forget a file and its pieces."""
        with self._guard():
            self._database.execute("DELETE FROM pieces WHERE url = ?", (url,))
            self._database.execute("DELETE FROM files WHERE url = ?", (url,))

    def note(self, name: str) -> str:
        """Return a note, "" when there is none."""
        row = self._row("SELECT value FROM notes WHERE name = ?", name)
        return str(row[0]) if row else ""

    def keep_note(self, name: str, value: str) -> None:
        """Keep a note under a name."""
        self._write("INSERT OR REPLACE INTO notes VALUES (?, ?)", name, value)

    def trim(self) -> None:
        """Forget the files unused for longest until the pieces fit the limit with room to spare."""
        with self._guard():
            size = self._pieces_size()
            if size <= self._limit:
                return
            self._flush_used()
            for url, length in self._database.execute(
                    "SELECT files.url, SUM(pieces.stop - pieces.start) FROM files JOIN pieces USING (url)"
                    " GROUP BY files.url ORDER BY used").fetchall():
                self.forget(url)
                size -= length
                if size <= self._limit * _TRIM_TO:
                    break

    def clear(self) -> None:
        """Forget everything but the notes and give the space back."""
        with self._guard():
            self._database.executescript("DELETE FROM documents; DELETE FROM files; DELETE FROM pieces; VACUUM;")

    def size(self) -> CacheSize:
        """Return what the cache holds."""
        documents, length = self._row("SELECT COUNT(*), COALESCE(SUM(LENGTH(body)), 0) FROM documents") or (0, 0)
        files = self._row("SELECT COUNT(*) FROM files") or (0,)
        return CacheSize(self.folder, documents, files[0], (length + self._pieces_size()) / MEGABYTE)

    def _pieces_size(self) -> int:
        row = self._row("SELECT COALESCE(SUM(stop - start), 0) FROM pieces")
        return int(row[0]) if row else 0

    def _flush_used(self) -> None:
        self._database.executemany("UPDATE files SET used = ? WHERE url = ?",
                                   [(when, url) for url, when in self._used.items()])
        self._used.clear()

    def _row(self, query: str, *values: Any) -> tuple[Any, ...] | None:
        with self._guard():
            row: tuple[Any, ...] | None = self._database.execute(query, values).fetchone()
            return row

    def _write(self, query: str, *values: Any) -> None:
        with self._guard():
            self._database.execute(query, values)

    @contextmanager
    def _guard(self) -> Iterator[None]:
        """One thread at a time, and our sentence for what SQLite says."""
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                full = "full" in str(error)
                code = "service_cache_full" if full else "service_cache_broken"
                raise EngineError(code, folder=self.folder, reason=str(error)) from error


def open_cache() -> Cache:
    """Open the user's cache, the same for published maps and for predictors from the net."""
    return Cache(cache_folder(), read_services().cache_megabytes)
