"""Names of lists against taxa: what carries over, what is only reported."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplantnet_plugin.engine.taxa import statuses
from geoplantnet_plugin.engine.taxa.joining import join
from geoplantnet_plugin.engine.taxa.lists import SHIPPED, ListRow, SpeciesList, load_lists, read_list, write_list
from geoplantnet_plugin.engine.taxa.match import How, Matcher
from geoplantnet_plugin.engine.taxa.names import Name, Sense, parse_name
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
    ("Taraxacum officinale aggr.", Name("Taraxacum", "officinale", sense=Sense.BROAD)),
    ("Taraxacum officinale agg.", Name("Taraxacum", "officinale", sense=Sense.BROAD)),
    ("Ranunculus_acris_sl", Name("Ranunculus", "acris", sense=Sense.BROAD)),
    ("Ranunculus acris L. s.l.", Name("Ranunculus", "acris", sense=Sense.BROAD)),
    ("Ranunculus acris s. lat.", Name("Ranunculus", "acris", sense=Sense.BROAD)),
    ("Trifolium_repens_sstr", Name("Trifolium", "repens", sense=Sense.NARROW)),
    ("Trifolium repens L. s.str.", Name("Trifolium", "repens", sense=Sense.NARROW)),
    ("Arnica montana aggr. L.", Name("Arnica", "montana", sense=Sense.BROAD)),
    ("Abies alba s. lat. Mill.", Name("Abies", "alba", sense=Sense.BROAD)),
    ("Salix alba auct. non L.", Name("Salix", "alba", sense=Sense.DOUBTFUL)),
    ("Salix alba sensu Mill., non L.", Name("Salix", "alba", sense=Sense.DOUBTFUL)),
    ("Salix cf. alba", Name("Salix", "alba", sense=Sense.DOUBTFUL)),
    ("cf. Salix alba", Name("Salix", "alba", sense=Sense.DOUBTFUL)),
    ("Poa alpina ?", Name("Poa", "alpina", sense=Sense.DOUBTFUL)),
    ("Salix alba / S. fragilis", Name("Salix", "alba", sense=Sense.DOUBTFUL)),
    ("Salix alba or fragilis", Name("Salix", "alba", sense=Sense.DOUBTFUL)),
    ("Salix alba + Salix fragilis", Name("Salix", "alba", sense=Sense.DOUBTFUL)),
    ("Salix alba Hook. et Arn.", Name("Salix", "alba")),
    ("POA ALPINA", Name("Poa", "alpina")),
    ("poa alpina", Name("Poa", "alpina")),
    ("† Poa alpina", Name("Poa", "alpina")),
    ("“Poa alpina”", Name("Poa", "alpina")),
    ("17. Poa alpina", Name("Poa", "alpina")),
    ("Poa_alpina_3", Name("Poa", "alpina")),
    ("Poa alpina L. 1753", Name("Poa", "alpina")),
    ("Arctostaphylos uva\u2010ursi", Name("Arctostaphylos", "uva-ursi")),
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


@pytest.mark.parametrize("one, other", [
    ("Arctostaphylos uva-ursi", "Arctostaphylos uvaursi"), ("Isoëtes echinospora", "Isoetes echinospora"),
    ("Isoe\u0308tes echinospora", "Isoëtes echinospora"), ("Mentha x piperita", "Mentha ×piperita")])
def test_spellings_of_one_name(one, other):
    assert parse_name(one).key == parse_name(other).key


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
    ("Carex flacca", "Carex flava", How.UNMATCHED),
    ("Ailanthus glandulosa Desf.", "Ailanthus altissima", How.SYNONYM),
    ("Ailanthus altissima", "Ailanthus glandulosa", How.SYNONYM),
    ("Lycopodium spp.", "Diphasiastrum alpinum", How.RELATED),
    ("Humulus scandens", "Humulus japonicus", How.RELATED),
    ("Salix alba auct. non L.", "Salix alba", How.DOUBTFUL),
    ("Trifolium repens s. str.", "Trifolium repens", How.NARROWER),
    ("Alchemilla vulgaris agg.", "Alchemilla monticola", How.HIGHER_RANK),
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
    assert [(m.taxon, m.how) for m in matcher.find("Iris vetus", gbif_id="77")] == [(3, How.OTHER_ID)]
    both = Matcher(TaxaTable((Taxon("0", "Abies alba", "Abies alba", gbif_id="7"), Taxon("1", "Zea mays", "Zea mays"))))
    assert [(m.taxon, m.how) for m in both.find("Zea mays", gbif_id="7")] == [(1, How.OTHER_ID), (0, How.OTHER_ID)]
    assert [(m.taxon, m.how) for m in both.find("Abies alba", gbif_id="7")] == [(0, How.EXACT)]
    assert [(m.taxon, m.how) for m in matcher.find("Iris nova Auth.", gbif_id="77")] == [(3, How.EXACT)]
    assert [(m.taxon, m.how) for m in matcher.find("Anacamptis urvilleana", related="Anacamptis pyramidalis")
            ] == [(2, How.RELATED)]


def test_only_sure_matches_carry_a_status_and_no_is_only_said_where_nothing_is_near():
    taxa = table("Arnica montana", "Taraxacum officinale aggr.", "Iris aphylla", "Zea mays", "Salix alba aggr.")
    joined = join(taxa, [species_list(ListRow("Arnica montana L."), ListRow("Taraxacum officinale"),
                                      ListRow("Iris aphylla subsp. hungarica"))])
    assert [statuses.value(taxon, "mine") for taxon in joined.taxa] == ["yes", None, None, "no", None]
    assert [status.value for status in joined.taxa[2].statuses] == ["? narrower: Iris aphylla subsp. hungarica"]
    info, _ = joined.taxa.lists
    assert (info.id, info.names, info.matched, info.territory) == ("mine", 3, 1, "CH-VD")
    status = joined.taxa[0].statuses[0]
    assert (status.instrument, status.territory, status.source, status.date) == ("decree", "CH-VD", "me", "2026")
    assert [match.how for match in joined.matches["mine"]] == [How.EXACT, How.AGGREGATE, How.NARROWER]


def test_no_is_said_only_of_names_that_a_checklist_knows():
    joined = join(table("Zea mays", "Inventa nulla"), [species_list(ListRow("Arnica montana"))])
    assert [statuses.is_listed(taxon, "mine") for taxon in joined.taxa] == [False, None]


def test_a_blank_or_reported_value_leaves_the_status_unknown():
    joined = join(table("Abies alba", "Crassula helmsii", "Salix alba"), [species_list(
        ListRow("Abies alba", value=""), ListRow("Crassula helmsii", value="reported since 2025-08-07, not verified"))])
    assert [statuses.is_listed(taxon, "mine") for taxon in joined.taxa] == [None, None, False]
    assert joined.taxa[1].statuses[0].value == "? reported: Crassula helmsii (since 2025-08-07, not verified)"


@pytest.mark.parametrize("file, count", [("hundred_names.csv", 100), ("more_names.csv", 94)])
def test_names_with_their_right_answers(file, count):
    """Names with answers that were chosen before the code was asked; each row says why."""
    with (Path(__file__).parent / file).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    joined = join(table(*(row["name"] for row in rows)), load_lists([SHIPPED])).taxa
    kinds = {"eu_invasive": "invasive", "eu_habitats_directive": "eu_directive"}
    right = {"yes": (True,), "no": (False,), "unknown": (None,), "not no": (True, None),
             "not yes": (False, None)}
    wrong = [(row["name"], row["answer"], statuses.is_listed(taxon, kinds[row["list"]]))
             for row, taxon in zip(rows, joined, strict=True)
             if statuses.is_listed(taxon, kinds[row["list"]]) not in right[row["answer"]]]
    assert len(rows) == count and not wrong


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
