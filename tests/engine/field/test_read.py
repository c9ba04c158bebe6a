"""What tablets bring back: merged whatever the order, every doubt reported, nothing overwritten."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from zipfile import ZipFile

import pandas
import pytest
from field.sites import add, centre, package_id, sql, tablet
from shapely import Point

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ReadFieldRequest
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.field.merge import merged
from geoplantnet_plugin.engine.field.read import Read, read_field
from geoplantnet_plugin.engine.field.returned import opened


def read(assessment: Path, *returned: Path) -> Read:
    return read_field(ReadFieldRequest(assessment, returned), Reporter())


def codes(done: Read) -> list[str]:
    return sorted(issue.code for issue in done.issues)


def test_two_tablets_become_one_survey_and_reading_twice_changes_nothing(
        assessment: Path, package: Path, tmp_path: Path) -> None:
    one, two = tablet(package, tmp_path / "one"), tablet(package, tmp_path / "two")
    shared = add(one, "observations", centre(2, 2), taxon_id="1", status="present", edited="2026-11-01T10:00:00")
    add(two, "observations", centre(2, 2), id=shared, taxon_id="2", status="present", edited="2026-11-02T10:00:00")
    add(one, "observations", centre(3, 3), taxon_id="3", status="absent")
    done = read(assessment, one, two)
    assert done.verdict is not None and done.new == 8 + 3, "the plan's points and three versions of observations"
    assert codes(done) == ["edited_twice"]
    rows = {row["observation_id"]: row for row in done.survey.rows["observations"]}
    assert len(rows) == 2 and rows[shared]["taxon_id"] == "2", "the later edit counts"
    before = {path: path.read_bytes() for path in sorted((assessment / "field").iterdir()) if path.is_file()}
    again = read(assessment, two, one)
    assert again.new == 0
    assert {path: path.read_bytes() for path in before} == before
    with sqlite3.connect(assessment / "field" / "survey.gpkg") as connection:
        kept = connection.execute("SELECT count(*) FROM versions WHERE row_id = ?", [shared]).fetchone()
    assert kept == (2,)


def test_the_order_of_tablets_does_not_matter(package: Path, tmp_path: Path) -> None:
    one, two = tablet(package, tmp_path / "one"), tablet(package, tmp_path / "two")
    shared = add(one, "releves", centre(1, 1), area_m2=2500.0, complete=True)
    add(two, "releves", centre(1, 1), id=shared, area_m2=400.0, complete=False)
    with opened(one) as first, opened(two) as second:
        assert merged((), (first, second)).rows == merged((), (second, first)).rows


def test_photos_keep_their_contents_and_names_that_clash_are_reported(
        assessment: Path, package: Path, tmp_path: Path) -> None:
    tablets = [tablet(package, tmp_path / name) for name in ("one", "two")]
    for folder in tablets:
        record = add(folder, "observations", centre(2, 2), taxon_id="1", status="present")
        (folder / "DCIM" / "IMG_1.jpg").write_bytes(folder.name.encode())
        add(folder, "photos", record_id=record, path="DCIM/IMG_1.jpg")
        add(folder, "photos", record_id=record, path="DCIM/gone.jpg")
    (tmp_path / "secret.txt").write_text("secret")
    add(tablets[0], "photos", record_id=record, path="../secret.txt")
    done = read(assessment, *tablets)
    assert codes(done) == ["photo_missing", "photo_missing", "photo_missing", "photo_name"]
    photos = {path.read_bytes() for path in (assessment / "field" / "photos").iterdir()}
    assert photos == {b"one", b"two"}, "nothing from outside the package"


def test_everything_doubtful_is_reported(assessment: Path, package: Path, tmp_path: Path) -> None:
    folder = tablet(package, tmp_path / "one")
    add(folder, "observations", Point(4_000_000, 2_000_000), taxon_id="1", status="present")
    add(folder, "observations", centre(1, 1), taxon_id="1", status="present", date="1970-01-01")
    add(folder, "observations", centre(1, 1), taxon_id="1", status="present", date="2199-01-01")
    add(folder, "observations", centre(1, 1), other_name="Nonexistens planta", status="present")
    add(folder, "observations", centre(1, 1), status="present", certainty="certain")
    add(folder, "releve_species", releve_id="nobody", taxon_id="1")
    with sql(folder) as connection:
        connection.execute("ALTER TABLE observations ADD COLUMN weather TEXT")
    done = read(assessment, folder)
    assert codes(done) == ["clock", "clock", "column_added", "no_taxon", "orphan", "outside", "unknown_taxon"]
    issues = pandas.read_csv(assessment / "field" / "issues.csv")
    assert issues["sentence"].str.contains("Nonexistens planta").sum() == 1


def test_names_that_were_written_find_their_taxon(assessment: Path, package: Path, tmp_path: Path) -> None:
    folder = tablet(package, tmp_path / "one")
    add(folder, "observations", centre(1, 1), other_name="Salix alba L.", status="present")
    done = read(assessment, folder)
    assert codes(done) == []
    assert [row.name for row in done.verdict.species if row.outcome == "confirmed"] == ["Salix alba"]


def test_a_zip_and_the_geopackage_alone_are_read_too(assessment: Path, package: Path, tmp_path: Path) -> None:
    folder = tablet(package, tmp_path / "one")
    add(folder, "observations", centre(1, 1), taxon_id="1", status="present")
    packed = tmp_path / "one.zip"
    with ZipFile(packed, "w") as archive:
        for path in folder.rglob("*"):
            archive.write(path, f"tablet/one/{path.relative_to(folder)}")
        archive.writestr("tablet/one/DCIM/../../../../escaped.txt", "no")
    assert read(assessment, packed).new == 9
    assert read(assessment, folder / "survey.gpkg").new == 0
    assert not list(tmp_path.rglob("escaped.txt"))


def test_a_package_of_another_assessment_is_refused_beside_a_good_one(
        assessment: Path, package: Path, tmp_path: Path) -> None:
    good, other = tablet(package, tmp_path / "good"), tablet(package, tmp_path / "other")
    _change_about(other, assessment="another one")
    done = read(assessment, good, other)
    assert codes(done) == ["unreadable"] and package_id(good) in {row["package_id"] for row in done.survey.rows["plan"]}
    with pytest.raises(EngineError) as error:
        read(assessment, other)
    assert error.value.code == "field_returned_other"


def _change_about(folder: Path, **values: object) -> None:
    with sql(folder) as connection:
        about = json.loads(connection.execute("SELECT about FROM package").fetchone()[0])
        connection.execute("UPDATE package SET about = ?", [json.dumps({**about, **values})])


def _damage(folder: Path) -> None:
    path = folder / "survey.gpkg"
    path.write_bytes(path.read_bytes()[:5000])


def _rename_column(folder: Path) -> None:
    with sql(folder) as connection:
        connection.execute("ALTER TABLE observations RENAME COLUMN certainty TO sure")


@pytest.mark.parametrize(("code", "harm"), [
    ("field_returned_newer", lambda folder: _change_about(folder, schema=99)),
    ("field_returned_damaged", _damage),
    ("field_returned_columns", _rename_column),
    ("field_returned_nothing", lambda folder: (folder / "survey.gpkg").unlink())])
def test_what_cannot_be_read_says_why(code: str, harm: object, assessment: Path, package: Path,
                                      tmp_path: Path) -> None:
    folder = tablet(package, tmp_path / "one")
    harm(folder)  # type: ignore[operator]
    with pytest.raises(EngineError) as error:
        read(assessment, folder)
    assert error.value.code == code and str(folder.name) in str(error.value)


def test_a_locked_survey_says_so(assessment: Path, package: Path, tmp_path: Path) -> None:
    folder = tablet(package, tmp_path / "one")
    with sqlite3.connect(folder / "survey.gpkg") as connection:
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(EngineError) as error:
            read(assessment, folder)
    assert error.value.code == "field_returned_locked"


@pytest.mark.parametrize("name", ["survey.gpkg", "verdict.json"])
def test_a_damaged_survey_of_before_is_not_overwritten(name: str, assessment: Path, package: Path,
                                                       tmp_path: Path) -> None:
    folder = tablet(package, tmp_path / "one")
    read(assessment, folder)
    (assessment / "field" / name).write_text("nonsense")
    with pytest.raises(EngineError) as error:
        read(assessment, folder)
    assert error.value.code == "field_store_damaged"
    assert (assessment / "field" / name).read_text() == "nonsense"
