"""Common names that ship: one list a language, each with its source (``resources/taxa/common_names``).

They are looked up taxon by taxon, by name and by what checklists surely give as the same taxon, and only those of its
genera are read: thousands of names are not matched for a model of fifty.
"""

from __future__ import annotations

from functools import cache

from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.taxa.checklists import shipped, table_text
from geoplantnet_plugin.engine.taxa.lists import SpeciesList, read_list
from geoplantnet_plugin.engine.taxa.names import genus_of, parse_name
from geoplantnet_plugin.engine.taxa.table import ListInfo, TaxaTable, Taxon

COMMON_NAMES = RESOURCES / "taxa" / "common_names"


def with_common_names(taxa: TaxaTable) -> TaxaTable:
    """Return `taxa` with the shipped names where a language's is blank, and with the lists that name a taxon."""
    lists, texts = [], [_texts(taxon) for taxon in taxa]
    genera = {genus_of(text) for some in texts for text in some}
    for names in _shipped():
        by_text = {table_text(parse_name(row.name)): row.value for row in names.rows if genus_of(row.name) in genera}
        found = {i: name for i, some in enumerate(texts) if (name := _name(some, by_text))}
        taxa = TaxaTable(tuple(taxon.named({names.kind: taxon.common_names[names.kind] or found.get(i, "")})
                               for i, taxon in enumerate(taxa)), taxa.lists)
        if found:
            lists.append(ListInfo(**names.about, names=len(names.rows), matched=len(found)))
    return TaxaTable(taxa.taxa, (*taxa.lists, *lists))


@cache
def _shipped() -> tuple[SpeciesList, ...]:
    return tuple(read_list(path) for path in sorted(COMMON_NAMES.glob("*.json")))


def _texts(taxon: Taxon) -> list[str]:
    """Return the taxon's name and then its sure synonyms, as tables write them."""
    name = parse_name(taxon.accepted_name)
    return [table_text(name), *(table_text(other) for other, sure in shipped().same(name) if sure)]


def _name(texts: list[str], by_text: dict[str, str]) -> str:
    found = dict.fromkeys(by_text[text] for text in texts if text in by_text)
    return next(iter(found)) if texts[0] in by_text or len(found) == 1 else ""
