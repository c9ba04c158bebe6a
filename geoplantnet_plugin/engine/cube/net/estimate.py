"""What a fetch would cost, before anybody agrees to it: requests, megabytes, minutes.

Mosaics are counted exactly, from the headers of their files. Of a composite's scenes a few are counted and the
others taken to be like them. What is in the cache costs nothing.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.net.layer import Layer, wanted
from geoplantnet_plugin.engine.cube.net.products import Composite, Product
from geoplantnet_plugin.engine.cube.net.remote import Remote
from geoplantnet_plugin.engine.cube.net.workers import Workers
from geoplantnet_plugin.engine.services.http import MEGABYTE

SAMPLE = 3
"""Scenes of a composite whose headers are read."""
RATE = 2.5 * MEGABYTE
"""Bytes a second that are taken for granted: a line of 20 Mbit/s."""

USUAL_PACE = 0.1
"""Seconds a request takes among others at the same time, where none had to be made to know it."""


@dataclass(frozen=True)
class Cost:
    """What one product, or all of them, still downloads; `pixels` are those that are written."""

    title: str
    files: int
    requests: int
    megabytes: float
    minutes: float
    pixels: int


def estimate(products: Sequence[Product], remote: Remote, workers: Workers) -> list[Cost]:
    """Return the cost of each product, in order."""
    return [_cost(product, remote, workers) for product in products]


def total(costs: Sequence[Cost]) -> Cost:
    """Return all costs together."""
    return Cost("", sum(cost.files for cost in costs), sum(cost.requests for cost in costs),
                sum(cost.megabytes for cost in costs), sum(cost.minutes for cost in costs),
                sum(cost.pixels for cost in costs))


def refuse_above(cost: Cost, megabytes: float) -> None:
    """Refuse a fetch that is too large.

    Raises:
        EngineError: ``net_too_large``.
    """
    if cost.megabytes > megabytes:
        raise EngineError("net_too_large", requests=cost.requests, megabytes=round(cost.megabytes),
                          minutes=round(cost.minutes, 1), limit=round(megabytes))


def _cost(product: Product, remote: Remote, workers: Workers) -> Cost:
    layers = list(product.layers())
    looked = _sample(product, layers)
    begun, before = time.perf_counter(), remote.requests
    counts = workers.gather([partial(wanted, remote, layer, product.geobox) for layer in looked])
    asked = remote.requests - before
    pace = (time.perf_counter() - begun) / asked if asked else USUAL_PACE
    share = len(layers) / max(len(looked), 1)
    headers = sum(not remote.seen(layer.url) for layer in layers)
    requests = math.ceil(share * sum(len(spans) for spans in counts)) + headers
    size = share * sum(stop - start for spans in counts for start, stop in spans)
    title = product.preset.title
    if not isinstance(product, Composite):
        title += f": {product.variable.name}"
    return Cost(title, len(layers), requests, size / MEGABYTE, (requests * pace + size / RATE) / 60,
                product.geobox.height * product.geobox.width)


def _sample(product: Product, layers: list[Layer]) -> list[Layer]:
    if not isinstance(product, Composite) or len(product.scenes) <= SAMPLE:
        return layers
    a_scene = len(layers) // len(product.scenes)
    places = [round(at * (len(product.scenes) - 1) / (SAMPLE - 1)) for at in range(SAMPLE)]
    return [layer for place in places for layer in layers[place * a_scene:(place + 1) * a_scene]]
