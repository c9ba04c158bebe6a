"""Training in stages, for plots with several inputs or with presence-only records beside them.

As in GeoLifeCLEF 2023's best approach (Ung, Kojima & Wada): presence-only records first, with cross-entropy over the
taxa; then presence–absence plots, with binary cross-entropy. Each encoder goes through both with a head of its own;
then all are joined under one head and trained on together. Every stage stops early on blocks it does not learn from.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.calibrate import platt, probabilities
from training.datasets.plots import Plots, Records
from training.encoders import arrays, encoders
from training.folds import INNER_SEED, Blocks, block_folds, held_places

Loss = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Staged:
    """What is chosen before training. Each of `members` stops early on another of as many inner folds of blocks.

    `rate` is AdamW's learning rate for the encoders, `joined_rate` for all together; a stage ends after `epochs`,
    or when its loss on the held-out blocks has not fallen for `patience` of them.
    """

    blocks: Blocks
    width: int = 32
    members: int = 3
    epochs: int = 80
    patience: int = 10
    rate: float = 0.005
    joined_rate: float = 0.001
    weight_decay: float = 0.05
    dropout: float = 0.2
    batch: int = 64
    forest_trees: int = 300
    forest_leaf: int = 3

    @property
    def calibrated(self) -> bool:
        """Whether a line on the logit is fitted to predictions for inner blocks."""
        return True

    @property
    def words(self) -> str:
        """What is trained, for the card."""
        return ("an encoder for each input, trained with cross-entropy on presence-only records where there are any, "
                "then with binary cross-entropy on plots; joined under one head; early stopping on held-out blocks; "
                f"mean logit of {self.members} members")

    def fit(self, plots: Plots, seed: int) -> Joined:
        """Return the members fitted to `plots`, calibrated on the blocks on which each stopped (Platt 1999)."""
        inner = block_folds(plots.xy, self.blocks, INNER_SEED + seed, self.members)
        held_out = np.empty(plots.present.shape, np.float32)
        members = []
        for fold in range(self.members):
            torch.manual_seed(seed * self.members + fold)
            members.append(_member(self, plots, inner == fold))
            held_out[inner == fold] = _logits(members[-1], plots.take(inner == fold))
        return Joined(members, *platt(held_out, plots.present))


class Member(nn.Module):
    """Encoders side by side under one linear head."""

    def __init__(self, parts: list[nn.Module], head: nn.Module) -> None:
        super().__init__()
        self.parts, self.head = nn.ModuleList(parts), head

    def forward(self, values: dict[str, Tensor]) -> Tensor:
        """Return the logits (n, taxa)."""
        return self.head(torch.cat([part(values[part.name]) for part in self.parts], 1))


@dataclass
class Joined:
    """A fitted model: the members' mean logit, calibrated, as probabilities."""

    members: list[Member]
    slope: float
    shift: float

    def scores(self, plots: Plots) -> NDArray[np.float32]:
        """Return the probabilities (n, taxa)."""
        logits = np.mean([_logits(member, plots) for member in self.members], axis=0)
        return probabilities(logits, self.slope, self.shift)

    def onnx(self, plots: Plots) -> bytes:
        """Return the ONNX file."""
        from training.joined_graph import joined_to_onnx

        return joined_to_onnx(self, plots)


@torch.no_grad()
def _logits(member: Member, plots: Plots, chunk: int = 1024) -> NDArray[np.float32]:
    member.eval()
    values = {name: torch.from_numpy(array) for name, array in arrays(plots).items()}
    return torch.cat([member({name: array[i:i + chunk] for name, array in values.items()})
                      for i in range(0, len(plots), chunk)]).numpy()


@dataclass
class _Task:
    """Something to learn: values and what they should give, which rows are held out, and a loss."""

    values: dict[str, Tensor]
    wanted: Tensor
    held: Tensor
    loss: Loss


def _member(recipe: Staged, plots: Plots, held: NDArray[np.bool_]) -> Member:
    tasks = [_presence_absence(plots, held)]
    if plots.records is not None:
        tasks.insert(0, _presence_only(plots.records, held_places(plots.records.xy, plots.xy[held], recipe.blocks)))
    taxa = len(plots.taxa)
    parts = encoders(plots, recipe.width, recipe.dropout)
    for part in parts:
        alone = Member([part], nn.Linear(recipe.width, taxa))
        for task in tasks:
            _learn(alone, task, recipe, recipe.rate)
    joined = Member(parts, nn.Linear(recipe.width * len(parts), taxa))
    with torch.no_grad():
        joined.head.bias.copy_(torch.logit(torch.from_numpy(plots.prevalence)))
    _learn(joined, tasks[-1], recipe, recipe.joined_rate)
    return joined.eval()


def _presence_absence(plots: Plots, held: NDArray[np.bool_]) -> _Task:
    return _Task({name: torch.from_numpy(array) for name, array in arrays(plots).items()},
                 torch.from_numpy(plots.present), torch.from_numpy(held),
                 nn.functional.binary_cross_entropy_with_logits)


def _presence_only(records: Records, held: NDArray[np.bool_]) -> _Task:
    return _Task({name: torch.from_numpy(array) for name, array in arrays(records).items()},
                 torch.from_numpy(records.taxon), torch.from_numpy(held), nn.functional.cross_entropy)


def _learn(member: Member, task: _Task, recipe: Staged, rate: float) -> None:
    """Train until the loss on the held-out rows falls no more; keep the weights with which it was lowest."""
    optimiser = torch.optim.AdamW(member.parameters(), lr=rate, weight_decay=recipe.weight_decay)
    learnt, held = torch.where(~task.held)[0], torch.where(task.held)[0]
    lowest, best, since = float("inf"), copy.deepcopy(member.state_dict()), 0
    for _ in range(recipe.epochs):
        member.train()
        for rows in learnt[torch.randperm(len(learnt))].split(recipe.batch):
            optimiser.zero_grad()
            task.loss(member({name: array[rows] for name, array in task.values.items()}), task.wanted[rows]).backward()
            optimiser.step()
        loss = _held_loss(member, task, held)
        if loss < lowest:
            lowest, best, since = loss, copy.deepcopy(member.state_dict()), 0
        elif (since := since + 1) >= recipe.patience:
            break
    member.load_state_dict(best)


@torch.no_grad()
def _held_loss(member: Member, task: _Task, held: Tensor) -> float:
    member.eval()
    return float(task.loss(member({name: array[held] for name, array in task.values.items()}), task.wanted[held]))
