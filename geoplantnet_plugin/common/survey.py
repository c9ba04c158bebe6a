"""What a survey consists of: tables, columns, codes and the expressions of the forms, for both sides.

The engine makes the tables of a field package from this, and reads them back; the QGIS side makes the forms from it.
Expressions are QGIS expressions that QField evaluates too; what is in braces is filled in when the forms are made:
`left`, `top`, `resolution`, `width`, `height` are the grid's, `package` is the package's id and `plot_area` its usual
plot; `plan`, `expected` and `releves` are ids of layers. Titles are in the catalogue: ``survey_table_…``,
``survey_column_…``, ``survey_code_…``.
Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass

GEOPACKAGE = "survey.gpkg"
PHOTOS = "DCIM"
"""The only folder from which QField brings photos back."""

PRESENT, ABSENT = "present", "absent"
VISITED, INACCESSIBLE = "visited", "inaccessible"
DOUBTFUL = "doubtful"

CODES: dict[str, tuple[str, ...]] = {
    "presence": (PRESENT, ABSENT),
    "certainty": ("certain", "likely", DOUBTFUL),
    "phenology": ("vegetative", "budding", "flowering", "fruiting", "dead"),
    "cover": ("r", "+", "1", "2", "3", "4", "5"),
    "layer": ("tree", "shrub", "herb", "moss"),
    "visit": ("planned", VISITED, INACCESSIBLE)}
"""Code lists. `cover` is the combined scale of Braun-Blanquet (1964): 2 is 5–25 %, 3 25–50 %, 4 50–75 %, 5 75–100 %;
r, + and 1 are single, few and more individuals that cover less than 5 %."""

TEXT, INTEGER, REAL, BOOLEAN, MOMENT = "text", "integer", "real", "boolean", "moment"

_CELL = ("if($x > {left} AND $y < {top} AND $x < {left} + {width} * {resolution} AND "
         "$y > {top} - {height} * {resolution}, floor(({top} - $y) / {resolution}) * {width} + "
         "floor(($x - {left}) / {resolution}), NULL)")
_CELL_OF_RELEVE = "attribute(get_feature('{releves}', 'releve_id', current_value('releve_id')), 'cell')"


def _listed(cell: str) -> str:
    """Return the filter of the site's list: what is expected in a cell; all where it has no list, or all is asked."""
    expected = f"attribute(get_feature('{{expected}}', 'cell', {cell}), 'taxa')"
    one = "';' || \"taxon\" || ';'"
    return f"coalesce(current_value('all_species'), false) OR strpos(coalesce({expected}, {one}), {one}) > 0"


EXPECTED_HERE = _listed("current_value('cell')")
EXPECTED_IN_RELEVE = _listed(_CELL_OF_RELEVE)

_NAMED = "\"taxon_id\" IS NOT NULL OR length(trim(coalesce(\"other_name\", ''))) > 0"
_NOT_LATER = "\"date\" <= now() + to_interval('1 day')"
_PERCENT = (0, 100, 1)
_UUID = "uuid('WithoutBraces')"


@dataclass(frozen=True)
class Column:
    """One column and its place in the form.

    `widget` is ``text``, ``note``, ``codes`` (of the list `codes`), ``taxon`` (from the site's list, by the filter
    `codes`), ``range`` (`bounds`: least, most, step), ``checkbox``, ``moment``, ``photo`` or ``hidden``; `tab` the tab
    of the form. `default` is an expression for a new row, renewed at each edit with `renewed`. `constraint` is an
    expression that must hold; a `required` column is filled in.
    """

    name: str
    type: str = TEXT
    widget: str = "hidden"
    tab: str = ""
    codes: str = ""
    bounds: tuple[float, float, float] | None = None
    default: str = ""
    renewed: bool = False
    constraint: str = ""
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One table; `geometry` is ``Point``, ``Polygon`` or blank. Rows belong to rows of a parent by `links`.

    `links` are pairs of a column and the table whose key it holds.
    """

    name: str
    geometry: str
    columns: tuple[Column, ...]
    links: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The name of the column that tells rows apart."""
        return self.columns[0].name

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)


def _key(name: str) -> Column:
    return Column(name, default=_UUID, required=True)


_PACKAGE = Column("package_id", default="'{package}'")
_POINT = Column("point_id", widget="text", tab="place",
                default=f"attribute(get_feature('{{plan}}', 'cell', {_CELL}), 'point_id')")
