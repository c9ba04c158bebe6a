"""A fetch: estimated, agreed to, then written raster by raster; what is finished is kept when it is run again."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import FetchJob
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import scratch, writing
from geoplantnet_plugin.engine.base.holding import held
from geoplantnet_plugin.engine.cube.net.estimate import Cost, estimate, refuse_above, total
from geoplantnet_plugin.engine.cube.net.fetch_plan import asked_recipes, model_card, plan_fetch
from geoplantnet_plugin.engine.cube.net.layer import download
from geoplantnet_plugin.engine.cube.net.presets import Catalogue, read_catalogue
from geoplantnet_plugin.engine.cube.net.products import Product, as_stored
from geoplantnet_plugin.engine.cube.net.remote import Remote
from geoplantnet_plugin.engine.cube.net.workers import Workers
from geoplantnet_plugin.engine.cube.recipes import derive
from geoplantnet_plugin.engine.services.cache import open_cache
from geoplantnet_plugin.engine.services.settings import HttpSettings
from geoplantnet_plugin.engine.where.area import read_area
from geoplantnet_plugin.engine.where.grid import raster_window

if TYPE_CHECKING:
    from rasterio.io import DatasetWriter

TILE = 256
FETCH_TAG = "FETCH"
"""Tag with what a raster was made from: the same fetch finds it finished."""


@dataclass(frozen=True)
class Ready:
    """A fetch that is planned and costed, and what it needs to run."""

    job: FetchJob
    catalogue: Catalogue
    products: list[Product]
    costs: list[Cost]
    remote: Remote
    workers: Workers

    @property
    def cost(self) -> Cost:
        """All costs together."""
        return total(self.costs)

    @property
    def limit(self) -> float:
        """Megabytes beyond which the fetch is refused."""
        return self.catalogue.most_megabytes if self.job.most_megabytes is None else self.job.most_megabytes


@contextmanager
def prepared(job: FetchJob, reporter: Reporter, http: HttpSettings | None = None) -> Iterator[Ready]:
    """Plan and cost a fetch; connections, threads and cache are open within.

    Raises:
        EngineError: whatever makes the fetch impossible.
        Cancelled: the caller asked to stop.
    """
    from rasterio.errors import NotGeoreferencedWarning

    catalogue = read_catalogue()
    with warnings.catch_warnings(), open_cache() as cache:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # GDAL's own helpers, when threads warp
        remote = Remote(cache, http, catalogue.keep_days)
        try:
            with Workers(remote, reporter) as workers:
                reporter.message("net_looking")
                products = plan_fetch(job, catalogue, remote, cache, workers, reporter)
                unfinished = [product for product in products if not finished(product, job.out)]
                costs = estimate(unfinished, remote, workers)
                yield Ready(job, catalogue, products, costs, remote, workers)
        finally:
            remote.close()


def run(ready: Ready, reporter: Reporter) -> list[Path]:
    """Write the rasters that are not there yet and return all of them.

    Raises:
        EngineError: ``net_consent_first``, ``net_too_large``, ``net_out_taken``, ``out_in_use``, ``disk_full``, or a
            host's fault.
        Cancelled: finished rasters, and what was downloaded of the others, are kept.
    """
    refuse_above(ready.cost, ready.limit)
    if not ready.job.accepted:
        raise EngineError("net_consent_first", requests=ready.cost.requests, minutes=round(ready.cost.minutes, 1),
                          megabytes=round(ready.cost.megabytes, 1))
    with held(ready.job.out, ready.job.out):
        return _run(ready, reporter)


def _run(ready: Ready, reporter: Reporter) -> list[Path]:
    paths = {path_of(product, ready.job.out): product for product in ready.products}
    missing = {path: product for path, product in paths.items() if not finished(product, ready.job.out)}
    if taken := [path for path in missing if path.exists()]:
        raise EngineError("net_out_taken", file=taken[0])
    layers = [(layer, product.geobox) for product in missing.values() for layer in product.layers()]
    steps = len(layers) + sum(len(list(product.geobox.blocks(product.ratio))) for product in missing.values())
    ready.workers.gather([partial(download, ready.remote, *entry) for entry in layers],
                         lambda done: reporter.progress("fetch", done, steps))
    done = len(layers)
    for path, product in missing.items():
        for _ in _write(product, path, ready):
            done += 1
            reporter.progress("fetch", done, steps)
    if recipes := asked_recipes(ready.job, card := model_card(ready.job)):
        crs = read_area(ready.job.area, ready.job.grid_crs, reporter).crs
        resolution = card.resolution if card else 0.0
        return [*paths, *derive(recipes, ready.job.out, resolution, crs, reporter)]
    return list(paths)


def path_of(product: Product, out: Path) -> Path:
    """Return the raster that a product is written to."""
    return out / f"{product.stem}.tif"


def finished(product: Product, out: Path) -> bool:
    """Return whether the folder holds this very product."""
    import rasterio
    from rasterio.errors import RasterioError

    path = path_of(product, out)
    if not path.is_file():
        return False
    try:
        with rasterio.open(path) as dataset:
            return bool(dataset.tags().get(FETCH_TAG) == digest(product))
    except RasterioError:
        return False


def digest(product: Product) -> str:
    """Return what the pixels of a product depend on, but for the versions of its files."""
    preset = asdict(product.preset)
    parts = [preset, [asdict(band) for band in product.bands], asdict(product.geobox),
             sorted({layer.url for layer in product.layers()}), product.origin.get("PERIOD", "")]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _write(product: Product, path: Path, ready: Ready) -> Iterator[None]:
    """Compute and write a product, a block at a time; its files are in the cache."""
    from rasterio.shutil import copy

    categorical = any(band.unit == "class" for band in product.bands)
    with scratch(path.with_name(f".{path.stem}.blocks.tif")) as unfinished:
        with _blocks(product, unfinished) as dataset:
            for block in product.geobox.blocks(product.ratio):
                values = product.compute(block, ready.remote, ready.workers.gather)
                dataset.write(as_stored(values, product.dtype, product.nodata), window=raster_window(block))
                yield
        with writing(path) as cog:
            copy(unfinished, cog, driver="COG", compress="DEFLATE", bigtiff="IF_SAFER",
                 overview_resampling="mode" if categorical else "nearest")


@contextmanager
def _blocks(product: Product, path: Path) -> Iterator[DatasetWriter]:
    """Open the raster that becomes the COG."""
    import rasterio

    geobox = product.geobox
    with rasterio.open(path, "w", driver="GTiff", crs=geobox.crs, transform=geobox.transform, height=geobox.height,
                       width=geobox.width, count=len(product.bands), dtype=product.dtype, nodata=product.nodata,
                       tiled=True, blockxsize=TILE, blockysize=TILE, interleave="band", compress="DEFLATE", zlevel=1,
                       bigtiff="IF_SAFER") as dataset:
        _describe(dataset, product)
        yield dataset


def _describe(dataset: Any, product: Product) -> None:
    preset = product.preset
    dataset.descriptions = [band.name for band in product.bands]
    dataset.units = [band.unit for band in product.bands]
    dataset.scales = [band.scale for band in product.bands]
    dataset.offsets = [band.offset for band in product.bands]
    retrieved = datetime.now(timezone.utc).isoformat(timespec="seconds")
    tags = {"TITLE": preset.title, "ATTRIBUTION": preset.attribution, "LICENCE": preset.licence,
            "TERMS": preset.terms, "DOCUMENTATION": " ".join(preset.documentation), "RETRIEVED": retrieved,
            FETCH_TAG: digest(product), **product.origin}
    dataset.update_tags(**{key: value for key, value in tags.items() if value})


def attributions(products: Sequence[Product]) -> list[dict[str, str]]:
    """Return title, attribution, licence and terms of the sources, each once."""
    presets = {product.preset.name: product.preset for product in products}
    return [{"source": name, "title": preset.title, "attribution": preset.attribution, "licence": preset.licence,
             "terms": preset.terms} for name, preset in presets.items()]
