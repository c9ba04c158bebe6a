"""From the catalogue to an assessment folder, two of them compared, and the commands that people type."""

from __future__ import annotations

import contextlib
import csv
import json
import sqlite3
import threading
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import rasterio

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, PackRequest, PublishedOptions
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.commands import line as cli
from geoplantnet_plugin.engine.commands.assess import summary
from geoplantnet_plugin.engine.compare.cells import average_ranks, compare
from geoplantnet_plugin.engine.field.package import pack
from geoplantnet_plugin.engine.services import settings
from geoplantnet_plugin.engine.services.cache import Cache
from geoplantnet_plugin.engine.sources.published.source import PublishedMaps
from geoplantnet_plugin.engine.sources.published.terms import accept_terms
from tests.engine.sources.worlds_of_maps import INLAND, Events, MapsWorld
from tests.server.api import FLORA, KEY
from tests.server.miniature import ALL, GRID_CRS, truth

SPECIES = [species for species in ALL[2:16] if species.number % 5 != 1]


@pytest.fixture
def user(maps: MapsWorld, monkeypatch: pytest.MonkeyPatch) -> MapsWorld:
    """A user whose cache is in the test's folder."""
    folder = maps.folder / "user-cache"
    monkeypatch.setenv("GEOPLANTNET_CACHE", str(folder))
    monkeypatch.setenv("PLANTNET_API_KEY", KEY)
    with Cache(folder, 100) as cache:
        accept_terms(maps.settings, cache)
    maps.area(INLAND)
    return maps


def job_of(user: MapsWorld, out: str, rule: str, species: list[object] = SPECIES) -> AssessJob:
    listed = user.folder / f"{out}.txt"
    listed.write_text("\n".join(entry.name for entry in species))
    options = PublishedOptions(source_url=user.server.catalogue, species=str(listed))
    return AssessJob(str(user.folder / "area.geojson"), user.folder / out, options, set_rule=rule,
                     indicators=("richness",))


def choosing(job: AssessJob, **changes: object) -> AssessJob:
    """Return `job` with other options of its score source."""
    return replace(job, source=replace(job.source, **changes))  # type: ignore[type-var]


def test_an_assessment_from_published_maps_has_the_true_coverage_and_says_where_it_comes_from(user: MapsWorld) -> None:
    manifest = assess(job_of(user, "out", "lambda:1.5"), Events())
    states = manifest.cell_states
    assert sum(states[name] for name in ("valid", "below_floor", "missing", "outside")) == (
        states["cells"] * len(SPECIES))
    assert (states["cells"], states["taxa_without_score"]) == (manifest.coverage.area_cells, 0)
    origin = manifest.score_source
    assert (origin.scale, origin.taxa, origin.licence) == ("logit", len(SPECIES), "CC-BY-4.0")
    assert origin.retrieved
    assert "GeoPl@ntNet" in origin.attribution
    with rasterio.open(user.folder / "out" / "species.tif") as dataset:
        assert dataset.crs == GRID_CRS
        rows, cols = np.nonzero(np.ones(dataset.shape))
        x, y = dataset.xy(rows, cols)
        stored, names = dataset.read(), dataset.descriptions
        step, nodata = dataset.scales[0], dataset.nodata
    with (user.folder / "out" / "coverage.csv").open(encoding="utf-8-sig", newline="") as file:
        coverage = {row["Name"]: float(row["Coverage %"]) for row in csv.DictReader(file)}
    inside = (stored != nodata).any(axis=0).ravel()
    for species in SPECIES:
        true = truth(species, np.asarray(x), np.asarray(y))
        band = stored[names.index(species.name)].ravel()
        assert coverage[species.name] == pytest.approx(100 * (true[inside] > 1.5).mean(), abs=0.006)
        known = inside & np.isfinite(true)
        np.testing.assert_allclose(band[known] * step, true[known], atol=6e-4)
        assert (band[inside & np.isnan(true)] == nodata).all()  # missing is not low


def test_the_states_of_the_cells_are_counted_told_and_reported(user: MapsWorld) -> None:
    from geoplantnet_plugin.engine.assessment.reading import open_folder
    from geoplantnet_plugin.engine.assessment.report.method import facts
    from geoplantnet_plugin.engine.assessment.report.texts import Texts

    gone = next(species for species in SPECIES if species.number % 5 == 0)
    user.server.fail(rf"_{gone.id}_[a-z_]+\.tif", "garbage")
    manifest = assess(job_of(user, "out", "topk:5"), Events())
    missing = manifest.cell_states["missing"]
    assert missing >= manifest.cell_states["cells"]  # of the broken map, every cell
    assert manifest.cell_states["taxa_without_score"] == 1
    assert summary(asdict(manifest))["cell_states"] == manifest.cell_states
    rows = dict(facts(open_folder(user.folder / "out"), Texts("en")))
    share = 100 * missing / (manifest.cell_states["cells"] * len(SPECIES))
    assert f"{share:.1f} % missing" in rows["What the maps say"]
    assert "GeoPl@ntNet" in rows["Attribution"]
    assert rows["Retrieved"]


