"""What a person's records of a place say: a taxon seen, a taxon looked for and not found, a taxon that may be another.

Columns and values are those of Darwin Core (https://dwc.tdwg.org/terms/), as GBIF gives them, with the usual French and
German words beside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.tables import number, plain, read_table
from geoplantnet_plugin.engine.taxa.lists import ListRow
from geoplantnet_plugin.engine.taxa.names import parse_name
from geoplantnet_plugin.engine.taxa.read import ID_HEADERS, NAME_HEADERS, find_columns, list_row

STATUS_HEADERS = ("occurrencestatus", "presence", "present", "presenceabsence", "statutobservation", "statutobs",
                  "statobs", "vorkommen", "detected", "detection")
NO = frozenset(("no", "false", "non", "faux", "nein", "falsch"))
YES = frozenset(("yes", "true", "oui", "vrai", "ja", "wahr", "x", "1"))
ABSENT = frozenset(("absent", "absence", "notdetected", "undetected", "notfound", "notobserved", "notseen",
                    "nonobserve", "nontrouve", "noncontacte", "nonvu", "pasvu", "nichtgefunden", "nichtbeobachtet",
                    "nichtnachgewiesen", "nichtvorhanden", "fehlend", "abwesend"))
"""Statuses that say "looked for and not found" (SINP's code for it is ``No``), as `plain` gives them."""
COUNT_HEADERS = ("individualcount", "organismquantity", "count", "abundance", "nombre", "effectif", "denombrement",
                 "denombrementmin", "denombrementmax", "abondance", "anzahl", "cover", "recouvrement", "deckung")
NOTHING = frozenset((".", "-", "–", "—", "none", "aucun", "aucune", "kein", "keine", "zero", "nil"))
"""What stands for 0 in tables of plots and counts."""
DOUBT_HEADERS = ("identificationqualifier", "identificationverificationstatus", "certainty", "doubt", "doute",
                 "certitude", "zweifel")
DOUBT = re.compile(r"\?|(?<![a-z])(?:cf|aff|vel|prox)(?![a-z])|uncertain|unsure|doubt|douteu|incertain|unverified|"
                   r"zweifel|unsicher", re.IGNORECASE)
REJECTED = re.compile(r"reject|invalid|unconfirm|rejet|erron|non confirm|verworfen|falsch|unbestätigt", re.IGNORECASE)
"""What a check of a record says beside that."""
UNVERIFIED = ("identificationverificationstatus", "0")
"""Darwin Core's own example of a value: "unverified" in HISPID and ABCD."""
SPEAKS_OF = {
    "absence": re.compile("^absen|^abwesend|^not(?:detected|found|observed|seen)"),
    "presence": re.compile("^presen|presence|occurrencestatus|^detect|^observ(?:ed|e|ation)$|^found$|^seen$|"
                           "stat(?:ut)?obs|vorkommen|nachweis|gefunden|^occurrence$"),
    "doubt": re.compile("qualifier|verificationstatus|^verifi(?:ed|cation)$|valid(?:ation|ite|ierung)|"
                        "(?<!un)cert(?:ain|itude)|doubt|doute|zweifel|fiabilit|reliab|confiden|sicherheit")}
"""What a column speaks of, by its header as `plain` gives it: people write it in many ways."""
KNOWN = (*NAME_HEADERS, *ID_HEADERS, *STATUS_HEADERS, *COUNT_HEADERS, *DOUBT_HEADERS)


class Seen(Enum):
    """What a record says of its taxon."""

    PRESENT = "present"
    ABSENT = "absent"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class TaxonRecords:
    """The names seen, each once; those that are doubtful wherever they stand."""

    present: tuple[ListRow, ...]
    doubtful: tuple[ListRow, ...]


def read_records(path: Path, reporter: Reporter) -> TaxonRecords:
    """Read a table of records; those of absence and those without a name are left out with a warning.

    Raises:
        EngineError: the file cannot be read or holds no name.
    """
    table = read_table(path, KNOWN, reporter)
    columns = find_columns(table)
    found: dict[Seen, dict[ListRow, None]] = {seen: {} for seen in Seen}
    absent = nameless = 0
    for cells in table.rows[columns.header:]:
        row = list_row(cells, columns)
        seen = what_it_says(table.header, cells, row.name) if columns.header else _of_name(row.name)
        if parse_name(row.name).genus or (row.name and seen is Seen.DOUBTFUL):
            found[seen][row] = None
            absent += seen is Seen.ABSENT
        else:
            nameless += 1
    if nameless:
        reporter.warning("taxa_list_nameless", count=nameless)
    if absent:
        reporter.warning("records_absent", path=path, count=absent)
    if not any(found.values()):
        raise EngineError("taxa_list_empty", path=path)
    doubtful = [row for row in found[Seen.DOUBTFUL] if row not in found[Seen.PRESENT]]
    return TaxonRecords(tuple(found[Seen.PRESENT]), tuple(doubtful))


def what_it_says(header: Sequence[str], cells: Sequence[str], name: str) -> Seen:
    """Return what a row says: absent by its status or a count of 0, doubtful by its name or a remark.

    `header` names the cells, as `plain` gives it; of two columns of one name the first counts.
    """
    said = dict(zip(reversed(header), reversed(cells), strict=True))
    if _is_absent(said):
        return Seen.ABSENT
    if UNVERIFIED in said.items() or any(pattern.search(cell) for header, cell in said.items()
                                         if _speaks_of(header) == "doubt" for pattern in (DOUBT, REJECTED)):
        return Seen.DOUBTFUL
    return _of_name(name)


def _of_name(name: str) -> Seen:
    return Seen.DOUBTFUL if DOUBT.search(name) else Seen.PRESENT


def _is_absent(said: Mapping[str, str]) -> bool:
    """Whether a status says so, or a status or count is 0 and no count is more."""
    for header, cell in said.items():
        speaks, word = _speaks_of(header), plain(cell)
        if (speaks == "presence" and word in NO | ABSENT) or (speaks == "absence" and word in YES | ABSENT):
            return True
    cells = [said.get(header, "") for header in (*STATUS_HEADERS, *COUNT_HEADERS)]
    counts = [0.0 if cell.lower() in NOTHING else number(cell) for cell in cells]
    told = [count for count in counts if count is not None]
    return bool(told) and max(told) <= 0


@lru_cache(maxsize=1024)
def _speaks_of(header: str) -> str:
    return next((what for what, pattern in SPEAKS_OF.items() if pattern.search(header)), "")
