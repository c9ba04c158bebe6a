"""A PostgreSQL cluster of one's own, reached over a socket in a private folder: for ``make serve`` and the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError

NAME = "geoplantnet"
UNPRIVILEGED = ("postgres", "nobody")
"""Whom the cluster runs as when root starts it, which PostgreSQL refuses to be."""
_LOCAL = Path("/usr/lib/postgresql")


@dataclass
class Cluster:
    """A cluster with its data in `folder`. No port is opened: whoever may enter the socket's folder may use it."""

    folder: Path
    _sockets: Path = field(init=False)

    def start(self) -> str:
        """Start it, made first where it is new, and return its connection string.

        Raises:
            EngineError: PostgreSQL is not installed, or does not start.
        """
        self._sockets = Path(tempfile.mkdtemp(prefix="gpn-pg-"))
        self._give_away(self._sockets)
        if not (self.folder / "PG_VERSION").is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._give_away(self.folder)
            self._run("initdb", "-D", str(self.folder), "-U", NAME, "--auth=trust", "--encoding=UTF8", "--no-locale")
        self._run("pg_ctl", "-D", str(self.folder), "-w", "-l", str(self.folder / "log"), "-o", self._options, "start")
        if NAME not in self._run("psql", "-h", str(self._sockets), "-U", NAME, "-d", "postgres", "-Atc",
                                 "SELECT datname FROM pg_database").split():
            self._run("createdb", "-h", str(self._sockets), "-U", NAME, NAME)
        return f"host={self._sockets} user={NAME} dbname={NAME}"

    def restart(self) -> None:
        """Stop it while it is in use and start it again."""
        self._run("pg_ctl", "-D", str(self.folder), "-m", "fast", "-w", "-l", str(self.folder / "log"),
                  "-o", self._options, "restart")

    def stop(self) -> None:
        """Stop it; connections are cut."""
        self._run("pg_ctl", "-D", str(self.folder), "-m", "fast", "-w", "stop")
        shutil.rmtree(self._sockets, ignore_errors=True)

    @property
    def _options(self) -> str:
        return f"-c listen_addresses='' -c unix_socket_directories='{self._sockets}'"

    def _give_away(self, folder: Path) -> None:
        folder.chmod(0o700)
        if user := unprivileged():
            shutil.chown(folder, user)

    def _run(self, program: str, *arguments: str) -> str:
        # pg_ctl's server keeps what it inherits open: a pipe would never end.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run([str(binaries() / program), *arguments], stdout=output, stderr=subprocess.STDOUT,
                                  stdin=subprocess.DEVNULL, cwd=self._sockets, user=unprivileged(), check=False)
            output.seek(0)
            said = output.read().decode(errors="replace")
        if done.returncode:
            raise EngineError("served_cluster", program=program, reason=said.strip()[-500:])
        return said


def binaries() -> Path:
    """Return the folder of the newest PostgreSQL that is installed.

    Raises:
        EngineError: there is none.
    """
    found = sorted((path.parent for path in _LOCAL.glob("*/bin/initdb")), key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise EngineError("served_no_postgresql")
    return found[-1] if found else Path(str(on_path)).resolve().parent


def unprivileged() -> str | None:
    """Return the user to run as instead of root, None for an ordinary user."""
    if os.geteuid():
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)
