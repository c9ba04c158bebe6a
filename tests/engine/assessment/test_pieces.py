"""Cells with the same scores are worked out once, with the same results."""

from __future__ import annotations

import numpy as np
import pytest

from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.assemblage import parse_rule
from geoplantnet_plugin.engine.assessment.pieces import Computation
from geoplantnet_plugin.engine.indicators import Context, select
from geoplantnet_plugin.engine.models.package import open_package
from geoplantnet_plugin.engine.models.statements import statements_of
from geoplantnet_plugin.engine.scores.calibration import Calibration
from geoplantnet_plugin.engine.scores.ranked import RankedScores
from geoplantnet_plugin.engine.scores.source import ScoredBlock
from geoplantnet_plugin.engine.taxa.joining import join
from geoplantnet_plugin.engine.taxa.lists import load_lists


@pytest.mark.parametrize("rule", ["lambda:0.2", "topk:7", "sse"])
def test_repeated_cells_have_what_each_has_by_itself(rule: str) -> None:
    package = open_package(str(RESOURCES / "models" / "western-swiss-alps"))
    taxa, statements = join(package.taxa, load_lists()).taxa, statements_of(package.card)
    scale = package.card.scale
    context = Context(taxa, scale, Calibration.of(statements))
    computation = Computation(parse_rule(rule, taxa, scale, statements), select(("all",), context), context)
    rng = np.random.default_rng(2)
    which = rng.integers(0, 12, 100)
    scores = RankedScores.from_dense(rng.beta(0.5, 2, (12, len(taxa))).astype(np.float32), len(taxa), scale)
    cells = np.arange(100, dtype=np.int32)
    repeated = ScoredBlock(cells, RankedScores(scores.ids[which], scores.values[which], scores.scale),
                           np.zeros(100, np.bool_))
    found = computation.compute(repeated)
    for cell in range(0, 100, 9):
        one = slice(cell, cell + 1)
        alone = computation.compute(ScoredBlock(cells[one], RankedScores(repeated.scores.ids[one],
                                    repeated.scores.values[one], scores.scale), repeated.outside[one]))
        entries = slice(found.assemblage.start[cell], found.assemblage.start[cell + 1])
        assert found.assemblage.ids[entries].tolist() == alone.assemblage.ids.tolist()
        assert found.assemblage.values[entries].tolist() == alone.assemblage.values.tolist()
        np.testing.assert_array_equal(found.presences.probability[cell], alone.presences.probability[0])
        for many, one in zip(found.values, alone.values, strict=True):
            np.testing.assert_allclose(many[cell], one[0], rtol=1e-6)
        for many_layers, one_layers in zip(found.bounds, alone.bounds, strict=True):
            for many, one in zip(many_layers, one_layers, strict=True):
                np.testing.assert_allclose(many[cell], one[0], rtol=1e-6)
    assert found.assemblage.start[-1] == len(found.assemblage.ids) and len(found.cells) == 100
