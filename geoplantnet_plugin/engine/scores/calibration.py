"""What a score source states of how far its scores are probabilities of presence; measured on held-out plots."""

from __future__ import annotations

from dataclasses import dataclass

from geoplantnet_plugin.engine.scores.statements import Statements


@dataclass(frozen=True)
class Calibration:
    """How far calibrated scores may be off; None for what the source does not state.

    `shared_sd` (0–1) is how far the presences of a plot's taxa go together: the standard deviation of a factor that
    all of them share, in units of p (1 − p) (``calibration.richness``; see `Moments.shared`). `grouped_sd` is the same
    for taxa that have something in common, such as a status or a family: they go together more. `block_sd` is by how
    much, on the logit, a taxon's scores are off in a whole block (``calibration.coverage``; see `share_interval`).
    `richness_sd` is by what factor, on the natural logarithm, the mean number of taxa of a block is off
    (``calibration.richness.block_sd``). `held` names the numbers of ``calibration.held``, of which it was measured what
    their intervals hold.
    """

    shared_sd: float | None = None
    block_sd: float | None = None
    richness_sd: float | None = None
    held: frozenset[str] = frozenset()
    grouped_sd: float | None = None

    @classmethod
    def of(cls, statements: Statements) -> Calibration | None:
        """Return what a source's ``calibration`` states; None where it states none: its scores are no probabilities."""
        if not statements.calibration:
            return None
        return cls(statements.stated("richness", "shared_sd"), statements.stated("coverage", "block_sd"),
                   statements.stated("richness", "block_sd"), frozenset(statements.calibration.get("held") or ()),
                   statements.stated("richness", "grouped_sd"))
