"""The records of a survey as plain tables: CSV, GeoPackage and GeoJSON, for programs that know nothing of forms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.survey import OBSERVATIONS, PRESENT, RELEVE_SPECIES, RELEVES
from geoplantnet_plugin.engine.assessment.tables import GPKG_VERSION
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.field.merge import Survey
from geoplantnet_plugin.engine.field.names import Names
from geoplantnet_plugin.engine.field.returned import Row

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

RECORDS = "records"
FORMATS = {".gpkg": {"driver": "GPKG", "VERSION": GPKG_VERSION}, ".geojson": {"driver": "GeoJSON"}}
COLUMNS = ("id", "releve", "date", "observer", "name", "taxon_id", "status", "abundance", "cover", "layer", "phenology",
           "certainty", "accuracy", "point_id", "note")


def export_records(out: Path, survey: Survey, names: Names, crs: str) -> None:
    """Write ``records.csv``, ``.gpkg`` and ``.geojson`` (WGS 84, with longitude and latitude in the CSV) into `out`."""
    frame = record_frame(survey, names, crs)
    for suffix, options in FORMATS.items():
        with writing(out / f"{RECORDS}{suffix}") as path:
            frame.to_file(path, layer=RECORDS, engine="pyogrio", **options)
    table = frame.drop(columns="geometry").assign(longitude=frame.geometry.x, latitude=frame.geometry.y)
    with writing(out / f"{RECORDS}.csv") as path:
        table.to_csv(path, index=False)


def record_frame(survey: Survey, names: Names, crs: str) -> GeoDataFrame:
    """Return one row a record (observations, and species of relevés at the relevé's place) in WGS 84."""
    from geopandas import GeoDataFrame, GeoSeries

    rows = list(records(survey))
    frame = GeoDataFrame({
        **{name: [row.get(name) for row in rows] for name in COLUMNS if name not in ("name", "taxon_id")},
        "name": [names.find(row).name for row in rows], "taxon_id": [names.find(row).id for row in rows]},
        geometry=GeoSeries.from_wkt([row["geometry"] for row in rows]), crs=crs)[[*COLUMNS, "geometry"]]
    return frame.to_crs("EPSG:4326")


def records(survey: Survey) -> Iterator[Row]:
    """Yield every record with a place: its columns, `id`, and `releve` (blank for observations)."""
    for row in survey.rows[OBSERVATIONS.name]:
        if row["geometry"] is not None:
            yield {**row, "id": row["observation_id"], "releve": ""}
    releves: dict[Any, Row] = {row["releve_id"]: row for row in survey.rows[RELEVES.name]}
    for row in survey.rows[RELEVE_SPECIES.name]:
        releve = releves.get(row["releve_id"])
        if releve is not None and releve["geometry"] is not None:
            yield {**releve, **row, "id": row["row_id"], "releve": row["releve_id"], "status": PRESENT,
                   "note": row["note"]}
