"""Another conformant server: pygeoapi as it comes, its own job manager, and a process `assess` with one answer.

``python stranger.py FOLDER ASSESSMENT`` prints its address and serves until its input ends; it works in one folder and
gives the files of the other.
"""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from flask import send_file
from pygeoapi.process.base import BaseProcessor

_ANY = {"title": "x", "schema": {"type": "object"}, "minOccurs": 1, "maxOccurs": 1}
_TEXT = {**_ANY, "schema": {"type": "string"}}
PROCESS = {
    "version": "0.1.0", "id": "assess", "title": {"en": "Assess"}, "description": {"en": "A toy"}, "links": [],
    "jobControlOptions": ["sync-execute", "async-execute"], "keywords": ["toy"],
    "inputs": {"area": _ANY, "crs": _TEXT, "model": _TEXT, "cube": _TEXT}, "outputs": {"files": _ANY}}


class Toy(BaseProcessor):
    """Answers with the address of a list of files."""

    def __init__(self, definition: dict[str, Any]) -> None:
        super().__init__(definition, PROCESS)

    def execute(self, data: dict[str, Any], outputs: Any = None) -> tuple[str, Any]:
        """Return where the files are; the model's name says whether they are listed one by one."""
        address = f"{os.environ['STRANGER']}/toy/{'files' if data['model'] == 'toy' else 'zip'}"
        return "application/json", {"files" if data["model"] == "toy" else "zip": {"href": address}}


def config(address: str, folder: Path) -> dict[str, Any]:
    """Return pygeoapi's configuration."""
    text = {"en": "Stranger"}
    return {
        "server": {"bind": {"host": "127.0.0.1", "port": 0}, "url": address, "mimetype": "application/json",
                   "encoding": "utf-8", "languages": ["en-US"], "map": {"url": "x", "attribution": "x"},
                   "limits": {"default_items": 10, "max_items": 10},
                   "manager": {"name": "TinyDB", "connection": str(folder / "jobs.db"), "output_dir": str(folder)}},
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {"title": text, "description": text, "keywords": {"en": ["x"]}, "keywords_type": "theme",
                               "terms_of_service": address, "url": address},
            "license": {"name": "x", "url": address}, "provider": {"name": "x", "url": address},
            "contact": {"name": "x"}},
        "resources": {"assess": {"type": "process", "processor": {"name": "stranger.Toy"}}}}


def main(folder: Path, assessment: Path) -> None:
    """Serve."""
    from pygeoapi.openapi import get_oas
    from waitress import serve

    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    os.environ.update(STRANGER=address, PYGEOAPI_CONFIG=str(folder / "config.yml"),
                      PYGEOAPI_OPENAPI=str(folder / "openapi.yml"))
    settings = config(address, folder)
    (folder / "config.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (folder / "openapi.yml").write_text(yaml.safe_dump(get_oas(settings)), encoding="utf-8")
    from pygeoapi.flask_app import APP

    APP.add_url_rule("/toy/files", "toy files", lambda: {"files": list(_entries(address, assessment))})
    APP.add_url_rule("/toy/<path:name>", "toy file", lambda name: send_file(assessment / name, conditional=True))
    print(address, flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    serve(APP, sockets=[listening])


def _entries(address: str, assessment: Path) -> Iterator[dict[str, Any]]:
    for path in assessment.rglob("*"):
        if path.is_file():
            name, content = path.relative_to(assessment).as_posix(), path.read_bytes()
            yield {"name": name, "size": len(content), "href": f"{address}/toy/{name}",
                   "checksum": f"sha256:{hashlib.sha256(content).hexdigest()}"}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
