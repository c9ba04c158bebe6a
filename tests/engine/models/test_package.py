"""Packages from folders and zips: what is right opens, what is wrong is told in a sentence and leaves nothing."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from pathlib import Path

import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.models import archive
from geoplantnet_plugin.engine.models.folders import unpacked, user_models
from geoplantnet_plugin.engine.models.library import install, remove
from geoplantnet_plugin.engine.models.package import list_packages, open_package

from .conftest import TAXA, Build, linear_card, seal, write_taxa


def zipped(folder: Path, prefix: str = "") -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for entry in folder.iterdir():
            file.write(entry, prefix + entry.name)
    return path


def nothing_left() -> bool:
    return not any(any(place.iterdir()) for place in (unpacked(), user_models()) if place.is_dir())


def refused(path: Path) -> EngineError:
    """Opening and installing both fail with the same error and leave no file."""
    errors = []
    for attempt in (lambda: open_package(str(path)), lambda: install(path)):
        with pytest.raises(EngineError) as caught:
            attempt()
        errors.append(caught.value)
        assert nothing_left()
    assert errors[0].code == errors[1].code
    assert "{" not in str(errors[0])
    return errors[0]


def test_a_folder_opens(build: Build) -> None:
    folder = build()
    package = open_package(str(folder))
    assert package.folder == folder and len(package.taxa) == TAXA
    assert package.digest == hashlib.sha256((folder / "card.json").read_bytes()).hexdigest()
    assert [taxon.name for taxon in package.taxa][:2] == ["Genus species0", "Genus species1"]


@pytest.mark.parametrize("prefix", ["", "linear/"])
def test_a_zip_opens_and_is_unpacked_once(build: Build, prefix: str) -> None:
    path = zipped(build(), prefix)
    first, again = open_package(str(path)), open_package(str(path))
    assert first == again and first.card.title == "Linear"
    assert len(list(unpacked().iterdir())) == 1


def test_an_installed_model_opens_by_name_is_listed_and_removed(build: Build) -> None:
    package, weak = install(zipped(build()))
    assert open_package("linear") == package and package.folder == user_models() / "linear"
    assert [finding.code for finding in weak] == ["model_check_no_domain", "model_check_no_evaluation"]
    assert "linear" in [entry.name for entry in list_packages() if not entry.bundled]
    with pytest.raises(EngineError, match="already in"):
        install(package.folder)
    remove("linear")
    assert nothing_left()
    with pytest.raises(EngineError, match="There is no model “linear”"):
        open_package("linear")


@pytest.mark.parametrize("name", ["nothing-here", "../linear", "", "."])
def test_removing_reaches_the_users_models_only(build: Build, name: str) -> None:
    folder = build()
    with pytest.raises(EngineError):
        remove(name)
    assert folder.is_dir()


def test_bundled_models_cannot_be_removed_or_shadowed(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = build().rename(build(name="other").parent / "bundled-home")
    home = bundled.parent / "home"
    home.mkdir()
    folder = bundled.rename(home / "linear")
    for module in ("folders", "package", "library"):
        monkeypatch.setattr(f"geoplantnet_plugin.engine.models.{module}.BUNDLED", home)
    assert open_package("linear").bundled
    with pytest.raises(EngineError, match="cannot be removed"):
        remove("linear")
    with pytest.raises(EngineError, match="already in"):
        install(bundled.parent / "other")
    assert folder.is_dir() and nothing_left()


def test_a_changed_file_is_noticed(build: Build) -> None:
    for file in ("model.onnx", "taxa.csv"):
        folder = build(name=f"changed-{file}")
        with (folder / file).open("ab") as opened:
            opened.write(b"\n")
        assert refused(folder).code == "model_checksum"


@pytest.mark.parametrize("file", ["card.json", "model.onnx", "taxa.csv"])
def test_a_missing_file_is_named(build: Build, file: str) -> None:
    folder = build()
    (folder / file).unlink()
    error = refused(folder)
    assert error.code == "model_file_missing" and file in str(error)


@pytest.mark.parametrize(("content", "code"), [
    (b"", "model_taxa_unreadable"),
    (b"species\nAbies alba\n", "model_taxa_unreadable"),
    (b"id,name\n1,\xff\xfe\n", "model_taxa_unreadable"),
    (b"id,name,lambda\n1,Abies alba,high\n", "model_taxa_unreadable"),
    (b"id,name\n1,Abies alba\n1,Acer opalus\n", "model_taxa_row"),
    (b"id,name\n1,\n", "model_taxa_row"),
])
def test_a_taxa_table_that_is_not_one(build: Build, content: bytes, code: str) -> None:
    folder = build()
    (folder / "taxa.csv").write_bytes(content)
    seal(folder, linear_card())
    assert refused(folder).code == code


def test_taxa_that_do_not_match_the_outputs_are_not_installed(build: Build) -> None:
    folder = build(taxa=TAXA - 1)
    with pytest.raises(EngineError) as caught:
        install(folder)
    assert caught.value.code == "model_taxa_count" and nothing_left()
    assert str(caught.value).startswith("The model has 7 outputs but its taxa table has 6 rows")


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"schema": NaN}', "\x00"])
def test_a_card_that_is_no_json(build: Build, text: str) -> None:
    folder = build()
    (folder / "card.json").write_text(text)
    assert refused(folder).code == "model_card_unreadable"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_zip(build: Build, share: float) -> None:
    path = zipped(build())
    content = path.read_bytes()
    path.write_bytes(content[:int(share * len(content))])
    assert refused(path).code == "model_zip_broken"


def test_a_zip_with_damaged_content(build: Build) -> None:
    path = zipped(build())
    content = bytearray(path.read_bytes())
    content[60:200] = bytes(140)
    path.write_bytes(content)
    assert refused(path).code == "model_zip_broken"


@pytest.mark.parametrize("entry", ["../evil.txt", "/tmp/evil.txt", "a/../../evil.txt", "..\\evil.txt", "C:evil.txt"])
def test_a_zip_that_points_out_of_its_folder(build: Build, entry: str, tmp_path: Path) -> None:
    path = zipped(build())
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(entry, "evil")
    error = refused(path)
    assert error.code == "model_zip_path" and "evil.txt" in str(error)
    assert not list(tmp_path.rglob("evil.txt"))


@pytest.mark.parametrize("entry", ["x" * 300 + ".txt", "é" * 150, "d/" * 1500 + "x"])
def test_a_zip_with_names_that_no_disk_takes(build: Build, entry: str) -> None:
    path = zipped(build())
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(entry, "1")
    error = refused(path)
    assert error.code == "model_zip_name" and len(str(error)) < 1000


def test_a_zip_with_a_link(build: Build) -> None:
    path = zipped(build())
    link = zipfile.ZipInfo("weights.bin")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(link, "/etc/passwd")
    assert refused(path).code == "model_zip_path"


def test_a_zip_bomb(build: Build) -> None:
    path = zipped(build())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("weights.bin", bytes(50 * 2**20))
    error = refused(path)
    assert error.code == "model_zip_bomb" and "weights.bin" in str(error)


def test_a_zip_beyond_the_size_limit(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 1000)
    assert refused(zipped(build())).code == "model_zip_large"


def test_a_zip_of_too_many_files(build: Build) -> None:
    path = zipped(build())
    with zipfile.ZipFile(path, "a") as file:
        for number in range(300):
            file.writestr(f"{number}.txt", "")
    assert refused(path).code == "model_zip_entries"


def test_a_zip_that_is_no_package(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.jpg", "x")
    assert refused(path).code == "model_zip_no_card"


def test_a_file_that_is_no_zip(tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    path.write_bytes(b"PK" + bytes(500))
    assert refused(path).code == "model_zip_broken"


def test_a_broken_package_is_listed_with_its_problem(build: Build) -> None:
    package, _ = install(build())
    (package.folder / "card.json").write_text("{")
    listed = [entry for entry in list_packages() if entry.name == "linear"]
    assert listed[0].card is None and "cannot be read" in str(listed[0].problem)


def test_a_package_may_hold_more_files_than_are_installed(build: Build) -> None:
    folder = build()
    (folder / "notes.txt").write_text("not in the checksums")
    package, _ = install(folder)
    assert {file.name for file in package.folder.iterdir()} == {"card.json", "model.onnx", "taxa.csv"}


def test_checksums_cannot_name_files_elsewhere(build: Build) -> None:
    folder = build()
    card = json.loads((folder / "card.json").read_text())
    card["checksums"]["../secret"] = "sha256:" + "0" * 64
    (folder / "card.json").write_text(json.dumps(card))
    assert refused(folder).code == "model_card_invalid"


def test_taxa_keep_quotes_and_accents(build: Build) -> None:
    folder = build()
    write_taxa(folder / "taxa.csv", TAXA - 1)
    with (folder / "taxa.csv").open("a", encoding="utf-8") as file:
        file.write('x,"Crépis, ""élégante"""\n')
    seal(folder, linear_card())
    assert open_package(str(folder)).taxa[TAXA - 1].name == 'Crépis, "élégante"'
