"""Which taxon a row of a survey means: one of the site's list, or a name that somebody wrote."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from geoplantnet_plugin.engine.field.returned import Row
from geoplantnet_plugin.engine.taxa.match import Matcher
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon


@dataclass(frozen=True)
class Named:
    """A taxon of the assessment with its id, or a name that it does not know, with None."""

    id: str | None
    name: str
    taxon: Taxon | None = None


class Names:
    """Finds taxa of one assessment by id or by name, synonyms of spelling included."""

    def __init__(self, taxa: TaxaTable) -> None:
        self._taxa = taxa
        self._by_id = {taxon.id: taxon for taxon in taxa}
        self._found: dict[str, Named] = {}

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self._taxa)

    def find(self, row: Row) -> Named:
        """Return what a row names; the species chosen from the list counts before a written name."""
        id, written = str(row["taxon_id"] or ""), str(row["other_name"] or "").strip()
        if id in self._by_id:
            return _named(self._by_id[id])
        if written not in self._found:
            self._found[written] = self._match(written)
        return self._found[written] if written else Named(None, id)

    def _match(self, written: str) -> Named:
        for match in self._matcher.find(written) if written else []:
            if match.taxon is not None and match.how.carries:
                return _named(self._taxa[match.taxon])
        return Named(None, written)


def _named(taxon: Taxon) -> Named:
    return Named(taxon.id, taxon.accepted_name, taxon)
