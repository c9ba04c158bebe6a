"""A survey list that is ready to be made: what is decided before the first cell is scored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from geoplantnet_plugin.common.jobs import AssessJob
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.scores.probability import as_probability
from geoplantnet_plugin.engine.scores.source import ScoredBlock
from geoplantnet_plugin.engine.scores.support import Support
from geoplantnet_plugin.engine.survey.flora import Flora, as_taxa
from geoplantnet_plugin.engine.survey.listing import Asked, Entry, recorded_near, survey_list
from geoplantnet_plugin.engine.survey.squares import Squares
from geoplantnet_plugin.engine.survey.told import altitude_of, checked_habitats, read_months
from geoplantnet_plugin.engine.taxa.joining import join
from geoplantnet_plugin.engine.taxa.lists import load_lists
from geoplantnet_plugin.engine.taxa.table import Status, TaxaTable
from geoplantnet_plugin.engine.taxa.territory import at_site, checked_country, in_force
from geoplantnet_plugin.engine.where.area import Area


@dataclass(frozen=True)
class SurveyPlan:
    """The flora, its species with their statuses at the site, the squares around it, and what the user says of it."""

    flora: Flora
    listed: TaxaTable
    squares: Squares
    asked: Asked

    def entries(self, taxa: TaxaTable, scored: Iterable[ScoredBlock]) -> list[Entry]:
        """Return the list for the `scored` cells: a species' chance is the mean over them."""
        total, cells = np.zeros(len(taxa)), 0
        for some in scored:
            values = as_probability(some.scores.values, some.scores.scale)
            total += np.bincount(some.scores.ids.ravel(), values.ravel(), minlength=len(taxa))
            cells += len(some.cells)
        chances = {taxon.id: float(total[i] / cells) for i, taxon in enumerate(taxa)} if cells else {}
        return survey_list(self.flora, self.listed.taxa, self.squares, chances, self.asked)

    def recorded(self) -> list[Entry]:
        """Return what the records alone say of the species recorded here or near, in no order."""
        return recorded_near(self.flora, self.listed.taxa, self.squares, self.asked)


def plan_survey(job: AssessJob, support: Support, flora: Flora, squares: Squares, site: Area, reporter: Reporter
                ) -> SurveyPlan:
    """Join the lists that are or may be in force to the flora, and read what the user says of the site.

    Raises:
        EngineError: an unknown habitat, a table without any of the names, an unusable elevation model.
    """
    habitats = checked_habitats(job.present)
    species = as_taxa(flora)
    months = read_months(Path(job.months), species, reporter) if job.months else {}
    altitude = altitude_of(job.elevation, site) if job.elevation else None
    country = checked_country(job.country)
    lists = [entry for entry in load_lists(country=country) if in_force(entry.territory, country) is not False]
    listed = at_site(_with_endemics(join(species, lists).taxa, flora, support), country)
    return SurveyPlan(flora, listed, squares, Asked(habitats, months, altitude))


def as_known(taxa: TaxaTable, survey: SurveyPlan) -> TaxaTable:
    """Return a model's taxa with what the survey's flora knows of them, so that lists are joined once."""
    known = {species.taxon: survey.listed[i] for i, species in enumerate(survey.flora.species) if species.taxon}
    return TaxaTable(tuple(
        replace(taxon.named(known[taxon.id].common_names), life_form=known[taxon.id].life_form,
                statuses=(*taxon.statuses, *known[taxon.id].statuses))
        if taxon.id in known else taxon for taxon in taxa), survey.listed.lists)


def _with_endemics(taxa: TaxaTable, flora: Flora, support: Support) -> TaxaTable:
    """Return the flora's `taxa` with what it says of their being endemic; *a subspecies is* leaves a species *no*."""
    instrument = render("flora_endemic", {"records": support.records})
    return replace(taxa, taxa=tuple(
        replace(taxon, statuses=(*taxon.statuses, Status("endemic", "yes" if species.endemic == "yes" else "no",
                                                         instrument, "", support.records, support.dated)))
        if species.endemic else taxon for taxon, species in zip(taxa, flora.species, strict=True)))
