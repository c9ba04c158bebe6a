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


def a_light(name: str, state: str, code: str = "", **params: object) -> dict:
    """A predictor's light in a check's result."""
    bound = {"source": "/data/env.tif", "band": 1, "name": name, "resolution": 50.0, "coverage": 100.0}
    free = {"source": "", "band": 0, "name": "", "resolution": 0.0, "coverage": 0.0}
    return {"predictor": name, "title": name.title(), "unit": "m", "state": state, "steps": 1, "base": "", "fetch": "",
            "notes": [{"code": code, "params": {"predictor": name, **params}}] if code else [],
            **(free if code == "cube_predictor_missing" else bound)}


def a_fit(*lights: dict, **changes: object) -> dict:
    """The result of a check."""
    return {"hectares": 12.5, "cells": 50, "resolution": 50.0, "crs": "EPSG:3035",
            "lights": list(lights) or [a_light("slope", "green")],
            "bands": [{"source": "/data/env.tif", "band": 1, "label": "env.tif:1 (slope)"},
                      {"source": "/data/env.tif", "band": 2, "label": "env.tif:2 (height)"}],
            "sampled": 50, "outside": 0.0, "missing": 0.0, "lists": [], "model": "western-swiss-alps",
            "chosen": False, "pool": False, "survey": False, "notes": [], "offers": [], **changes}


def checked(fit: dict) -> str:
    """The beginning of a script: the engine answers a check with `fit`."""
    return f"""
if job["job"] == "check_fit":
    say(event="result", **{fit!r})
    sys.exit(0)
"""


def use_engine(monkeypatch, engine: Engine) -> None:
    """Let all algorithms run `engine`."""
    monkeypatch.setattr("geoplantnet_plugin.processing.engine_algorithm.find_engine", lambda: engine)


def engine_that(folder: Path, script: str) -> Engine:
    """Return an engine that runs `script`, which has `job` and `say(**event)`."""
    path = folder / "engine.py"
    path.write_text(_HEAD + script, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Engine(path, "setting")
