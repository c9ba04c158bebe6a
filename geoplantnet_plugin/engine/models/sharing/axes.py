"""One axis of a patch on its way through a convolutional network, whole, in part, or shared by many patches.

Rows and columns are treated alike and apart from each other: what is said here of pixels holds for either.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Window:
    """How an operator looks along one axis: `before` and `after` are its padding."""

    kernel: int
    stride: int
    dilation: int
    before: int
    after: int

    @property
    def reach(self) -> int:
        """Places that one result looks at, from the first to the last."""
        return self.dilation * (self.kernel - 1) + 1


@dataclass(frozen=True)
class Span:
    """What a map of a whole patch is like along an axis.

    It has `length` places, `step` pixels of the patch apart; the first `low` and the last `high` of them have seen
    padding, so that they belong to one patch alone.
    """

    length: int
    low: int = 0
    high: int = 0
    step: int = 1

    def through(self, window: Window) -> Span:
        """Return what the map of an operator is like."""
        length = (self.length + window.before + window.after - window.reach) // window.stride + 1
        low = math.ceil((self.low + window.before) / window.stride)
        clean = (self.length - self.high - window.reach + window.before) // window.stride
        return Span(length, min(low, length), min(max(length - 1 - clean, 0), length), self.step * window.stride)

    def joined(self, other: Span) -> Span:
        """Return what the sum of two maps of the same size is like."""
        return Span(self.length, max(self.low, other.low), max(self.high, other.high), self.step)

    @property
    def shared(self) -> int:
        """How many places have not seen padding."""
        return self.length - self.low - self.high


@dataclass(frozen=True)
class Change:
    """What becomes of an operator along one axis: `cut` places are left out at the start of its input first."""

    cut: int
    stride: int
    dilation: int
    before: int
    after: int


class Axis(Protocol):
    """How a zone goes along one axis; see `Part` and `Common`."""

    def places(self, pixels: int) -> int:
        """Return how many places its map has where its input has `pixels`."""
        ...

    def through(self, span: Span, window: Window) -> tuple[Axis, Change]:
        """Return the axis behind an operator and what becomes of the operator; `span` is its input's."""
        ...

    def cuts(self, other: Axis) -> tuple[Axis, int, int]:
        """Return the axis that two maps share, and how much to leave out at the start of each."""
        ...


@dataclass(frozen=True)
class Part:
    """The places `first` up to, not including, `end` of one patch: padded where these are the patch's own ends."""

    first: int
    end: int

    def places(self, pixels: int) -> int:
        """Return how many places there are."""
        return self.end - self.first

    def through(self, span: Span, window: Window) -> tuple[Part, Change]:
        """Return the places that can be known behind an operator."""
        out = span.through(window)
        first = 0 if self.first == 0 else math.ceil((self.first + window.before) / window.stride)
        end = out.length if self.end == span.length else \
            (self.end - window.reach + window.before) // window.stride + 1
        start = first * window.stride - window.before
        stop = (end - 1) * window.stride - window.before + window.reach
        return Part(first, end), Change(max(start - self.first, 0), window.stride, window.dilation,
                                        max(self.first - start, 0), max(stop - self.end, 0))

    def cuts(self, other: Axis) -> tuple[Part, int, int]:
        """Return the places that both maps have."""
        if not isinstance(other, Part):
            raise TypeError("a zone is one kind of axis throughout")
        first = max(self.first, other.first)
        return Part(first, min(self.end, other.end)), first - self.first, first - other.first


@dataclass(frozen=True)
class Common:
    """A stretch of land that many patches share, without padding.

    Patches begin at multiples of `origins` pixels, so that behind a stride only every `every`-th pixel can be asked
    for: place `i` of the map of the patch that begins at pixel `o` is found at ``(o + step × i - start) / every``,
    which is whole. Where places lie closer than an operator strides, the operator is dilated (à trous) instead.
    The first place needs `reach` pixels, each further one `every` more.
    """

    origins: int
    every: int = 1
    start: int = 0
    reach: int = 1

    def places(self, pixels: int) -> int:
        """Return how many places a stretch of so many pixels has."""
        return max((pixels - self.reach) // self.every + 1, 0)

    def through(self, span: Span, window: Window) -> tuple[Common, Change]:
        """Return the stretch behind an operator."""
        every = math.gcd(self.origins, span.step * window.stride)
        least = self.start + span.step * window.before
        start = math.ceil(least / every) * every
        cut, dilation = (start - least) // self.every, window.dilation * span.step // self.every
        reach = self.reach + self.every * (cut + dilation * (window.kernel - 1))
        return Common(self.origins, every, start, reach), Change(cut, every // self.every, dilation, 0, 0)

    def cuts(self, other: Axis) -> tuple[Common, int, int]:
        """Return the stretch that both maps have."""
        if not isinstance(other, Common):
            raise TypeError("a zone is one kind of axis throughout")
        start = max(self.start, other.start)
        reach = max(self.reach - self.start, other.reach - other.start) + start
        return (Common(self.origins, self.every, start, reach), (start - self.start) // self.every,
                (start - other.start) // self.every)
