"""Tokens: who may read, run and administer. Only hashes are stored."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from geoplantnet_plugin.common.errors import EngineError

from .database import Pool

READ, RUN, ADMIN = "read", "run", "admin"
SCOPES = (READ, RUN, ADMIN)
PREFIX = "gpn_"
"""A token says what it is, so that scanners find one that was published by mistake."""


@dataclass(frozen=True)
class Caller:
    """Who asks, and what he may do."""

    owner: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Token:
    """What is known of a token; the token itself is not."""

    id: int
    owner: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime | None
    revoked: datetime | None

    @property
    def valid(self) -> bool:
        """Whether it opens anything."""
        return self.revoked is None and (self.expires is None or self.expires > datetime.now(timezone.utc))


def create_token(pool: Pool, owner: str, scopes: tuple[str, ...], days: float | None = None) -> str:
    """Return a new token, valid for `days` (for ever without): it is shown this once.

    Raises:
        EngineError: no owner, or an unknown scope.
    """
    if not owner.strip() or not scopes or set(scopes) - set(SCOPES):
        raise EngineError("served_token_invalid", owner=owner, scopes=scopes, known=SCOPES)
    token = PREFIX + secrets.token_urlsafe(32)
    expires = None if days is None else datetime.now(timezone.utc) + timedelta(days=days)
    with pool.connection() as connection:
        connection.execute("INSERT INTO service.token (owner, digest, scopes, expires) VALUES (%s, %s, %s, %s)",
                           [owner.strip(), _digest(token), list(scopes), expires])
    return token


def list_tokens(pool: Pool) -> list[Token]:
    """Return all tokens, the oldest first."""
    with pool.connection() as connection:
        rows = connection.execute("SELECT id, owner, scopes, created, expires, revoked FROM service.token ORDER BY id")
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
            "SELECT owner, scopes FROM service.token WHERE digest = %s AND revoked IS NULL "
            "AND (expires IS NULL OR expires > now())", [_digest(token)]).fetchone()
    return Caller(row["owner"], frozenset(row["scopes"])) if row else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
