"""Predictors on the net: what there is, what it costs, and the parts of it that an area needs."""
