"""Indicators: one number or class a cell, computed from the assemblage and the taxa table."""

from geoplantnet_plugin.engine.indicators.base import NODATA_CLASS, Context, Indicator, IndicatorClass
from geoplantnet_plugin.engine.indicators.registry import INDICATORS, select

__all__ = ["INDICATORS", "NODATA_CLASS", "Context", "Indicator", "IndicatorClass", "select"]
