"""What the European base cube holds and under which terms; the terms are quoted as their sources state them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    """A band: value = stored × `scale`, in `unit`; `stored` is the raster's type."""

    name: str
    title: str
    unit: str
    scale: float = 1.0
    stored: str = "int16"


@dataclass(frozen=True)
class Terms:
    """What a source says of its terms (`quote`, word for word), and where."""

    quote: str
    where: str


@dataclass(frozen=True)
class File:
    """A raster of the cube: its bands, whose they are, under which licence; `resolution` is the source's, in metres."""

    title: str
    bands: tuple[Layer, ...]
    resolution: float
    licence: str
    attribution: str
    terms: tuple[Terms, ...]
    url: str
    source: str
    period: str
    changes: str


_DEGREES, _MM = "°C", "mm"
_BIOCLIM = (
    ("Annual mean temperature", _DEGREES), ("Mean diurnal temperature range", _DEGREES),
    ("Isothermality (bio2 ÷ bio7)", "%"), ("Temperature seasonality (standard deviation × 100)", "°C/100"),
    ("Maximum temperature of the warmest month", _DEGREES), ("Minimum temperature of the coldest month", _DEGREES),
    ("Annual temperature range (bio5 − bio6)", _DEGREES), ("Mean temperature of the wettest quarter", _DEGREES),
    ("Mean temperature of the driest quarter", _DEGREES), ("Mean temperature of the warmest quarter", _DEGREES),
    ("Mean temperature of the coldest quarter", _DEGREES), ("Annual precipitation", _MM),
    ("Precipitation of the wettest month", _MM), ("Precipitation of the driest month", _MM),
    ("Precipitation seasonality (coefficient of variation)", "%"), ("Precipitation of the wettest quarter", _MM),
    ("Precipitation of the driest quarter", _MM), ("Precipitation of the warmest quarter", _MM),
    ("Precipitation of the coldest quarter", _MM))

CLIMATE = tuple(Layer(f"bio{number}", title, unit, 0.1 if unit.startswith(_DEGREES) else 1.0)
                for number, (title, unit) in enumerate(_BIOCLIM, 1))

TERRAIN = tuple(Layer(f"altitude_{name}", f"Altitude: {title}", "m") for name, title in (
    ("mean", "mean"), ("median", "median"), ("min", "lowest"), ("max", "highest"), ("sd", "standard deviation")))

PLACE = (Layer("easting", "Easting in EPSG:3035", "km"), Layer("northing", "Northing in EPSG:3035", "km"))

HIJMANS = ("Hijmans, R.J., S.E. Cameron, J.L. Parra, P.G. Jones and A. Jarvis (2005). Very high resolution "
           "interpolated climate surfaces for global land areas. International Journal of Climatology 25: 1965–1978. "
           "doi:10.1002/joc.1276")

FILES = {
    "climate.tif": File(
        title="WorldClim 1.4, bioclimatic variables 1–19",
        bands=CLIMATE,
        resolution=18_000.0,
        licence="CC-BY-SA-4.0",
        attribution=f"WorldClim 1.4, CC BY-SA 4.0: {HIJMANS}",
        terms=(
            Terms("The dataset is provided by the University of California, Berkeley and is available under a "
                  "CC-BY-SA-4.0 license.",
                  "https://developers.google.com/earth-engine/datasets/catalog/WORLDCLIM_V1_BIO"),
            Terms("WorldClim 1.4 (current conditions) are released under a Creative Commons Attribution-ShareAlike 4.0 "
                  "International License.", "documentation of the R package GSODR (rOpenSci)"),
            Terms("This dataset is freely available for academic and other non-commercial use. Redistribution, or "
                  "commercial use is not allowed without prior permission.",
                  "http://www.worldclim.org/ as it stood with version 1.4, release 3: an older statement of the same "
                  "authors, superseded by the two above"),
        ),
        url="https://developers.google.com/earth-engine/datasets/catalog/WORLDCLIM_V1_BIO",
        source="BlasBenito/TallerModelosGBIF2019 @ d715920, worldclim14_europe_20km.zip (10 arc minutes)",
        period="1960–1990",
        changes="resampled (bilinear) from 10 arc minutes to 10 km of EPSG:3035; coasts filled; rounded to the stored "
                "step"),
    "terrain.tif": File(
        title="EU-DEM, altitude in cells of 0.11°",
        bands=TERRAIN,
        resolution=12_000.0,
        licence="Copernicus: full, open and free access, with attribution (Regulation (EU) No 1159/2013)",
        attribution="Produced using Copernicus data and information funded by the European Union – EU-DEM layers",
        terms=(
            Terms("The Copernicus land monitoring products and services are made available on a principle of full, "
                  "open and free access, as established by the Commission Delegated Regulation (EU) No 1159/2013 of 12 "
                  "July 2013.", "Copernicus Land Monitoring Service, access and use constraints "
                  "(https://land.copernicus.eu)"),
            Terms("When distributing or communicating Copernicus Land Monitoring Service products and services […] to "
                  "the public, users shall inform the public of the source of these products and services.",
                  "Copernicus Land Monitoring Service, access and use constraints (https://land.copernicus.eu)"),
            Terms("The dataset for EU-DEM was produced by the Copernicus programme",
                  "https://ec.europa.eu/eurostat/web/gisco/geodata/reference-data/elevation/eu-dem"),
        ),
        url="https://ec.europa.eu/eurostat/web/gisco/geodata/reference-data/elevation/eu-dem",
        source="RS-eco/edc @ 063ba94, eu_dem_eur_p11deg (from the EU-DEM mosaic)",
        period="2000–2010",
        changes="statistics of cells of 0.11° (RS-eco/edc), resampled (bilinear) to 10 km of EPSG:3035; coasts filled; "
                "rounded to metres"),
    "place.tif": File(
        title="Coordinates of the cells' centres",
        bands=PLACE,
        resolution=10_000.0,
        licence="CC0-1.0",
        attribution="",
        terms=(),
        url="",
        source="the grid itself",
        period="",
        changes=""),
}
"""File of the cube → what is in it. The land systems of Dou et al. (2021, doi:10.34894/XNC5KA) are not: no statement of
their terms was found."""
