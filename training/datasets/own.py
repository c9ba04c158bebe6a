"""A person's own data: a table of plots and rasters, as `description.Description` says, become `Plots`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.card import ModelInput, Predictor
from training.datasets.description import Description, DescriptionError
from training.datasets.plots import POINT, Modality, Plots, Records, Source
from training.datasets.sampling import Rasters, sample
from training.datasets.tables import Table, column_of, numbers, present_only, read_table, told_plots

MOST_CATEGORIES = 200


def read_own(description: Description, tell: Any = print) -> Plots:
    """Return the plots with their predictors; plots that lack one are left out, and told.

    Raises:
        DescriptionError: tables and description do not fit.
        EngineError: a predictor has no band, or several.
    """
    table = read_table(description.plots, (description.x, description.y, description.plot, description.taxon,
                                           *description.species), tell)
    if description.taxon:
        table = told_plots(table, description, tell)
    xy, crs = _places(table, description)
    taxa, present, xy = _presences(table, xy, description)
    inputs = _inputs(description)
    values = _sampled(inputs, description, xy, crs)
    whole = _whole(values)
    if not whole.all():
        tell(f"{(~whole).sum()} of {len(whole)} plots lack a predictor and are left out.")
    if not whole.any():
        raise DescriptionError("No plot has all predictors: check crs, x and y of the plots and the rasters' extent.")
    often = present[whole].sum(0) >= description.fewest
    if not often.any():
        raise DescriptionError(f"No taxon has {description.fewest} presences or more (fewest) in plots with all "
                               "predictors.")
    names = tuple(name for name, kept in zip(taxa, often) if kept)
    records = _records(description, inputs, names, crs, tell) if description.records else None
    values = [part[whole] for part in values]
    point, more = _point(inputs, values), _modalities(inputs, values)
    predictors = _with_categories(inputs[0].predictors, point) if inputs[0].name == POINT else ()
    return Plots(description.name, point, present[whole][:, often], xy[whole], crs, description.resolution,
                 predictors, names, Source(description.title or description.name, description.source,
                                           description.licence, "", "not stated", "not stated"),
                 more=more, records=records)


def _places(table: Table, description: Description) -> tuple[NDArray[np.float64], str]:
    """Return coordinates (n, 2) in metres, and their CRS."""
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError, ProjError

    xy = np.stack([numbers(column_of(table, name, description)) for name in (description.x, description.y)], 1)
    if not np.isfinite(xy).all():
        raise DescriptionError(f"{(~np.isfinite(xy).all(1)).sum()} rows of {description.plots.name} have no number in "
                               f"{description.x} or {description.y}.")
    try:
        told = CRS.from_user_input(description.crs)
        grid = CRS.from_user_input(description.grid_crs or description.crs)
    except CRSError as error:
        raise DescriptionError(f"The CRS is not known: {error}.") from error
    if not grid.is_projected:
        raise DescriptionError(f"{grid.name} has no metres: give a projected CRS as grid_crs, for example EPSG:3035 in "
                               "Europe.")
    if told != grid:
        try:
            xy = np.stack(Transformer.from_crs(told, grid, always_xy=True).transform(xy[:, 0], xy[:, 1]), 1)
        except ProjError as error:
            raise DescriptionError(f"{told.name} cannot be brought into {grid.name}: give the real CRS.") from error
    return xy, description.grid_crs or description.crs


def _presences(table: Table, xy: NDArray[np.float64],
               description: Description) -> tuple[list[str], NDArray[np.float32], NDArray[np.float64]]:
    """Return the taxa, presences (plots, taxa) and the plots' coordinates."""
    if description.taxon:
        return _long(table, xy, description)
    columns = [column_of(table, name, description) for name in description.species]
    present = np.stack([numbers(column) for column in columns], 1).astype(np.float32)
    if wrong := [name for name, column in zip(description.species, present.T) if not np.isin(column, (0, 1)).all()]:
        raise DescriptionError(f"Columns of species must hold 0 and 1 only; others do: {', '.join(wrong[:5])}.")
    return list(description.species), present, xy


