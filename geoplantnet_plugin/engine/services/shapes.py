"""The form of a service's answers, as far as its client relies on it: an answer of another version gets a sentence."""

from __future__ import annotations

from typing import Any

from geoplantnet_plugin.engine.services.http import ServiceError

_TEXT = {"type": "string"}
_LINK = {"type": "object", "required": ["href"], "properties": {"href": _TEXT, "rel": _TEXT, "type": _TEXT}}
_LINKS = {"type": "array", "items": _LINK}
_NUMBER = {"type": ["number", "null"]}

STATUS = {"type": "object", "required": ["jobID", "status"], "properties": {
    "jobID": _TEXT, "status": _TEXT, "message": {"type": ["string", "null"]},
    "title": {"type": ["string", "null"]}, "progress": _NUMBER,
    "queuePosition": _NUMBER, "links": _LINKS, "created": {"type": ["string", "null"]}}}
JOBS = {"type": "object", "required": ["jobs"], "properties": {"jobs": {"type": "array", "items": STATUS}}}
RESULTS = {"type": "object", "additionalProperties": {"type": "object"}, "required": ["files"], "properties": {
    "files": _LINK}}
FILES = {"type": "object", "required": ["files"], "properties": {"files": {"type": "array", "items": {
    "type": "object", "required": ["name", "size", "checksum", "href"], "properties": {
        "name": _TEXT, "size": {"type": "integer", "minimum": 0}, "checksum": _TEXT, "href": _TEXT}}}}}
OFFERS = {"type": "object", "required": ["features"], "properties": {"features": {"type": "array", "items": {
    "type": "object", "required": ["id", "properties"], "properties": {
        "id": {"type": ["string", "integer"]}, "geometry": {"type": ["object", "null"]},
        "properties": {"type": "object", "properties": {
            "title": _TEXT, "cubes": {"type": "array", "items": _TEXT}}}}}}}}
ESTIMATE = {"type": "object", "required": ["cells", "position", "minutes", "megabytes", "measuredJobs"], "properties": {
    "cells": {"type": "integer"}, "position": {"type": "integer"}, "minutes": _NUMBER, "megabytes": _NUMBER,
    "measuredJobs": {"type": "integer"}, "insideCube": {"type": "number"}}}


def shaped(document: Any, schema: dict[str, Any], host: str, what: str) -> dict[str, Any]:
    """Return an answer that has the form of `schema`.

    Raises:
        ServiceError: it has another; `what` is its name in the sentence.
    """
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(schema).iter_errors(document):
        where = ".".join(str(step) for step in error.absolute_path)
        raise ServiceError("service_other_form", host=host, file=what,
                           reason=f"{where}: {error.message[:120]}".removeprefix(": "))
    found: dict[str, Any] = document
    return found
