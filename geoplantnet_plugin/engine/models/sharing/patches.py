"""Patches of cells that lie close together, encoded without computing what they share more than once.

A patch is padded with zeros, so that its map differs from that of the land around it along its border. The map is
therefore taken apart: the middle is computed once for the land that all patches cover; the borders once for every
row (column) of cells, since they do not depend on where a patch begins in the other direction; the corners cell by
cell. The mean over a patch is the sum of these parts divided by its size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.sharing.axes import Part
from geoplantnet_plugin.engine.models.sharing.edges import Edge, edges_of
from geoplantnet_plugin.engine.models.sharing.land import PIXELS, Ground, ground_of, land_sums
from geoplantnet_plugin.engine.models.sharing.zones import Zones

Values = NDArray[np.float32]
Places = NDArray[np.int64]
Listen = Callable[[], None]


class SharedPatches:
    """The encoder of a patch up to its mean, for the patches of many cells at once."""

    def __init__(self, zones: Zones) -> None:
        self.mean = zones.maps.mean
        self.zones = zones
        self._spans = zones.maps.spans[zones.maps.last]
        self._size = tuple(span.length for span in zones.maps.spans[zones.maps.source])
        self.places = self._spans[0].length * self._spans[1].length
        self._edges = tuple(edges_of(zones.maps, axis) for axis in (0, 1))

    def encode(self, mosaic: Values, tops: Places, lefts: Places, listen: Listen) -> Values:
        """Return the means of the maps of the patches of a mosaic (bands, rows, columns) that begin at `tops`, `lefts`.

        They have the shape that the graph gives them: (n, channels, 1, 1) or (n, channels). The mosaic has no gaps.
        `listen` is called between the steps and may raise `Cancelled`.
        """
        rows, row = np.unique(tops, return_inverse=True)
        cols, col = np.unique(lefts, return_inverse=True)
        grounds = ground_of(self.zones, rows, 0), ground_of(self.zones, cols, 1)
        if self._work(grounds, len(tops)) > len(tops) * self.zones.work(self._whole, self._size):
            return self.alone(mosaic, tops, lefts, listen)
        total = land_sums(self.zones, mosaic, *grounds, listen,
                          lambda band: [self._side(band, *grounds, edge) for edge in self._edges[1]])
        for edge in self._edges[0]:
            self._add_border(total, mosaic, *grounds, edge, listen)
        sums = np.ascontiguousarray(total[:, row, col].T)
        for down in self._edges[0]:
            for along in self._edges[1]:
                axes = down.part, along.part
                corner = self._cut(mosaic, tops + down.part.first, lefts + along.part.first, axes)
                sums += np.concatenate([_summed(found, down.taken, along.taken)
                                        for found in self._runs(axes, len(tops), corner, listen)])
        sums /= np.float32(self.places)
        return self._shaped(sums)

    def alone(self, mosaic: Values, tops: Places, lefts: Places, listen: Listen) -> Values:
        """Return the same, patch by patch."""
        return self._each(len(tops), self._cut(mosaic, tops, lefts, self._whole), listen)

    def each(self, patches: Values, listen: Listen) -> Values:
        """Return the same of given patches (n, bands, height, width), one by one."""
        return self._each(len(patches), lambda cells: patches[cells], listen)

    def _each(self, cells: int, cut: Callable[[slice], Values], listen: Listen) -> Values:
        runs = self._runs(self._whole, cells, cut, listen)
        return self._shaped(np.concatenate([np.asarray(found.mean(axis=(2, 3)), np.float32) for found in runs]))

    def _shaped(self, means: Values) -> Values:
        return means.reshape(*means.shape, 1, 1) if self.zones.maps.keeps else means

    @property
    def _whole(self) -> tuple[Part, Part]:
        return Part(0, self._size[0]), Part(0, self._size[1])

    def _work(self, grounds: tuple[Ground, Ground], cells: int) -> int:
        """Return the multiplications that sharing takes."""
        axes = grounds[0].axis, grounds[1].axis
        rows, cols = (int(ground.origins[-1] - ground.origins[0]) + size
                      for ground, size in zip(grounds, self._size, strict=True))
        work = self.zones.work(axes, (rows, cols))
        work += sum(len(grounds[0].origins) * self.zones.work((edge.part, axes[1]), (0, cols))
                    for edge in self._edges[0])
        work += sum(len(grounds[1].origins) * self.zones.work((axes[0], edge.part), (rows, 0))
                    for edge in self._edges[1])
        return work + sum(cells * self.zones.work((down.part, along.part), (0, 0))
                          for down in self._edges[0] for along in self._edges[1])

    def _side(self, band: Values, down: Ground, along: Ground, edge: Edge) -> Values:
        """Return what the left or right border adds to a band of land: sums (channels, rows, columns)."""
        part, sums = edge.part, []
        together = max(1, PIXELS // (band.shape[1] * (part.end - part.first)))
        for origins in np.array_split(along.origins, -(-len(along.origins) // together)):
            batch = np.stack([band[:, :, left + part.first:left + part.end] for left in origins.tolist()])
            sums.append(self.zones.run((down.axis, part), batch)[..., edge.taken].sum(axis=3).transpose(1, 2, 0))
        return np.concatenate(sums, axis=2)

    def _add_border(self, total: Values, mosaic: Values, down: Ground, along: Ground, edge: Edge, listen: Listen
                    ) -> None:
        """Add what the upper or lower border gives, corners left out, row by row of cells."""
        left, right = along.origins[0], along.origins[-1] + self._size[1]
        for number, top in enumerate(down.origins.tolist()):
            strip = mosaic[None, :, top + edge.part.first:top + edge.part.end, left:right]
            found = self.zones.run((edge.part, along.axis), strip)[0, :, edge.taken]
            total[:, number] += along.boxes.sums(found).sum(axis=1)
            listen()

    def _cut(self, mosaic: Values, tops: Places, lefts: Places, axes: tuple[Part, Part]) -> Callable[[slice], Values]:
        height, width = (part.end - part.first for part in axes)

        def cut(cells: slice) -> Values:
            corners = zip(tops[cells].tolist(), lefts[cells].tolist(), strict=True)
            return np.stack([mosaic[:, top:top + height, left:left + width] for top, left in corners])

        return cut

    def _runs(self, axes: tuple[Part, Part], cells: int, cut: Callable[[slice], Values], listen: Listen
              ) -> Iterator[Values]:
        """Yield the maps of a zone of each cell's own, some cells at a time."""
        together = max(1, PIXELS // math.prod(part.end - part.first for part in axes))
        for start in range(0, cells, together):
            yield self.zones.run(axes, cut(slice(start, start + together)))
            listen()


def _summed(found: Values, rows: slice, cols: slice) -> Values:
    return np.asarray(found[:, :, rows, cols].sum(axis=(2, 3)), np.float32)