def _long(table: Table, xy: NDArray[np.float64],
          description: Description) -> tuple[list[str], NDArray[np.float32], NDArray[np.float64]]:
    plot = column_of(table, description.plot, description)
    taxon = column_of(table, description.taxon, description)
    number = plot.astype("category").cat.codes.to_numpy()
    named = taxon.notna().to_numpy()
    taxa = sorted(taxon[named].astype(str).unique())
    place = {name: i for i, name in enumerate(taxa)}
    first = np.unique(number, return_index=True)[1]
    if (apart := (xy != xy[first][number]).any(1)).any():
        raise DescriptionError(f"Rows of one {description.plot} have different coordinates: {plot[apart].iloc[0]}.")
    present = np.zeros((len(first), len(taxa)), np.float32)
    present[number[named], [place[name] for name in taxon[named].astype(str)]] = 1
    return taxa, present, xy[first]


def _inputs(description: Description) -> list[ModelInput]:
    found = []
    if description.point:
        found.append(ModelInput(POINT, "point", _predictors(description.point), description.resolution))
    for entry in description.patches:
        found.append(ModelInput(_need(entry, "name"), "patch", _predictors(_need(entry, "predictors")),
                                float(_need(entry, "pixel")), size=tuple(_need(entry, "size")),
                                pixel=float(entry["pixel"])))
    for entry in description.series:
        steps = tuple(map(str, _need(entry, "time")))
        found.append(ModelInput(_need(entry, "name"), "series", _predictors(_need(entry, "predictors")),
                                description.resolution, time=steps, time_shape=(len(steps),)))
    if not found:
        raise DescriptionError("The description names no predictor: give point, patches or series.")
    return found


def _need(entry: dict[str, Any], key: str) -> Any:
    if key not in entry:
        raise DescriptionError(f"An entry of patches or series lacks {key}: {entry}.")
    return entry[key]


def _predictors(told: Iterable[str | dict[str, Any]]) -> tuple[Predictor, ...]:
    words = [{"name": one} if isinstance(one, str) else one for one in told]
    return tuple(Predictor(one["name"], one.get("title", one["name"]), one.get("unit", ""),
                           bool(one.get("categorical", False))) for one in words)


def _sampled(inputs: list[ModelInput], description: Description, xy: NDArray[np.float64],
             crs: str) -> list[NDArray[np.float32]]:
    return sample(inputs, Rasters(description.rasters, description.rasters_crs), xy, crs, description.resolution)


def _whole(values: list[NDArray[np.float32]]) -> NDArray[np.bool_]:
    return np.all([np.isfinite(part.reshape(len(part), -1)).all(1) for part in values], axis=0)


def _with_categories(predictors: tuple[Predictor, ...], values: NDArray[np.float32]) -> tuple[Predictor, ...]:
    found = []
    for predictor, column in zip(predictors, values.T):
        codes = tuple(sorted({int(code) for code in np.unique(column)})) if predictor.categorical else ()
        if len(codes) > MOST_CATEGORIES:
            raise DescriptionError(f"{predictor.name} has {len(codes)} categories; is it a number?")
        found.append(replace(predictor, categories=codes))
    return tuple(found)


def _point(inputs: list[ModelInput], values: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return the values of the plot's own cell (n, p), none of them where no input asks for them."""
    return values[0] if inputs[0].name == POINT else np.zeros((len(values[0]), 0), np.float32)


def _modalities(inputs: list[ModelInput], values: list[NDArray[np.float32]]) -> tuple[Modality, ...]:
    return tuple(Modality(entry, part) for entry, part in zip(inputs, values) if entry.name != POINT)


def _records(description: Description, inputs: list[ModelInput], taxa: tuple[str, ...], crs: str,
             tell: Any) -> Records:
    table = read_table(description.records, (description.x, description.y, description.taxon), tell)
    table = present_only(table, description, tell)
    xy, _ = _places(table, description)
    place = {name: i for i, name in enumerate(taxa)}
    taxon = column_of(table, description.taxon or "taxon", description).map(place)
    known = taxon.notna().to_numpy()
    values = _sampled(inputs, description, xy, crs)
    keep = known & _whole(values)
    tell(f"{keep.sum()} of {len(keep)} presence-only records are of a taxon of the plots and have all predictors.")
    if not keep.any():
        raise DescriptionError("No presence-only record can be used: check the taxa's names and the coordinates.")
    values = [part[keep] for part in values]
    return Records(_point(inputs, values), _modalities(inputs, values), taxon[keep].to_numpy(np.int64), xy[keep])