"""The point of the plan in the same cell, if there is one."""
_CELL_NUMBER = Column("cell", INTEGER, default=_CELL, renewed=True)
_ACCURACY = Column("accuracy", REAL, default="@position_horizontal_accuracy")
"""Metres, from the receiver: QField sets the variable, in QGIS it is empty."""
_DATE = Column("date", MOMENT, "moment", "record", default="now()", constraint=_NOT_LATER, required=True)
_OBSERVER = Column("observer", widget="text", tab="record", required=True)
_EDITED = Column("edited", MOMENT, default="now()", renewed=True)
_ALL_SPECIES = Column("all_species", BOOLEAN, "checkbox", "species", default="false")
_OTHER = Column("other_name", widget="text", tab="species")
_CERTAINTY = Column("certainty", widget="codes", codes="certainty", tab="species", default="'certain'", required=True)
_COVER = Column("cover", widget="codes", codes="cover", tab="species")
_PHENOLOGY = Column("phenology", widget="codes", codes="phenology", tab="species")
_NOTE = Column("note", widget="note", tab="record")


def _taxon(filter: str) -> Column:
    return Column("taxon_id", widget="taxon", codes=filter, tab="species", constraint=_NAMED)


OBSERVATIONS = Table("observations", "Point", (
    _key("observation_id"), _PACKAGE, _POINT, _CELL_NUMBER, _ACCURACY, _DATE, _OBSERVER,
    _taxon(EXPECTED_HERE), _ALL_SPECIES, _OTHER,
    Column("status", widget="codes", codes="presence", tab="species", default="'present'", required=True),
    Column("abundance", INTEGER, "range", "species", bounds=(0, 100000, 1)), _COVER, _PHENOLOGY, _CERTAINTY, _NOTE,
    _EDITED))

RELEVES = Table("releves", "Point", (
    _key("releve_id"), _PACKAGE, _POINT, _CELL_NUMBER, _ACCURACY, _DATE, _OBSERVER,
    Column("area_m2", REAL, "range", "plot", bounds=(1, 100000, 1), default="{plot_area}", constraint='"area_m2" > 0',
           required=True),
    Column("minutes", INTEGER, "range", "plot", bounds=(0, 600, 5)),
    Column("cover_total", INTEGER, "range", "plot", bounds=_PERCENT),
    *(Column(f"cover_{layer}", INTEGER, "range", "plot", bounds=_PERCENT) for layer in CODES["layer"]),
    Column("complete", BOOLEAN, "checkbox", "plot", default="false"), _NOTE, _EDITED))

RELEVE_SPECIES = Table("releve_species", "", (
    _key("row_id"), Column("releve_id", required=True), _taxon(EXPECTED_IN_RELEVE), _ALL_SPECIES, _OTHER,
    Column("layer", widget="codes", codes="layer", tab="species"), _COVER, _PHENOLOGY, _CERTAINTY,
    Column("note", widget="note", tab="species"), _EDITED), links=(("releve_id", "releves"),))

OUTLINES = Table("outlines", "Polygon", (
    _key("outline_id"), Column("releve_id", widget="text", tab="record"),
    Column("note", widget="note", tab="record"), _EDITED), links=(("releve_id", "releves"),))

PHOTO_TABLE = Table("photos", "", (
    _key("photo_id"), Column("record_id", required=True),
    Column("path", widget="photo", tab="record", required=True),
    Column("taken", MOMENT, "moment", "record", default="now()"), Column("note", widget="note", tab="record"),
    _EDITED), links=(("record_id", "observations"), ("record_id", "releves")))

PLAN = Table("plan", "Point", (
    Column("point_id", widget="text", tab="place"), Column("number", INTEGER), Column("walk", INTEGER),
    Column("cell", INTEGER), Column("stratum"), Column("stratum_cells", INTEGER), Column("draw", REAL),
    Column("inclusion", REAL), Column("expected", INTEGER, "range", "place", bounds=(0, 100000, 1)),
    Column("targets", widget="note", tab="place"),
    Column("visit", widget="codes", codes="visit", tab="place", default="'planned'", required=True),
    Column("visit_note", widget="note", tab="place"), _EDITED))

SURVEY = (OBSERVATIONS, RELEVES, RELEVE_SPECIES, OUTLINES, PHOTO_TABLE)
"""The tables that start empty."""
TABLES = (*SURVEY, PLAN)
"""All tables that a person edits in the field."""
TABS = ("species", "plot", "record", "place")
