"""Makes the layers of an assessment: named, styled, described, and told where they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from qgis.core import QgsLayerMetadata, QgsMapLayer, QgsRasterLayer, QgsVectorLayer

from ..common.assessment import SCORE_BOUNDS, SQUARE_TABLE, SURVEY_TABLE
from ..i18n import tr
from ..numbers import length_text
from . import style
from .attributes import describe_columns
from .difference import Comparable
from .find import BAND, KIND, THRESHOLD
from .foreign import VALUE_TIP, is_harmless_style, raster_layer, table_layer
from .manifest import Assessment, Indicator, SpeciesBand

SPECIES_LAYERS = 10
"""How many of the most widespread taxa get a layer at once; any other is one click away."""

NOTEWORTHY = 1.1
"""How many cells wide the data must be to be told: square pixels of another projection never match to the metre."""


@dataclass(frozen=True)
class PlacedLayer:
    """A layer with its place in the tree: `group` below the assessment's own, blank for none."""

    layer: QgsMapLayer
    group: str
    visible: bool
    expanded: bool


def assessment_layers(assessment: Assessment, species: int = SPECIES_LAYERS) -> list[PlacedLayer]:
    """Return the layers of an assessment from top to bottom; files that are not there yet are left out."""
    placed = [PlacedLayer(area_layer(assessment), "", True, False)]
    if assessment.survey:
        placed += [PlacedLayer(survey_layer(assessment), "", False, False),
                   PlacedLayer(square_layer(assessment), "", True, False)]
    placed += _indicator_layers(assessment, assessment.indicators, indicator_group(assessment), shown=1)
    if assessment.species_file and assessment.species_file.is_file():
        best = sorted(assessment.species, key=lambda entry: -(entry.coverage or 0.0))[:species]
        placed += [PlacedLayer(species_layer(assessment, entry), species_group(assessment), False, False)
                   for entry in best]
    placed += _indicator_layers(assessment, assessment.uncertainty, tr("Uncertainty"), shown=0)
    placed += _indicator_layers(assessment, assessment.quality, tr("Quality"), shown=0)
    placed.append(PlacedLayer(coverage_layer(assessment), "", False, False))
    return [entry for entry in placed if entry.layer.isValid()]


def _indicator_layers(assessment: Assessment, indicators: Sequence[Indicator], group: str,
                      shown: int) -> list[PlacedLayer]:
    """Return layers of `indicators`, of which the first `shown` are visible."""
    return [PlacedLayer(indicator_layer(assessment, indicator), group, index < shown, index < shown)
            for index, indicator in enumerate(indicators) if indicator.file.is_file()]


def indicator_group(assessment: Assessment) -> str:
    """Return the name of the group of indicators; the legend says where cells are finer than the data behind them."""
    if assessment.effective_resolution > NOTEWORTHY * assessment.resolution:
        return tr("Indicators (detail of {size})").format(size=length_text(assessment.effective_resolution))
    return tr("Indicators")


def species_group(assessment: Assessment) -> str:
    """Return the name of the group of species layers; it says what the numbers are."""
    if assessment.ranks:
        return tr("Species: rank within squares of {side:g} km").format(side=assessment.ranks.side / 1000)
    return tr("Species: score ({scale})").format(scale=assessment.scale)


def presence_group() -> str:
    """Return the name of the group of presence layers."""
    return tr("Species: predicted present")


def area_layer(assessment: Assessment) -> QgsVectorLayer:
    """Return the outline of the area."""
    layer = table_layer(assessment.geopackage, "area", tr("Area"))
    if layer.isValid():
        style.style_outline(layer)
        _describe(layer, "area", assessment, tr("The site.") if assessment.ranks else tr(
            "The assessed area: {hectares:.0f} ha, {cells} cells.").format(
            hectares=assessment.hectares, cells=assessment.cells))
    return layer


def survey_layer(assessment: Assessment) -> QgsVectorLayer:
    """Return the survey list (no geometry)."""
    layer = QgsVectorLayer(f"{assessment.geopackage}|layername={SURVEY_TABLE}", tr("Survey list"), "ogr")
    if layer.isValid():
        _describe(layer, "survey", assessment, tr(
            "What to look for, in its order. A chance is that of being recorded in a square of {side:g} km, not that "
            "of growing on the site. A species absent from this list is not absent from the site.").format(
            side=assessment.resolution / 1000))
    return layer


def square_layer(assessment: Assessment) -> QgsVectorLayer:
    """Return the outline of the square that a survey list refers to; invalid where the area has squares of its own."""
    layer = QgsVectorLayer(f"{assessment.geopackage}|layername={SQUARE_TABLE}", tr("Square of the list"), "ogr")
    if layer.isValid():
        style.style_outline(layer)
        _describe(layer, "square", assessment, tr(
            "The square of {side:g} km around the site, to which chances and species pool refer.").format(
            side=assessment.resolution / 1000))
    return layer


def indicator_layer(assessment: Assessment, indicator: Indicator) -> QgsRasterLayer:
    """Return an indicator, coloured over the bounds that the manifest fixes."""
    name = indicator.title_with_unit
    layer = raster_layer(indicator.file, name)
    if layer.isValid():
        if not is_harmless_style(indicator.file.with_suffix(".qml")):
            _style_indicator(layer, indicator)
        abstract = tr("{title}, one value a cell of {size} (detail of the data behind it: {effective}). "
                      "{definition} {rule}")
        _describe(layer, "indicator", assessment, abstract.format(
            title=name, size=length_text(assessment.resolution),
            effective=length_text(assessment.effective_resolution), definition=indicator.definition,
            rule=assessment.rule))
    return layer


