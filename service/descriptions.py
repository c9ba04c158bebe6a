"""The processes as the standard describes them: complete enough that a generic client makes its form from them."""

from __future__ import annotations

from typing import Any

from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.assemblage import RULES
from geoplantnet_plugin.engine.indicators import INDICATORS

from .offered import Catalogue
from .request_area import CRS84
from .settings import Limits

ASYNC, SYNC = "async-execute", "sync-execute"
_OBJECT = {"type": "object", "contentMediaType": "application/json"}


def describe(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """Return the description of every process by its id."""
    place, asked = _place(catalogue.settings.limits), _asked(catalogue)
    return {
        "assess": _process(
            "assess", "Assess an area", "Which plants are likely to grow on a piece of land, and what that means for "
            "its protection: assemblages, indicators, coverage and maps as one assessment folder.", ASYNC,
            {**place, **asked, **_choices()}, _assess_outputs()),
        "estimate": _process(
            "estimate", "Estimate an assessment", "Cells, megabytes, minutes and place in the queue of an assessment. "
            "No job is made, and nothing of the request is kept.", SYNC, {**place, **asked},
            {"estimate": _output("Estimate", _OBJECT)}),
        "coverage": _process(
            "coverage", "Coverage of a polygon", "Share of the polygon's cells whose assemblage holds each taxon, from "
            "a finished assessment of your own or a published map.", SYNC,
            {**{name: place[name] for name in ("area", "crs")},
             "map": _input("Map", "Id of a finished assess job, or name of a published map.",
                           {"type": "string", "minLength": 1, "maxLength": 100})},
            {"coverage": _output("Coverage", _OBJECT)}),
        "report": _process(
            "report", "Report of an assessment", "HTML and PDF, written into the folder of a finished assessment.",
            ASYNC, {"assessment": _input("Assessment", "Id of a finished assess job.",
                                         {"type": "string", "format": "uuid", "maxLength": 36}),
                    **{name: _optional(title, title, {"type": "string", "maxLength": 200})
                       for name, title in (("title", "Title"), ("client", "Client"), ("site", "Name of the site"),
                                           ("author", "Author"))},
                    "country": _country(), "language": _language()},
            {"html": _output("Report (HTML)", {"type": "string", "contentMediaType": "text/html"}),
             "pdf": _output("Report (PDF)", {"type": "string", "contentMediaType": "application/pdf",
                                             "contentEncoding": "binary"})}),
    }


def _place(limits: Limits) -> dict[str, Any]:
    return {
        "area": _input("Area", "Polygons as a GeoJSON geometry, feature or feature collection.", {
            "type": "object", "contentMediaType": "application/geo+json", "required": ["type"],
            "properties": {"type": {"enum": ["Polygon", "MultiPolygon", "Feature", "FeatureCollection"]}}}),
        "crs": _optional("CRS", "CRS of the area's coordinates, x before y (EPSG:3035, or an OGC URI).",
                         {"type": "string", "maxLength": 100, "default": CRS84}),
        "resolution": _optional("Cell size", "Side of a cell in metres (50 where nothing else is asked).", {
            "type": "number", "minimum": limits.least_resolution, "maximum": 100_000}),
    }


def _asked(catalogue: Catalogue) -> dict[str, Any]:
    return {"model": _input("Model", "One of the offered models (see /collections/models).",
                            {"type": "string", "enum": sorted(catalogue.models)}),
            "cube": _input("Cube", "One of the offered cubes of predictors (see /collections/cubes).",
                           {"type": "string", "enum": sorted(catalogue.cubes)})}


def _choices() -> dict[str, Any]:
    habitats = sorted(path.stem for path in (RESOURCES / "habitats").glob("*.csv"))
    return {
        "set_rule": _optional("Set rule", "How taxa are taken as present: NAME or NAME:VALUE, of " + ", ".join(RULES)
                              + ". Without one, the model's own.", {"type": "string", "maxLength": 60}),
        "indicators": _optional("Indicators", "Without any, all that can be computed.", {
            "type": "array", "uniqueItems": True, "items": {"type": "string", "enum": ["all", *INDICATORS]}}),
        "country": _country(),
        "areas_by": _optional("Areas told apart by", "Name of a property of the features.",
                              {"type": "string", "maxLength": 100}),
        "habitats": _optional("Habitat table", "A table of habitat types.", {"type": "string", "enum": habitats}),
        "language": _language(),
    }


def _country() -> dict[str, Any]:
    return _optional("Country", "ISO 3166 code of the site (CH, CH-VD): lists not in force there do not count.",
                     {"type": "string", "pattern": "^[A-Z]{2}(-[A-Z0-9]{1,3})?(?!\\s)$"})


def _language() -> dict[str, Any]:
    return _optional("Language", "Language of sentences and reports.", {"type": "string", "enum": ["en", "fr"]})


def _assess_outputs() -> dict[str, Any]:
    return {"assessment": _output("Assessment (zip)", {"type": "string", "contentMediaType": "application/zip",
                                                       "contentEncoding": "binary"}),
            "files": _output("The folder's files with sizes and checksums", _OBJECT),
            "manifest": _output("Manifest", _OBJECT),
            "item": _output("STAC item", {"type": "object", "contentMediaType": "application/geo+json"}),
            "wms": _output("Web map service, where a QGIS Server runs",
                           {"type": "string", "contentMediaType": "text/xml"}),
            "wmts": _output("Web map tile service, where a QGIS Server runs",
                            {"type": "string", "contentMediaType": "text/xml"}),
            "features": _output("OGC API – Features, where a QGIS Server runs", _OBJECT)}


def _process(id: str, title: str, description: str, mode: str, inputs: dict[str, Any],
             outputs: dict[str, Any]) -> dict[str, Any]:
    return {"id": id, "version": "1.0.0", "title": title, "description": description,
            "keywords": ["plants", "GeoPl@ntNet"], "links": [],
            "jobControlOptions": [mode, *(["dismiss"] if mode == ASYNC else [])],
            "outputTransmission": ["reference" if mode == ASYNC else "value"], "inputs": inputs, "outputs": outputs}


def _input(title: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "description": description, "minOccurs": 1, "maxOccurs": 1, "schema": schema}


def _optional(title: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {**_input(title, description, schema), "minOccurs": 0}


def _output(title: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "schema": schema}
