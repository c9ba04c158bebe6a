"""Choosing what to download: catalogue, countries, species, and what it would cost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shapely import box

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import SILENT
from geoplantnet_plugin.engine.services.documents import Documents
from geoplantnet_plugin.engine.services.http import MEGABYTE, Fetcher
from geoplantnet_plugin.engine.sources.published.catalogue import Country, PublishedMap, read_catalogue, touching
from geoplantnet_plugin.engine.sources.published.estimate import estimate
from geoplantnet_plugin.engine.sources.published.selection import SpeciesFilter, read_names, select
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon
from tests.engine.sources.worlds_of_maps import ACROSS, INLAND, MapsWorld, score_all
from tests.server.miniature import ALL, COUNTRIES


def country_of(*slugs: tuple[str, str], name: str = "here") -> Country:
    return Country(name, (), "", tuple(PublishedMap(name, number, slug, f"{name}/{number}") for number, slug in slugs))


PLANTS = country_of(("12", "pinus_sylvestris_l"), ("9", "abies_alba_mill"), ("100", "mentha_x_piperita_l"),
                    ("7", "impatiens_glandulifera_royle"))


def test_taxa_come_in_the_order_of_their_ids_and_names_from_slugs() -> None:
    found = select([PLANTS], SpeciesFilter())
    assert [taxon.id for taxon in found.taxa] == ["7", "9", "12", "100"]
    assert [taxon.accepted_name for taxon in found.taxa] == [
        "Impatiens glandulifera", "Abies alba", "Pinus sylvestris", "Mentha × piperita"]
    assert found.taxa[0].authorship == ""  # lost in the slug, so not claimed


@pytest.mark.parametrize("name", ["Pinus sylvestris", "Pinus sylvestris L.", "pinus  SYLVESTRIS", "12"])
def test_a_list_may_name_species_with_or_without_author_or_by_id(name: str) -> None:
    found = select([PLANTS], SpeciesFilter(names=frozenset({name, "Nemo ignotus"})))
    assert [taxon.id for taxon in found.taxa] == ["12"]
    assert found.unmatched == ("Nemo ignotus",)


def test_maps_of_one_id_in_several_countries_belong_together() -> None:
    other = country_of(("12", "pinus_sylvestris_l"), ("13", "ulex_minor_roth"), name="there")
    found = select([PLANTS, other], SpeciesFilter(names=frozenset({"12", "13"})))
    assert [[entry.country for entry in maps] for maps in found.maps] == [["here", "there"], ["there"]]


def test_families_and_full_names_come_from_known_taxa_and_genera() -> None:
    known = TaxaTable((Taxon("a", "Abies alba", "Abies alba", "Mill.", "2685484", family="Pinaceae"),
                       Taxon("b", "Pinus mugo", "Pinus mugo", "Turra", family="Pinaceae")))
    found = select([PLANTS], SpeciesFilter(families=frozenset({"pinaceae"})), known)
    assert [(taxon.id, taxon.authorship, taxon.gbif_id) for taxon in found.taxa] == [
        ("9", "Mill.", "2685484"), ("12", "", "")]


def test_a_status_selects_what_the_shipped_lists_name() -> None:
    found = select([PLANTS], SpeciesFilter(status_kinds=frozenset({"invasive"})))
    assert [taxon.accepted_name for taxon in found.taxa] == ["Impatiens glandulifera"]  # on the Union list
    assert found.taxa[0].statuses == ()


def test_a_filter_that_leaves_nothing_says_so() -> None:
    with pytest.raises(EngineError) as caught:
        select([PLANTS], SpeciesFilter(families=frozenset({"Pinaceae"})))
    assert caught.value.code == "published_no_taxa"


def test_a_species_file_may_have_comments_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("\ufeffPinus sylvestris\n# a comment\n\n  Abies alba \n", encoding="utf-8")
    assert read_names(path, SILENT) == {"Pinus sylvestris", "Abies alba"}
    with pytest.raises(EngineError) as caught:
        read_names(tmp_path / "none.txt", SILENT)
    assert caught.value.code == "table_unreadable"


@pytest.mark.parametrize("content, expected", [
    ("Espèce;Statut\nÉpicéa commun;LC\nPicea abies (L.) H.Karst.;LC\nAbies alba;VU\n".encode("cp1252"),
     {"Épicéa commun", "Picea abies (L.) H.Karst.", "Abies alba"}),
    ("Liste de 2024\n\nid\tscientificName\n1\tAbies alba\n2\t\n".encode("utf-16"), {"Abies alba"}),
    (b"1363688\n1355932\n", {"1363688", "1355932"}), (b"sep=;\nname;x\n\"Abies alba\";1\n", {"Abies alba"}),
    (b"\"Abies alba Mill., 1768\"\nPinus mugo\n", {"Abies alba Mill., 1768", "Pinus mugo"})])
def test_a_species_file_may_be_any_table(tmp_path: Path, content: bytes, expected: set[str]) -> None:
    (tmp_path / "list.csv").write_bytes(content)
    assert read_names(tmp_path / "list.csv", SILENT) == expected


def documents_of(maps: MapsWorld) -> Documents:
    return Documents(Fetcher(maps.http, maps.settings.hosts), maps.cache, maps.events)


def test_a_collection_of_ten_thousand_items_costs_one_request_and_reads_whole(maps: MapsWorld) -> None:
    links = [{"rel": "item", "href": f"./big_{number}_genus_species{number}_l.json"} for number in range(10_000)]
    links += [{"rel": "item", "href": "./notes.json"}, {"rel": "parent", "href": "../catalog.json"}, {"rel": "item"}]
    maps.server.extra["/s/catalog.json"] = json.dumps(
        {"links": [{"rel": "child", "href": "./big/collection.json"}]}).encode()
    maps.server.extra["/s/big/collection.json"] = json.dumps(
        {"license": "CC0", "extent": {"spatial": {"bbox": [[0, 40, -9, 20, 50, 900], [5, 45, -9, 8, 47, 900]]}},
         "links": links}).encode()
    catalogue = read_catalogue(maps.server.address + "/s/catalog.json", documents_of(maps), 4, maps.events)
    (country,) = catalogue.countries
    assert len(maps.server.requests) == 2
    assert len(country.maps) == 10_000
    assert country.maps[1234] == PublishedMap("big", "1234", "genus_species1234_l",
                                              maps.server.address + "/s/big/big_1234_genus_species1234_l.json")
    assert country.boxes == ((5.0, 45.0, 8.0, 47.0),)
    assert maps.events.warnings == [("published_items_unread", {"country": "big", "count": 1})]
    assert len(select([country], SpeciesFilter()).taxa) == 10_000


def test_a_box_that_touches_is_not_enough_when_the_outline_does_not(maps: MapsWorld) -> None:
    """Southland's box reaches over the border; just north of the border is northland alone."""
    from pyproj import Transformer

    catalogue = read_catalogue(maps.settings.catalogue, documents_of(maps), 4, maps.events)
    to_degrees = Transformer.from_crs("EPSG:3857", "EPSG:4326", always_xy=True)
    for bounds, wanted in (((761_000, 5_815_000, 765_000, 5_819_000), ["northland"]),
                           (ACROSS, ["northland", "southland"]), ((850_000, 5_800_000, 860_000, 5_810_000), [])):
        west, south = to_degrees.transform(*bounds[:2])
        east, north = to_degrees.transform(*bounds[2:])
        found = touching(catalogue, box(west, south, east, north), documents_of(maps))
        assert [country.name for country in found] == wanted


