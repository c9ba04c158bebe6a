"""Assemblage: the taxa taken as present in a cell, and the set rules that take them.

A rule is one small class and one line of `RULES`; `parse_rule` turns ``NAME`` or ``NAME:VALUE`` into it.
"""

from geoplantnet_plugin.engine.assemblage.rule import MOST_RANKED, RuleContext, SetRule
from geoplantnet_plugin.engine.assemblage.rules import RULES, parse_rule

__all__ = ["MOST_RANKED", "RULES", "RuleContext", "SetRule", "parse_rule"]
