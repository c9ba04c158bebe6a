"""The main job: area → grid → cube → scores → assemblage → indicators → coverage → assessment."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from geoplantnet_plugin.common.assessment import MAP, RANKS_LIST, SURVEY_LIST, TABLES
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, PublishedOptions
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.assess.planning import plan_assessment
from geoplantnet_plugin.engine.assess.scoring import Runner, ScoringTask, in_this_process, score_area
from geoplantnet_plugin.engine.assess.stages import expected
from geoplantnet_plugin.engine.assessment.all_scores import write_all_scores
from geoplantnet_plugin.engine.assessment.describe import (
    absent_entries,
    checksums,
    coverage_entry,
    first_manifest,
    indicator_entry,
    ranks_entry,
    species_entry,
    survey_entry,
    tags_of,
    uncertainty_entries,
)
from geoplantnet_plugin.engine.assessment.folder import PARTS, output_folder
from geoplantnet_plugin.engine.assessment.manifest import Manifest, write_manifest
from geoplantnet_plugin.engine.assessment.map import MapText, draw_map, varies
from geoplantnet_plugin.engine.assessment.outputs import Outputs, Summary, indicator_file
from geoplantnet_plugin.engine.assessment.parts import Parts, drop_damaged, remove_parts
from geoplantnet_plugin.engine.assessment.plan import Plan
from geoplantnet_plugin.engine.assessment.quality import write_quality
from geoplantnet_plugin.engine.assessment.ranks import ranked_taxa, write_ranks, write_ranks_csv
from geoplantnet_plugin.engine.assessment.rasters import beside
from geoplantnet_plugin.engine.assessment.styles import write_species_style, write_style
from geoplantnet_plugin.engine.assessment.tables import write_pool_gpkg, write_ranks_gpkg
from geoplantnet_plugin.engine.assessment.verdicts.make import with_verdicts
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.heap import give_back, share_heaps
from geoplantnet_plugin.engine.base.reporters import Recorder
from geoplantnet_plugin.engine.scores.states import describe_states
from geoplantnet_plugin.engine.survey.listing import Entry
from geoplantnet_plugin.engine.survey.write import write_survey_csv

FINISHING = 2
"""Steps at the end: styles and map, then checksums."""


def assess(job: AssessJob, reporter: Reporter, runner: Runner = in_this_process) -> Manifest:
    """Run an assessment into ``job.out`` and return its manifest; `runner` does the scoring.

    Raises:
        EngineError: bad input, or a step that failed; finished parts are kept.
        Cancelled: the caller asked to stop; the same job continues.
    """
    share_heaps()
    started = time.perf_counter()
    recorder = Recorder(reporter)
    recorder.expect(**expected())
    plan = plan_assessment(job, recorder)
    maps = len(plan.context.taxa) if isinstance(job.source, PublishedOptions) else 0
    recorder.expect(**expected(plan.cells, maps, plan.all_scores))
    with closing(plan.source), output_folder(job.out, plan.digest) as folder:
        task = ScoringTask(plan.source, plan.area, plan.grid, folder / PARTS, plan.keep, plan.working,
                           plan.max_rows)
        if damaged := drop_damaged(folder / PARTS):
            reporter.warning("parts_damaged", count=damaged, out=str(job.out))
        manifest = first_manifest(job, plan, len(task.open_parts().finished(plan.blocks)))
        write_manifest(folder, manifest)
        give_back()
        ready = time.perf_counter()
        seconds = score_area(task, plan.blocks, plan.cells, runner, recorder)
        give_back()
        scored, parts = time.perf_counter(), task.open_parts()
        if (states := parts.states(plan.blocks)) is not None:
            manifest = replace(manifest, cell_states=describe_states(states))
        write = _write_pool if plan.pool else _write_ranks if plan.ranked else _write_outputs
        manifest = write(folder, plan, parts, manifest, recorder)
        timings = {"startup": ready - started, "scores": scored - ready, **seconds,
                   "write": time.perf_counter() - scored}
        manifest = replace(manifest, state="complete", warnings=recorder.warnings,
                           timings={name: round(seconds, 3) for name, seconds in timings.items()},
                           checksums=checksums(folder))
        write_manifest(folder, manifest)
        remove_parts(folder / PARTS)
        recorder.progress("finish", FINISHING, FINISHING)
    reporter.message("assess_done", out=str(job.out))
    return manifest


def _write_pool(folder: Path, plan: Plan, parts: Parts, manifest: Manifest, reporter: Reporter) -> Manifest:
    """The list of one square: there is nothing to map, and nothing to say of the site's cells."""
    outside = np.concatenate([some.outside for block in plan.blocks for some in parts.load(block)])
    if not len(outside):
        raise EngineError("assess_no_cell")
    if outside.any():
        reporter.warning("pool_outside_domain")
    entries, manifest = _survey(folder, plan, parts, manifest)
    write_pool_gpkg(folder / TABLES, plan.area, plan.context.taxa, entries)
    manifest = replace(manifest, blocks={"total": len(plan.blocks), "done": len(plan.blocks)})
    return with_verdicts(manifest, folder, plan.context.taxa, ())