def _style_indicator(layer: QgsRasterLayer, indicator: Indicator) -> None:
    if indicator.is_class:
        style.style_classes(layer, 1, indicator.categories)
    else:
        style.style_continuous(layer, 1, indicator.bounds, style.YELLOW_TO_BLUE)


def species_layer(assessment: Assessment, species: SpeciesBand) -> QgsRasterLayer:
    """Return the score map of one taxon: one band of ``species.tif`` with the bounds of its scale."""
    layer = raster_layer(assessment.species_file, species.name)
    if layer.isValid():
        bounds = SCORE_BOUNDS[assessment.scale]
        style.style_continuous(layer, species.band, bounds, style.GREENS)
        layer.setCustomProperty(BAND, species.band)
        _describe(layer, "species", assessment, _rank_text(assessment, species) if assessment.ranks else tr(
            "Score of {name} on the scale “{scale}”: predicted, not observed. Predicted present in {coverage:.1f} % of "
            "the cells of the area. {rule}").format(
            name=species.name, scale=assessment.scale, coverage=species.coverage, rule=assessment.rule))
    return layer


def _rank_text(assessment: Assessment, species: SpeciesBand) -> str:
    return tr("Rank of a cell for {name} among the cells of its square of {side:g} km: 1 the best of them, 0 the "
              "poorest. No chance; neither squares nor species can be compared by it. Detail of the data behind it: "
              "{effective:g} m.").format(name=species.name, side=assessment.ranks.side / 1000,
                                         effective=assessment.effective_resolution)


def presence_layer(assessment: Assessment, species: SpeciesBand, threshold: float) -> QgsRasterLayer:
    """Return the map of where one taxon scores above `threshold`."""
    layer = raster_layer(assessment.species_file, species.name)
    if layer.isValid():
        layer.setCustomProperty(BAND, species.band)
        set_threshold(layer, assessment, species, threshold)
    return layer


def set_threshold(layer: QgsRasterLayer, assessment: Assessment, species: SpeciesBand, threshold: float) -> None:
    """Name, draw and describe a presence layer for `threshold`; its opacity stays."""
    opacity = layer.renderer().opacity()
    style.style_presence(layer, species.band, threshold)
    layer.renderer().setOpacity(opacity)
    layer.setName(tr("{name}: score above {threshold:.4g}").format(name=species.name, threshold=threshold))
    layer.setCustomProperty(THRESHOLD, threshold)
    _describe(layer, "presence", assessment, tr(
        "Where the score of {name} on the scale “{scale}” is above {threshold:.4g}: predicted, not observed. Set rule "
        "of the assessment: {rule}").format(
        name=species.name, scale=assessment.scale, threshold=threshold, rule=assessment.rule))


def difference_layer(first: Assessment, second: Assessment, chosen: Comparable, path: Path) -> QgsRasterLayer:
    """Return a difference, coloured from minus to plus half the range of its values."""
    layer = raster_layer(path, tr("{title}: {first} − {second}").format(
        title=chosen.title, first=first.folder.name, second=second.folder.name))
    if layer.isValid():
        half = (chosen.bounds[1] - chosen.bounds[0]) / 2
        style.style_continuous(layer, 1, (-half, half), style.PURPLE_TO_ORANGE)
        _describe(layer, "difference", first, tr(
            "{title} of “{first}” minus that of “{second}” ({date}). Orange: less, purple: more. Colours end at half "
            "the range of the values. No data where either has none. Agreement does not show that either is right."
        ).format(
            title=chosen.title, first=first.display_title, second=second.display_title, date=second.created[:10]))
    return layer


def coverage_layer(assessment: Assessment) -> QgsVectorLayer:
    """Return the coverage table (no geometry)."""
    layer = table_layer(assessment.geopackage, "coverage", tr("Coverage (%)"))
    if layer.isValid():
        abstract = tr("expected_share: share of the area's {cells} cells in which the taxon is by expectation, from "
                      "calibrated scores, with its 90 % interval. coverage: share of the cells whose set holds the "
                      "taxon. {rule}")
        _describe(layer, "coverage", assessment, abstract.format(
            cells=assessment.cells, rule=assessment.rule))
    return layer


def _describe(layer: QgsMapLayer, kind: str, assessment: Assessment, abstract: str) -> None:
    layer.setCustomProperty(KIND, kind)
    if isinstance(layer, QgsVectorLayer):
        describe_columns(layer, {entry.id: entry.title for entry in assessment.indicators})
    simulated = tr("SIMULATED DATA.") + " " if assessment.simulated else ""
    metadata = QgsLayerMetadata()
    metadata.setType("dataset")
    metadata.setTitle(f"{assessment.display_title}: {layer.name()}")
    metadata.setAbstract(escape(f"{simulated}{abstract} {assessment.source_text}", quote=False))
    metadata.setRights([text for text in (assessment.attribution, assessment.licence) if text])
    metadata.setLicenses([assessment.licence] if assessment.licence else [])
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
    layer.setTitle(metadata.title())
    layer.setAbstract(metadata.abstract())
    layer.setAttribution(assessment.attribution)
    _let_tip(layer)


def _let_tip(layer: QgsMapLayer) -> None:
    """Let map tips tell a raster's value below the mouse (QGIS 3.30 and later), an area its name."""
    if isinstance(layer, QgsRasterLayer) and hasattr(layer, "setMapTipTemplate"):
        band = layer.renderer().usesBands()[0]
        layer.setMapTipTemplate(VALUE_TIP.format(band=band))
    elif isinstance(layer, QgsVectorLayer) and layer.isSpatial():
        layer.setMapTipTemplate("<b>[% @layer_name %]</b>: [% round($area / 10000, 1) %] ha")
