"""What is trained; the models that ship with the plugin: recipe, evaluation, and the words of their cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from training.atlas import AtlasRecipe, FittedAtlas
from training.atlas_field import Smoothing
from training.baselines import BASELINES
from training.folds import REPORTED, Blocks
from training.network import Group
from training.parts import Mix
from training.recipe import Fitted, Recipe
from training.staged import Joined, Staged

SLOW_SEEDS = 3

AnyRecipe = Union[Recipe, Staged, AtlasRecipe]
Fit = Union[Fitted, Joined, FittedAtlas]


@dataclass(frozen=True)
class Model:
    """What is trained: a recipe, how it is evaluated, and the words of its card.

    The data set of a shipped model is that of the same name in `datasets.READERS`; the person who trains on own
    data describes both in a file (`own`).

    `baselines` are those compared beside the random forest; `seeds` are the assignments of each protocol. A baseline
    in `slow` sees the first `SLOW_SEEDS` of them only, the model without one of its predictors the first.
    `wanted` is the paired gain in AUC over the random forest that was aimed at before anything was measured.
    """

    name: str
    title: str
    version: str
    description: str
    licence: str
    attribution: str
    limits: tuple[str, ...]
    recipe: AnyRecipe
    baselines: tuple[str, ...]
    seeds: dict[str, tuple[int, ...]]
    slow: tuple[str, ...] = ()
    wanted: float | None = None
    simulated: bool = False

    def seeds_of(self, protocol: str, name: str) -> tuple[int, ...]:
        """Return the assignments of a protocol on which the model or baseline `name` is scored."""
        seeds = self.seeds[protocol]
        if name.startswith("without "):
            return seeds[:1]
        return seeds[:SLOW_SEEDS] if name in self.slow else seeds


def _limits(species: int, plots: str, *own: str) -> tuple[str, ...]:
    """Return a shipped model's limits: what is said of all of them, around its own."""
    return (f"{species} species only: a species that is not listed has not been looked for, which says nothing of its "
            "absence.",
            f"Trained on {plots}; elsewhere its scores mean nothing.", *own,
            "Records of planning value need confirmation in the field.")


WESTERN_SWISS_ALPS = Model(
    name="western-swiss-alps",
    title="Vascular plants of the Western Swiss Alps",
    version="1.1",
    description="Probability of occurrence of 55 vascular plants in grassland plots of the Western Swiss Alps "
                "(Canton de Vaud), from five topo-climatic predictors at 250 m.",
    licence="GPL-2.0-or-later (the training data are part of an R package under the GPL)",
    attribution="Model trained on ecospat.testData and ecospat.testEnv (R package ecospat, University of Lausanne)",
    limits=_limits(
        55, "300 plots in the Alps of the Canton de Vaud",
        "The predictors have a resolution of 250 m: finer maps get smoother, not more accurate.",
        "Off the raster that it was trained on, predictors can be derived from an elevation model and monthly climate: "
        "by formulas that are inferred, and whose agreement with that raster was not measured.",
        "A probability is that of a vegetation plot like those of the training data, not of a whole cell."),
    recipe=Recipe(
        groups=(Group(members=8, hidden=32, layers=2, products=True),),
        epochs=80, learning_rate=0.01, weight_decay=1.0, dropout=0.2, batch=60, blocks=Blocks(8000.0),
        inner_folds=3, forest_trees=500, forest_leaf=3,
        mix=Mix(network=10 / 18, forest=5 / 18, linear=3 / 18, trees=100)),
    baselines=tuple(BASELINES),
    seeds={"blocks": REPORTED, "random": REPORTED},
    wanted=0.01,
)

