"""What is trained on a person's own data: the recipe that suits it, and the card's words from the description."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from training.baselines import BASELINES
from training.datasets import Plots
from training.datasets.description import Description, DescriptionError
from training.folds import REPORTED, Blocks
from training.models import AnyRecipe, Model
from training.network import Group
from training.recipe import Recipe
from training.staged import Staged

FIXED = {"blocks", "groups", "mix"}


def own_model(description: Description, plots: Plots) -> Model:
    """Return what is trained.

    Plots with one input and no presence-only records get perceptrons, all others training in stages. Raises
    `DescriptionError` where the description's recipe or baselines are not known, or there are too few blocks.
    """
    blocks = Blocks(description.block_km * 1000)
    if (number := len(set(blocks.of(plots.xy).tolist()))) < 5:
        raise DescriptionError(f"The plots lie in {number} blocks of {description.block_km:g} km; five folds need at "
                               "least five. Give a smaller block_km.")
    if unknown := sorted(set(description.baselines) - set(BASELINES)):
        raise DescriptionError(f"No such baseline: {', '.join(unknown)}. Known are: {', '.join(BASELINES)}.")
    seeds = REPORTED[:int(description.assignments)]
    return Model(name=description.name, title=description.title or description.name, version="1.0",
                 description=description.description or description.title or description.name,
                 licence=description.licence, attribution=description.attribution, limits=description.limits,
                 recipe=_changed(_recipe(plots, blocks), description.recipe or {}), baselines=description.baselines,
                 seeds={"blocks": seeds, "random": seeds[:1]}, slow=("maxent",), simulated=description.simulated)


def _recipe(plots: Plots, blocks: Blocks) -> AnyRecipe:
    if plots.more or plots.records is not None:
        return Staged(blocks)
    few = len(plots) < 2000
    return Recipe(groups=(Group(members=8, hidden=32, layers=2, products=True),), epochs=80 if few else 20,
                  learning_rate=0.01 if few else 0.005, weight_decay=1.0 if few else 0.1, dropout=0.2,
                  batch=64 if few else 512, blocks=blocks, inner_folds=3, forest_trees=300, forest_leaf=3)


def _changed(recipe: AnyRecipe, changes: dict[str, Any]) -> AnyRecipe:
    known = {field.name for field in fields(recipe)} - FIXED
    if unknown := sorted(set(changes) - known):
        raise DescriptionError(f"The recipe has no {', '.join(unknown)}; it has {', '.join(sorted(known))}.")
    return replace(recipe, **changes)
