"""Set rules: how the taxa taken as present in a cell are chosen from its ranked scores.

A rule is one small class and one line of `RULES`; `parse_rule` turns ``NAME`` or ``NAME:VALUE`` into it.
"""

from geoplantnet_plugin.engine.set_rules.base import MOST_RANKED, Fit, SetRule
from geoplantnet_plugin.engine.set_rules.table import RULES, parse_rule

__all__ = ["MOST_RANKED", "RULES", "Fit", "SetRule", "parse_rule"]
