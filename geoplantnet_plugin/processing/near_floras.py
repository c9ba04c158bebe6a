"""``geoplantnet:nearfloras``: Pl@ntNet's floras, the nearest to an area first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..i18n import tr
from .plantnet import TEXT, WHOLE, PlantNetAlgorithm


class NearFloras(PlantNetAlgorithm):
    """One request for the middle of the area."""

    ID = "nearfloras"
    ASK = "near"
    COLUMNS = (("rank", WHOLE), ("flora", TEXT), ("title", TEXT), ("description", TEXT), ("species", WHOLE))

    def title(self) -> str:
        """Return the translated title."""
        return tr("Nearest floras of Pl@ntNet")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Lists the floras of Pl@ntNet, the nearest to the area first. The id of a flora restricts published "
                  "maps to its species and gives “Species of a Pl@ntNet flora”.\n\n"
                  "It needs a key of the Pl@ntNet API (menu GeoPl@ntNet, “Pl@ntNet API key”). This is an unofficial "
                  "client, not endorsed by Pl@ntNet.")

    def _rows(self, answer: dict[str, Any]) -> Iterator[list[Any]]:
        for rank, entry in enumerate(answer["floras"], 1):
            yield [rank, entry["id"], entry["title"], entry["description"], entry["species"]]
