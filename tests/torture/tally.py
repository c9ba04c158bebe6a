"""What came of torture, in tables that add up: a long one is run in pieces of other seeds, and printed as one.

``python -m tests.torture.tally FILE…`` prints the sum that pieces with ``--add-to FILE`` came to.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

KILLED, MUTATED, TYPED, STOPPED = "job", "mutated input", "commands", "command"
COLUMNS = {
    KILLED: ("killed at a write", "at any time", "started again", "same bytes at the end", "3 at once", "one made it",
             "full disks", "same bytes with room"),
    MUTATED: ("read", "refused in a sentence", "faults"),
    TYPED: ("run", "faults"), STOPPED: ("heard a signal", "faults")}
"""The tables: what their rows are, and what is counted of each."""


@dataclass
class Tally:
    """Counts by table and row, the arguments of the pieces they come from, and what went wrong."""

    tables: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, table: str, row: str, counts: Mapping[str, int]) -> None:
        """Count in a row, by column."""
        self.tables.setdefault(table, {}).setdefault(row, Counter()).update(counts)

    def begin(self, arguments: str) -> None:
        """Note that a piece was run today."""
        self.pieces.append(f"- `{arguments}`, on {time.strftime('%Y-%m-%d')}")

    def __iadd__(self, other: Tally) -> Tally:
        """Add the counts of other pieces."""
        for table, rows in other.tables.items():
            for row, counts in rows.items():
                self.add(table, row, counts)
        self.pieces += other.pieces
        self.faults += other.faults
        return self

    def text(self) -> str:
        """Return the tables as Markdown, where they came from, and the verdict."""
        parts = [_table(kind, rows) for kind, rows in self.tables.items() if rows]
        return "\n\n".join((*parts, "`python -m tests.torture`, the sum of:", "\n".join(self.pieces), self._verdict()))

    def _verdict(self) -> str:
        if not self.faults:
            return "No fault: no traceback, no hang, no other bytes, no write outside."
        return "\n".join((f"{len(self.faults)} faults", *self.faults))

    def save(self, path: Path) -> None:
        """Write it to be added to."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.__dict__, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Tally:
        """Return what `save` wrote; an empty one where there is nothing."""
        if not path.is_file():
            return cls()
        saved = json.loads(path.read_text(encoding="utf-8"))
        saved["tables"] = {table: {row: Counter(counts) for row, counts in rows.items()}
                           for table, rows in saved["tables"].items()}
        return cls(**saved)


def _table(kind: str, rows: dict[str, Counter[str]]) -> str:
    names, total = COLUMNS[kind], sum(rows.values(), Counter[str]())
    lines = [(kind, *names), ("---",) * (len(names) + 1)]
    lines += [(row, *(str(counts[name]) for name in names)) for row, counts in [*rows.items(), ("all", total)]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    total = Tally()
    for file in sys.argv[1:]:
        total += Tally.read(Path(file))
    print(total.text())
