"""Tokens: who may read, run and administer. Only hashes are stored."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from geoplantnet_plugin.common.errors import EngineError

from .database import Pool

READ, RUN, ADMIN = "read", "run", "admin"
SCOPES = (READ, RUN, ADMIN)
PREFIX = "gpn_"
"""A token says what it is, so that scanners find one that was published by mistake."""
_VALID = "(revoked IS NULL AND (expires IS NULL OR expires > now()))"


@dataclass(frozen=True)
class Caller:
    """Who asks, and what he may do."""

    owner: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Token:
    """What is known of a token, which itself is not; `valid`, by the database's clock, whether it opens anything."""

    id: int
    owner: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    valid: bool


def create_token(pool: Pool, owner: str, scopes: tuple[str, ...], days: float | None = None) -> str:
    """Return a new token, valid for `days` (for ever without): it is shown this once.

    Raises:
        EngineError: no owner, or an unknown scope.
    """
    if not owner.strip() or not scopes or set(scopes) - set(SCOPES):
        raise EngineError("served_token_invalid", owner=owner, scopes=scopes, known=SCOPES)
    token = PREFIX + secrets.token_urlsafe(32)
    with pool.connection() as connection:
        connection.execute("INSERT INTO service.token (owner, digest, scopes, expires) "
                           "VALUES (%s, %s, %s, now() + %s * interval '1 day')",
                           [owner.strip(), _digest(token), list(scopes), days])
    return token


def list_tokens(pool: Pool) -> list[Token]:
    """Return all tokens, the oldest first."""
    with pool.connection() as connection:
        rows = connection.execute(f"SELECT id, owner, scopes, created, expires, revoked, {_VALID} AS valid "
                                  "FROM service.token ORDER BY id".encode())
        return [Token(**{**row, "scopes": tuple(row["scopes"])}) for row in rows]


def revoke_token(pool: Pool, id: int) -> None:
    """End a token.

    Raises:
        EngineError: there is none of this number.
    """
    with pool.connection() as connection:
        done = connection.execute("UPDATE service.token SET revoked = coalesce(revoked, now()) WHERE id = %s", [id])
    if not done.rowcount:
        raise EngineError("served_no_token", id=id)


def caller_of(pool: Pool, token: str) -> Caller | None:
    """Return whom a token stands for, None when it is not valid."""
    with pool.connection() as connection:
        row = connection.execute(
            f"SELECT owner, scopes FROM service.token WHERE digest = %s AND {_VALID}".encode(),
            [_digest(token)]).fetchone()
    return Caller(row["owner"], frozenset(row["scopes"])) if row else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
