"""Candidate sites side by side by their survey lists: what they share, what each has of its own.

Sites are put in an order only where no two of them refer to the same land: within one square a model says the same of
both, and an order would be made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from geoplantnet_plugin.common.assessment import SQUARE_TABLE, TABLES
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.spreadsheets import escape_formula
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.opening import layer_table
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.assessment.report.html import write_page
from geoplantnet_plugin.engine.assessment.report.model import Table
from geoplantnet_plugin.engine.assessment.report.survey import Row, headline, recorded, survey_rows, why
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.base.files import write_csv
from geoplantnet_plugin.engine.survey.listing import CHARACTERISTIC, FIRST, HERE

if TYPE_CHECKING:
    from shapely import Geometry

SITES_TABLE, SITES_PAGE = "sites.csv", "sites.html"
MOST_ROWS = 80


@dataclass(frozen=True)
class Site:
    """One site: its name, folder, the land that its list refers to, and the species of groups A and B that count."""

    name: str
    folder: AssessmentFolder
    land: Geometry
    rows: dict[str, Row]

    def count(self, group: str) -> int:
        """Return how many species of a group there are."""
        return sum(row.grp == group for row in self.rows.values())

    @property
    def recorded_first(self) -> int:
        """How many listed, invasive or endemic species were recorded in a square that the site touches."""
        return sum(row.grp == FIRST and row.recorded == HERE for row in self.rows.values())


@dataclass(frozen=True)
class Sites:
    """Sites, those with most recorded species of group A first where they can be ranked, else as they were given."""

    sites: tuple[Site, ...]
    ranked: bool
    shared: tuple[str, ...]

    def own(self, site: Site) -> list[str]:
        """Return the species that no other site has, in the order of the site's list."""
        others = {name for other in self.sites if other is not site for name in other.rows}
        return [name for name in site.rows if name not in others]


def compare_sites(folders: Sequence[Path], out: Path, language: str) -> Sites:
    """Compare finished assessments that have survey lists; write a table and a page into `out`.

    Raises:
        EngineError: ``sites_too_few``, ``sites_no_list``, ``sites_other_model``, or one is no finished assessment.
    """
    if len(folders) < 2:
        raise EngineError("sites_too_few")
    sites = [_site(folder) for folder in folders]
    if len({site.folder.document["score_source"]["digest"] for site in sites}) > 1:
        raise EngineError("sites_other_model")
    ranked = not any(one.land.intersection(other.land).area > 0 for one, other in combinations(sites, 2))
    if ranked:
        sites.sort(key=lambda site: (-site.recorded_first, -site.count(FIRST), site.name))
    shared = tuple(name for name in sites[0].rows if all(name in site.rows for site in sites))
    found = Sites(tuple(sites), ranked, shared)
    out.mkdir(parents=True, exist_ok=True)
    _write_table(out / SITES_TABLE, found)
    _write_page(out / SITES_PAGE, found, Texts(language))
    return found


def _site(path: Path) -> Site:
    folder = open_folder(path)
    if not folder.document.get("survey"):
        raise EngineError("sites_no_list", folder=path)
    land = folder.area
    if folder.document["survey"]["pool"]:
        land = layer_table(path / TABLES, SQUARE_TABLE).geometry.union_all()
    rows = [row for row in headline(survey_rows(folder)) if row.grp in (FIRST, CHARACTERISTIC)]
    return Site(path.resolve().name, folder, land, {row.name: row for row in rows})


def _write_table(path: Path, found: Sites) -> None:
    names = dict.fromkeys(name for site in found.sites for name in site.rows)
    header = ["Name", "Family", *(f"{site.name}: {what}" for site in found.sites
                                  for what in ("group", "chance", "recorded"))]
    write_csv(path, map(escape_formula, header), (
        [escape_formula(name), next(site.rows[name].family for site in found.sites if name in site.rows),
         *(cell for site in found.sites for cell in _cells(site.rows.get(name)))] for name in names))


def _cells(row: Row | None) -> tuple[str, str, str]:
    if row is None:
        return "", "", ""
    return row.grp, "" if row.chance is None else f"{row.chance:.3f}", row.recorded


def _write_page(path: Path, found: Sites, text: Texts) -> None:
    simulated = text("simulated") if any(site.folder.document["simulated"] for site in found.sites) else ""
    facts = [(site.name, text("front_hectares", hectares=float(site.folder.document["area"]["hectares"]),
                              cells=site.folder.document["area"]["cells"])) for site in found.sites]
    tables = [_overview(found, text), _species(text("sites_shared", count=len(found.shared)), found.sites[0],
                                               found.shared, text),
              *(_species(text("sites_own", site=site.name, count=len(own)), site, own, text)
                for site in found.sites for own in (found.own(site),))]
    write_page("comparison.html.j2", path, language=text.language, title=text("sites_title"), simulated=simulated,
               facts=facts, caveat=text("caveat"),
               notes=[text("sites_ranked" if found.ranked else "sites_not_ranked"), text("survey_absent")],
               tables=[table for table in tables if table.rows])


def _overview(found: Sites, text: Texts) -> Table:
    return Table(text("sites_overview"), [text(f"sites_column_{name}") for name in (
        "site", "first", "recorded", "characteristic", "own")],
        [[site.name, str(site.count(FIRST)), str(site.recorded_first), str(site.count(CHARACTERISTIC)),
          str(len(found.own(site)))] for site in found.sites], (40, 20, 20, 20, 20), frozenset((1, 2, 3, 4)))


def _species(caption: str, site: Site, names: Sequence[str], text: Texts) -> Table:
    rows = [site.rows[name] for name in names[:MOST_ROWS]]
    return Table(caption, [text(f"survey_column_{name}") for name in ("name", "family", "why", "chance", "recorded")],
                 [[row.name, row.family, why(row, text),
                   text("survey_not_modelled") if row.chance is None else f"{text.number(100 * row.chance, 0)} %",
                   recorded(row, text)] for row in rows], (34, 20, 36, 14, 26), frozenset((3,)), frozenset((0,)),
                 folded=True)
