"""Restate which names are one taxon as the plugin's own tables in ``resources/taxa/checklists``.

    python tools/make_checklists.py ../shared/data

Reads the checklists of the Italian and the German flora and the species list of AFLIBER (`resources/taxa/README.md`
describes them); the same files give the same tables. Needs pyreadr and pandas.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas
import pyreadr

from geoplantnet_plugin.engine.taxa.checklists import ACCEPTED, CONCERNS, PART, SHIPPED, SYNONYM, table_text
from geoplantnet_plugin.engine.taxa.names import Name, Sense, parse_name

MISAPPLIED = re.compile(r"\bauct\.|\bp\.\s?p\.|\bsensu\b|\bs\.\s?l\.|nom\. ambig")
ENDINGS = re.compile(r"(?:us|a|um|is|e|er|ris|re|os|on|ii|i)$")
FLORA = ("S", "P", "M")
"""Groups of GermanSL that are land plants."""


@dataclass(frozen=True)
class Given:
    """A name as a checklist gives it, with its authors, the concept it belongs to and the concept's family."""

    concept: str
    link: str
    name: Name
    authors: str = ""
    family: str = ""

    @property
    def text(self) -> str:
        """The name as tables write it, by its key."""
        return table_text(self.name)


def italy(folder: Path) -> Iterator[Given]:
    """Yield the names of the checklist of the Italian flora."""
    names = pyreadr.read_r(str(folder / "checklists" / "ckl_names.rda"))["ckl_names"]
    data = pyreadr.read_r(str(folder / "checklists" / "ckl_data.rda"))["ckl_data"]
    families = dict(zip(data["codice_unico"].astype(str), data["famiglia_checklist"].astype(str)))
    for code, accepted, synonym in names[["codice_unico", "entita", "sinonimo"]].astype(str).itertuples(index=False):
        link = ACCEPTED if synonym == accepted else CONCERNS if MISAPPLIED.search(synonym) else SYNONYM
        yield Given(code, link, parse_name(synonym), _authors(synonym), families.get(code, ""))


def germany(folder: Path) -> Iterator[Given]:
    """Yield the names of GermanSL, and the members of its aggregates."""
    table = pandas.read_csv(folder / "checklists" / "germansl_1.5.csv", sep=";", dtype=str).fillna("")
    parents = dict(zip(table["TaxonUsageID"], table["IsChildTaxonOfID"]))
    ranks = dict(zip(table["TaxonUsageID"], table["TaxonRank"]))
    titles = dict(zip(table["TaxonUsageID"], table["TaxonName"]))
    for row in table[table["GRUPPE"].isin(FLORA)].itertuples(index=False):
        name = parse_name(row.TaxonName)
        if row.TaxonRank not in ("SPE", "SSP", "VAR", "FOR", "AGG") or not name.species:
            continue
        doubtful = "auct" in row.NameAuthor or name.sense not in (Sense.PLAIN, Sense.BROAD)
        link = CONCERNS if doubtful else ACCEPTED if row.SYNONYM == "0" else SYNONYM
        yield Given(row.TaxonConceptID, link, name, row.NameAuthor,
                    titles.get(_ancestor(row.TaxonConceptID, parents, ranks, "FAM"), ""))
        parent = row.IsChildTaxonOfID
        if link == ACCEPTED and ranks.get(parent, "").startswith("AG"):
            yield Given(parent, PART, name)


def _ancestor(id: str, parents: dict[str, str], ranks: dict[str, str], rank: str) -> str:
    for _ in range(20):
        if ranks.get(id) == rank or id not in parents:
            break
        id = parents[id]
    return id


def iberia(folder: Path) -> Iterator[Given]:
    """Yield the names of AFLIBER's species list with the name that Plants of the World Online accepts."""
    table = pandas.read_csv(folder / "iberia" / "AFLIBER_Species_list.csv", sep=None, engine="python",
                            encoding="latin-1", dtype=str).fillna("")
    for row in table.itertuples(index=False):
        accepted = parse_name(row.POW_Name if parse_name(row.POW_Name).species else row.Taxon)
        yield Given(accepted.text, ACCEPTED, accepted, "", row.Family)
        if parse_name(row.Taxon).key != accepted.key:
            yield Given(accepted.text, SYNONYM, parse_name(row.Taxon), row.Scientific_Name, row.Family)


