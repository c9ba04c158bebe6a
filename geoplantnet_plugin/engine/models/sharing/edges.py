"""The places of a patch's map that have seen padding."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from geoplantnet_plugin.engine.models.sharing.axes import Part
from geoplantnet_plugin.engine.models.sharing.maps import Maps
from geoplantnet_plugin.engine.models.sharing.zones import follow


@dataclass(frozen=True)
class Edge:
    """The first or the last places of a patch's map along an axis, those that have seen padding.

    `part` are the pixels of the patch that they need; `taken` says which places of the zone's map they are.
    """

    part: Part
    taken: slice


def edges_of(maps: Maps, which: int) -> list[Edge]:
    """Return the first and the last places of a patch along an axis, those that have seen padding."""
    span = maps.spans[maps.last][which]
    size = maps.spans[maps.source][which].length

    def last(part: Part) -> Part:
        found = follow(maps, (part, part))[maps.last][which]
        if not isinstance(found, Part):
            raise TypeError("a part stays a part")
        return found

    edges = []
    if span.low:
        pixels = bisect_left(range(size), span.low, key=lambda end: last(Part(0, end)).end)
        edges.append(Edge(Part(0, pixels), slice(0, span.low)))
    if span.high:
        first = span.length - span.high
        pixels = bisect_left(range(size), -first, key=lambda pixels: -last(Part(size - pixels, size)).first)
        part = Part(size - pixels, size)
        edges.append(Edge(part, slice(first - last(part).first, None)))
    return edges
