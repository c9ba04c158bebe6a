"""The service's OpenAPI document: the standard's paths with our processes' own inputs, complete in itself."""

from __future__ import annotations

from typing import Any

from .inputs import EXECUTE, KEY, LONGEST_KEY
from .jobs import STATES

JSON = "application/json"
_EXCEPTION = {"type": "object", "required": ["type"], "properties": {
    "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
    "detail": {"type": "string"}, "code": {"type": "string"}}}
_LINK = {"type": "object", "required": ["href"], "properties": {
    name: {"type": "string"} for name in ("href", "rel", "type", "hreflang", "title")}}
_TIME = {"type": "string", "format": "date-time"}
_STATUS = {"type": "object", "required": ["jobID", "status", "type"], "properties": {
    "processID": {"type": "string"}, "type": {"type": "string", "enum": ["process"]}, "jobID": {"type": "string"},
    "status": {"type": "string", "enum": list(STATES)}, "message": {"type": "string"},
    "created": _TIME, "started": _TIME, "finished": _TIME, "updated": _TIME,
    "progress": {"type": "integer", "minimum": 0, "maximum": 100},
    "queuePosition": {"type": "integer", "minimum": 1}, "secondsLeft": {"type": "integer", "minimum": 0},
    "title": {"type": "string"}, "warnings": {"type": "array", "items": {"type": "string"}},
    "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}
_JOB = {"name": "jobID", "in": "path", "required": True, "schema": {"type": "string"}}
_KEY = {"name": KEY, "in": "header", "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
        "description": "A name of yours for this request: sent again with it, it makes no second job."}
_FORMAT = {"name": "f", "in": "query", "schema": {"type": "string", "enum": ["json", "html"]}}
_PAGE = [{"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}},
         {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0, "default": 0}},
         {"name": "status", "in": "query", "schema": {"type": "string", "enum": list(STATES)}},
         {"name": "processID", "in": "query", "schema": {"type": "string"}}]


def openapi_document(address: str, processes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the document for a service at `address` that offers `processes` (their descriptions by id)."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "GeoPl@ntNet service", "version": "1.0.0",
                 "description": "Assessments of GeoPl@ntNet for QGIS over OGC API – Processes – Part 1 (1.0)."},
        "servers": [{"url": address}], "security": [{"bearer": []}, {"password": []}],
        "paths": {**_common_paths(), **_job_paths(), **_process_paths(processes)},
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"},
                                "password": {"type": "http", "scheme": "basic"}},
            "schemas": {"exception": _EXCEPTION, "link": _LINK, "statusInfo": _STATUS}}}


def _common_paths() -> dict[str, Any]:
    paths = {"/": "Landing page", "/conformance": "Conformance", "/processes": "Processes",
             "/collections": "Offered models and cubes", "/collections/models/items": "Offered models",
             "/collections/cubes/items": "Offered cubes"}
    return {**{path: {"get": _operation(title, {"type": "object"}, [_FORMAT])} for path, title in paths.items()},
            "/health": {"get": {**_operation("Health", {"type": "object"}), "security": []}}}


def _job_paths() -> dict[str, Any]:
    status = {"$ref": "#/components/schemas/statusInfo"}
    job_list = {"type": "object", "required": ["jobs", "links"], "properties": {
        "jobs": {"type": "array", "items": status}, "links": {"type": "array", "items": _LINK}}}
    anything = {"type": "object"}
    return {
        "/jobs": {"get": _operation("Jobs", job_list, _PAGE)},
        "/jobs/{jobID}": {"get": _operation("Status of a job", status, [_JOB]),
                          "delete": _operation("Dismiss a job", status, [_JOB])},
        "/jobs/{jobID}/results": {"get": _operation("Results of a job", anything, [_JOB])},
        "/jobs/{jobID}/log": {"get": _operation("What a job said", anything, [_JOB])},
        "/jobs/{jobID}/files": {"get": _operation("Files of a result", anything, [_JOB])},
        "/jobs/{jobID}/item.json": {"get": _operation("STAC item of a result", anything, [_JOB],
                                                      media_type="application/geo+json")}}


def _process_paths(processes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for id, description in processes.items():
        paths[f"/processes/{id}"] = {"get": _operation(description["title"], {"type": "object"}, [_FORMAT])}
        is_async = "async-execute" in description["jobControlOptions"]
        answer = {"$ref": "#/components/schemas/statusInfo"} if is_async else {"type": "object"}
        paths[f"/processes/{id}/execution"] = {"post": {
            **_operation(description["title"], answer, [_KEY] if is_async else [], "201" if is_async else "200"),
            "requestBody": {"required": True, "content": {JSON: {"schema": _execute(description)}}}}}
    return paths


def _execute(description: dict[str, Any]) -> dict[str, Any]:
    inputs = {"type": "object", "additionalProperties": False,
              "required": [name for name, entry in description["inputs"].items() if entry["minOccurs"]],
              "properties": {name: _schema(entry["schema"]) for name, entry in description["inputs"].items()}}
    return {**EXECUTE, "required": ["inputs"], "properties": {**EXECUTE["properties"], "inputs": inputs}}


def _schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without what OpenAPI 3.0 does not know."""
    return {key: value for key, value in schema.items() if key not in ("contentMediaType", "contentEncoding")}


def _operation(title: str, schema: dict[str, Any], parameters: list[dict[str, Any]] | None = None,
               status: str = "200", media_type: str = JSON) -> dict[str, Any]:
    refusal = {"description": "A sentence that says what is wrong",
               "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/exception"}}}}
    return {"summary": title, "parameters": parameters or [], "responses": {
        status: {"description": title, "content": {media_type: {"schema": schema}, "text/html": {}}},
        "default": refusal}}
