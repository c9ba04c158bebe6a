"""Names of lists against taxa: what carries over, what is only reported."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplantnet_plugin.engine.taxa import statuses
from geoplantnet_plugin.engine.taxa.lists import ListRow, SpeciesList, join, read_list, write_list
from geoplantnet_plugin.engine.taxa.match import How, Matcher, Name, parse_name
from geoplantnet_plugin.engine.taxa.table import Status, TaxaTable, Taxon


def table(*names, **fields):
    return TaxaTable(tuple(Taxon(str(i), name, name, **fields) for i, name in enumerate(names)))


def species_list(*rows, kind="mine", complete=True):
    return SpeciesList("mine", "Mine", kind, "decree", "CH-VD", "me", "2026", "", complete, tuple(rows))


@pytest.mark.parametrize("text, name", [
    ("Fraxinus ornus L.", Name("Fraxinus", "ornus")),
    ("Fraxinus ornus", Name("Fraxinus", "ornus")),
    ("FRAXINUS ornus", Name("Fraxinus", "ornus")),
    ("Acer_campestre", Name("Acer", "campestre")),
    ("Hypochaeris radicata (L.) Scop. ex Willd.", Name("Hypochaeris", "radicata")),
    ("Leontodon hispidus L. subsp. alpinus (Jacq.) Finch & P.D.Sell",
     Name("Leontodon", "hispidus", "subsp.", "alpinus")),
    ("Leontodon hispidus ssp. alpinus", Name("Leontodon", "hispidus", "subsp.", "alpinus")),
    ("Pueraria montana (Lour.) Merr. var. lobata (Willd.)", Name("Pueraria", "montana", "var.", "lobata")),
    ("Salix repens subsp. dunensis var. argentea", Name("Salix", "repens", "var.", "argentea")),
    ("Viola odorata f. alba", Name("Viola", "odorata", "f.", "alba")),
    ("Taraxacum officinale aggr.", Name("Taraxacum", "officinale", broad=True)),
    ("Taraxacum officinale agg.", Name("Taraxacum", "officinale", broad=True)),
    ("Ranunculus_acris_sl", Name("Ranunculus", "acris", broad=True)),
    ("Ranunculus acris L. s.l.", Name("Ranunculus", "acris", broad=True)),
    ("Ranunculus acris s. lat.", Name("Ranunculus", "acris", broad=True)),
    ("Trifolium_repens_sstr", Name("Trifolium", "repens")),
    ("Trifolium repens L. s.str.", Name("Trifolium", "repens")),
    ("Salvinia × molesta D.S.Mitch.", Name("Salvinia", "molesta", hybrid=True)),
    ("Salvinia ×molesta", Name("Salvinia", "molesta", hybrid=True)),
    ("Mentha x piperita", Name("Mentha", "piperita", hybrid=True)),
    ("× Agropogon littoralis", Name("Agropogon", "littoralis", hybrid=True)),
    ("Sphagnum spp.", Name("Sphagnum")),
    ("Salix L.", Name("Salix")),
    ("", Name("")),
])
def test_parsing(text, name):
    assert parse_name(text) == name


@given(st.text(max_size=60))
def test_any_text_can_be_parsed(text):
    parse_name(text)


@pytest.mark.parametrize("listed, taxon, how", [
    ("Arnica montana L.", "Arnica montana", How.EXACT),
    ("Taraxacum officinale agg.", "Taraxacum officinale aggr.", How.EXACT),
    ("Taraxacum officinale s.l.", "Taraxacum officinale aggr.", How.EXACT),
    ("Taraxacum officinale", "Taraxacum officinale aggr.", How.AGGREGATE),
    ("Taraxacum officinale aggr.", "Taraxacum officinale", How.AGGREGATE),
    ("Iris aphylla subsp. hungarica", "Iris aphylla", How.NARROWER),
    ("Iris aphylla", "Iris aphylla subsp. hungarica", How.HIGHER_RANK),
    ("Sphagnum spp.", "Sphagnum palustre", How.GENUS),
    ("Sphagnum", "Sphagnum palustre", How.HIGHER_RANK),
    ("Adenophora lilifolia", "Adenophora liliifolia", How.FUZZY),
    ("Hypochoeris radicata", "Hypochaeris radicata", How.FUZZY),
    ("Iris aphylla subsp. hungarica", "Iris aphylla subsp. bohemica", How.UNMATCHED),
    ("Salvinia molesta", "Salvinia × molesta", How.FUZZY),
    ("Quercus robur", "Arnica montana", How.UNMATCHED),
])
def test_how_a_name_matches(listed, taxon, how):
    matches = Matcher(table("Zea mays", taxon)).find(listed)
    assert [match.how for match in matches] == [how]
    assert matches[0].taxon == (None if how is How.UNMATCHED else 1)


def test_accepted_name_gbif_id_and_related_species():
    taxa = table("Diphasiastrum zeilleri", "Orchis mascula", "Anacamptis pyramidalis")
    matcher = Matcher(TaxaTable((*taxa, Taxon("3", "Iris sp. nova", "Iris nova", gbif_id="77"))))
    assert matcher.find("Lycopodium zeilleri", "Diphasiastrum zeilleri")[0].how is How.SYNONYM
    assert [(m.taxon, m.how) for m in matcher.find("Iris vetus", gbif_id="77")] == [(3, How.EXACT)]
    assert [(m.taxon, m.how) for m in matcher.find("Anacamptis urvilleana", related="Anacamptis pyramidalis")
            ] == [(2, How.RELATED)]


def test_only_sure_matches_carry_a_status_and_no_is_only_said_where_nothing_is_near():
    taxa = table("Arnica montana", "Taraxacum officinale aggr.", "Iris aphylla", "Zea mays", "Salix alba aggr.")
    joined = join(taxa, [species_list(ListRow("Arnica montana L."), ListRow("Taraxacum officinale"),
                                      ListRow("Iris aphylla subsp. hungarica"))])
    assert [statuses.value(taxon, "mine") for taxon in joined.taxa] == ["yes", None, None, "no", None]
    assert [status.value for status in joined.taxa[2].statuses] == ["? narrower: Iris aphylla subsp. hungarica"]
    (info,) = joined.taxa.lists
    assert (info.id, info.names, info.matched, info.territory) == ("mine", 3, 1, "CH-VD")
    status = joined.taxa[0].statuses[0]
    assert (status.instrument, status.territory, status.source, status.date) == ("decree", "CH-VD", "me", "2026")
    assert [match.how for match in joined.matches["mine"]] == [How.EXACT, How.AGGREGATE, How.NARROWER]


def test_an_open_list_says_no_of_nothing():
    joined = join(table("Arnica montana", "Zea mays"), [species_list(ListRow("Arnica montana"), complete=False)])
    assert [statuses.is_listed(taxon, "mine") for taxon in joined.taxa] == [True, None]


def test_contradicting_rows_are_a_conflict_not_a_choice():
    rows = ListRow("Arnica montana", value="VU"), ListRow("Arnica montana L.", value="EN")
    joined = join(table("Arnica montana"), [species_list(*rows, kind="iucn")])
    assert statuses.value(joined.taxa[0], "iucn") is None
    assert [match.how for match in joined.matches["mine"]] == [How.CONFLICT] * 2
    assert "conflict" in joined.taxa[0].statuses[0].value


def test_what_the_table_says_stays():
    own = Status("iucn", "CR", "own", "", "", "")
    taxa = TaxaTable((Taxon("0", "Abies alba", "Abies alba", life_form="shrub", statuses=(own,)),))
    joined = join(taxa, [species_list(ListRow("Abies alba", value="LC"), kind="iucn")])
    assert joined.taxa[0].life_form == "shrub"
    assert statuses.value(joined.taxa[0], "iucn") == "CR", "the worst of several categories counts"


def test_a_written_list_reads_back(tmp_path):
    species = species_list(ListRow("Arnica montana, L.", value="=1+1"), ListRow("Æthusa \"cynapium\"", "a", "1"))
    write_list(tmp_path, species)
    assert read_list(tmp_path / "mine.json") == species
