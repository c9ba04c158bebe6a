"""How sure the number of taxa of a square is: what the card of an atlas' model states of intervals, measured held-out.

Of squares explored about as well as the model supposes: there a chance means what it says. How well a square was
explored is the number of taxa recorded in it, so that in others the number differs for that alone.

Taxa of a list have something in common and go together more than any taxa do. How much more is fitted within families,
and tried on other lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.indicators.intervals import count_estimate
from geoplantnet_plugin.engine.indicators.share_interval import LEVEL
from training.flora import Groups
from training.held_out import (
    HALVES,
    LISTS,
    SEED,
    diversity_held,
    grouped_sd,
    halves,
    presences,
    richness_halves,
    richness_sd,
    shared_sd,
)

Array = NDArray[np.floating[Any]]
LENGTHS = (1, 3, 10, 30, 100, 300)
PROTOCOL = ("out-of-fold scores; fitted on a random half of the held-out blocks, measured on the other; mean of "
            f"{HALVES} halves, {LISTS} random lists of each length")


def intervals(present: Array, scores: Sequence[Array], blocks: NDArray[np.int64],
              groups: Groups) -> dict[str, Any]:
    """Return ``shared_sd``, ``grouped_sd``, ``block_sd`` and ``held`` of squares (n, taxa)."""
    return {"squares": len(present), "shared_sd": shared_sd(present, scores),
            "grouped_sd": grouped_sd(present, scores, groups.family),
            "block_sd": richness_sd(present, scores[:1], blocks),
            "held": {"level": LEVEL, "protocol": PROTOCOL, "lists": lists_held(present, scores, blocks, groups),
                     "diversity": diversity_held(present, scores[:1], blocks),
                     "richness_of_blocks": round(float(np.mean(list(richness_halves(present, scores[0], blocks)))), 4)}}


def lists_held(present: Array, scores: Sequence[Array], blocks: NDArray[np.int64],
               groups: Groups) -> dict[str, float]:
    """Return in what share of squares the interval holds the number of a list's taxa, by length or name of the list.

    Lists named by their length are random ones.
    """
    rng, taxa = np.random.default_rng(SEED), present.shape[1]
    lists = [(str(length), _drawn(rng, taxa, length)) for length in LENGTHS if length < taxa for _ in range(LISTS)]
    lists += groups.lists.items()
    found: dict[str, list[float]] = {}
    for fitting in halves(blocks):
        known, theirs = present[fitting], [one[fitting] for one in scores]
        listed, every = grouped_sd(known, theirs, groups.family), shared_sd(known, theirs)
        ranked, there = presences(scores[0][~fitting]), present[~fitting]
        for name, among, sd in (*((*one, listed) for one in lists), ("all", np.ones(taxa, bool), every)):
            _, low, high = count_estimate(ranked, among, sd)
            number = there[:, among].sum(1)
            found.setdefault(name, []).append(float(((low <= number) & (number <= high)).mean()))
    return {name: round(float(np.mean(shares)), 4) for name, shares in found.items()}


def _drawn(rng: np.random.Generator, taxa: int, length: int) -> NDArray[np.bool_]:
    among = np.zeros(taxa, bool)
    among[rng.choice(taxa, length, replace=False)] = True
    return among
