"""Does a model fit a site? Asked before an assessment: predictors, domain, lists, and how many cells there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.common.messages import Message, messages_of
from geoplantnet_plugin.engine.assess.ground import ground_of
from geoplantnet_plugin.engine.assess.look import look_at
from geoplantnet_plugin.engine.assess.offer import Offer, chosen, offer_entry, offers
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.reporters import Quiet, Recorder
from geoplantnet_plugin.engine.cube.lights import Light
from geoplantnet_plugin.engine.cube.plan import open_sources
from geoplantnet_plugin.engine.models.package import ModelPackage, open_package
from geoplantnet_plugin.engine.sources.table import support_of
from geoplantnet_plugin.engine.survey.flora import Flora
from geoplantnet_plugin.engine.where.area import Area, read_area


@dataclass(frozen=True)
class ListKnowledge:
    """Of which `share` (0 to 1) of a model's taxa the status behind an indicator is known."""

    indicator: str
    title: str
    share: float
    messages: dict[str, Message]


@dataclass(frozen=True)
class SiteFit:
    """How well a model fits a site.

    `model` is its name, `chosen` whether it was chosen because it alone fits; blank where none was named and none or
    several fit, which a note tells. `outside` and `missing` are shares
    (0 to 1) of `sampled` cells: outside the model's domain (of those with data), without data. None where they are
    unknown: a predictor has no band, or the card states no domain. `pool` says that the site is smaller than the square
    of `resolution` metres that a score speaks of; `survey` that it gets a survey list; `notes` what
    else is to be told of it, codes with parameters; `offers` are all models for the site, the best first.
    """

    model: str
    chosen: bool
    hectares: float
    cells: int
    resolution: float
    crs: str
    lights: list[Light]
    bands: list[dict[str, Any]]
    sampled: int
    outside: float | None
    missing: float | None
    lists: list[ListKnowledge]
    pool: bool
    survey: bool
    notes: list[dict[str, Any]]
    offers: list[dict[str, Any]]


def check_fit(job: AssessJob, reporter: Reporter) -> SiteFit:
    """Look at the site of `job` with its model, without assessing it; nothing is written.

    Raises:
        EngineError: the area, the model or a source cannot be read.
    """
    area = read_area(job.area, job.grid_crs, reporter)
    options = job.source
    if not isinstance(options, ModelOptions):
        raise EngineError("job_no_model")
    reporter.progress("fit_models", 0, 0)
    heard = Recorder(Quiet(reporter))
    sources = open_sources(options.predictors, heard)
    offered = offers(area, options, sources, reporter)
    try:
        options = options if options.model else chosen(options, offered, reporter)
    except EngineError as undecided:
        return _without_model(area, offered, undecided)
    support = support_of(options)
    ground = ground_of(area, job.resolution, support, heard)
    reporter.progress("fit_predictors", 0, 0)
    package = open_package(options.model)
    reporter.progress("fit_values", 0, 0)
    found = look_at(package, sources, options.predictor_crs, ground, reporter)
    return SiteFit(options.model, options != job.source, round(area.hectares, 2), found.cells, ground.grid.resolution,
                   ground.grid.crs, found.lights,
                   [{"source": band.path, "band": band.index, "label": band.label} for band in sources.bands],
                   found.sampled, found.outside, found.missing, [] if ground.pool else _lists(package, support.flora),
                   ground.pool, support.flora is not None, heard.warnings,
                   [offer_entry(offer) for offer in offered])


def _without_model(area: Area, offered: list[Offer], undecided: EngineError) -> SiteFit:
    return SiteFit("", False, round(area.hectares, 2), 0, 0.0, area.crs, [], [], 0, None, None, [], False, False,
                   [{"code": undecided.code, "params": undecided.params}], [offer_entry(offer) for offer in offered])


def _lists(package: ModelPackage, flora: Flora | None) -> list[ListKnowledge]:
    """Return what is known of the taxa for the indicators that need lists; a flora says which are endemic."""
    from geoplantnet_plugin.engine.indicators import Context
    from geoplantnet_plugin.engine.indicators.registry import INDICATORS, dated
    from geoplantnet_plugin.engine.taxa.joining import join
    from geoplantnet_plugin.engine.taxa.lists import load_lists

    context = Context(join(package.taxa, load_lists()).taxa, package.card.scale)
    count = max(len(context.taxa), 1)
    known = {"endemism": sum(bool(species.taxon and species.endemic) for species in flora.species)} if flora else {}
    return [ListKnowledge(entry.id, str(title), round(known.get(entry.id, entry.known(context)) / count, 4),
                          messages_of(title=title))
            for entry in INDICATORS.values() if context.scale in entry.scales
            for title in [dated(entry, context).title()]]
