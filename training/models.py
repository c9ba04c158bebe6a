"""The models that ship with the plugin: data set, recipe, and the words of their cards."""

from __future__ import annotations

from dataclasses import dataclass

from training.folds import Blocks
from training.network import Group
from training.recipe import Recipe


@dataclass(frozen=True)
class Shipped:
    """A shipped model; its data set is that of the same name in `datasets.READERS`."""

    name: str
    title: str
    version: str
    description: str
    licence: str
    attribution: str
    limits: tuple[str, ...]
    recipe: Recipe


WESTERN_SWISS_ALPS = Shipped(
    name="western-swiss-alps",
    title="Vascular plants of the Western Swiss Alps",
    version="1.0",
    description="Probability of occurrence of 55 vascular plants in grassland plots of the Western Swiss Alps "
                "(Canton de Vaud), from five topo-climatic predictors at 250 m.",
    licence="GPL-2.0-or-later (the training data are part of an R package under the GPL)",
    attribution="Model trained on ecospat.testData and ecospat.testEnv (R package ecospat, University of Lausanne)",
    limits=(
        "55 species only: a species that is not listed has not been looked for, which says nothing of its absence.",
        "Trained on 300 plots in the Alps of the Canton de Vaud; elsewhere its scores mean nothing.",
        "The predictors have a resolution of 250 m: finer maps get smoother, not more accurate.",
        "A probability is that of a vegetation plot like those of the training data, not of a whole cell.",
        "Records of planning value need confirmation in the field.",
    ),
    recipe=Recipe(
        groups=(Group(members=8, hidden=32, layers=2, products=True),),
        epochs=80, learning_rate=0.01, weight_decay=1.0, dropout=0.2, batch=60, blocks=Blocks(8000.0)),
)

SHIPPED = {model.name: model for model in (WESTERN_SWISS_ALPS,)}
