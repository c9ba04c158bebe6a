"""Habitat types from a table of constancies: against Bayes' rule written out, and what the table may get wrong."""

import numpy as np
import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.messages import in_language
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.indicators import Context, select
from geoplantnet_plugin.engine.indicators.habitat_table import COMMONEST, RAREST, read_habitats
from geoplantnet_plugin.engine.models.package import open_package
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon

NAMES = ("Calluna vulgaris", "Erica tetralix", "Lolium perenne", "Trifolium repens", "Quercus robur")
TAXA = TaxaTable(tuple(Taxon(str(i), name, name) for i, name in enumerate(NAMES)))
TABLE = """habitat,name,taxon,constancy
S42,Dry heath,Calluna vulgaris,95
S42,Dry heath,Erica tetralix,20
R21,Mesic permanent pasture,Lolium perenne L.,80
R21,Mesic permanent pasture,Trifolium repens,70
S41,Wet heath,Calluna vulgaris,60
S41,Wet heath,Erica tetralix,"90"
"""


class Heard(Reporter):
    def __init__(self):
        self.codes = []

    def warning(self, code, **params):
        self.codes.append((code, params))


def table(tmp_path, text=TABLE, name="heaths.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return str(path)


def cells(*sets):
    start = np.cumsum([0, *map(len, sets)]).astype(np.int64)
    ids = np.array([i for one in sets for i in one], np.int32)
    return Assemblage(start, ids, np.full(len(ids), 0.5, np.float32))


def classify(habitats, *sets):
    context = Context(TAXA, Scale.RELATIVE, habitats=habitats)
    (indicator,) = select(["habitat"], context)
    values = indicator.compute(cells(*sets), context)
    assert values.dtype == np.uint8
    return [indicator.classes[value].code for value in values]


def by_hand(sets):
    """Bayes' rule with the four taxa of the table, taxon by taxon."""
    constancy = {"S42": (0.95, 0.20, 0, 0), "R21": (0, 0, 0.80, 0.70), "S41": (0.60, 0.90, 0, 0)}
    answers = []
    for one in sets:
        likelihood = {}
        for code, shares in constancy.items():
            product = 1.0
            for taxon, share in enumerate(shares):
                share = min(max(share, RAREST), COMMONEST)
                product *= share if taxon in one else 1 - share
            likelihood[code] = product
        best = max(likelihood, key=likelihood.get)
        sure = likelihood[best] / sum(likelihood.values()) >= 0.5 and set(one) & {0, 1, 2, 3}
        answers.append(best if sure else "unclassified")
    return answers


def test_every_assemblage_gets_the_type_that_bayes_rule_gives(tmp_path):
    sets = [[i for i in range(5) if number >> i & 1] for number in range(32)]
    found = classify(read_habitats(table(tmp_path), TAXA, Heard()), *sets)
    assert found == by_hand(sets)
    assert set(found) == {"S42", "R21", "S41", "unclassified"}


def test_a_cell_without_a_taxon_of_the_table_is_unclassified(tmp_path):
    assert classify(read_habitats(table(tmp_path), TAXA, Heard()), [], [4]) == ["unclassified"] * 2


def test_legend_has_codes_and_names_of_the_table(tmp_path):
    context = Context(TAXA, Scale.SIGMOID, habitats=read_habitats(table(tmp_path), TAXA, Heard()))
    (indicator,) = select(["habitat"], context)
    assert [str(entry.label()) for entry in indicator.classes] == [
        "unclassified", "S42 Dry heath", "R21 Mesic permanent pasture", "S41 Wet heath"]
    assert in_language(indicator.classes[0].label(), "fr") == "non classé"
    assert len({entry.colour for entry in indicator.classes}) == 4
    assert indicator.known(context) == 4 and "heaths" in indicator.title().text()


def test_order_of_rows_changes_only_the_order_of_types(tmp_path):
    header, *rows = TABLE.splitlines()
    turned = read_habitats(table(tmp_path, "\n".join([header, *rows[::-1]]), "turned.csv"), TAXA, Heard())
    sets = [[0], [1], [2], [3], [0, 1], [2, 3], [0, 3]]
    assert classify(turned, *sets) == classify(read_habitats(table(tmp_path), TAXA, Heard()), *sets)


def test_types_whose_taxa_the_model_does_not_know_are_left_out_and_told(tmp_path):
    heard = Heard()
    habitats = read_habitats(table(tmp_path, TABLE + "MA2,Saltmarsh,Salicornia europaea,99\n"), TAXA, heard)
    assert "MA2" not in habitats.codes
    assert heard.codes == [("habitat_types_left_out", {"count": 1, "types": ["MA2"]})]


def test_spreadsheet_exports_are_read(tmp_path):
    text = TABLE.replace('"90"', "90").replace(",", ";").replace("20", "20,5 %").replace("Dry heath", "Lande sèche")
    habitats = read_habitats(table(tmp_path, text, encoding="cp1252"), TAXA, Heard())
    assert habitats.names[0] == "Lande sèche"
    assert habitats.constancy[0, 1] == pytest.approx(0.205)


@pytest.mark.parametrize(("text", "code"), [
    ("habitat,name,taxon\nA,a,Calluna vulgaris\n", "habitat_table_columns"),
    (TABLE + "R21,x,Quercus robur,120\n", "habitat_table_row"),
    (TABLE + "R21,x,Quercus robur,often\n", "habitat_table_row"),
    (TABLE + "R21,x,Quercus robur,nan\n", "habitat_table_row"),
    (TABLE + ",x,Quercus robur,20\n", "habitat_table_row"),
    ("habitat,name,taxon,constancy\nA,a,Calluna vulgaris,20\n", "habitat_table_types"),
    ("habitat,name,taxon,constancy\n" + "".join(f"T{i},t,Calluna vulgaris,20\n" for i in range(251)),
     "habitat_table_types"),
    ("", "table_empty"),
])
def test_a_table_that_cannot_be_used_says_why(tmp_path, text, code):
    with pytest.raises(EngineError) as raised:
        read_habitats(table(tmp_path, text), TAXA, Heard())
    assert raised.value.code == code


def test_without_a_table_the_indicator_says_what_it_needs():
    with pytest.raises(EngineError) as raised:
        select(["habitat"], Context(TAXA, Scale.SIGMOID))
    assert raised.value.code == "habitat_no_table"
    assert "habitat" not in {indicator.id for indicator in select(["all"], Context(TAXA, Scale.SIGMOID))}


def test_a_table_that_is_not_there_names_the_shipped_ones(tmp_path):
    with pytest.raises(EngineError) as raised:
        read_habitats(str(tmp_path / "none.csv"), TAXA, Heard())
    assert raised.value.code == "habitat_table_missing"


def test_types_that_come_from_an_input_of_the_scores_are_refused():
    taxa = TaxaTable((Taxon("0", "Calluna vulgaris", "Calluna vulgaris"),
                      Taxon("1", "Urtica dioica", "Urtica dioica")))
    assert len(read_habitats("netherlands-land-use", taxa, Heard(), {"soil"}).codes) == 4
    with pytest.raises(EngineError) as raised:
        read_habitats("netherlands-land-use", taxa, Heard(), {"soil", "land_use"})
    assert raised.value.code == "habitat_circular" and raised.value.params["inputs"] == ["land_use"]
    assert len(read_habitats("czech-formations", taxa, Heard(), {"land_use"}).codes) > 5


def test_the_bundled_dutch_model_has_the_input_that_its_land_use_table_was_made_from():
    assert "land_use" in {predictor.name for predictor in open_package("netherlands-lmf").card.predictors}
