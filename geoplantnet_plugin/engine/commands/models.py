"""``geoplantnet model list|info|check|package|import|remove``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ModelOptions
from geoplantnet_plugin.common.messages import LANGUAGES, render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.models import readable
from geoplantnet_plugin.engine.models.check import Finding, check_package
from geoplantnet_plugin.engine.models.package import Listed, ModelPackage, list_packages, open_package
from geoplantnet_plugin.engine.models.page import as_html, as_text


def register(subparsers: Any) -> None:
    """Add ``model`` and its commands; each sets ``handler(args, reporter) -> dict`` as a default."""
    model = subparsers.add_parser("model", help="list, read, check, make, install and remove models")
    commands = model.add_subparsers(required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="list the models, for an area those that fit first")
    listing.add_argument("--area", help="polygons in any vector format and CRS: how much of it each knows")
    listing.add_argument("--predictors", nargs="+", default=[], metavar="RASTER_OR_FOLDER")
    listing.set_defaults(handler=lambda args, reporter: offer_models(args.area, args.predictors, reporter)
                         if args.area else list_models(reporter))
    info = _with_model(commands, "info", _info, "show a model's card")
    info.add_argument("--lang", default="en", choices=LANGUAGES, help="language of the card's headings (default: en)")
    _with_model(commands, "check", _check, "explain what is wrong or weak with a model package")
    _with_model(commands, "remove", _remove, "remove one of your own models")
    _add_package(commands)
    _add_import(commands)
    _add_quantize(commands)


def _with_model(commands: Any, name: str, handler: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("model", help="name of a model" if name == "remove" else "name, or path of a folder or zip")
    parser.set_defaults(handler=handler)
    return parser


def _add_package(commands: Any) -> None:
    from geoplantnet_plugin.engine.models.wrap import add_arguments

    parser = commands.add_parser("package", help="make a model package from an ONNX file")
    add_arguments(parser)
    parser.set_defaults(handler=_package)


def _add_import(commands: Any) -> None:
    parser = commands.add_parser(
        "import", help="install a model package, or a published checkpoint",
        description="Install a model package: import PACKAGE (folder or zip). Convert a published checkpoint and "
                    "install it: import KIND FILE.")
    parser.add_argument("source", metavar="PACKAGE_OR_KIND",
                        help="path of a package, or what the checkpoint is, for example geoplant-mme")
    parser.add_argument("file", nargs="?", type=Path, help="checkpoint to convert (.pt, .pth, .ckpt)")
    parser.add_argument("--name", help="name of the converted model")
    parser.add_argument("--taxa", type=Path, help="names of a checkpoint's classes: CSV with id, name …, a row a class")
    parser.set_defaults(handler=_import)


def _add_quantize(commands: Any) -> None:
    from training.workshop.quantize import add_arguments

    parser = commands.add_parser("quantize", help="make a copy in 8-bit integers and measure what it costs")
    add_arguments(parser)
    parser.set_defaults(handler=_quantize)


def list_models(reporter: Reporter) -> dict[str, object]:
    """Return all models (``models``: one summary each) and the same as ``text``."""
    found = list_packages()
    return {"models": [_summary(entry) for entry in found], "text": readable.table(found)}


def offer_models(area: str, predictors: Sequence[str], reporter: Reporter) -> dict[str, object]:
    """Return the models for an area (``offers``: the best first) and the same as ``text``."""
    from geoplantnet_plugin.engine.assess.offer import offer_line, offers
    from geoplantnet_plugin.engine.where.area import read_area

    found = offers(read_area(area, None, reporter), ModelOptions(predictors=tuple(predictors)), reporter)
    lines = [f"{'*' if offer.fits else ' '} {offer_line(offer)}" for offer in found]
    if not any(offer.fits for offer in found):
        lines.append(render("offer_published", {}))
    return {"offers": [{"name": offer.name, "title": offer.title, "share": offer.share, "fits": offer.fits,
                        "problem": None if offer.problem is None else {"code": offer.problem.code,
                                                                       "params": offer.problem.params}}
                       for offer in found], "text": "\n".join(lines)}


def _summary(entry: Listed) -> dict[str, object]:
    head: dict[str, object] = {"name": entry.name, "bundled": entry.bundled, "folder": str(entry.folder)}
    if entry.card is None:
        return {**head, "problem": str(entry.problem)}
    card = entry.card
    return {**head, "title": card.title, "version": card.version, "description": card.description,
            "licence": card.licence, "scale": card.scale.value, "resolution": card.resolution,
            "default_rule": card.default_rule, "simulated": card.simulated,
            "predictors": [{"name": p.name, "title": p.title, "unit": p.unit} for p in card.predictors]}


def model_info(name_or_path: str, language: str) -> dict[str, object]:
    """Return a model's card (``model``), and the same in `language` (or English) as ``text`` and as ``html``."""
    package = open_package(name_or_path)
    head = {"taxa": len(package.taxa), "digest": package.digest, "folder": str(package.folder),
            "bundled": package.bundled}
    page = readable.card_page(package, language if language in LANGUAGES else "en")
    return {"model": {**asdict(package.card), **head}, "text": as_text(page), "html": as_html(page)}


