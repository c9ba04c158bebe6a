"""Engines for the tests of the protocol: real child processes that follow a script instead of running a model."""

import stat
import sys
from pathlib import Path

from geoplantnet_plugin.bridge.interpreter import Engine

_HEAD = f"""#!{sys.executable}
import json, os, sys, time
job = json.loads(sys.stdin.readline())
def say(**event):
    print(json.dumps(event), flush=True)
"""


def engine_that(folder: Path, script: str) -> Engine:
    """Return an engine that runs `script`, which has `job` and `say(**event)`."""
    path = folder / "engine.py"
    path.write_text(_HEAD + script, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Engine(path, "setting")