def _write_ranks(folder: Path, plan: Plan, parts: Parts, manifest: Manifest, reporter: Reporter) -> Manifest:
    """The ranks of cells within larger squares: no chance, no sum, no indicator."""
    if plan.survey is None:
        raise EngineError("job_no_model")
    taxa, tags = ranked_taxa(plan, plan.survey), tags_of(plan, manifest.simulated)
    species = write_ranks(folder, plan, parts, taxa, tags, reporter)
    with beside() as later:
        quality = write_quality(folder, plan, parts, tags, reporter, later)
    write_ranks_csv(folder / RANKS_LIST, taxa)
    write_ranks_gpkg(folder / TABLES, plan.area, plan.context.taxa, [taxon.entry for taxon in taxa])
    manifest = replace(manifest, species=species, ranks=ranks_entry(plan, plan.survey, len(taxa)),
                       quality=quality.layers, predictors=quality.predictors,
                       blocks={"total": len(plan.blocks), "done": len(plan.blocks)})
    for entry in manifest.quality:
        write_style(folder, entry)
    write_species_style(folder, species)
    return with_verdicts(manifest, folder, plan.context.taxa, ())


def _survey(folder: Path, plan: Plan, parts: Parts, manifest: Manifest) -> tuple[list[Entry], Manifest]:
    """Make and write the survey list, where there is one to make."""
    if plan.survey is None:
        return [], manifest
    entries = plan.survey.entries(plan.context.taxa, (some for block in plan.blocks for some in parts.load(block)))
    write_survey_csv(folder / SURVEY_LIST, entries)
    return entries, replace(manifest, survey=survey_entry(plan, plan.survey, entries))


def _write_outputs(folder: Path, plan: Plan, parts: Parts, manifest: Manifest, reporter: Reporter) -> Manifest:
    outputs = Outputs(folder, plan.area, plan.grid, plan.context, plan.rule, plan.indicators, parts, plan.blocks,
                      tags_of(plan, manifest.simulated), reporter, plan.named)
    with beside() as later, ThreadPoolExecutor(max_workers=1) as pool:
        summary = outputs.write_indicators(later)
        give_back()
        _warn_of_weak_cells(plan, summary, reporter)
        quality = write_quality(folder, plan, parts, tags_of(plan, manifest.simulated), reporter, later)
        give_back()
        species = pool.submit(outputs.write_species, summary.rows)
        entries, manifest = _survey(folder, plan, parts, manifest)
        outputs.write_tables(summary, entries)
        listed = species_entry(plan, species.result())
    if plan.all_scores:
        manifest = replace(manifest, all_scores=write_all_scores(folder, plan, [band.id for band in listed.bands],
                                                                 tags_of(plan, manifest.simulated), reporter))
    manifest = replace(manifest, indicators=[indicator_entry(entry, plan.context) for entry in plan.indicators],
                       absent=absent_entries(plan),
                       uncertainty=[layer for entry in plan.indicators
                                    for layer in uncertainty_entries(entry, plan.context)],
                       species=listed, coverage=coverage_entry(plan, summary, quality.edge_share),
                       quality=quality.layers, predictors=quality.predictors,
                       blocks={"total": len(plan.blocks), "done": len(plan.blocks)})
    give_back()
    reporter.progress("finish", 0, FINISHING)
    for entry in (*manifest.indicators, *manifest.uncertainty, *manifest.quality):
        write_style(folder, entry)
    write_species_style(folder, listed)
    if plan.indicators:
        _draw_map(folder, plan, manifest)
    reporter.progress("finish", 1, FINISHING)
    return with_verdicts(manifest, folder, plan.context.taxa, summary.rows)


def _draw_map(folder: Path, plan: Plan, manifest: Manifest) -> None:
    """Draw the first indicator that has more than one value, else the first, which then says that it has not."""
    first = next((entry for entry in plan.indicators if varies(folder / indicator_file(entry))), plan.indicators[0])
    notes = (manifest.set_rule.text, f"{manifest.score_source.title} {manifest.score_source.version}",
             render("map_resolution", {"resolution": plan.grid.resolution, "effective": plan.effective_resolution}))
    title = f"{first.title()} – {manifest.job['name'] or folder.name}"
    draw_map(folder / indicator_file(first), plan.area.shape, folder / MAP,
             MapText(title, str(first.unit()), notes, manifest.simulated),
             first.bounds(plan.context), first.classes)


def _warn_of_weak_cells(plan: Plan, summary: Summary, reporter: Reporter) -> None:
    if not summary.cells:
        raise EngineError("assess_no_cell")
    if summary.cells < plan.cells:
        reporter.warning("assess_missing_cells", share=_percent(plan.cells - summary.cells, plan.cells))
    if summary.outside:
        reporter.warning("assess_outside_domain", share=_percent(summary.outside, summary.cells))


def _percent(part: int, whole: int) -> str:
    share = 100 * part / whole
    return f"{share:.1f}" if share >= 0.1 else "< 0.1"
