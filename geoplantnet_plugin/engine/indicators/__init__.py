"""Indicators: one number or class a cell, computed from the assemblage and the taxa table."""

from geoplantnet_plugin.engine.indicators.base import Context, Indicator, IndicatorClass
from geoplantnet_plugin.engine.indicators.registry import INDICATORS, absent, select

__all__ = ["INDICATORS", "Context", "Indicator", "IndicatorClass", "absent", "select"]
