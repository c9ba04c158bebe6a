"""The command ``geoplantnet-service``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError

from .database import migrate, open_pool
from .settings import Settings, read_settings
from .tokens import READ, RUN, SCOPES, create_token, list_tokens, revoke_token

SETTINGS = "geoplantnet-service.toml"
LONGEST = 36_500
"""Days for which a token may be valid, where not for ever."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 2 unusable settings or input."""
    from .logs import set_up_logs

    args = _parser().parse_args(arguments)
    set_up_logs()
    try:
        args.handler(args)
    except EngineError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="geoplantnet-service",
                                     description="Assessments of GeoPl@ntNet for QGIS over OGC API – Processes.")
    parser.add_argument("--settings", type=Path, default=Path(SETTINGS), help=f"settings file (default {SETTINGS})")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _command(commands, "migrate", _migrate, "make or upgrade the tables of the database")
    _command(commands, "web", _web, "answer requests")
    worker = _command(commands, "worker", _worker, "compute jobs")
    worker.add_argument("--queues", default="jobs,chores", metavar="QUEUE,…",
                        help="jobs, chores, projects (needs QGIS); default jobs,chores")
    publish = _command(commands, "publish", _publish, "let everybody ask for the coverage of an assessment or a map")
    publish.add_argument("folder", type=Path)
    publish.add_argument("--name", required=True)
    publish.add_argument("--connections", type=int, default=2, help="tiles that are put in at once (default 2)")
    token = commands.add_parser("token", help="create, list and revoke tokens").add_subparsers(required=True)
    create = _command(token, "create", _create, "create a token; it is shown this once")
    create.add_argument("--owner", required=True)
    create.add_argument("--scopes", default=f"{READ},{RUN}", help=f"of {','.join(SCOPES)} (default {READ},{RUN})")
    create.add_argument("--days", type=_days, help="days until it expires (default: never)")
    _command(token, "list", _list, "list tokens")
    _command(token, "revoke", _revoke, "end a token").add_argument("id", type=int)
    alone = _command(commands, "serve", _serve, "run all of it on this computer, for one person (make serve)")
    alone.add_argument("--folder", type=Path, default=Path("build/service"))
    alone.add_argument("--port", type=int, default=5080)
    return parser


def _command(commands: Any, name: str, handler: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(handler=handler)
    return parser


def _days(text: str) -> float:
    days = float(text)
    if not 0 < days <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text}: more than 0, up to {LONGEST}")
    return days


def _settings(args: argparse.Namespace) -> Settings:
    return read_settings(args.settings)


def _migrate(args: argparse.Namespace) -> None:
    done = migrate(_settings(args).database)
    print("\n".join(done) or "The tables are up to date.")


def _web(args: argparse.Namespace) -> None:
    from .web import serve

    serve(_settings(args))


def _worker(args: argparse.Namespace) -> None:
    from .lanes import work

    work(_settings(args), tuple(args.queues.split(",")))


def _publish(args: argparse.Namespace) -> None:
    from .maps import publish

    with open_pool(_settings(args).database, args.connections) as pool:
        print(f"{args.name}: {publish(pool, args.name, args.folder, args.connections)} assessment(s)")


def _create(args: argparse.Namespace) -> None:
    print(create_token(open_pool(_settings(args).database, 1), args.owner, tuple(args.scopes.split(",")), args.days))


def _list(args: argparse.Namespace) -> None:
    for token in list_tokens(open_pool(_settings(args).database, 1)):
        state = "revoked" if token.revoked else "valid" if token.valid else "expired"
        print(f"{token.id:5}  {state:8} {token.created:%Y-%m-%d}  {','.join(token.scopes):15} {token.owner}")


def _revoke(args: argparse.Namespace) -> None:
    revoke_token(open_pool(_settings(args).database, 1), args.id)


def _serve(args: argparse.Namespace) -> None:
    from .alone import serve_alone

    serve_alone(args.folder, args.port)


if __name__ == "__main__":
    sys.exit(main())
