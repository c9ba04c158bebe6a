"""The commands of the training (`cli`)."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.models.package import open_package
from training import metrics
from training.annotate import annotate_from
from training.atlas import AtlasRecipe, FittedAtlas
from training.atlas_evaluate import cross_validate_atlas
from training.atlas_figures import figures as atlas_figures
from training.atlas_package import write_atlas_model
from training.atlas_report import write_atlas_report
from training.cli import HELP
from training.datasets import DATA, READERS, Plots
from training.datasets.description import DescriptionError, read_description
from training.datasets.iberia import read_regions
from training.datasets.own import read_own
from training.datasets.sampling import Rasters
from training.describe import describe
from training.evaluate import cross_validate, scores_of
from training.export import export_fold
from training.figures import figures
from training.fine_records import read_records, sentence, within_squares
from training.flora import groups_of
from training.folds import REPORTED
from training.models import MODELS, SHIPPED, Model
from training.own_model import own_model
from training.package import write_model
from training.report import FIGURES, write_report
from training.shipped import BUILD, PACKAGES
from training.training_map import write_training_map
from training.tune import tune, write_tuning

FINAL_SEED = 0


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code: 0 done, 2 unusable input."""
    args = _parser().parse_args(arguments)
    try:
        args.run(args)
    except (DescriptionError, EngineError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("geoplantnet-train", description=HELP,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_describe(commands)
    _add_records(_command(commands, "evaluate", evaluate, "cross-validate model and baselines, or rank cells of 1 km"))
    _command(commands, "tune", make_trials, "compare changes to the recipe on inner blocks")
    package = _command(commands, "package", make_package, "fit the final model and write its package")
    again = _command(commands, "map", make_map, "write the map of the training data into a package that is there")
    for parser_of in (package, again):
        parser_of.add_argument("--out", type=Path, default=PACKAGES, help="folder of model packages [%(default)s]")
    fold = _command(commands, "export-fold", make_fold, "write one fold's model with its held-out plots")
    fold.add_argument("--assignment", type=int, default=0, choices=REPORTED, help="seed of the assignment")
    fold.add_argument("--fold", type=int, default=0, help="number of the held-out fold")
    fold.add_argument("--out", type=Path, required=True, help="folder to write")
    return parser


def _add_records(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_evaluate)
    parser.add_argument("--records", type=Path, help="CSV of records with coordinates: instead of cross-validating "
                        "tell whether MODEL, an installed package, ranks its squares' cells of 1 km better than chance")
    parser.add_argument("--rasters", nargs="*", default=(), help="1 km rasters that go before the base cube")
    parser.add_argument("--crs", default="EPSG:4326", help="CRS of the records [%(default)s]")
    parser.add_argument("--x", default="x", help="column of x or longitude [%(default)s]")
    parser.add_argument("--y", default="y", help="column of y or latitude [%(default)s]")
    parser.add_argument("--taxon", default="taxon", help="column with the taxon's name [%(default)s]")


def _add_describe(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("describe", help="write a description of your data to begin with")
    parser.set_defaults(run=_describe)
    parser.add_argument("description", type=Path, metavar="DESCRIPTION", help="file to write (my-model.json)")
    parser.add_argument("--plots", type=Path, required=True, help="CSV of presence-absence plots")
    parser.add_argument("--rasters", nargs="+", required=True, help="raster files or folders with the predictors")
    parser.add_argument("--crs", required=True, help="CRS of the plots' coordinates, for example EPSG:4326")
    parser.add_argument("--x", default="x", help="column of x or longitude [%(default)s]")
    parser.add_argument("--y", default="y", help="column of y or latitude [%(default)s]")
    parser.add_argument("--taxon", default="", help="long table: column with the taxon's name")
    parser.add_argument("--plot", default="", help="long table: column that tells plots apart")


def _command(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str,
             run: Callable[[argparse.Namespace, Model, Plots], None], text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=lambda args: _with_model(args, run))
    parser.add_argument("model", metavar="MODEL", help=f"a description (*.json), or {', '.join(MODELS)}")
    parser.add_argument("--data", type=Path, default=DATA, help="where public data lie [%(default)s]")
    parser.add_argument("--build", type=Path, default=BUILD, help="where scores and figures go [%(default)s]")
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch [%(default)s]")
    return parser


def _with_model(args: argparse.Namespace, run: Callable[[argparse.Namespace, Model, Plots], None]) -> None:
    import torch

    torch.set_num_threads(args.threads)
    if args.model in MODELS:
        run(args, MODELS[args.model], READERS[args.model](args.data))
    elif args.model.endswith(".json"):
        description = read_description(Path(args.model))
        plots = read_own(description)
        run(args, own_model(description, plots), plots)
    else:
        raise DescriptionError(f"{args.model} is neither a description (*.json) nor one of {', '.join(MODELS)}.")


def _evaluate(args: argparse.Namespace) -> None:
    """Cross-validate what is trained here; with --records ask an installed package how it ranks cells of 1 km."""
    if not args.records:
        _with_model(args, evaluate)
        return
    package = open_package(args.model)
    names = {taxon.name: number for number, taxon in enumerate(package.taxa)}
    cells, taxon = read_records(args.records, names, args.x, args.y, args.taxon, args.crs)
    print(sentence(within_squares(package, Rasters(tuple(args.rasters)), cells, taxon)))


def _describe(args: argparse.Namespace) -> None:
    describe(args.description, args.plots, args.rasters, args.crs, args.x, args.y, args.taxon, args.plot)
    print(f"Description: {args.description}. Correct it, then: geoplantnet-train evaluate {args.description}")


def evaluate(args: argparse.Namespace, model: Model, plots: Plots) -> None:
    """Cross-validate; write ``figures.json`` and the report."""
    cache = args.build / model.name
    if isinstance(model.recipe, AtlasRecipe):
        try:
            cross_validate_atlas(plots, model, cache)
        except KeyboardInterrupt:
            print("Interrupted: figures are of the assignments that are complete.", file=sys.stderr)
        found = atlas_figures(plots, model, cache, read_regions(plots, args.data), groups_of(plots.taxa, args.data))
        report = write_atlas_report
    else:
        cross_validate(plots, model, cache)
        found, report = figures(plots, model, cache), write_report
    (cache / FIGURES).write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    report(cache, found)
    print(f"Figures: {cache / FIGURES}; to read: {cache / 'evaluation.md'}")


def make_trials(args: argparse.Namespace, model: Model, plots: Plots) -> None:
    """Compare changes to the recipe."""
    (args.build / model.name).mkdir(parents=True, exist_ok=True)
    path = args.build / model.name / "tuning.md"
    write_tuning(path, tune(plots, model))
    print(f"Trials: {path}")


def make_package(args: argparse.Namespace, model: Model, plots: Plots) -> None:
    """Fit on all plots and write the package."""
    cache, target = args.build / model.name, args.out / model.name
    found = _figures(cache, model)
    fitted = model.recipe.fit(plots, FINAL_SEED)
    args.out.mkdir(parents=True, exist_ok=True)
    if isinstance(fitted, FittedAtlas):
        write_atlas_model(target, model, plots, fitted, found, args.data)
        write_atlas_report(target, found)
    else:
        write_model(target, model, plots, fitted, found, thresholds(model, plots, cache), args.data)
        write_report(target, found)
    shutil.copyfile(cache / FIGURES, target / FIGURES)
    if model.name in SHIPPED and not isinstance(fitted, FittedAtlas):
        annotate_from(target, plots, scores_of(plots, model, cache), model.recipe.blocks)
    write_training_map(plots, target)
    print(f"Package: {target}")


def make_map(args: argparse.Namespace, model: Model, plots: Plots) -> None:
    """Write the map of the training data into a package that is there."""
    print(f"Map of the training data: {write_training_map(plots, args.out / model.name)}")


def _figures(cache: Path, model: Model) -> dict[str, object]:
    if not (cache / FIGURES).is_file():
        raise DescriptionError(f"{model.name} has not been evaluated yet: run `geoplantnet-train evaluate` first.")
    found: dict[str, object] = json.loads((cache / FIGURES).read_text(encoding="utf-8"))
    return found


def thresholds(model: Model, plots: Plots, cache: Path) -> np.ndarray:
    """Return each taxon's λ from the out-of-fold scores of all block assignments together."""
    scores = scores_of(plots, model, cache)
    return metrics.prevalence_thresholds(np.concatenate([plots.present] * len(scores)), np.concatenate(scores))


def make_fold(args: argparse.Namespace, model: Model, plots: Plots) -> None:
    """Write one fold's model."""
    found = _figures(args.build / model.name, model)
    export_fold(args.out, model, plots, found, args.assignment, args.fold, args.data)
    print(f"Fold model: {args.out}")
