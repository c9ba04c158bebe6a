"""``geoplantnet:quicklist``: the species Pl@ntNet expects in an area, ranked by a relative score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..i18n import tr
from .plantnet import NUMBER, TEXT, WHOLE, PlantNetAlgorithm, joined


class QuickList(PlantNetAlgorithm):
    """One request for the box around the area."""

    ID = "quicklist"
    ASK = "expected"
    COLUMNS = (("rank", WHOLE), ("name", TEXT), ("authorship", TEXT), ("family", TEXT), ("common_names", TEXT),
               ("gbif_id", TEXT), ("score", NUMBER), ("score_scale", TEXT), ("observations", WHOLE),
               ("retrieved", TEXT), ("attribution", TEXT))

    def title(self) -> str:
        """Return the translated title."""
        return tr("Quick list of species (Pl@ntNet)")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Asks Pl@ntNet which species it expects in the box around an area. The scores are relative: they "
                  "rank the species and mean nothing else. The number of observations is Pl@ntNet's.\n\n"
                  "It needs a key of the Pl@ntNet API (menu GeoPl@ntNet, “Pl@ntNet API key”). This is an unofficial "
                  "client, not endorsed by Pl@ntNet.")

    def _rows(self, answer: dict[str, Any]) -> Iterator[list[Any]]:
        for rank, entry in enumerate(answer["species"], 1):
            yield [rank, entry["name"], entry["authorship"], entry["family"], joined(entry["common_names"]),
                   entry["gbif_id"], entry["score"], answer["scale"], entry["observations"], answer["date"],
                   answer["attribution"]]
