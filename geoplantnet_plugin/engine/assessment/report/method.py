"""How an assessment was made: method, model card, sources, limits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from geoplantnet_plugin.common.messages import render, said
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report.credits import predictor_sources
from geoplantnet_plugin.engine.assessment.report.model import Table
from geoplantnet_plugin.engine.assessment.report.texts import Texts, domain_sentence


def facts(folder: AssessmentFolder, text: Texts) -> list[tuple[str, str]]:
    """Return label and text of everything that fixes the result."""
    document = folder.document
    origin, grid, coverage = document["score_source"], document["grid"], document["coverage"]
    model = document.get("model") or {}
    rows = [
        ("source", f"{origin['title']} {origin['version']} ({origin['kind']}, {origin['taxa']} {text('taxa')})"),
        ("description", text.quoted(model["description"]) if model.get("description") else ""),
        ("scale", text(f"scale_{origin['scale']}")),
        ("rule", folder.rule(text.language)),
        ("grid", text("grid", crs=grid["crs"], resolution=f"{grid['resolution']:g}",
                      effective=f"{grid['effective_resolution']:g}")),
        ("cells", _cells(document, text)),
        ("states", _states(document, text)),
        ("domain", "" if coverage is None else domain_sentence(folder, text)),
        ("licence", origin["licence"]),
        ("attribution", origin["attribution"]),
        ("digest", origin["digest"][:23]),
        ("retrieved", origin.get("retrieved", "")),
        ("warnings", " ".join(render(entry["code"], entry["params"], text.language)
                              for entry in document.get("warnings", ()))),
        ("software", ", ".join(f"{name} {version}" for name, version in document.get("software", {}).items())),
        ("created", document["created"]),
    ]
    return [(text(f"method_{name}"), str(value)) for name, value in rows if value]


def tables(folder: AssessmentFolder, text: Texts) -> list[Table]:
    """Return the tables of the method: evaluation, predictors, indicators, lists."""
    model = folder.document.get("model") or {}
    candidates = [_evaluation(model, text), _training(model, text), _predictors(folder, text),
                  _quality(folder, text),
                  predictor_sources(folder.document["predictors"], text),
                  _indicators(folder, text), _lists(folder, text)]
    return [table for table in candidates if table.rows]


def limits(folder: AssessmentFolder, text: Texts) -> list[str]:
    """Return what the result must not be used for: general limits, then the model card's."""
    model = folder.document.get("model") or {}
    general = ("prediction", "lists") if folder.document.get("ranks") else ("prediction", "area", "lists")
    return [*(text(f"limit_{name}") for name in general),
            *(text.quoted(str(limit)) for limit in model.get("limits", ()))]


def _cells(document: Mapping[str, Any], text: Texts) -> str:
    coverage = document["coverage"]
    if ranks := document.get("ranks"):
        return text("cells_ranks", side=f"{ranks['side'] / 1000:g}")
    if coverage is None:
        return text("cells_pool", side=f"{document['survey']['side'] / 1000:g}")
    return text("cells", cells=coverage["cells"], all=coverage["area_cells"],
                missing=100 * float(coverage["missing_share"]))


def _states(document: Mapping[str, Any], text: Texts) -> str:
    """What published maps say of the cells; nothing for a model."""
    states = document.get("cell_states")
    if not states:
        return ""
    names = ("valid", "below_floor", "missing", "outside")
    whole = sum(states[name] for name in names)
    shares = {name: text.number(100 * states[name] / whole, 1) for name in names} if whole else {}
    return text("states", cells=states["cells"], silent=states["taxa_without_score"], **shares) if whole else ""


def _evaluation(model: dict[str, Any], text: Texts) -> Table:
    rows = []
    for entry in model.get("evaluation", ()):
        interval = entry.get("interval")
        value = text.number(entry["value"], 3)
        if interval:
            value += f" ({text.number(interval[0], 3)} – {text.number(interval[1], 3)})"
        baselines = ", ".join(f"{name} {text.number(score, 3)}" for name, score in entry["baselines"].items())
        rows.append([entry["protocol"], entry["metric"], value, baselines or "–"])
    return Table(text("table_evaluation"), [text(f"column_{name}") for name in ("protocol", "metric", "score",
                                                                                "baselines")],
                 rows, (40, 20, 18, 32))


def _training(model: dict[str, Any], text: Texts) -> Table:
    rows = [[str(entry.get("title", "")), str(entry.get("source", "")), str(entry.get("licence", "")),
             str(entry.get("plots", ""))] for entry in model.get("training", ())]
    return Table(text("table_training"), [text(f"column_{name}") for name in ("data", "origin", "licence", "plots")],
                 rows, (40, 36, 20, 10), frozenset((3,)))


def _predictors(folder: AssessmentFolder, text: Texts) -> Table:
    rows = [[str(entry.get("name", "")), str(entry.get("unit", "")), PurePath(str(entry.get("source", ""))).name,
             str(entry.get("band", "")), str(entry.get("crs", "")), f"{entry['resolution']:g}"
             if isinstance(entry.get("resolution"), (int, float)) else ""] for entry in folder.document["predictors"]]
    return Table(text("table_predictors"), [text(f"column_{name}") for name in ("predictor", "unit", "file", "band",
                                                                                "crs", "metres")],
                 rows, (20, 34, 26, 8, 14, 8), frozenset((3, 5)))


def _quality(folder: AssessmentFolder, text: Texts) -> Table:
    """The predictors of which something is to be told: gaps, cut values, values beyond the training data."""
    shares = ("gaps", "clamped", "extrapolated")
    told = {str(entry.get("predictor", "")): [text.number(share, 2) for share in found]
            for entry in folder.document["predictors"] if any(found := [_share(entry.get(name)) for name in shares])}
    return Table(text("table_quality"), [text(f"column_{name}") for name in ("predictor", *shares)],
                 [[name, *values] for name, values in told.items()], (50, 20, 20, 20), frozenset((1, 2, 3)))


def _share(value: object) -> float:
    """Return a share of the manifest, 0 for what is none."""
    return float(value) if isinstance(value, (int, float)) else 0.0


def _indicators(folder: AssessmentFolder, text: Texts) -> Table:
    rows = [[folder.title(entry["id"], text.language), folder.unit(entry["id"], text.language),
             said(entry, "definition", text.language),
             str(entry["known"])] for entry in folder.document["indicators"]]
    return Table(text("table_indicators"), [text(f"column_{name}") for name in ("indicator", "unit", "definition",
                                                                                "known")],
                 rows, (24, 14, 60, 10), frozenset((3,)))


def _lists(folder: AssessmentFolder, text: Texts) -> Table:
    rows = [[text.list_title(info), info.instrument, info.territory or text("anywhere"), info.date,
             "; ".join(part for part in (info.source, info.licence) if part), str(info.names), str(info.matched)]
            for info in folder.taxa.lists]
    return Table(text("table_lists"), [text(f"column_{name}") for name in ("list", "instrument", "territory", "date",
                                                                           "origin", "names", "matched")],
                 rows, (26, 22, 12, 14, 26, 9, 14), frozenset((5, 6)))
