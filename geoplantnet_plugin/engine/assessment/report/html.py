"""Reports and comparisons as one HTML file that needs no other."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.assessment.report.model import Report
from geoplantnet_plugin.engine.base.files import writing


def write_html(report: Report, path: Path) -> None:
    """Write `report` with its pictures inside; whatever it says is escaped."""
    write_page("report.html.j2", path, report=report)


def write_page(template: str, path: Path, **values: Any) -> None:
    """Write what a template of ``resources/report`` makes of `values`; whatever they say is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(loader=FileSystemLoader(RESOURCES / "report"), autoescape=True, undefined=StrictUndefined,
                            trim_blocks=True, lstrip_blocks=True)
    templates.filters["inline"] = _inline
    text = templates.get_template(template).render(values)
    with writing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _inline(picture: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture.read_bytes()).decode()}"
