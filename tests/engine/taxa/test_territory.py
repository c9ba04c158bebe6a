"""Where lists are in force."""

import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.taxa import statuses
from geoplantnet_plugin.engine.taxa.table import Status, TaxaTable, Taxon
from geoplantnet_plugin.engine.taxa.territory import at_site, checked_country, in_force


@pytest.mark.parametrize("territory, country, answer", [
    ("EU", "FR", True), ("EU", "fr", True), ("EU", "CH", False), ("EU", "CH-VD", False), ("EU", "GB", False),
    ("EU", None, None), ("EU", "", None), ("", None, True), ("", "CH", True), ("BE", "BE", True),
    ("BE", "BE-WAL", True), ("BE", "FR", False), ("CH-VD", "CH-VD", True), ("CH-VD", "CH-GE", False),
    ("CH-VD", "CH", None)])
def test_in_force(territory, country, answer):
    assert in_force(territory, country) is answer


@pytest.mark.parametrize(("text", "code"), [("ch", "CH"), (" CH-VD ", "CH-VD"), ("fr-974", "FR-974"), ("", None),
                                            (None, None)])
def test_countries_are_iso_codes(text, code):
    assert checked_country(text) == code


@pytest.mark.parametrize("text", ["Suisse", "C", "CH-", "CH VD", "CH-VAUD", "1H"])
def test_anything_else_is_refused(text):
    with pytest.raises(EngineError) as raised:
        checked_country(text)
    assert raised.value.code == "country_invalid"


def test_a_status_counts_only_where_its_list_is_in_force():
    def listed(territory, kind="alien", value="alien"):
        return Status(kind, value, "list", territory, "", "")

    taxa = TaxaTable((Taxon("1", "A", "A", statuses=(listed("BE"), listed("CH", value="native"))),
                      Taxon("2", "B", "B", statuses=(listed("", "rare", "yes"), listed("EU", "invasive", "yes")))))
    swiss, unknown = at_site(taxa, "CH-VD"), at_site(taxa, None)
    assert statuses.origin(swiss[0]) == "native" and statuses.origin(unknown[0]) == ""
    assert statuses.origin(at_site(taxa, "BE")[0]) == "alien"
    assert statuses.is_listed(swiss[1], "invasive") is None and statuses.is_listed(swiss[1], "rare") is True
    assert statuses.is_listed(unknown[1], "invasive") is True, "without a country every list counts"
