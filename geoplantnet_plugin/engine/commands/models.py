"""The commands ``geoplantnet model list|info|check|package|import|remove``, and the jobs about models."""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ModelOptions, ModelRequest
from geoplantnet_plugin.common.messages import LANGUAGES, render
from geoplantnet_plugin.engine.base.events import SILENT, Reporter
from geoplantnet_plugin.engine.base.limited import limited
from geoplantnet_plugin.engine.commands.command import Added, Command, Result, placed, typed
from geoplantnet_plugin.engine.models import readable
from geoplantnet_plugin.engine.models.check import Finding, check_package
from geoplantnet_plugin.engine.models.package import Listed, ModelPackage, list_packages, open_package
from geoplantnet_plugin.engine.models.page import as_html, as_text

IMPORTERS = "geoplantnet.importers"
"""Group of entry points: functions that make a package of a checkpoint."""


@dataclass(frozen=True)
class ImportModelRequest:
    """The package `source`; or the checkpoint `file` of the kind `source`, its name and the names of its classes."""

    source: str
    file: Path | None = None
    name: str = ""
    taxa: Path | None = None


@dataclass(frozen=True)
class ListModelsRequest:
    """All models; with an `area` (a vector file) those that fit it first, `predictors` being the person's rasters."""

    area: str = ""
    predictors: tuple[str, ...] = ()


def list_models(asked: ListModelsRequest, reporter: Reporter) -> Result:
    """Return all models (``models``: one summary each), or those for an area, and the same as ``text``."""
    if asked.area:
        return _offered(asked, reporter)
    found = list_packages()
    return {"models": [_summary(entry) for entry in found], "text": readable.table(found)}


def _offered(asked: ListModelsRequest, reporter: Reporter) -> Result:
    """Return the models for an area (``offers``: the best first) and the same as ``text``."""
    from geoplantnet_plugin.engine.assess.offer import offer_entry, offer_line, offers
    from geoplantnet_plugin.engine.cube.plan import open_sources
    from geoplantnet_plugin.engine.where.area import read_area

    options = ModelOptions(predictors=asked.predictors)
    found = offers(read_area(asked.area, None, reporter), options, open_sources(options.predictors, reporter), reporter)
    lines = [f"{'*' if offer.fits else ' '} {offer_line(offer)}" for offer in found]
    if not any(offer.fits for offer in found):
        lines.append(render("offer_published", {}, typed=True))
    return {"offers": [offer_entry(offer) for offer in found], "text": "\n".join(lines)}


def _summary(entry: Listed) -> dict[str, object]:
    head: dict[str, object] = {"name": entry.name, "bundled": entry.bundled, "folder": str(entry.folder)}
    if entry.card is None:
        return {**head, "problem": str(entry.problem)}
    card = entry.card
    return {**head, "title": card.title, "version": card.version, "description": card.description,
            "licence": card.licence, "scale": card.scale.value, "resolution": card.resolution,
            "default_rule": card.default_rule, "simulated": card.simulated,
            "predictors": [{"name": p.name, "title": p.title, "unit": p.unit} for p in card.predictors]}


def model_info(asked: ModelRequest, reporter: Reporter) -> Result:
    """Return a model's card (``model``), and the same for people as ``text`` (``card`` for a program) and ``html``."""
    package = open_package(asked.model)
    head = {"taxa": len(package.taxa), "digest": package.digest, "folder": str(package.folder),
            "bundled": package.bundled}
    page = readable.card_page(package, asked.language if asked.language in LANGUAGES else "en")
    text = as_text(page)
    return {"model": {**asdict(package.card), **head}, "card": text, "html": as_html(page), "text": text}


def check_model(asked: ModelRequest, reporter: Reporter) -> Result:
    """Say in a warning each what is weak or wrong with a model (``findings``); raise `EngineError` when it is wrong."""
    findings = limited(check_package, asked.model, reporter=reporter)
    for finding in findings:
        reporter.warning(finding.code, **finding.params)
    errors = sum(finding.severity == "error" for finding in findings)
    if errors:
        raise EngineError("model_check_failed", model=asked.model, errors=errors)
    text = f"{asked.model}: card, graph and taxa agree; a trial run gave scores as the card says."
    return {"findings": [_plain(finding) for finding in findings], "text": text}


