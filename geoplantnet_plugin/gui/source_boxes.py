"""The one table of score sources in the panel, in the order of the parameter SOURCE of ``geoplantnet:assess``.

A box is a widget with the signal `changed` and

- ``parameters()``: what is chosen, as parameters of the algorithm, without SOURCE;
- ``model_name()``: the name or path of the model that is named, blank where none is;
- ``can_check()``: whether all is there whose fit to the site can be checked;
- ``prepare()``: begin what must come before a run and return a sentence that says so, blank where all is done;
- ``default_rule``: what the blank set rule means;
- ``shut_down()``: stop what runs and let go of the project.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtWidgets import QGroupBox

from ..i18n import tr
from .model_box import ModelBox
from .published_box import PublishedBox
from .service_box import ServiceBox


def source_boxes(site: Callable[[], dict[str, Any]]) -> list[tuple[str, QGroupBox]]:
    """Return title and box of every score source; `site` gives the parameters that say where."""
    return [(tr("A model on this computer"), ModelBox(site)),
            (tr("GeoPl@ntNet's published maps (unofficial)"), PublishedBox(site)),
            (tr("A service"), ServiceBox(site))]
