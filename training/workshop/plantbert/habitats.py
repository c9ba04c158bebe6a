"""The habitat of every distinct assemblage of an assessment, by an imported classifier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.tables import cell_taxa, taxon_ids
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import write_csv
from training.workshop.plantbert.classifier import Classifier

HEADER = ("Assemblage", "Cells", "Habitat", "Score", "Second habitat", "Second score", "Species", "Unknown share %",
          "Species read", "Read in this order", "Unknown names")
TOGETHER = 32
"""Assemblages that are run at once."""


@dataclass(frozen=True)
class Distinct:
    """An assemblage: its species, those with the highest mean score in its cells first, and how many cells hold it."""

    names: tuple[str, ...]
    cells: int


@dataclass(frozen=True)
class Told:
    """The habitat of an assemblage: the two best (label, score), none where no name is known.

    `read` are the known names that the network had room for, `unknown` those that its vocabulary lacks.
    """

    assemblage: Distinct
    read: tuple[str, ...]
    unknown: tuple[str, ...]
    best: tuple[tuple[str, float], ...] = ()

    def row(self, number: int) -> tuple[object, ...]:
        """Return the row of the table."""
        best = [cell for label, score in self.best for cell in (label, f"{score:.4f}")]
        names = self.assemblage.names
        return (number, self.assemblage.cells, *best, *[""] * (4 - len(best)), len(names),
                f"{100 * len(self.unknown) / len(names):.1f}", len(self.read), "; ".join(self.read),
                "; ".join(self.unknown))


def distinct(folder: AssessmentFolder, reporter: Reporter) -> list[Distinct]:
    """Return the distinct assemblages, those of most cells first.

    Raises:
        EngineError: the assessment is a survey list, which has no cells.
    """
    if folder.document["coverage"] is None:
        raise EngineError("model_bert_no_cells", folder=folder.path)
    totals: dict[frozenset[int], dict[int, int]] = {}
    cells: dict[frozenset[int], int] = {}
    with folder.tables() as tables:
        named = {taxon.id: taxon.accepted_name or taxon.name for taxon in folder.taxa}
        names = {number: named[id] for number, id in taxon_ids(tables).items()}
        rows = cell_taxa(tables, 0, folder.grid.height * folder.grid.width)
        for _, group in groupby(rows, itemgetter(0)):
            reporter.checkpoint()
            scores = {taxon: score for _, taxon, score in group}
            held = frozenset(scores)
            cells[held] = cells.get(held, 0) + 1
            total = totals.setdefault(held, dict.fromkeys(scores, 0))
            for taxon, score in scores.items():
                total[taxon] += score
    ordered = sorted(totals, key=lambda held: (-cells[held], sorted(held)))
    return [Distinct(tuple(names[taxon] for taxon in sorted(held, key=lambda taxon: (-totals[held][taxon], taxon))),
                     cells[held]) for held in ordered]


def classify(assemblages: Sequence[Distinct], classifier: Classifier, reporter: Reporter) -> list[Told]:
    """Return the habitats in the order of `assemblages`; names that the vocabulary lacks are left out, and told."""
    known = {name: classifier.knows(name) for name in {name for one in assemblages for name in one.names}}
    told, tokens = [], []
    for one in assemblages:
        names = [name for name in one.names if known[name]]
        ids, count = classifier.encode(names)
        tokens.append(ids)
        told.append(Told(one, tuple(names[:count]), tuple(name for name in one.names if not known[name])))
    some = sorted((place for place, one in enumerate(told) if one.read), key=lambda place: len(tokens[place]))
    done = 0
    for batch in _batches(some):
        reporter.checkpoint()
        for place, scores in zip(batch, classifier.scores([tokens[place] for place in batch]), strict=True):
            best = [(classifier.labels[label], float(scores[label])) for label in (-scores).argsort()[:2]]
            told[place] = Told(told[place].assemblage, told[place].read, told[place].unknown, tuple(best))
        done += len(batch)
        reporter.progress("habitats", done, len(some))
    return told


def _batches(places: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(places), TOGETHER):
        yield places[start:start + TOGETHER]


def unknown_share(told: Iterable[Told]) -> float:
    """Return the share of the distinct names of all assemblages that the vocabulary lacks."""
    names: set[str] = set()
    unknown: set[str] = set()
    for one in told:
        names.update(one.assemblage.names)
        unknown.update(one.unknown)
    return len(unknown) / len(names) if names else 0.0


def write_habitats(path: Path, told: Sequence[Told]) -> None:
    """Write the table, a row an assemblage."""
    write_csv(path, HEADER, (one.row(number) for number, one in enumerate(told, 1)))