def _plain(finding: Finding) -> dict[str, object]:
    return {"severity": finding.severity, "code": finding.code, "text": finding.text}


def remove_model(asked: ModelRequest, reporter: Reporter) -> Result:
    """Remove one of the user's own models."""
    from geoplantnet_plugin.engine.models.library import remove

    folder = remove(asked.model)
    return {"removed": asked.model, "folder": str(folder), "text": f"Removed {folder}"}


def _add_package(parser: argparse.ArgumentParser) -> None:
    from geoplantnet_plugin.engine.models.wrap import add_arguments

    add_arguments(parser)


def _package(typed: argparse.Namespace, reporter: Reporter) -> Result:
    from geoplantnet_plugin.engine.models.wrap import describe
    from geoplantnet_plugin.engine.models.write import write_package

    return made(*limited(write_package, *describe(typed, reporter), reporter=reporter), reporter)


def _import(asked: ImportModelRequest, reporter: Reporter) -> Result:
    if asked.file is None:
        return import_model(ModelRequest(asked.source), reporter)
    convert = _importer()
    package, weak = limited(convert, asked.source, asked.file, asked.name or asked.source, asked.taxa, SILENT,
                            reporter=reporter)
    return made(package, weak, reporter)


def _importer() -> Any:
    """Return the function that converts checkpoints; the plugin's zip holds none, a checkout's workshop does."""
    for entry in entry_points(group=IMPORTERS):
        try:
            return entry.load()
        except ImportError:
            continue
    raise EngineError("model_importers_absent")


def import_model(asked: ModelRequest, reporter: Reporter) -> Result:
    """Install a package (folder or zip) among the user's models."""
    from geoplantnet_plugin.engine.models.library import install

    return made(*limited(install, Path(asked.model), reporter=reporter), reporter)


def made(package: ModelPackage, weak: list[Finding], reporter: Reporter) -> Result:
    """Tell what is `weak` about a new package, and where it is."""
    for finding in weak:
        reporter.warning(finding.code, **finding.params)
    text = f"{package.card.name} ({len(package.taxa)} taxa) is in {package.folder}"
    return {"name": package.card.name, "folder": str(package.folder), "taxa": len(package.taxa), "text": text}


MODEL = placed("model", "name, or path of a folder or zip")
GROUPS = {"model": "list, read, check, make, install and remove models"}
COMMANDS = (
    Command(
        list_models, ListModelsRequest, "model list", "list the models, for an area those that fit first", (
            typed("area", "polygons in any vector format and CRS: how much of it each knows"),
            typed("predictors", metavar="RASTER_OR_FOLDER")),
        job="models"),
    Command(
        model_info, ModelRequest, "model info", "show a model's card", (
            MODEL, typed("language", "language of the card's headings (default: en)", "--lang", choices=LANGUAGES)),
        job="model_info"),
    Command(check_model, ModelRequest, "model check", "explain what is wrong or weak with a model package", (MODEL,),
            job="model_check"),
    Command(remove_model, ModelRequest, "model remove", "remove one of your own models",
            (placed("model", "name of a model"),), job="model_remove"),
    Command(_package, argparse.Namespace, "model package", "make a model package from an ONNX file",
            (Added(_add_package),)),
    Command(
        _import, ImportModelRequest, "model import",
        "install a model package (import PACKAGE), or convert a published checkpoint and install it "
        "(import KIND FILE)", (
            placed("source", "path of a package, or what the checkpoint is, for example geoplant-mme",
                   metavar="PACKAGE_OR_KIND"),
            placed("file", "checkpoint to convert (.pt, .pth, .ckpt)", nargs="?"),
            typed("name", "name of the converted model"),
            typed("taxa", "names of a checkpoint's classes: CSV with id, name …, a row a class"))),
    Command(import_model, ModelRequest, job="model_import"),
)
