"""How the options of every kind of score source are typed: the same wherever scores are asked for."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from geoplantnet_plugin.common.jobs import ModelOptions, PublishedOptions, ServiceOptions
from geoplantnet_plugin.engine.commands.command import Argument, Arguments, Titled, typed
from geoplantnet_plugin.engine.sources.table import option_kinds

MODEL = (
    typed("model", "name of a bundled or imported model, or a package's path"),
    typed("predictors", "rasters, folders of rasters, addresses of GeoTIFFs, STAC items, saved plans",
          metavar="RASTER_OR_FOLDER"),
    typed("predictor_crs", "CRS of rasters that carry none", metavar="EPSG:N"))

BIND = typed("bind", "take this band for a predictor: its number or its name (repeat it for others)",
             action="append", nargs=None, metavar="NAME=FILE[:BAND]")

SPEED = (
    typed("speed", "how patches of neighbouring cells are encoded; nearly so only where it is good enough",
          choices=("exact", "balanced", "fast")),
    typed("tolerance", "least mean Jaccard index of the best taxa with the exact ones (default 0.95)", metavar="J"),
    typed("device", "what runs the model: cpu (default), or cuda, dml, coreml … as ONNX Runtime has it here"))

PUBLISHED = (
    typed("source_url", "catalogue of the maps (default: GeoPl@ntNet's)", metavar="URL"),
    typed("species", "only these species: a text file, one name a line", metavar="FILE"),
    typed("families", "only this family (needs --known; repeatable)", "--family", action="append", nargs=None),
    typed("statuses", "only species on a list of this kind: invasive, eu_directive, … (repeatable)", "--status",
          action="append", nargs=None, metavar="KIND"),
    typed("flora", "only species of this Pl@ntNet flora (see `flora near`; needs a key)", metavar="PROJECT"),
    typed("api_url", "address of the Pl@ntNet API (default: its own)", metavar="URL"),
    typed("known", "table with families and full names of taxa", metavar="TAXA.csv"),
    typed("accept_terms", "you have read the terms of the data (`published terms`) and accept them"),
    typed("offline", "use what is in the cache, ask nobody"))


SERVICE = (
    typed("service", "address of the service; the token is in GEOPLANTNET_SERVICE_TOKEN", metavar="URL"),
    typed("model", "one of its models (default: the only one)"),
    typed("cube", "one of its cubes of predictors (default: the only one for the model)"))


@dataclass(frozen=True)
class Options:
    """The arguments that fill the options of a score source."""

    options: type[Any]
    arguments: Sequence[Argument]

    def add(self, parser: argparse.ArgumentParser, request: type[Any]) -> None:
        """Add them."""
        for argument in self.arguments:
            argument.add(parser, self.options)


DECLARED: Mapping[str, tuple[str, Sequence[Argument]]] = {
    ModelOptions.KIND: ("a model on this computer", (*MODEL, BIND, *SPEED)),
    PublishedOptions.KIND: ("published maps instead of a model", PUBLISHED),
    ServiceOptions.KIND: ("a service instead of this computer (--model names one of its own)", SERVICE),
}
"""Kind of score source → title and arguments; of any other kind each option is typed after its name."""


def source_arguments() -> list[Arguments]:
    """Return the arguments that say where scores come from, those of each kind of source below its title."""
    kinds = option_kinds()
    known: set[str] = set()
    found: list[Arguments] = [typed("source", f"{' or '.join(kinds)} (default: {ModelOptions.KIND})")]
    for kind, options in kinds.items():
        every = [typed(entry.name) for entry in fields(options)]
        title, arguments = DECLARED.get(kind, (f"score source {kind}", every))
        found.append(Titled(title, [Options(options, [entry for entry in arguments if entry.field not in known])]))
        known |= {entry.field for entry in arguments}
    return found
