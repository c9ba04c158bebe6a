"""The examples in ``service/deploy``, as far as their own tools say on this computer that they hold."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from service.settings import read_settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "service" / "deploy"
IMAGE = ROOT / "service" / "deploy" / "Dockerfile"


def run(*command: str | Path, **options: object) -> str:
    """Return what a command says; it must succeed."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout
    return str(done.stdout)


def needed(program: str) -> str:
    """Return the path of a program, or skip."""
    found = shutil.which(program) or shutil.which(program, path=f"{Path(sys.executable).parent}:/usr/sbin:/usr/bin")
    return found or pytest.skip(f"{program} is not installed")


def test_the_compose_file_is_one() -> None:
    pytest.importorskip("check_jsonschema", reason="the extra [test] is not installed")
    run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


def test_the_image_is_described_well() -> None:
    run(needed("hadolint"), IMAGE)


def test_the_settings_are_read() -> None:
    settings = read_settings(DEPLOY / "settings.toml")
    assert not settings.is_local and settings.address.startswith("https://") and settings.qgis_server


def test_the_image_has_all_that_the_service_needs(tmp_path: Path) -> None:
    """What the Dockerfile copies, in a folder of its own, imports and knows its commands."""
    for sources, target in re.findall(r"^COPY (.+) /app/(\S*)$", IMAGE.read_text(encoding="utf-8"), re.MULTILINE):
        for source in sources.split():
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, tmp_path / (target or source),
                                ignore=shutil.ignore_patterns("*.onnx", "*.tif"))
            else:
                shutil.copy(ROOT / source, tmp_path)
    said = run(sys.executable, "-c", "import service.cli, service.web, service.lanes, service; "
                                     "print(service.__file__); service.cli.main(['--help'])", cwd=tmp_path)
    assert said.startswith(str(tmp_path)) and "publish" in said


@pytest.mark.parametrize("unit", sorted(path.name for path in DEPLOY.glob("*.service")))
def test_units_are_valid(unit: str, tmp_path: Path) -> None:
    program = needed("systemd-analyze")
    text = (DEPLOY / unit).read_text(encoding="utf-8")
    command = re.findall(r"^ExecStart\w*=(\S+)", text, re.MULTILINE)[0]
    place = tmp_path / unit.replace("@.", "@1.")
    place.write_text(text.replace(command, sys.executable), encoding="utf-8")
    said = run(program, "verify", "--man=no", place)
    assert unit.removesuffix(".service").removesuffix("@") not in said, said


def test_the_proxy_is_configured_validly(tmp_path: Path) -> None:
    nginx, openssl = needed("nginx"), needed("openssl")
    run(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=plants.example.org",
        "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem")
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for name, made in (("fullchain.pem", "cert.pem"), ("privkey.pem", "key.pem")):
        text = re.sub(rf"/\S+/{name}", str(tmp_path / made), text)
    (tmp_path / "nginx.conf").write_text(f"events {{}}\npid {tmp_path}/pid;\nhttp {{ access_log off; {text} }}",
                                         encoding="utf-8")
    run(nginx, "-t", "-p", tmp_path, "-e", tmp_path / "log", "-c", tmp_path / "nginx.conf")
