"""From parts to the files of an assessment, block by block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from geoplantnet_plugin.common.assessment import AREAS, COVERAGE, COVERAGE_BY_AREA, INDICATORS, SPECIES, TABLES
from geoplantnet_plugin.engine.assemblage import SetRule
from geoplantnet_plugin.engine.assessment.manifest import SpeciesBand
from geoplantnet_plugin.engine.assessment.parts import Parts
from geoplantnet_plugin.engine.assessment.pieces import Computation
from geoplantnet_plugin.engine.assessment.rasters import (
    Later,
    encoding_of,
    indicator_raster,
    species_raster,
)
from geoplantnet_plugin.engine.assessment.tables import assemblage_gpkg
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.coverage.by_area import AreaResult, ByArea, write_areas_csv
from geoplantnet_plugin.engine.coverage.table import (
    Coverage,
    CoverageRow,
    write_coverage_by_area_csv,
    write_coverage_csv,
)
from geoplantnet_plugin.engine.indicators import Context, Indicator
from geoplantnet_plugin.engine.indicators.share_interval import Estimate, Shares
from geoplantnet_plugin.engine.scores.source import ScoredBlock
from geoplantnet_plugin.engine.survey.listing import Entry
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Block, Grid

ALL_TAXA_LISTED = 256
"""Up to so many taxa, ``species.tif`` has a band for each; beyond, for those present in some cell."""


@dataclass
class Summary:
    """What the cells of an area add up to. `cells` have scores, `outside` of them lie outside the domain.

    `shares` are the expected shares of all taxa. `richness` is how many taxa a cell is expected to hold;
    `taxa_in_cells` counts those of the set rule.
    `areas` are the named areas that are told apart.
    """

    rows: list[CoverageRow]
    cells: int = 0
    outside: int = 0
    taxa_in_cells: int = 0
    richness: Estimate = field(default_factory=Estimate)
    shares: Shares = field(default_factory=Shares)
    areas: list[AreaResult] = field(default_factory=list)

    @property
    def mean_richness(self) -> float:
        """Mean number of taxa a cell."""
        return self.taxa_in_cells / self.cells if self.cells else 0.0


@dataclass(frozen=True)
class Outputs:
    """Writes the files of an assessment from finished parts."""

    folder: Path
    area: Area
    grid: Grid
    context: Context
    rule: SetRule
    indicators: Sequence[Indicator]
    parts: Parts
    blocks: Sequence[Block]
    tags: dict[str, str]
    reporter: Reporter
    named: Mapping[str, Area]

    def write_indicators(self, later: Later) -> Summary:
        """Write the indicators, whose files `later` finishes, and the coverage table."""
        coverage = Coverage(self.context.taxa, self.context.calibration)
        by_area = ByArea(self.named, self.grid, self.indicators, self.context)
        summary = Summary([])
        (self.folder / INDICATORS).mkdir(exist_ok=True)
        computation = Computation(self.rule, self.indicators, self.context)
        with ExitStack() as stack, ThreadPoolExecutor() as pool:
            rasters = [stack.enter_context(indicator_raster(
                self.folder / indicator_file(indicator), self.grid, indicator.kind == "class",
                str(indicator.title()), self._tags(indicator), later)) for indicator in self.indicators]
            beside = [[stack.enter_context(indicator_raster(
                self.folder / indicator_file(indicator, layer), self.grid, False, f"{indicator.title()}: {layer}",
                self._tags(indicator), later)) for layer in indicator.uncertainty_layers(self.context)]
                for indicator in self.indicators]
            for block, scored in self._scored("indicators"):
                found, within = [], by_area.within(block)
                for some, piece in computation.pieces(scored, pool):
                    coverage.add(piece.assemblage)
                    coverage.add_presences(piece.presences)
                    by_area.add(within, piece.cells, piece.assemblage, piece.presences, piece.values)
                    summary.taxa_in_cells += len(piece.assemblage.ids)
                    summary.cells += len(some.cells)
                    summary.outside += int(some.outside.sum())
                    found.append((some.cells, piece.values, piece.bounds))
                cells = np.concatenate([cells for cells, *_ in found])
                for i, (raster, layers) in enumerate(zip(rasters, beside, strict=True)):
                    raster.write(block, cells, np.concatenate([values[i] for _, values, _ in found]))
                    for j, layer in enumerate(layers):
                        layer.write(block, cells, np.concatenate([bounds[i][j] for *_, bounds in found]))
        summary.rows = coverage.rows() if summary.cells else []
        summary.richness, summary.shares = coverage.richness(), coverage.shares()
        summary.areas = by_area.results()
        write_coverage_csv(self.folder / COVERAGE, summary.rows, self.context.scale, self.context.taxa.lists)
        if summary.areas:
            write_areas_csv(self.folder / AREAS, summary.areas)
            write_coverage_by_area_csv(self.folder / COVERAGE_BY_AREA, {area.name: area.rows for area in summary.areas},
                                       self.context.scale, self.context.taxa.lists)
        return summary

    def write_tables(self, summary: Summary, survey: Sequence[Entry]) -> None:
        """Write ``assemblage.gpkg``."""
        with assemblage_gpkg(self.folder / TABLES, self.area, self.grid, self.context.taxa,
                             encoding_of(self.context.scale), summary.rows, summary.areas, survey,
                             summary.shares) as cell_taxa:
            for block, scored in self._scored("tables"):
                cell_taxa.add(block, ((some.cells, self.rule.apply(some.scores)) for some in scored))

    def write_species(self, rows: Sequence[CoverageRow]) -> list[SpeciesBand]:
        """Write ``species.tif`` and return its bands; the listed taxa come in the order of the taxa table."""
        taxa = self.context.taxa
        share = {row.taxon.id: row.share for row in rows}
        listed = [i for i, taxon in enumerate(taxa) if len(taxa) <= ALL_TAXA_LISTED or taxon.id in share]
        names = [taxa[i].accepted_name for i in listed]
        with species_raster(self.folder / SPECIES, self.grid, self.context.scale, listed, names, self.tags) as raster:
            for block, scored in self._scored("species"):
                raster.write(block, scored)
        return [SpeciesBand(band, taxa[i].id, taxa[i].accepted_name, round(share.get(taxa[i].id, 0.0), 4))
                for band, i in enumerate(listed, 1)]

    def _scored(self, stage: str) -> Iterator[tuple[Block, Iterator[ScoredBlock]]]:
        for done, block in enumerate(self.blocks, 1):
            self.reporter.checkpoint()
            yield block, self.parts.load(block)
            self.reporter.progress(stage, done, len(self.blocks))

    def _tags(self, indicator: Indicator) -> dict[str, str]:
        return {**self.tags, "indicator": indicator.id, "unit": str(indicator.unit()),
                "definition": str(indicator.definition()), "set_rule": str(self.rule.sentence())}


def indicator_file(indicator: Indicator, layer: str = "") -> str:
    """Return the path of an indicator's raster inside the folder, or of a `layer` that says how sure it is."""
    return f"indicators/{indicator.id}{layer and f'_{layer}'}.tif"
