"""Habitat types by the species they hold: a table of constancies, given by the user or shipped.

The table is a synoptic table in long form: one row a habitat type and taxon, with the constancy, the share in % of the
type's plots that hold the taxon.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.tables import number, read_table
from geoplantnet_plugin.engine.taxa.match import Matcher
from geoplantnet_plugin.engine.taxa.table import TaxaTable

SHIPPED = RESOURCES / "habitats"
COLUMNS = ("habitat", "name", "taxon", "constancy")
MOST_TYPES = 250
FEWEST_TYPES = 2
RAREST, COMMONEST = 0.01, 0.99
"""Constancies are kept off 0 and 1: a taxon that a table's plots lack may still occur in the type."""

CELLS_AT_ONCE = 32
"""Cells whose likelihoods are added up together: their entries × types stay in the processor's cache."""

Row = tuple[str, str, str, float]
"""Code and name of a type, name of a taxon, constancy from 0 to 1."""


@dataclass(frozen=True)
class Habitats:
    """Habitat types over the taxa of a score source.

    `codes` and `names` of the types; `constancy` (types, taxa) from 0 to 1, of which only the columns where `known`
    (taxa,) is true mean anything: the table does not name the other taxa.
    """

    title: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    constancy: NDArray[np.float64]
    known: NDArray[np.bool_]


def read_habitats(table: str, taxa: TaxaTable, reporter: Reporter, inputs: Collection[str] = ()) -> Habitats:
    """Read a habitat table: a file, or the name of a shipped one, with the columns of `COLUMNS`.

    ``NAME.json`` beside it may say (``made_from``) from which predictors the types were taken; `inputs` are those of
    the score source: types that only repeat an input of the scores are no evidence of anything.

    Names are matched as those of species lists; where several names of a type fall on one taxon the highest constancy
    counts. Types none of whose taxa the score source knows cannot be told and are left out with a warning.

    Raises:
        EngineError: the table cannot be read, lacks a column or has a constancy outside 0–100, fewer than two types
            are left, or the types come from an input of the scores.
    """
    path = _path(table)
    circular = sorted(set(_made_from(path)) & set(inputs))
    if circular:
        raise EngineError("habitat_circular", table=path.stem, inputs=circular)
    rows = _rows(path, reporter)
    names = {code: name for code, name, *_ in reversed(rows)}
    codes = list(dict.fromkeys(code for code, *_ in rows))
    constancy = _constancy(rows, codes, taxa)
    told: NDArray[np.bool_] = np.any(constancy > 0, axis=1)
    if told.sum() < FEWEST_TYPES or len(codes) > MOST_TYPES:
        raise EngineError("habitat_table_types", path=path, types=len(codes), told=int(told.sum()), most=MOST_TYPES)
    if not told.all():
        left_out = [code for code, is_told in zip(codes, told.tolist(), strict=True) if not is_told]
        reporter.warning("habitat_types_left_out", count=len(left_out), types=left_out[:10])
    kept = [code for code, is_told in zip(codes, told.tolist(), strict=True) if is_told]
    return Habitats(path.stem, tuple(kept), tuple(names[code] for code in kept),
                    np.clip(constancy[told], RAREST, COMMONEST), np.any(constancy > 0, axis=0))


def likelihoods(habitats: Habitats, assemblage: Assemblage) -> NDArray[np.float64]:
    """Return the log likelihood (cells, types) of assemblages under each type.

    Within a type taxa are taken as independent: Σ ln c over the taxa that are there and Σ ln (1 − c) over those that
    are not, of the taxa that the table knows.
    """
    shares = np.where(habitats.known, habitats.constancy, 0.5)
    odds = np.ascontiguousarray(np.log(shares / (1 - shares)).T)
    result = np.tile(np.log(1 - habitats.constancy[:, habitats.known]).sum(axis=1), (len(assemblage), 1))
    filled = np.flatnonzero(assemblage.richness)
    starts, ends = assemblage.start[:-1][filled], assemblage.start[1:][filled]
    for first in range(0, len(filled), CELLS_AT_ONCE):
        part = slice(first, first + CELLS_AT_ONCE)
        entries = assemblage.ids[starts[part][0]:ends[part][-1]]
        result[filled[part]] += np.add.reduceat(odds[entries], starts[part] - starts[part][0], axis=0)
    return result


def _constancy(rows: list[Row], codes: list[str], taxa: TaxaTable) -> NDArray[np.float64]:
    constancy = np.zeros((len(codes), len(taxa)))
    place = {code: i for i, code in enumerate(codes)}
    matcher = Matcher(taxa)
    found: dict[str, list[int]] = {}
    for code, _, taxon, share in rows:
        if taxon not in found:
            found[taxon] = [match.taxon for match in matcher.find(taxon)
                            if match.taxon is not None and match.how.carries]
        for i in found[taxon]:
            constancy[place[code], i] = max(constancy[place[code], i], share)
    return constancy


def _made_from(path: Path) -> list[str]:
    about = path.with_suffix(".json")
    if not about.is_file():
        return []
    try:
        return list(map(str, json.loads(about.read_text(encoding="utf-8")).get("made_from", ())))
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise EngineError("taxa_list_unreadable", path=about, reason=str(error)) from error


def _path(table: str) -> Path:
    shipped = SHIPPED / f"{table}.csv"
    if Path(table).name == table and shipped.is_file():
        return shipped
    if not Path(table).is_file():
        raise EngineError("habitat_table_missing", path=table,
                          shipped=sorted(path.stem for path in SHIPPED.glob("*.csv")))
    return Path(table)


def _rows(path: Path, reporter: Reporter) -> list[Row]:
    table = read_table(path, COLUMNS, reporter)
    if any(column not in table.header for column in COLUMNS):
        raise EngineError("habitat_table_columns", path=path, columns=list(COLUMNS), found=table.rows[0])
    places = [table.header.index(column) for column in COLUMNS]
    rows = []
    for line, cells in zip(table.lines[1:], table.rows[1:], strict=True):
        code, name, taxon, text = (cells[i] for i in places)
        share = number(text.rstrip(" %"))
        if share is None or not 0 <= share <= 100 or not code or not taxon:
            raise EngineError("habitat_table_row", path=path, row=line, value=text)
        rows.append((code, name or code, taxon, share / 100))
    return rows
