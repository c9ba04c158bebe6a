"""The commands ``cube sources`` and ``cube fetch``, and the jobs ``sources``, ``fetch_estimate`` and ``fetch``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import Cancelled
from geoplantnet_plugin.common.jobs import FetchJob
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.net.fetch import Ready, attributions, prepared, run
from geoplantnet_plugin.engine.cube.net.job import checked, fetch_job
from geoplantnet_plugin.engine.cube.net.presets import Catalogue, read_catalogue, user_file


def register(actions: Any) -> None:
    """Add ``sources`` and ``fetch`` to the actions of ``cube``."""
    sources = actions.add_parser("sources", help="list the sources on the net, with their terms")
    sources.set_defaults(handler=lambda args, reporter: list_sources())
    parser = actions.add_parser("fetch", help="download what an area needs of sources on the net, as predictors")
    parser.add_argument("--area", required=True, help="polygons in any vector format and CRS (FILE|layername=NAME)")
    parser.add_argument("--source", action="append", default=[], metavar="NAME[:VARIABLE,…]",
                        help="a source, or some of its variables (repeatable; see `cube sources`)")
    parser.add_argument("--model", default="", help="fetch only what this model wants")
    parser.add_argument("--from", dest="start", default="", metavar="YYYY-MM-DD", help="first day of satellite images")
    parser.add_argument("--to", dest="end", default="", metavar="YYYY-MM-DD",
                        help="last day of satellite images (default: last year)")
    parser.add_argument("--season", default="", metavar="MM-MM", help="months of satellite images, for example 06-08")
    parser.add_argument("--resolution", type=float, metavar="M",
                        help="resample to pixels of so many metres (default: pixels as the source has them)")
    parser.add_argument("--grid-crs", metavar="EPSG:N", help="projected CRS of resampled pixels")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the rasters")
    parser.add_argument("--yes", action="store_true", help="agree to size and terms without being asked")
    parser.add_argument("--estimate", action="store_true", help="only say what it would cost")
    parser.add_argument("--most-megabytes", type=float, metavar="MB", help="the largest download that is allowed")
    parser.set_defaults(handler=_fetch)


def list_sources() -> dict[str, object]:
    """Return all sources with their variables and terms, and where they are read from."""
    catalogue = read_catalogue()
    entries = [{"name": preset.name, "title": preset.title, "resolution": preset.resolution, "period": preset.period,
                "attribution": preset.attribution, "licence": preset.licence, "terms": preset.terms,
                "documentation": list(preset.documentation), "notes": list(preset.notes),
                "scenes": preset.scenes is not None,
                "variables": [{"name": entry.name, "title": entry.title, "unit": entry.unit}
                              for entry in preset.variables]} for preset in catalogue.presets.values()]
    return {"sources": entries, "files": [str(path) for path in catalogue.files], "text": _table(catalogue)}


def _table(catalogue: Catalogue) -> str:
    parts = []
    for preset in catalogue.presets.values():
        names = ", ".join(variable.name for variable in preset.variables)
        head = f"{preset.name}  {preset.title}, {preset.resolution:g} m"
        parts.append("\n".join([
            f"{head}, {preset.period}" if preset.period else head, f"  variables: {names}",
            "  " + preset.attribution.replace("{years}", "(years)"), f"  {preset.licence}: {preset.terms}",
            *(f"  note: {note}" for note in preset.notes)]))
    read = ", ".join(str(path) for path in catalogue.files)
    return "\n\n".join([*parts, f"Read from {read}. Your own sources: {user_file()}"])


def _fetch(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    job = checked(FetchJob(args.area, args.out.absolute(), tuple(args.source), args.model, args.start, args.end,
                           args.season, args.resolution, args.grid_crs, args.yes, args.most_megabytes))
    with prepared(job, reporter) as ready:
        told = _told(ready)
        if args.estimate:
            return {**told, "text": _shown(ready)}
        if not job.accepted and sys.stdin.isatty():
            ready = replace(ready, job=replace(job, accepted=_agreed(ready)))
        paths = run(ready, reporter)
    return {**told, "out": str(job.out), "files": [str(path) for path in paths],
            "text": "\n".join(str(path) for path in paths)}


def fetch_estimate(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    """The job ``fetch_estimate``: fields of `FetchJob`; gives `estimate`, `products`, `terms`, `limit_megabytes`."""
    with prepared(fetch_job(document), reporter) as ready:
        return _told(ready)


def fetch(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    """The job ``fetch``: as ``fetch_estimate``, with `accepted`; gives also `out` and `files`."""
    job = fetch_job(document)
    with prepared(job, reporter) as ready:
        paths = run(ready, reporter)
        return {**_told(ready), "out": str(job.out), "files": [str(path) for path in paths]}


def _told(ready: Ready) -> dict[str, object]:
    return {"estimate": asdict(ready.cost), "products": [asdict(cost) for cost in ready.costs],
            "limit_megabytes": ready.limit, "terms": attributions(ready.products)}


def _shown(ready: Ready) -> str:
    lines = [f"{cost.title} – files: {cost.files}, requests: about {cost.requests}, {cost.megabytes:.1f} MB"
             for cost in ready.costs]
    terms = [f"{entry['title']}: {entry['attribution']} ({entry['licence']}, {entry['terms']})"
             for entry in attributions(ready.products)]
    whole = ready.cost
    return "\n".join([*lines, render("net_estimate", {"requests": whole.requests, "minutes": f"{whole.minutes:.1f}",
                                                      "megabytes": f"{whole.megabytes:.1f}"}), *terms])


def _agreed(ready: Ready) -> bool:
    print(_shown(ready), file=sys.stderr)
    try:
        answer = input(render("net_question", {}))
    except EOFError:
        answer = ""
    if answer.strip().lower() not in ("y", "yes", "o", "oui"):
        raise Cancelled
    return True
