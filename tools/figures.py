"""Print every figure that the documents quote, from the files that the measuring commands have written.

    python tools/figures.py [--check]

Models: ``figures.json`` and card (`python -m training evaluate|package`, `training.annotate`, `training.rivals`);
habitat tables: their pages (`python -m training.habitats`); lists and checklists: their files
(`tools/make_taxa_tables.py`, `tools/make_checklists.py`). With ``--check`` it names the accuracies (numbers of three or
four decimals below 1) that README, change log and the pages on models and indicators quote and none of these files
holds, and fails if there are any.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = ROOT / "resources"
QUOTING = ("README.md", "CHANGELOG.md", "docs/index.md", "docs/training.md", "docs/indicators.md")
SHORT = 64
ACCURACY = re.compile(r"(?<![\d.,/])0\.\d{3,4}(?!\d)")


def mean(values: list[float]) -> float:
    """Return the mean."""
    return sum(values) / len(values)


def model_lines(folder: Path) -> Iterator[str]:
    """Yield the figures of one model."""
    figures: dict[str, Any] = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    if "protocols" not in figures:
        yield from (f"{folder.name}: {path} {value:.4f}" for path, value in numbers(figures))
        return
    yield f"{folder.name}: {figures['plots']} plots, {figures['taxa']} taxa, {figures['folds']} folds"
    for protocol, entry in figures["protocols"].items():
        for name, one in entry["models"].items():
            gain = entry["gains"].get(name)
            low, high = gain["interval"] if gain else (0.0, 0.0)
            told = f", gain of the model {gain['mean']:+.4f} ({low:+.4f} to {high:+.4f})" if gain else ""
            yield (f"  {protocol}: {name} AUC {mean(one['auc']):.4f}, F1 {one['set']['samples']:.3f}, "
                   f"ECE {one['ece']:.4f}{told}")
        for name, one in entry["contributions"].items():
            yield f"  {protocol}: without {name} AUC {mean(one['auc']):.4f}, loss {one['loss']:+.4f}"
    for level in figures["conformal"]["levels"]:
        yield f"  conformal {level['level']}: coverage {level['coverage']:.4f}, mean set {level['mean_size']:.1f}"
    yield from _measured(figures, json.loads((folder / "card.json").read_text(encoding="utf-8")))


def numbers(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Yield every number of a document with where it stands, but for those of long lists (curves, single taxa)."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if (
        isinstance(value, list) and len(value) <= SHORT) else ()
    for key, entry in entries:
        yield from numbers(entry, f"{path} {key}".strip())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, float(value)


def _measured(figures: dict[str, Any], card: dict[str, Any]) -> Iterator[str]:
    held = figures["held_out"]["held"]
    for length, one in held["lists"].items():
        yield f"  lists of {length}: " + ", ".join(f"{name} {share:.4f}" for name, share in one.items())
    for index, share in (held["diversity"] | ({"woody": held["woody"]} if "woody" in held else {})).items():
        yield f"  {index}: interval holds {share:.4f}"
    coverage = card["calibration"]["coverage"]
    yield (f"  expected share: interval holds {coverage['held']:.4f} of block × taxon, without spread "
           f"{coverage['held_without']:.4f}")
    yield f"  richness of blocks: interval holds {held['richness_of_blocks']:.4f}"
    for rule, one in figures["held_out"]["rules"].items():
        yield f"  rule {rule}: F1 {one['f1']:.4f}, r {one['r']:.4f}, RMSE {one['rmse']:.2f}, mean set {one['size']:.2f}"
    if inner := figures["held_out"].get("inner_rules"):
        yield f"  rules chosen on inner folds: {', '.join(inner['choices'])}"
        for rule, one in inner["outer"].items():
            yield f"  outer folds, {rule}: F1 {one['f1']:.4f}, r {one['r']:.4f}, RMSE {one['rmse']:.2f}"
    if rivals := figures.get("rivals"):
        for name, auc in rivals["auc"].items():
            yield f"  rivals: {name} AUC {mean(auc):.4f} (assignments {rivals['seeds']})"
        low, high = rivals["interval"]
        yield (f"  rivals: gain over {rivals['best']} {rivals['gain']:+.4f}, blocks drawn {low:+.4f} to {high:+.4f}; "
               "other origin " + ", ".join(f"{name} {auc:.4f}" for name, auc in rivals["other_origin"].items()))


def other_lines() -> Iterator[str]:
    """Yield the figures of habitat tables, lists and checklists."""
    for page in sorted((RESOURCES / "habitats").glob("*.md")):
        yield from (f"{page.stem}: {line}" for line in page.read_text(encoding="utf-8").splitlines()
                    if line.startswith("| right") or line.startswith("| unclassified"))
    for path in sorted((RESOURCES / "taxa").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield f"{path.stem}: {sum(1 for _ in csv.reader(file)) - 1} rows"
    for path in sorted((RESOURCES / "taxa" / "checklists").glob("*.json")):
        yield f"checklist {path.stem}: {json.loads(path.read_text(encoding='utf-8'))['names']} names"


def unprinted(printed: str) -> list[str]:
    """Return the quoted accuracies that are not among the printed figures, to three or four decimals."""
    known = set(ACCURACY.findall(printed))
    known |= {f"{float(number):.3f}" for number in known}
    return [f"{path.relative_to(ROOT)}:{number}: {found}" for pattern in QUOTING for path in sorted(ROOT.glob(pattern))
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            for found in ACCURACY.findall(line) if found not in known]


def main() -> int:
    """Print the figures; return the exit code."""
    lines = [line for folder in sorted((RESOURCES / "models").iterdir()) if (folder / "figures.json").is_file()
             for line in model_lines(folder)]
    lines += other_lines()
    print("\n".join(lines))
    missing = unprinted("\n".join(lines)) if "--check" in sys.argv else []
    print("\n".join(f"no command prints {entry}" for entry in missing), file=sys.stderr)
    return int(bool(missing))


if __name__ == "__main__":
    raise SystemExit(main())
