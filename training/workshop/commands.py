"""The commands that a checkout of the project adds to the engine's: ``model quantize`` and ``plantbert``."""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path

from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Added, Command, Result, placed, typed
from geoplantnet_plugin.engine.commands.models import made


def _add(parser: argparse.ArgumentParser) -> None:
    from training.workshop.quantize import add_arguments

    add_arguments(parser)


def _quantize(typed: argparse.Namespace, reporter: Reporter) -> Result:
    from training.workshop.quantize import quantize

    package, moved, weak = quantize(typed, reporter)
    done = made(package, weak, reporter)
    text = (f"{done['text']}\nOver {moved.cells} other cells its scores differ by {moved.score_mean:.2g} in the mean, "
            f"{moved.score_max:.2g} at most; {moved.top_kept:.1%} of the best {moved.top} taxa are the same.")
    return {**done, "deviation": asdict(moved), "text": text}


@dataclass(frozen=True)
class ImportRequest:
    """A folder with a Pl@ntBERT checkpoint, and the new folder that it is converted into."""

    folder: Path
    out: Path


@dataclass(frozen=True)
class HabitatsRequest:
    """An assessment, an imported Pl@ntBERT, and the table to write."""

    assessment: Path
    model: Path
    out: Path


def _import(asked: ImportRequest, reporter: Reporter) -> Result:
    from training.workshop.plantbert.classifier import import_classifier

    made = import_classifier(asked.folder, asked.out)
    return {"out": str(asked.out), "habitats": len(made.labels),
            "text": f"{asked.out}: a classifier of {len(made.labels)} habitats."}


def _habitats(asked: HabitatsRequest, reporter: Reporter) -> Result:
    from geoplantnet_plugin.engine.assessment.opening import reading_foreign
    from geoplantnet_plugin.engine.assessment.reading import open_folder
    from training.workshop.plantbert.classifier import Classifier
    from training.workshop.plantbert.habitats import classify, distinct, unknown_share, write_habitats

    classifier = Classifier(asked.model)
    with reading_foreign(asked.assessment):
        assemblages = distinct(open_folder(asked.assessment), reporter)
    told = classify(assemblages, classifier, reporter)
    write_habitats(asked.out, told)
    unknown, silent = unknown_share(told), sum(not one.best for one in told)
    return {"out": str(asked.out), "assemblages": len(told), "without_habitat": silent, "unknown_share": unknown,
            "text": f"{asked.out}: {len(told)} distinct assemblages, {silent} of them without a name that the "
                    f"vocabulary knows and so without habitat. {unknown:.1%} of the species' names are unknown to it "
                    "and were left out. Species were read in the order of their mean score, which is no abundance."}


GROUPS = {"plantbert": "EUNIS habitats of assemblages, from a Pl@ntBERT checkpoint of your own"}
COMMANDS = (
    Command(_quantize, argparse.Namespace, "model quantize",
            "make a copy in 8-bit integers and measure what it costs", (Added(_add),)),
    Command(_import, ImportRequest, "plantbert import", "convert a checkpoint to ONNX with its tokenizer", (
        placed("folder", "folder with config.json, model.safetensors and tokenizer.json or vocab.txt", metavar="DIR"),
        typed("out", "folder to write", metavar="DIR"))),
    Command(_habitats, HabitatsRequest, "plantbert habitats", "tell the habitat of every distinct assemblage", (
        placed("assessment", "folder of the assessment", metavar="ASSESSMENT"),
        typed("model", "folder that `plantbert import` wrote", metavar="DIR"),
        typed("out", "table to write (CSV)", metavar="CSV"))),
)
