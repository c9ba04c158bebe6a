"""The rasters of a field package: cloud-optimised GeoTIFFs with the tiles that a tablet draws fast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from geoplantnet_plugin.common.assessment import SCORE_BOUNDS
from geoplantnet_plugin.common.fieldpackage import RASTERS, RasterEntry, ascii_name
from geoplantnet_plugin.common.messages import said
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.opening import layer_raster
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import scratch

TILE = 512


def write_rasters(out: Path, folder: AssessmentFolder, species: Sequence[str], language: str,
                  reporter: Reporter) -> tuple[RasterEntry, ...]:
    """Write the indicators and the maps of `species` (taxon ids) into `out` and return what they are.

    Rasters of an assessment end with the cells of its area, so they are clipped already.
    """
    (out / RASTERS).mkdir()
    entries = [*_indicators(folder, language), *_species(folder, species)]
    for done, (source, band, entry) in enumerate(entries, 1):
        reporter.checkpoint()
        _as_cog(source, band, out / entry.file, nearest=bool(entry.classes))
        reporter.progress("field_rasters", done, len(entries))
    return tuple(entry for _, _, entry in entries)


def _indicators(folder: AssessmentFolder, language: str) -> Iterator[tuple[Path, int, RasterEntry]]:
    for entry in folder.document["indicators"]:
        source = folder.raster(entry["id"])
        if source is not None:
            low, high = entry["bounds"]
            unit = folder.unit(entry["id"], language) if entry["kind"] != "class" else ""
            title = folder.title(entry["id"], language)
            yield source, 1, RasterEntry(
                f"{RASTERS}/{ascii_name(entry['id'])}.tif", "indicator", f"{title} ({unit})" if unit else title,
                (float(low), float(high)), tuple(folder.classes(entry["id"], language)),
                said(entry, "definition", language))


def _species(folder: AssessmentFolder, chosen: Sequence[str]) -> Iterator[tuple[Path, int, RasterEntry]]:
    species = folder.document["species"]
    bands = {entry["id"]: entry for entry in species["bands"]}
    for id in chosen:
        band = bands[id]
        yield folder.path / species["file"], int(band["band"]), RasterEntry(
            f"{RASTERS}/species-{int(band['band'])}-{ascii_name(band['name'])}.tif", "species", str(band["name"]),
            SCORE_BOUNDS[species["scale"]])


def _as_cog(source: Path, band: int, target: Path, nearest: bool) -> None:
    import rasterio
    from rasterio.shutil import copy

    with scratch(target.with_suffix(".band.tif")) as single:
        with layer_raster(source) as dataset:
            profile = {**dataset.profile, "count": 1, "driver": "GTiff", "interleave": "band"}
            with rasterio.open(single, "w", **profile) as out:
                for _, window in dataset.block_windows(band):
                    out.write(dataset.read(band, window=window), 1, window=window)
                out.scales = (dataset.scales[band - 1],)
                out.descriptions = (dataset.descriptions[band - 1],)
        copy(single, target, driver="COG", compress="DEFLATE", blocksize=TILE,
             overview_resampling="nearest" if nearest else "average", overview_count=2)