def _info(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    found = model_info(args.model, args.lang)
    return {"model": found["model"], "text": found["text"]}


def _check(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    return check_model(args.model, reporter)


def check_model(name_or_path: str, reporter: Reporter) -> dict[str, object]:
    """Say in a warning each what is weak or wrong with a model (``findings``); raise `EngineError` when it is wrong."""
    findings = check_package(name_or_path)
    for finding in findings:
        reporter.warning(finding.code, **finding.params)
    errors = sum(finding.severity == "error" for finding in findings)
    if errors:
        raise EngineError("model_check_failed", model=name_or_path, errors=errors)
    text = f"{name_or_path}: card, graph and taxa agree; a trial run gave scores as the card says."
    return {"findings": [_plain(finding) for finding in findings], "text": text}


def _plain(finding: Finding) -> dict[str, object]:
    return {"severity": finding.severity, "code": finding.code, "text": finding.text}


def _remove(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    return remove_model(args.model)


def remove_model(name: str) -> dict[str, object]:
    """Remove one of the user's own models."""
    from geoplantnet_plugin.engine.models.library import remove

    folder = remove(name)
    return {"removed": name, "folder": str(folder), "text": f"Removed {folder}"}


def _package(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.models.wrap import wrap

    package, weak = wrap(args, reporter)
    return _made(package, weak, reporter)


def _import(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    if args.file is None:
        return import_model(args.source, reporter)
    return _made(*_convert(args, reporter), reporter)


def import_model(path: str, reporter: Reporter) -> dict[str, object]:
    """Install the package at `path` (folder or zip) among the user's models."""
    from geoplantnet_plugin.engine.models.library import install

    return _made(*install(Path(path)), reporter)


def _convert(args: argparse.Namespace, reporter: Reporter) -> tuple[ModelPackage, list[Finding]]:
    try:
        from training.workshop.importers import import_checkpoint
    except ImportError as error:  # the QGIS plugin's zip does not hold them
        raise EngineError("model_importers_absent") from error
    return import_checkpoint(args.source, args.file, args.name or args.source, args.taxa, reporter)


def _quantize(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    from training.workshop.quantize import quantize

    package, moved, weak = quantize(args, reporter)
    made = _made(package, weak, reporter)
    text = (f"{made['text']}\nOver {moved.cells} other cells its scores differ by {moved.score_mean:.2g} in the mean, "
            f"{moved.score_max:.2g} at most; {moved.top_kept:.1%} of the best {moved.top} taxa are the same.")
    return {**made, "deviation": asdict(moved), "text": text}


def _made(package: ModelPackage, weak: list[Finding], reporter: Reporter) -> dict[str, object]:
    for finding in weak:
        reporter.warning(finding.code, **finding.params)
    text = f"{package.card.name} ({len(package.taxa)} taxa) is in {package.folder}"
    return {"name": package.card.name, "folder": str(package.folder), "taxa": len(package.taxa), "text": text}