@pytest.mark.parametrize("rule", ["topk:5", "sse", "nonsense"])
def test_nothing_stays_open_whether_planning_succeeds_or_not(
        user: MapsWorld, rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, closed, before = [], [], set(threading.enumerate())
    open_maps, close_maps = PublishedMaps.open.__func__, PublishedMaps.close

    def opening(cls: type[PublishedMaps], *arguments: object, **options: object) -> PublishedMaps:
        opened.append(open_maps(cls, *arguments, **options))
        return opened[-1]

    def closing(source: PublishedMaps) -> None:
        closed.append(source)
        close_maps(source)

    monkeypatch.setattr(PublishedMaps, "open", classmethod(opening))
    monkeypatch.setattr(PublishedMaps, "close", closing)
    with contextlib.suppress(EngineError):
        assess(job_of(user, "out", rule), Events())
    assert len(opened) == 1
    assert closed == opened
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("maps")]


def test_only_the_species_of_the_local_flora_are_assessed_and_again_offline(user: MapsWorld) -> None:
    some = [*SPECIES[:3], *ALL[201:204]]  # the flora has the first 200
    job = choosing(job_of(user, "out", "lambda:1.5", some), flora=FLORA, api_url=user.server.address + "/v2")
    assert assess(job, Events()).score_source.taxa == 3
    asked = len(user.server.requests)
    again = assess(choosing(replace(job, out=user.folder / "again"), offline=True), Events())
    assert (again.score_source.taxa, len(user.server.requests)) == (3, asked)
    assert KEY not in (user.folder / "out" / "assessment.json").read_text()


def test_known_taxa_give_full_names_and_families(user: MapsWorld) -> None:
    known = user.folder / "known.csv"
    known.write_text(f"id,name,accepted_name,authorship,gbif_id,rank,genus,family\n"
                     f"1,{SPECIES[0].name},{SPECIES[0].name},L.,7,species,,Inventaceae\n")
    job = choosing(job_of(user, "out", "topk:5"), known=str(known), families=("Inventaceae",))
    assess(job, Events())
    with (user.folder / "out" / "coverage.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert SPECIES[0].name in {row["Name"].removesuffix(" L.") for row in rows}
    assert {row["Family"] for row in rows} == {"Inventaceae"}
    with pytest.raises(EngineError) as caught:
        assess(choosing(replace(job, out=user.folder / "other"), known=str(user.folder / "none.csv")), Events())
    assert caught.value.code == "published_list_unreadable"


def spearman(first: np.ndarray, second: np.ndarray) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(first, second).statistic)


