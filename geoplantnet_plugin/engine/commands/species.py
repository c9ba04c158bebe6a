"""The commands ``geoplantnet species profile|photos|months`` and their jobs: one species, looked at closely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from geoplantnet_plugin.common.jobs import MonthsRequest, PhotosRequest, ProfileRequest
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Command, Result, placed, typed


def _profile(asked: ProfileRequest, reporter: Reporter) -> Result:
    """Return altitudes, responses and months; ``text`` says them in short."""
    from geoplantnet_plugin.engine.species.profile import profile

    found = profile(asked, reporter)
    return {**found, "text": "\n".join(_lines(found))}


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield str(found["name"])
    if told := found.get("altitudes"):
        yield render("species_altitudes", {
            "source": told["source"], "site": told["site_quantiles"],
            "predicted": told["predicted_quantiles"] or ["–"], "count": sum(told["predicted"])})
    if told := found.get("responses"):
        yield render("species_responses", {"cells": told["cells"], "scale": told["scale"]})
        for curve in told["curves"]:
            best = max(range(len(curve["scores"])), key=curve["scores"].__getitem__)
            yield (f"  {curve['predictor']}: {min(curve['scores']):.3g} – {max(curve['scores']):.3g}, "
                   f"max at {curve['values'][best]:.4g} {curve['unit']}")
    if told := found.get("months"):
        yield render("species_months", {"records": sum(told["counts"]), "file": told["file"],
                                        "counts": told["counts"], "undated": told["undated"]})
    for name, reason in found["absent"].items():
        yield f"{name}: {render(reason['code'], reason['params'])}"


def _photos(asked: PhotosRequest, reporter: Reporter) -> Result:
    """Return the photos, and whom GBIF's data are to be credited to."""
    from geoplantnet_plugin.engine.services.gbif import photos
    from geoplantnet_plugin.engine.services.settings import read_services

    services = read_services()
    found = photos(asked, services, reporter)
    return {"photos": [asdict(photo) for photo in found], "attribution": services.gbif.attribution,
            "text": "\n".join(f"{photo.file}: {photo.author}, {photo.licence}, {photo.page}" for photo in found)
            or render("gbif_no_photos", {"name": asked.name})}


def _months(asked: MonthsRequest, reporter: Reporter) -> Result:
    """Return GBIF's records by month, the day they were counted, and whom they are to be credited to."""
    from geoplantnet_plugin.engine.services.gbif_months import recorded_months
    from geoplantnet_plugin.engine.services.settings import read_services

    services = read_services()
    found = asdict(recorded_months(asked, services, reporter))
    return {**found, "attribution": services.gbif.attribution, "text": render("gbif_months", {
        "name": asked.name, "records": sum(found["counts"]), "counts": found["counts"], "undated": found["undated"],
        "country": found["country"] or "*", "day": found["day"], "page": found["page"]})}


GROUPS = {"species": "one species: what an assessment says of it, photos, months"}
COMMANDS = (
    Command(
        _profile, ProfileRequest, "species profile", "altitude profile, response curves and months of one species", (
            placed("folder", "a finished assessment"),
            typed("taxon", "id or accepted name of the species"),
            typed("dem", "raster of altitudes in metres (default: a predictor that is one)", metavar="RASTER"),
            typed("records", "table of records with dates (Darwin Core, CSV): they are counted by month"),
            typed("model", "where the assessment's model is here (default: the one that it names)"),
            typed("predictors", "where its predictors are here (default: those that it names)",
                  metavar="RASTER_OR_FOLDER")),
        job="species_profile", opens="folder"),
    Command(
        _photos, PhotosRequest, "species photos", "photos from GBIF with their authors and licences; asks the net", (
            placed("name", "scientific name"), typed("out", "folder for the photos"),
            typed("gbif_id", "the species' key in GBIF's backbone (default: by its name)"),
            typed("most", "how many (default 6)"), typed("plantnet", "of Pl@ntNet's observations alone")),
        job="species_photos"),
    Command(
        _months, MonthsRequest, "species months", "GBIF's records of a species by month; asks the net", (
            placed("name", "scientific name"), typed("gbif_id", "the species' key in GBIF's backbone"),
            typed("country", "records of this country alone (ISO 3166, ES)", metavar="CODE")),
        job="species_months"),
)