def _authors(text: str) -> str:
    """Return what follows the last lower-case epithet of a name."""
    words = text.split()
    last = max((i for i, word in enumerate(words) if re.fullmatch(r"[a-zë-]{3,}", word)), default=0)
    return " ".join(words[last + 1:])


def tidy(given: Iterable[Given]) -> list[Given]:
    """Return the names once each; a synonym of two concepts only concerns them, a subspecies names its species too."""
    rows = {(entry.concept, entry.link, entry.text): entry for entry in given if entry.name.species}
    concepts = Counter((entry.text) for entry in rows.values() if entry.link == SYNONYM)
    accepted = {entry.text for entry in rows.values() if entry.link == ACCEPTED}
    tidied = []
    for entry in rows.values():
        split = entry.link == SYNONYM and (concepts[entry.text] > 1 or entry.text in accepted)
        tidied.append(Given(entry.concept, CONCERNS if split else entry.link, entry.name, entry.authors, entry.family))
    return tidied


def homotypic(checklists: Iterable[list[Given]]) -> list[Given]:
    """Return pairs of species of one family that share an epithet and its first author in two genera.

    One of them bears the author in brackets: the same plant was moved from one genus to the other, but no checklist
    says which name is in use where. Such names only concern each other.
    """
    found: dict[tuple[str, str, str], dict[str, tuple[Given, bool]]] = defaultdict(dict)
    for entry in (entry for given in checklists for entry in given):
        if entry.link != ACCEPTED or entry.name.infra or entry.name.broad or not entry.authors or not entry.family:
            continue
        moved = re.match(r"\(([^)]+)\)", entry.authors)
        author = re.sub(r"[\s.]", "", (moved[1] if moved else entry.authors).split(" ex ")[-1].split(",")[0])
        found[entry.family, ENDINGS.sub("", entry.name.species), author].setdefault(entry.text, (entry, bool(moved)))
    rows = []
    for number, names in enumerate(found.values()):
        genera = {entry.name.genus for entry, _ in names.values()}
        if len(genera) > 1 and len({moved for _, moved in names.values()}) > 1:
            rows += [Given(f"h{number}", CONCERNS, entry.name) for entry, _ in names.values()]
    return rows


ABOUT = {
    "germany": ("GermanSL 1.5", "Jansen & Dengler (2008), floralink/databases @ 9da5782, germansl_1.5.csv", "CC BY 4.0",
                "DE"),
    "iberia": ("AFLIBER species list with names of Plants of the World Online",
               "AFLIBER, doi:10.1111/geb.13363; iramosgutierrez/AFLIBER_update @ 1bc6ac1; Dryad, "
               "doi:10.5061/dryad.gmsbcc2kv", "CC0 (Dryad)", "ES PT"),
    "italy": ("Checklist of the Italian flora", "gibedini/floritaly @ 6c4c7b0, ckl_names", "MIT (the repository)",
              "IT"),
    "moved": ("Species of one epithet and one first author in two genera",
              "worked out by tools/make_checklists.py from the three other checklists", "CC BY 4.0", ""),
}


def write(id: str, given: Iterable[Given]) -> None:
    """Write one checklist."""
    title, source, licence, territory = ABOUT[id]
    lines = io.StringIO()
    numbers: dict[str, int] = {}
    rows = sorted({(entry.concept, entry.link, entry.text) for entry in given})
    csv.writer(lines, lineterminator="\n").writerows(
        (numbers.setdefault(concept, len(numbers)), link, text) for concept, link, text in rows)
    SHIPPED.mkdir(parents=True, exist_ok=True)
    (SHIPPED / f"{id}.csv.gz").write_bytes(gzip.compress(lines.getvalue().encode(), 9, mtime=0))
    about = {"id": id, "title": title, "source": source, "licence": licence, "territory": territory, "names": len(rows)}
    (SHIPPED / f"{id}.json").write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{id}: {len(rows)} names, {(SHIPPED / f'{id}.csv.gz').stat().st_size // 1024} KiB")


def main() -> None:
    """Write all checklists."""
    folder = Path(sys.argv[1])
    checklists = {read.__name__: tidy(read(folder)) for read in (germany, iberia, italy)}
    for id, given in {**checklists, "moved": homotypic(checklists.values())}.items():
        write(id, given)


if __name__ == "__main__":
    main()
