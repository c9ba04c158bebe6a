"""The command line of the training: ``python -m training`` or ``geoplantnet-train``."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from training import metrics
from training.datasets import DATA, READERS, Plots
from training.evaluate import NETWORK, cross_validate, figures, scores_file
from training.export import export_fold
from training.folds import REPORTED
from training.models import SHIPPED, Shipped
from training.package import write_model
from training.recipe import fit
from training.report import write_report

FIGURES = "figures.json"
BUILD = Path("build/training")
MODELS = Path("resources/models")
FINAL_SEED = 0

HELP = """Train and evaluate the models that ship with the plugin. In order:

  1. evaluate MODEL   cross-validate network and baselines on the same folds (random and spatial blocks, ten
                      stated assignments); scores go to build/training/MODEL, figures to figures.json there.
                      Takes about half an hour; when interrupted, the same command goes on where it stopped.
  2. package MODEL    fit the final model on all plots and write the package to resources/models/MODEL:
                      graph, card with the figures of step 1, taxa with λ, evaluation report.
  3. export-fold      write the model of one fold as a package of its own, with its held-out plots and their
                      out-of-fold scores: what another program computes there can be compared.

Everything is seeded. Data are read from --data (../shared/data from the project's root)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    args = _parser().parse_args(arguments)
    import torch

    torch.set_num_threads(args.threads)
    model = SHIPPED[args.model]
    args.run(args, model, READERS[model.name](args.data))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("geoplantnet-train", description=HELP,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _command(commands, "evaluate", evaluate, "cross-validate network and baselines")
    package = _command(commands, "package", make_package, "fit the final model and write its package")
    package.add_argument("--out", type=Path, default=MODELS, help="folder of model packages [%(default)s]")
    fold = _command(commands, "export-fold", make_fold, "write one fold's model with its held-out plots")
    fold.add_argument("--assignment", type=int, default=0, choices=REPORTED, help="seed of the assignment")
    fold.add_argument("--fold", type=int, default=0, help="number of the held-out fold")
    fold.add_argument("--out", type=Path, required=True, help="folder to write")
    return parser


def _command(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: object,
             text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    parser.add_argument("model", choices=sorted(SHIPPED), help="model to work on")
    parser.add_argument("--data", type=Path, default=DATA, help="where the data lie [%(default)s]")
    parser.add_argument("--build", type=Path, default=BUILD, help="where scores and figures go [%(default)s]")
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch [%(default)s]")
    return parser


def evaluate(args: argparse.Namespace, model: Shipped, plots: Plots) -> None:
    """Cross-validate and write ``figures.json``."""
    cache = args.build / model.name
    cross_validate(plots, model, cache)
    text = json.dumps(figures(plots, model, cache), indent=1, ensure_ascii=False)
    (cache / FIGURES).write_text(text + "\n", encoding="utf-8")
    print(f"Figures: {cache / 'figures.json'}")


def make_package(args: argparse.Namespace, model: Shipped, plots: Plots) -> None:
    """Fit on all plots and write the package."""
    cache = args.build / model.name
    found = json.loads((cache / FIGURES).read_text(encoding="utf-8"))
    ensemble = fit(model.recipe, plots, FINAL_SEED)
    write_model(args.out / model.name, model, plots, ensemble, found, thresholds(plots, cache), args.data)
    write_report(args.out / model.name, found)
    shutil.copyfile(cache / FIGURES, args.out / model.name / FIGURES)
    print(f"Package: {args.out / model.name}")


def thresholds(plots: Plots, cache: Path) -> np.ndarray:
    """Return each taxon's λ from the out-of-fold scores of all block assignments together."""
    scores = [np.load(scores_file(cache, "blocks", seed, NETWORK)) for seed in SHIPPED[plots.name].seeds["blocks"]]
    return metrics.prevalence_thresholds(np.concatenate([plots.present] * len(scores)), np.concatenate(scores))


def make_fold(args: argparse.Namespace, model: Shipped, plots: Plots) -> None:
    """Write one fold's model."""
    found = json.loads((args.build / model.name / FIGURES).read_text(encoding="utf-8"))
    export_fold(args.out, model, plots, found, args.assignment, args.fold, args.data)
    print(f"Fold model: {args.out}")
