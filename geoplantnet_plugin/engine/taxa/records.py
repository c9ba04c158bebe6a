"""What a person's records of a place say: a taxon seen, a taxon looked for and not found, a taxon that may be another.

Columns and values are those of Darwin Core (https://dwc.tdwg.org/terms/), as GBIF gives them, with the usual French and
German words beside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.tables import number, plain, read_table
from geoplantnet_plugin.engine.taxa.lists import ListRow
from geoplantnet_plugin.engine.taxa.names import parse_name
from geoplantnet_plugin.engine.taxa.read import ID_HEADERS, NAME_HEADERS, find_columns, list_row

STATUS_HEADERS = ("occurrencestatus", "presence", "present", "presenceabsence", "statutobservation", "statutobs",
                  "statobs", "vorkommen")
ABSENT = frozenset(("absent", "absence", "notdetected", "notfound", "notobserved", "no", "false", "nonobserve", "non",
                    "faux", "nein", "nichtgefunden", "fehlend", "abwesend"))
"""Statuses that say "looked for and not found" (SINP's code for it is ``No``), as `plain` gives them."""
COUNT_HEADERS = ("individualcount", "organismquantity", "count", "abundance", "nombre", "effectif", "denombrement",
                 "denombrementmin", "denombrementmax", "abondance", "anzahl", "cover", "recouvrement", "deckung")
NOTHING = frozenset((".", "-", "–", "—"))
"""What stands for 0 in tables of plots."""
DOUBT_HEADERS = ("identificationqualifier", "identificationverificationstatus", "certainty", "doubt", "doute",
                 "certitude", "zweifel")
DOUBT = re.compile(r"\?|(?<![a-z])(?:cf|aff|vel|prox)(?![a-z])|uncertain|unsure|doubt|douteu|incertain|unverified|"
                   r"zweifel|unsicher", re.IGNORECASE)
REJECTED = re.compile(r"reject|invalid|unconfirm|rejet|erron|non confirm|verworfen|falsch|unbestätigt", re.IGNORECASE)
"""What a check of a record says beside that."""
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
    if any(pattern.search(said.get(header, "")) for header in DOUBT_HEADERS for pattern in (DOUBT, REJECTED)):
        return Seen.DOUBTFUL
    return _of_name(name)


def _of_name(name: str) -> Seen:
    return Seen.DOUBTFUL if DOUBT.search(name) else Seen.PRESENT


def _is_absent(said: Mapping[str, str]) -> bool:
    """Whether a status says so, or a status or count is 0 and no count is more."""
    if any(plain(said.get(header, "")) in ABSENT for header in STATUS_HEADERS):
        return True
    cells = [said.get(header, "") for header in (*STATUS_HEADERS, *COUNT_HEADERS)]
    counts = [0.0 if cell in NOTHING else number(cell) for cell in cells]
    told = [count for count in counts if count is not None]
    return bool(told) and max(told) == 0