def test_the_estimate_is_what_is_then_downloaded(maps: MapsWorld) -> None:
    species = [entry for entry in ALL[2:14] if entry in COUNTRIES[0].species]
    source = maps.open(INLAND, species)
    first = estimate(source)
    assert (first.taxa, first.all_maps, first.maps) == (len(species), len(species), len(species))
    assert first.minutes > 0
    maps.cache.clear()
    fresh = maps.open(INLAND, species)
    requests, size = fresh.fetcher.requests, fresh.fetcher.bytes
    score_all(fresh)
    assert fresh.fetcher.requests - requests == pytest.approx(first.requests, rel=0.1)
    assert (fresh.fetcher.bytes - size) / MEGABYTE == pytest.approx(first.megabytes, rel=0.35)
    again = estimate(maps.open(INLAND, species))
    assert (again.maps, again.requests, again.megabytes) == (0, 0, 0)


def test_a_country_sized_area_is_refused_with_the_estimate(maps: MapsWorld) -> None:
    big = estimate(maps.open((765_000, 5_780_000, 815_000, 5_845_000), ALL[2:5]))
    with pytest.raises(EngineError) as caught:
        big.refuse_above(0.5)
    assert caught.value.code == "published_too_large"
    assert caught.value.params["requests"] == big.requests > 10
    big.refuse_above(1000)
