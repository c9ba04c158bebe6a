"""A fetch: estimated, agreed to, then written raster by raster; what is finished is kept when it is run again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from geoplantnet_plugin.engine.cube.net.estimate import Cost, estimate, refuse_above, total
from geoplantnet_plugin.engine.cube.net.job import FetchJob
from geoplantnet_plugin.engine.cube.net.plan import plan_fetch
from geoplantnet_plugin.engine.cube.net.presets import Catalogue, read_catalogue
from geoplantnet_plugin.engine.cube.net.products import Product, as_stored
from geoplantnet_plugin.engine.cube.net.remote import Remote, open_cache
from geoplantnet_plugin.engine.cube.net.workers import Workers
from geoplantnet_plugin.engine.errors import EngineError
from geoplantnet_plugin.engine.events import Reporter
from geoplantnet_plugin.engine.files import scratch, writing
from geoplantnet_plugin.engine.services.settings import HttpSettings

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
    catalogue = read_catalogue()
    with open_cache() as cache:
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
        EngineError: ``net_consent_first``, ``net_too_large``, ``net_out_taken``, ``disk_full``, or a host's fault.
        Cancelled: finished rasters, and what was downloaded of the others, are kept.
    """
    refuse_above(ready.cost, ready.limit)
    if not ready.job.accepted:
        raise EngineError("net_consent_first", requests=ready.cost.requests, minutes=round(ready.cost.minutes, 1),
                          megabytes=round(ready.cost.megabytes, 1))
    ready.job.out.mkdir(parents=True, exist_ok=True)
    paths = []
    blocks = sum(len(list(product.frame.blocks())) for product in ready.products)
    done = 0
    for product in ready.products:
        path = path_of(product, ready.job.out)
        if path.exists() and not finished(product, ready.job.out):
            raise EngineError("net_out_taken", file=path)
        if not path.exists():
            _write(product, path, ready, reporter, done, blocks)
        done += len(list(product.frame.blocks()))
        reporter.progress("fetch", done, blocks)
        paths.append(path)
    return paths


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
    parts = [preset, [asdict(band) for band in product.bands], asdict(product.frame),
             sorted({layer.url for layer in product.layers()}), product.origin.get("PERIOD", "")]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _write(product: Product, path: Path, ready: Ready, reporter: Reporter, done: int, of: int) -> None:
    import rasterio
    from rasterio.shutil import copy

    frame = product.frame
    with scratch(path.with_name(f".{path.stem}.blocks.tif")) as unfinished:
        with rasterio.open(unfinished, "w", driver="GTiff", crs=frame.crs, transform=frame.transform,
                           height=frame.height, width=frame.width, count=len(product.bands), dtype=product.dtype,
                           nodata=product.nodata, tiled=True, blockxsize=TILE, blockysize=TILE, interleave="band",
                           compress="DEFLATE", zlevel=1, bigtiff="IF_SAFER") as dataset:
            _describe(dataset, product)
            for number, block in enumerate(frame.blocks(), 1):
                values = product.compute(block, ready.remote, ready.workers.gather)
                window = rasterio.windows.Window(block.col, block.row, block.width, block.height)
                dataset.write(as_stored(values, product.dtype, product.nodata), window=window)
                reporter.progress("fetch", done + number, of)
        categorical = any(band.unit == "class" for band in product.bands)
        with writing(path) as cog:
            copy(unfinished, cog, driver="COG", compress="DEFLATE", bigtiff="IF_SAFER",
                 overview_resampling="mode" if categorical else "nearest")


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
