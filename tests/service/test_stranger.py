"""The client at another conformant server, as far as that offers `assess`: plain pygeoapi."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import Finished

from geoplantnet_plugin.engine.commands.line import main


@pytest.fixture
def stranger(finished: Finished, tmp_path: Path) -> Iterator[str]:
    """Run the other server, which gives the finished folder for any area."""
    folder = tmp_path / "stranger"
    folder.mkdir()
    command = [sys.executable, str(Path(__file__).with_name("stranger.py")), str(folder), str(finished.out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None and server.stdin is not None
        yield server.stdout.readline().strip()
        server.stdin.close()


def test_its_folder_comes_where_it_lists_files(stranger: str, finished: Finished, tmp_path: Path,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    """It lists no models: the person names one, and is told so; what it lists no files of is said."""
    out = tmp_path / "out"
    assess = ["assess", "--source", "service", "--service", stranger, "--area",
              str(finished.out.parent / "area.geojson"), "--out", str(out)]
    assert main(assess) == 2 and "has no model" in capsys.readouterr().err
    assert main([*assess, "--model", "other", "--cube", "any"]) == 2 and "one by one" in capsys.readouterr().err
    (out / ".service.json").unlink()
    assert main([*assess, "--model", "toy", "--cube", "any"]) == 0
    assert {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()} == {
        path.relative_to(finished.out): path.read_bytes() for path in finished.out.rglob("*") if path.is_file()}
    assert main(["service", "jobs", "--service", stranger]) == 0 and "successful" in capsys.readouterr().out