NETHERLANDS_LMF = Model(
    name="netherlands-lmf",
    title="Vascular plants of the Netherlands",
    version="1.0",
    description="Probability of occurrence of 50 vascular plants in plots of the Dutch national monitoring network of "
                "flora, from region, land use, soil type and human footprint.",
    licence="CC-BY-4.0",
    attribution="Model trained on plots of the Dutch national monitoring network of flora, as published by RIVM "
                "(rivm-syso/spr-poc-uncertainty-mapping, CC BY 4.0)",
    limits=_limits(
        50, "plots in the Netherlands",
        "The predictors are coarse classes and a human footprint of about 1 km: the map cannot tell places of one "
        "class apart.",
        "Region, land use and soil were those recorded with the plot; a map of them errs, and the scores with it.",
        "Built-up land is 0 or 10 in the plots' human footprint; other values were never seen in training."),
    recipe=Recipe(
        groups=(Group(members=4, hidden=64, layers=2, products=True),),
        epochs=15, learning_rate=0.005, weight_decay=0.1, dropout=0.1, batch=512, blocks=Blocks(25000.0),
        inner_folds=0, forest_trees=300, forest_leaf=10),
    baselines=tuple(BASELINES),
    seeds={"blocks": REPORTED, "random": REPORTED[:1]},
    slow=("gradient boosting", "maxent"),
    wanted=0.008,
)

IBERIAN_FLORA = Model(
    name="iberian-flora",
    title="Vascular plants of Spain and Portugal, in squares of 10 km",
    version="1.0",
    description="Chance that each of 3,705 vascular plants is recorded in a 10 km square of mainland Spain, Portugal "
                "or the Balearic Islands explored to a stated level, from climate and terrain of the base cube.",
    licence="CC-BY-SA-4.0",
    attribution="Model trained on AFLIBER (Ramos-Gutiérrez et al. 2021, doi:10.1111/geb.13363), WorldClim 1.4 (Hijmans "
                "et al. 2005, CC BY-SA 4.0) and EU-DEM (produced using Copernicus data and information funded by the "
                "European Union – EU-DEM layers)",
    limits=(
        "A score is the chance of being recorded in a square of 10 km explored to the stated level: not the chance "
        "of growing on a site in it.",
        "3,705 species recorded in 50 squares or more; the 1,976 rarer ones are listed with the squares where they "
        "were recorded, never with a chance.",
        "A species that is not listed is not thereby absent: squares were explored unequally.",
        "Species are ranked better than squares: the number of species of a square is foretold badly, and a map of it "
        "is not offered.",
        "Trained on mainland Spain, Portugal and the Balearic Islands; elsewhere, on the Canaries, Madeira and the "
        "Azores too, its scores mean nothing.",
        "Climate has an effective resolution of about 20 km, terrain of about 10 km.",
        "Records of planning value need confirmation in the field.",
    ),
    recipe=AtlasRecipe(
        hidden=(256, 128), members=1, epochs=12, learning_rate=4e-3, weight_decay=1e-2, dropout=0.2, batch=512,
        blocks=Blocks(100_000.0), windows=(5, 15),
        smoothing=Smoothing(bandwidth=30.0, spacing=30.0, prior=0.3, rank=160)),
    baselines=(),
    seeds={"blocks": REPORTED},
)

SHIPPED = {model.name: model for model in (WESTERN_SWISS_ALPS, NETHERLANDS_LMF, IBERIAN_FLORA)}

GEOLIFECLEF23 = Model(
    name="geolifeclef23-pa",
    title="Surveys of GeoLifeCLEF 2023",
    version="1.0",
    description="Probability of occurrence of 389 anonymous species of GeoLifeCLEF 2023 mentioned at least 50 times.",
    licence="MIT",
    attribution="",
    limits=("A benchmark: its species have numbers and no names.",),
    recipe=Recipe(
        groups=(Group(members=4, hidden=128, layers=2, products=False),),
        epochs=20, learning_rate=0.005, weight_decay=0.1, dropout=0.2, batch=256, blocks=Blocks(50_000.0),
        inner_folds=0, forest_trees=100, forest_leaf=3),
    baselines=("most frequent taxa",),
    seeds={"blocks": REPORTED[:1]},
)

MODELS = {**SHIPPED, GEOLIFECLEF23.name: GEOLIFECLEF23}
"""Models of public data: those that ship, and a benchmark."""