def test_two_assessments_are_compared_species_by_species_and_cell_by_cell(user: MapsWorld) -> None:
    first, second = SPECIES[:-2], SPECIES[2:]
    assess(job_of(user, "one", "lambda:1.5", first), Events())
    assess(job_of(user, "two", "lambda:3", second), Events())
    out = user.folder / "comparison"
    found = compare(user.folder / "one", user.folder / "two", out, Events())
    common = SPECIES[2:-2]
    assert (found.summary.common, found.summary.only_first, found.summary.only_second) == (len(common), 2, 2)
    assert {entry.name for entry in found.species} == {species.name for species in common}
    for entry in found.species:  # the same maps: the scores agree wholly
        assert entry.spearman == pytest.approx(1.0)
        assert entry.difference == 0.0
    with rasterio.open(user.folder / "one" / "species.tif") as dataset:
        rows, cols = np.nonzero(np.ones(dataset.shape))
        x, y = map(np.asarray, dataset.xy(rows, cols))
        scored = (dataset.read(list(range(1, dataset.count + 1))) != dataset.nodata).any(axis=0).ravel()
    scores = np.stack([truth(species, x, y) for species in common], axis=1)
    low, high = (scores > 1.5).sum(axis=1), (scores > 3).sum(axis=1)  # the second sets lie within the first
    for name, wanted in (("jaccard", high / np.where(low, low, np.nan)),
                         ("sorensen", 2 * high / np.where(low, low + high, np.nan))):
        with rasterio.open(out / f"{name}.tif") as dataset:
            values = dataset.read(1).ravel()
        np.testing.assert_allclose(values[scored], wanted[scored], rtol=1e-6)
    assert found.summary.jaccard == pytest.approx(np.nanmean((high / np.where(low, low, np.nan))[scored]), rel=1e-6)
    assert json.loads((out / "comparison.json").read_text())["cells"] == scored.sum()
    with (out / "comparison.csv").open(newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == len(common)
    with rasterio.open(out / "differences.tif") as dataset:
        assert dataset.count == len(common)
        assert set(np.unique(dataset.read())) <= {0, int(dataset.nodata)}


def test_ranks_share_ties_as_scipy_does() -> None:
    from scipy.stats import rankdata

    values = np.random.default_rng(3).integers(-5, 5, 200)
    other = np.random.default_rng(4).integers(-5, 5, 200) + values
    np.testing.assert_allclose(average_ranks(values), rankdata(values))
    assert np.corrcoef(average_ranks(values), average_ranks(other))[0, 1] == pytest.approx(spearman(values, other))


def test_what_cannot_be_compared_says_why(user: MapsWorld) -> None:
    assess(job_of(user, "one", "lambda:1.5", SPECIES[:2]), Events())
    assess(job_of(user, "two", "lambda:1.5", SPECIES[2:4]), Events())
    for second, code in (("two", "compare_no_common_taxa"), ("nothing", "assessment_unreadable")):
        with pytest.raises(EngineError) as caught:
            compare(user.folder / "one", user.folder / second, user.folder / "out", Events())
        assert caught.value.code == code


def test_a_download_above_the_limit_is_refused_before_the_folder_is_begun(
        user: MapsWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    services = settings.read_services()
    small = replace(services, maps=replace(services.maps, most_megabytes=0.01))
    monkeypatch.setattr(settings, "read_services", lambda: small)
    with pytest.raises(EngineError) as caught:
        assess(job_of(user, "out", "lambda:1.5"), Events())
    assert caught.value.code == "published_too_large"
    assert not (user.folder / "out").exists()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    """Run the command with ``--json`` and return exit code and last event."""
    code = cli.main(["--json", *arguments])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_published_commands(user: MapsWorld, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    area, url = str(user.folder / "area.geojson"), user.server.catalogue
    code, event = run(capsys, "published", "terms", "--source-url", url)
    assert code == 0
    assert event["accepted"]
    code, event = run(capsys, "published", "species", "--area", area, "--source-url", url)
    assert (code, len(event["species"])) == (0, 256)
    code, event = run(capsys, "published", "estimate", "--area", area, "--source-url", url, "--flora", FLORA,
                      "--api-url", user.server.address + "/v2")
    assert event["estimate"]["taxa"] == sum(species.number % 5 != 1 for species in ALL[:200])
    code, event = run(capsys, "published", "cache", "--clear")
    assert (code, event["cache"]["files"]) == (0, 0)
    assert user.server.requests


def test_the_flora_commands_need_a_key_and_never_show_it(
        user: MapsWorld, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    area, api = str(user.folder / "area.geojson"), ("--api-url", user.server.address + "/v2")
    code, event = run(capsys, "flora", "expected", "--area", area, *api, "--out", str(tmp_path / "taxa.csv"))
    assert (code, event["scale"], event["species"][0]["observations"]) == (0, "relative", 1000)
    assert (tmp_path / "taxa.csv").read_text().splitlines()[1].startswith(f"9000000,{ALL[0].name},{ALL[0].name}")
    assert run(capsys, "flora", "near", "--area", area, *api)[1]["floras"][0]["id"] == FLORA
    assert len(run(capsys, "flora", "species", FLORA, *api)[1]["species"]) == 200
    assert run(capsys, "flora", "quota", *api)[1]["quota"]["remaining"] == 480
    user.server.fail("/v2/", "403")
    assert cli.main(["flora", "quota", *api]) == 2
    shown = capsys.readouterr()
    assert KEY not in shown.out + shown.err
    monkeypatch.delenv("PLANTNET_API_KEY")
    code, event = run(capsys, "flora", "quota", *api)
    assert (code, event["code"]) == (2, "plantnet_no_key")


def test_nothing_is_downloaded_before_the_terms_are_accepted(
        user: MapsWorld, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOPLANTNET_CACHE", str(user.folder / "new-cache"))
    area, url = str(user.folder / "area.geojson"), user.server.catalogue
    code, event = run(capsys, "published", "species", "--area", area, "--source-url", url)
    assert (code, event["code"]) == (2, "published_terms_first")
    assert not user.server.requests
    assert "unofficial" in run(capsys, "published", "terms", "--source-url", url, "--accept")[1]["terms"]
    assert run(capsys, "published", "species", "--area", area, "--source-url", url)[0] == 0
    monkeypatch.setenv("GEOPLANTNET_CACHE", str(user.folder / "another-cache"))
    assert run(capsys, "published", "species", "--area", area, "--source-url", url, "--accept-terms")[0] == 0


@pytest.mark.parametrize("rule", ["sse", "maxexp", "richnessk", "lambda"])
def test_rules_that_need_probabilities_or_fitted_thresholds_refuse_published_logits(user: MapsWorld, rule: str) -> None:
    with pytest.raises(EngineError) as caught:
        assess(job_of(user, "out", rule), Events())
    assert caught.value.code == ("rule_lambda_missing" if rule == "lambda" else "rule_uncalibrated")
    assert not (user.folder / "out").exists()


def test_an_assessment_from_published_maps_is_packed_for_the_field(user: MapsWorld) -> None:
    """Published logits state no uncertainty: places are spread by what is at stake alone, and the species are there."""
    assess(job_of(user, "out", "topk:5"), Events())
    package = pack(PackRequest(user.folder / "out", user.folder / "field", points=6), Events())
    assert package.points == 6
    (tables,) = (user.folder / "field").glob("*.gpkg")
    with contextlib.closing(sqlite3.connect(tables)) as found:
        names = {name for name, in found.execute("SELECT name FROM taxa")}
    with (user.folder / "out" / "coverage.csv").open(encoding="utf-8-sig") as file:
        assert {row["Name"] for row in csv.DictReader(file)} <= names
