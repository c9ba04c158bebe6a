"""The commands ``cube sources`` and ``cube fetch``, and the jobs ``sources``, ``fetch_estimate`` and ``fetch``."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace

from geoplantnet_plugin.common.errors import Cancelled
from geoplantnet_plugin.common.jobs import FetchJob
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.assess import AREA
from geoplantnet_plugin.engine.commands.command import Command, Nothing, Result, typed
from geoplantnet_plugin.engine.cube.net.fetch import Ready, attributions, prepared, run
from geoplantnet_plugin.engine.cube.net.job import fetch_job
from geoplantnet_plugin.engine.cube.net.presets import Catalogue, read_catalogue, user_file


def list_sources(asked: Nothing, reporter: Reporter) -> Result:
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


def fetch(job: FetchJob, reporter: Reporter) -> Result:
    """Fetch, or with `estimate` only say what that would cost; whoever sits at a terminal is asked to agree."""
    with prepared(job, reporter) as ready:
        told = _told(ready)
        if job.estimate:
            return {**told, "text": _shown(ready)}
        if not job.accepted and sys.stdin.isatty():
            ready = replace(ready, job=replace(job, accepted=_agreed(ready)))
        paths = run(ready, reporter)
    return {**told, "out": str(job.out), "files": [str(path) for path in paths],
            "text": "\n".join(str(path) for path in paths)}


def _estimate(job: FetchJob, reporter: Reporter) -> Result:
    return fetch(replace(job, estimate=True), reporter)


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


COMMANDS = (
    Command(list_sources, Nothing, "cube sources", "list the sources on the net, with their terms", job="sources"),
    Command(
        fetch, FetchJob, "cube fetch", "download what an area needs of sources on the net, as predictors", (
            AREA, typed("sources", "a source, or some of its variables (repeatable; see `cube sources`)", "--source",
                        action="append", nargs=None, metavar="NAME[:VARIABLE,…]"),
            typed("model", "fetch only what this model wants"),
            typed("start", "first day of satellite images", "--from", metavar="YYYY-MM-DD"),
            typed("end", "last day of satellite images (default: last year)", "--to", metavar="YYYY-MM-DD"),
            typed("season", "months of satellite images, for example 06-08", metavar="MM-MM"),
            typed("resolution", "resample to pixels of so many metres (default: pixels as the source has them)",
                  metavar="M"),
            typed("grid_crs", "projected CRS of resampled pixels", metavar="EPSG:N"),
            typed("out", "folder for the rasters", metavar="DIR"),
            typed("accepted", "agree to size and terms without being asked", "--yes"),
            typed("estimate", "only say what it would cost"),
            typed("most_megabytes", "the largest download that is allowed", metavar="MB")),
        job="fetch", read=fetch_job),
    Command(_estimate, FetchJob, job="fetch_estimate", read=fetch_job),
)
