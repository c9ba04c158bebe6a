"""The command line of the training: ``python -m training`` or ``geoplantnet-train``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec

NEEDED = {"torch": "PyTorch", "sklearn": "scikit-learn", "pandas": "pandas", "elapid": "elapid"}
HELP = """Train a model, see how good it is, and get a package that `geoplantnet assess` runs.

With your own plots and rasters:

  1. describe --plots plots.csv --rasters DIR --crs EPSG:… my-model.json
                         writes a description to begin with; open it, correct it, fill in its words
  2. evaluate my-model.json
                         cross-validates model and baselines on the same folds, random and in spatial blocks;
                         scores and figures go to build/training/NAME. When interrupted, the same command goes on.
  3. package my-model.json --out my-models
                         fits on all plots and writes the package: graph, card with the figures of step 2, taxa with
                         their thresholds, evaluation.md to read first
  4. geoplantnet assess --model my-models/NAME --predictors DIR --area area.gpkg --out out

  tune my-model.json     compares changes to the recipe on inner blocks, before step 2 is looked at

MODEL is such a description, or the name of a model that is shipped (western-swiss-alps …): its public data are read
from --data (../shared/data from the project's root). Everything is seeded. See docs/training.md."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code: 0 done, 2 unusable input or a missing package.

    Help is given without those packages too.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if lacking := [name for module, name in NEEDED.items() if find_spec(module) is None]:
        wants_help = not {"-h", "--help"}.isdisjoint(given)
        if wants_help:
            print(HELP)
        print(f"Training needs {', '.join(lacking)}, which the plugin itself does not. In the project's folder: "
              'pip install -e ".[train]"', file=sys.stderr)
        return 0 if wants_help else 2
    from training.commands import run

    return run(arguments)
